"""The attacker: traces of people, traces of released answers, and guesses that lay the ones beside the others.

He has the code and every file, not the key. A trace is a number per person, or per response, by which he hopes that
the two stand in the same order, or have the same or nearly the same value.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, factorial
from random import Random
from typing import Any

from tests.attacker.loot import PLACE, WRITTEN_BY, Loot, Row

Trace = Callable[["Case"], dict[int, float]]
Guess = dict[int, int]
"""Account -> response."""


@dataclass
class Case:
    """Everything he has. `backups` were made after each person's answer, by account: he has a copy of every day.

    `groups` is what he may know: who took part, in which thôn and on which channel, and which responses those are.
    """

    loot: Loot
    backups: dict[int, Loot]
    groups: list[tuple[list[int], list[int]]]

    @property
    def people(self) -> list[int]:
        return [account for accounts, _ in self.groups for account in accounts]

    def released(self) -> list[Row]:
        wanted = {id for _, ids in self.groups for id in ids}
        return [row for row in self.loot["responses"] if row["id"] in wanted]


def _by_account(case: Case, table: str, column: str) -> dict[int, float]:
    key = "id" if table == "accounts" else "account_id"
    return {row[key]: float(row[column] or 0) for row in case.loot[table] if row[key] in case.people}


def _letters(case: Case, loot: Loot | None = None) -> dict[int, list[Row]]:
    loot = loot or case.loot
    chats = {row["id"]: row["account_id"] for row in loot["conversations"]}
    mine: dict[int, list[Row]] = {account: [] for account in case.people}
    for row in loot["outbox"]:
        mine.setdefault(chats[row["conversation_id"]], []).append(row)
    return mine


# --- traces of people -------------------------------------------------------------------------------------------------


def id_of_account(case: Case) -> dict[int, float]:
    """Ids grow with time: whoever came first has the smallest."""
    return {account: float(account) for account in case.people}


def id_of_person(case: Case) -> dict[int, float]:
    """Made in the same breath as the account."""
    return _by_account(case, "accounts", "person_id")


def id_of_conversation(case: Case) -> dict[int, float]:
    """Another id of the first moment."""
    return _by_account(case, "conversations", "id")


def first_seen(case: Case) -> dict[int, float]:
    """When somebody first wrote, to the millisecond."""
    return _by_account(case, "accounts", "created_at")


def last_heard(case: Case) -> dict[int, float]:
    """When somebody last wrote: mostly the moment they sent the survey off."""
    return _by_account(case, "conversations", "heard_at")


def number_of_last_message(case: Case) -> dict[int, float]:
    """Messages are numbered: a longer dialogue has a higher number."""
    return _by_account(case, "conversations", "last_seq")


def size_of_state(case: Case) -> dict[int, float]:
    """A sealed state is longer the more is in it."""
    return {row["account_id"]: float(len(row["state"])) for row in case.loot["conversations"]}


def place_of_conversation(case: Case) -> dict[int, float]:
    """Rows lie on the disk in the order in which they were written (last)."""
    return _by_account(case, "conversations", PLACE)


def transaction_of_conversation(case: Case) -> dict[int, float]:
    """xmin: the transaction of somebody's last turn, in which the answer was handed in."""
    return _by_account(case, "conversations", WRITTEN_BY)


def letters_left(case: Case) -> dict[int, float]:
    """How many messages are in the outbox: one for each question that was shown."""
    return {account: float(len(rows)) for account, rows in _letters(case).items()}


def size_of_letters(case: Case) -> dict[int, float]:
    """How much was said, over all that is left."""
    return {account: float(sum(len(row["body"] or b"") for row in rows)) for account, rows in _letters(case).items()}


def gaps_of_letters(case: Case) -> dict[int, float]:
    """How far apart the ids of the first and last message are: ids that are counted tell what came between."""
    low = (1 << 22) - 1
    return {
        account: float((rows[-1]["id"] & low) - (rows[0]["id"] & low)) if rows else 0.0
        for account, rows in _letters(case).items()
    }


def platform_numbers(case: Case) -> dict[int, float]:
    """A bot's messages are numbered by the platform: from one person's last to the next one's lies the dialogue."""
    last = {
        account: max((float(row["platform_ref"]) for row in rows if row["platform_ref"].isdecimal()), default=0.0)
        for account, rows in _letters(case).items()
    }
    order = sorted(last, key=lambda account: last[account])
    return {account: last[account] - last[before] for before, account in zip([order[0], *order], order, strict=False)}


def time_it_took(case: Case) -> dict[int, float]:
    """From the first message that is left to the last: long for whoever had much to answer."""
    return {
        account: float(rows[-1]["created_at"] - rows[0]["created_at"]) if rows else 0.0
        for account, rows in _letters(case).items()
    }


def events_by_name(case: Case) -> dict[int, float]:
    """Seen events whose key names somebody."""
    ids = {row["id"]: row["platform_id"][:24] for row in case.loot["accounts"] if row["id"] in case.people}
    keys = [row["dedupe_key"] for row in case.loot["seen_events"]]
    return {account: float(sum(id in key for key in keys)) for account, id in ids.items()}


def events_by_time(case: Case) -> dict[int, float]:
    """Seen events between the moment at which somebody first wrote and that at which they last did."""
    begun, ended = first_seen(case), last_heard(case)
    times = [row["at"] for row in case.loot["seen_events"]]
    return {account: float(sum(begun[account] <= at <= ended[account] for at in times)) for account in case.people}


def events_by_transaction(case: Case) -> dict[int, float]:
    """Seen events of the transactions that wrote somebody's messages."""
    events = Counter(row[WRITTEN_BY] for row in case.loot["seen_events"])
    return {
        account: float(sum(events[one] for one in {row[WRITTEN_BY] for row in rows} if one))
        for account, rows in _letters(case).items()
    }


def _sealed(case: Case) -> dict[int, Row]:
    """By account: the sealed row that was new in the backup made after the answer."""
    found: dict[int, Row] = {}
    known: set[int] = set()
    for account, backup in case.backups.items():
        fresh = [row for row in backup["sealed_responses"] if row["id"] not in known]
        known |= {row["id"] for row in fresh}
        if fresh:
            found[account] = fresh[-1]
    return found


def id_of_sealed_answer(case: Case) -> dict[int, float]:
    """Two backups one answer apart show whose sealed row is whose; its id may live on."""
    return {account: float(row["id"]) for account, row in _sealed(case).items()}


def size_of_sealed_answer(case: Case) -> dict[int, float]:
    """A long answer is long under its seal."""
    return {account: float(len(row["body"])) for account, row in _sealed(case).items()}


def place_of_sealed_answer(case: Case) -> dict[int, float]:
    """Where the sealed row lay: released answers may lie in the same order."""
    return {account: float(row[PLACE]) for account, row in _sealed(case).items()}


def growth_of_the_store(case: Case) -> dict[int, float]:
    """How many rows and bytes of messages a backup has more than the one before, for whoever came between."""
    grown: dict[int, float] = {}
    before = 0.0
    for account, backup in case.backups.items():
        now = float(sum(len(backup[table]) for table in ("outbox", "acts", "jobs", "consents", "blobs", "inbox")))
        grown[account] = now - before
        before = now
    return grown


PEOPLE: tuple[Trace, ...] = (
    id_of_account,
    id_of_person,
    id_of_conversation,
    first_seen,
    last_heard,
    number_of_last_message,
    size_of_state,
    place_of_conversation,
    transaction_of_conversation,
    letters_left,
    size_of_letters,
    gaps_of_letters,
    platform_numbers,
    time_it_took,
    events_by_name,
    events_by_time,
    events_by_transaction,
    id_of_sealed_answer,
    size_of_sealed_answer,
    place_of_sealed_answer,
    growth_of_the_store,
)


# --- traces of released answers ---------------------------------------------------------------------------------------


def id_of_response(case: Case) -> dict[int, float]:
    """Ids that grow with time would tell who came first."""
    return {row["id"]: float(row["id"]) for row in case.released()}


def place_of_response(case: Case) -> dict[int, float]:
    """The order on the disk: ctid, or rowid."""
    return {row["id"]: float(row[PLACE]) for row in case.released()}


def place_of_answers(case: Case) -> dict[int, float]:
    """The same of the answers' own table."""
    places: dict[int, float] = {}
    for row in case.loot["answers"]:
        places.setdefault(row["response_id"], float(row[PLACE]))
    return {row["id"]: places.get(row["id"], 0.0) for row in case.released()}


def transaction_of_response(case: Case) -> dict[int, float]:
    """Which transaction wrote it: were it that of a person's turn, it would be proof."""
    return {row["id"]: float(row[WRITTEN_BY]) for row in case.released()}


def number_of_answers(case: Case) -> dict[int, float]:
    """How many questions this one was asked."""
    asked = Counter(row["response_id"] for row in case.loot["answers"])
    return {row["id"]: float(asked[row["id"]]) for row in case.released()}


def size_of_answers(case: Case) -> dict[int, float]:
    """How much this one wrote."""
    sizes: dict[int, float] = defaultdict(float)
    for row in case.loot["answers"]:
        sizes[row["response_id"]] += len((row["value"] or "").encode())
    return {row["id"]: sizes[row["id"]] for row in case.released()}


def skipped_answers(case: Case) -> dict[int, float]:
    """How many questions this one passed."""
    passed = Counter(row["response_id"] for row in case.loot["answers"] if row["value"] is None)
    return {row["id"]: float(passed[row["id"]]) for row in case.released()}


RESPONSES: tuple[Trace, ...] = (
    id_of_response,
    place_of_response,
    place_of_answers,
    transaction_of_response,
    number_of_answers,
    size_of_answers,
    skipped_answers,
)


# --- guesses ----------------------------------------------------------------------------------------------------------


def by_rank(case: Case, mine: dict[int, float], theirs: dict[int, float], *, turned: bool = False) -> Guess:
    """Both in order, group by group: the first is the first. Ties are broken by lot."""
    lot = Random(5)
    found: Guess = {}
    for accounts, responses in case.groups:
        people = sorted(accounts, key=lambda one: (mine.get(one, 0.0), lot.random()))
        answers = sorted(responses, key=lambda one: (theirs.get(one, 0.0), lot.random()), reverse=turned)
        found |= dict(zip(people, answers, strict=True))
    return found


def by_nearest(case: Case, mine: dict[int, float], theirs: dict[int, float]) -> Guess:
    """For each person the response whose value is nearest; of equally near ones any."""
    lot = Random(6)
    return {
        account: min(responses, key=lambda one: (abs(theirs.get(one, 0.0) - mine.get(account, 0.0)), lot.random()))
        for accounts, responses in case.groups
        for account in accounts
    }


def guesses(case: Case) -> Iterable[tuple[str, Guess]]:
    """Every pair of traces, in the same order, in the opposite one, and by nearness."""
    people = [(trace.__name__, trace(case)) for trace in PEOPLE]
    answers = [(trace.__name__, trace(case)) for trace in RESPONSES]
    for who, mine in people:
        for what, theirs in answers:
            yield f"{who} = {what}", by_rank(case, mine, theirs)
            yield f"{who} = {what}, turned round", by_rank(case, mine, theirs, turned=True)
            yield f"{who} ~ {what}", by_nearest(case, mine, theirs)


def together(case: Case) -> Guess:
    """All traces at once: whom most of the guesses name."""
    named: dict[int, Counter[int]] = defaultdict(Counter)
    for _, guess in guesses(case):
        for account, response in guess.items():
            named[account][response] += 1
    return {account: votes.most_common(1)[0][0] for account, votes in named.items()}


def right(guess: Guess, truth: Guess) -> int:
    """How many people were found."""
    return sum(guess.get(account) == response for account, response in truth.items())


def chance(case: Case, odds: float = 1e-9) -> int:
    """The smallest number of people found that mere chance reaches less often than `odds`.

    Guessing within a group of g finds each of its g people once in g times: one a group, whatever its size, and close
    to Poisson in number.
    """
    expected = float(len(case.groups))
    found, left = 0, 1.0
    while left >= odds:
        left -= exp(-expected) * expected**found / factorial(found)
        found += 1
    return found


# --- what needs no guessing -------------------------------------------------------------------------------------------

SHARED = {"unit_id", "wave_id", "version_id", "village_id", "partial", "assisted", PLACE}
"""Columns of a released answer that whole groups have in common, and the place on the disk, which is no name."""


def shared_ids(case: Case) -> dict[int, list[str]]:
    """By response: tables with any row, of a person or not, in which a number of the response stands as well."""
    stands: dict[Any, set[str]] = defaultdict(set)
    for name, table in case.loot.tables.items():
        if name not in ("responses", "answers", "rollups"):
            for row in table:
                for key, value in row.items():
                    if key not in SHARED and isinstance(value, int) and abs(value) > 1:
                        stands[value].add(f"{name}.{key}")
    return {
        row["id"]: sorted(where)
        for row in case.released()
        for key, value in row.items()
        if key not in SHARED and isinstance(value, int) and abs(value) > 1 and (where := stands.get(value))
    }


def instants(case: Case) -> list[str]:
    """Columns of what is released that hold a moment finer than a day (milliseconds of this century)."""
    return sorted(
        {
            f"{table}.{key}"
            for table in ("responses", "answers", "rollups")
            for row in case.loot[table]
            for key, value in row.items()
            if isinstance(value, int) and 1_500_000_000_000 < value < 2_500_000_000_000
        }
    )


def rank_correlation(order: list[int]) -> float:
    """Spearman's, of a list of places of arrival: 1 where the order is kept, -1 where it is turned round."""
    n = len(order)
    ranks = {value: rank for rank, value in enumerate(sorted(order))}
    apart = sum((place - ranks[value]) ** 2 for place, value in enumerate(order))
    return 1 - 6 * apart / (n * (n * n - 1))
