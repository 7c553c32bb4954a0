"""The reckoning after a soak: what was acknowledged against what lies in the store, and the store against the chats."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from storage import inbox, jobs
from storage.outbox import _opened_ref
from storage.responses import Body
from storage.tables import (
    accounts,
    answers,
    case_blobs,
    cases,
    channel_accounts,
    conversations,
    outbox,
    participations,
    responses,
    sealed_responses,
    seen_events,
)
from storage.tables import inbox as kept
from storage.tables import jobs as job_rows
from storage.vault import Vault
from tests.e2e.citizens import said
from tests.soak.lines import Ledger
from tests.soak.lives import Brought, Town

_PUSHED = ("telegram", "zalo_bot", "zalo_oa")
_OPINION = "gop_y"
_BESIDE = (said("keyboard.place"), said("keyboard.contact"), said("keyboard.gone"))
"""Words that go with a row of buttons and are no message of their own."""
PHOTO_JOB = "photo"


@dataclass
class Left:
    """What a store holds at the end. `open` is work that is not done."""

    cases: Counter[Brought]
    opinions: Counter[str]
    questionnaires: int
    participations: int
    seen: dict[str, set[str]]
    gaps: int
    letters: dict[str, Counter[str]]
    open: list[tuple[Any, ...]]
    dead_jobs: list[tuple[int, str, str]]
    given_up: int


def left(conn: Connection, vault: Vault) -> Left:
    """Read it all."""
    names = dict(conn.execute(select(channel_accounts.c.id, channel_accounts.c.channel)).all())
    seen: dict[str, set[str]] = {}
    for account, token in conn.execute(select(seen_events.c.channel_account_id, seen_events.c.dedupe_key)):
        seen.setdefault(names[account], set()).add(token)
    letters: dict[str, Counter[str]] = {}
    for account, state, many in conn.execute(
        select(outbox.c.channel_account_id, outbox.c.state, func.count()).group_by(
            outbox.c.channel_account_id, outbox.c.state
        )
    ):
        letters.setdefault(names[account], Counter())[state] += many
    opinions = _opinions(conn, vault)
    return Left(
        cases=Counter(_cases(conn)),
        opinions=Counter(one for one in opinions if one),
        questionnaires=len(opinions),
        participations=conn.scalar(select(func.count()).select_from(participations)) or 0,
        seen=seen,
        gaps=_gaps(conn),
        letters=letters,
        open=work(conn),
        dead_jobs=jobs.dead(conn),
        given_up=inbox.waiting(conn)[1],
    )


def work(conn: Connection) -> list[tuple[Any, ...]]:
    """Letters to be sent, events to be taken and pictures to be fetched; empty when all is calm."""
    columns = (outbox.c.channel_account_id, outbox.c.state, outbox.c.tries, outbox.c.fault, outbox.c.next_at)
    unsent = conn.execute(select(*columns).where(outbox.c.state.in_(["ready", "leased"])))
    waiting = conn.execute(select(kept.c.chat, kept.c.tries, kept.c.fault).where(kept.c.dead == 0))
    pictures = conn.execute(
        select(job_rows.c.kind, job_rows.c.tries, job_rows.c.fault).where(
            job_rows.c.kind == PHOTO_JOB, job_rows.c.dead == 0
        )
    )
    return [tuple(row) for row in (*unsent, *waiting, *pictures)]


def _cases(conn: Connection) -> list[Brought]:
    blobs = select(func.count()).where(case_blobs.c.case_id == cases.c.id).scalar_subquery()
    columns = (cases.c.channel, accounts.c.platform_id, cases.c.kind, cases.c.text, blobs, cases.c.lat, cases.c.phone)
    rows = conn.execute(select(*columns).join(accounts, accounts.c.id == cases.c.account_id))
    return [Brought(*row[:5], row.lat is not None, row.phone) for row in rows]


def _opinions(conn: Connection, vault: Vault) -> list[str]:
    """What stands under the last question of every questionnaire, sealed or released."""
    found: list[str] = []
    for row in conn.execute(select(sealed_responses.c.id, sealed_responses.c.body)):
        body = msgspec.json.decode(vault.open(bytes(row.body), b"sealed_responses:%d" % row.id), type=Body)
        found.append(str(body.answers.get(_OPINION, "")))
    released = dict.fromkeys(conn.scalars(select(responses.c.id)), "")
    for response, value in conn.execute(
        select(answers.c.response_id, answers.c.value).where(answers.c.question == _OPINION)
    ):
        released[response] = str(msgspec.json.decode(value))
    return found + list(released.values())


def _gaps(conn: Connection) -> int:
    """Conversations whose last number is not that of their newest message."""
    newest = select(func.max(outbox.c.seq)).where(outbox.c.conversation_id == conversations.c.id).scalar_subquery()
    return conn.scalar(select(func.count()).where(conversations.c.last_seq != newest)) or 0


def nothing_lost_nothing_doubled(store: Left, town: Town, ledger: Ledger, vault: Vault, ids: dict[str, int]) -> None:
    """AssertionError, with what is missing or too many, where the store is not what was acknowledged."""
    assert store.open == []
    assert store.given_up == 0
    assert store.dead_jobs == []
    over, lost = store.cases - town.cases, town.cases - store.cases
    assert not over, f"cases that nobody brought, or twice: {list(over)[:3]}; lost: {list(lost)[:3]}"
    assert not lost, f"cases that are lost: {list(lost)[:3]}"
    assert store.opinions == town.opinions
    assert store.questionnaires == store.participations == town.opinions.total()
    assert store.gaps == 0
    for channel in _PUSHED:
        states = store.letters.get(channel, Counter())
        assert set(states) <= {"sent", "held", "erased"}, (channel, states)
        known = {vault.token("event", ids[channel], key).hex() for key in ledger.keys.get(channel, ()) if key}
        seen = store.seen.get(channel, set())
        assert known <= seen, f"{len(known - seen)} acknowledged events are not known on {channel}"
    # A turn is known by its event, or by the picture that it waited for: nothing else was ever taken for one.
    many = {channel: len(keys) for channel, keys in store.seen.items()}
    follows = town.citizens["zalo_oa"]
    wanted = {channel: len(ledger.keys[channel]) for channel in ledger.keys}
    assert sum(many.values()) == sum(wanted.values()) + town.photos + follows - bool(follows)


@dataclass
class Doubts:
    """What came outside: letters that came again, by why that is known."""

    recorded: int = 0
    """The store says of a message with these words, in this chat, that it may have come more than once."""
    erased: int = 0
    """Of a questionnaire handed in, of whose messages the store keeps nothing."""
    uncertain: int = 0
    """Sends whose outcome was not known."""
    again: int = 0
    """Of these, how many stood in the chat before."""
    silent: list[tuple[str, str]] = field(default_factory=list)
    """Letters that came again though the store has no doubt of them."""
    missing: list[tuple[str, str]] = field(default_factory=list)
    """Messages that were sent, says the store, and are in no chat."""


def delivered(conn: Connection, vault: Vault, fakes: dict[str, Any]) -> Doubts:
    """Every chat of every platform against the messages of the store."""
    doubts = Doubts()
    letters = {channel: fake.do(_letters) for channel, fake in fakes.items()}
    for channel, by_chat in letters.items():
        rows = _rows(conn, vault, channel)
        for chat, mine in by_chat.items():
            _compare(doubts, chat, mine, rows.pop(chat, []))
        assert not [chat for chat, own in rows.items() if own], "a message to nobody"
    return doubts


@dataclass
class _Letter:
    """What stands in a chat; `ids` are two where a form came after the words, which is one message of ours."""

    ids: set[str]
    text: str


def _letters(world: Any) -> dict[str, list[_Letter]]:
    """Every letter of ours by its chat."""
    return {str(chat): _joined(one for one in found.letters if one.from_bot) for chat, found in world.chats.items()}


def _joined(letters: Iterable[Any]) -> list[_Letter]:
    found: list[_Letter] = []
    for one in letters:
        if getattr(one, "form", None):
            found[-1].ids.add(str(one.id))
        else:
            found.append(_Letter({str(one.id)}, one.text))
    return found


def _rows(conn: Connection, vault: Vault, channel: str) -> dict[str, list[tuple[str, int]]]:
    """Chat -> (what the platform calls it, how often its fate was unknown) of each message that was sent."""
    columns = (accounts.c.platform_id, outbox.c.id, outbox.c.platform_ref, outbox.c.uncertain)
    query = (
        select(*columns)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .join(accounts, accounts.c.id == conversations.c.account_id)
        .where(conversations.c.channel == channel, outbox.c.state == "sent")
    )
    rows: dict[str, list[tuple[str, int]]] = {}
    for row in conn.execute(query):
        rows.setdefault(row.platform_id, []).append((_opened_ref(vault, row.id, row.platform_ref), row.uncertain))
    return rows


def _compare(doubts: Doubts, chat: str, letters: list[_Letter], rows: list[tuple[str, int]]) -> None:
    words = {id: letter.text for letter in letters for id in letter.ids}
    doubted: Counter[str] = Counter()
    for ref, uncertain in rows:
        doubts.uncertain += uncertain
        if ref not in words:
            doubts.missing.append((chat, ref))
            continue
        doubted[words[ref]] += uncertain
    known = {ref for ref, _ in rows}
    seen: Counter[str] = Counter()
    for letter in letters:
        if letter.ids & known or letter.text.startswith(_BESIDE):
            continue
        if doubted[letter.text] > 0:
            doubted[letter.text] -= 1
            doubts.recorded += 1
        elif _of_a_questionnaire(letter.text):
            doubts.erased += 1
            doubts.again += letter.text in seen
            seen[letter.text] += 1
        else:
            doubts.silent.append((chat, letter.text[:200]))


def _of_a_questionnaire(text: str) -> bool:
    """Whether these are words that are erased when it is handed in."""
    return any(piece in text for piece in ("Câu 1/3.", "Câu 2/3.", "Câu 3/3.", said("survey.village")))
