"""Sixty people answer, and the attacker, who has everything but the key, does no better than chance."""

import copy
from collections.abc import Callable
from random import Random
from statistics import NormalDist

import pytest

from tests.attacker import attacks
from tests.attacker.attacks import PEOPLE, Case, chance, guesses, instants, right, shared_ids, together
from tests.attacker.conftest import Story
from tests.attacker.loot import PLACE, WRITTEN_BY, Loot

SIGMAS = 5.5
"""A difference that chance makes less than once in ten million times."""


def best(story: Story, case: Case) -> tuple[int, str]:
    """The most people that any one guess finds, and which guess that is."""
    return max((right(guess, story.truth), name) for name, guess in guesses(case))


def telling(story: Story, case: Case, secret: Callable[[int], bool]) -> list[str]:
    """Traces by which people with a secret (by account) stand apart from those without it: Mann and Whitney's U."""
    having = [account for account in story.people if secret(account)]
    lacking = [account for account in story.people if not secret(account)]
    assert min(len(having), len(lacking)) >= 10
    spread = ((len(having) + len(lacking) + 1) / (12 * len(having) * len(lacking))) ** 0.5
    found = []
    for trace in PEOPLE:
        values = trace(case)
        above = sum(
            (values.get(one, 0.0) > values.get(other, 0.0)) + 0.5 * (values.get(one, 0.0) == values.get(other, 0.0))
            for one in having
            for other in lacking
        )
        if abs(above / (len(having) * len(lacking)) - 0.5) > SIGMAS * spread:
            found.append(trace.__name__)
    return found


def was_brief(story: Story) -> Callable[[int], bool]:
    """Who was asked two questions and not eight."""
    return lambda account: len(story.people[account].said) == 2


def wrote_much(story: Story) -> Callable[[int], bool]:
    return lambda account: len(story.people[account].said[-1]) > 1_000


# --- the attacker fails -----------------------------------------------------------------------------------------------


async def test_no_trace_finds_who_said_what(story: Story) -> None:
    most, name = best(story, story.case)
    assert most < chance(story.case), f"{most} of {len(story.truth)} found by {name}"


async def test_all_traces_together_find_nobody_either(story: Story) -> None:
    assert right(together(story.case), story.truth) < chance(story.case)


async def test_no_number_of_a_released_answer_stands_anywhere_else(story: Story) -> None:
    assert shared_ids(story.case) == {}
    for backup in story.case.backups.values():
        assert shared_ids(Case(Loot(backup.tables | _released(story.case)), {}, story.case.groups)) == {}


def _released(case: Case) -> dict[str, list[dict[str, object]]]:
    return {name: case.loot[name] for name in ("responses", "answers", "rollups")}


async def test_no_moment_is_kept_with_what_is_released(story: Story) -> None:
    assert instants(story.case) == []


async def test_no_trace_tells_who_was_asked_more_questions(story: Story) -> None:
    assert telling(story, story.case, was_brief(story)) == []


async def test_no_trace_tells_who_wrote_much(story: Story) -> None:
    assert telling(story, story.case, wrote_much(story)) == []


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
@pytest.mark.postgres
async def test_no_transaction_wrote_for_a_person_and_a_released_answer(story: Story) -> None:
    loot = story.case.loot
    released = {row[WRITTEN_BY] for name in ("responses", "answers", "rollups") for row in loot[name]}
    people = ("accounts", "persons", "conversations", "outbox", "participations", "seen_events", "invitations", "acts")
    assert released
    assert not released & {row[WRITTEN_BY] for name in people for row in loot[name]}


# --- and would not fail if anything leaked ----------------------------------------------------------------------------
# Each of these spoils the attacker's own copy of the rows in one way, and is found out.


@pytest.fixture
def leaky(story: Story) -> Case:
    return Case(story.case.loot.copy(), dict(story.case.backups), copy.deepcopy(story.case.groups))


def test_ids_that_grow_with_time_would_be_found(story: Story, leaky: Case) -> None:
    order = list(story.people)
    arrival = {response: order.index(account) + 1_000 for account, response in story.truth.items()}
    for row in leaky.loot["responses"]:
        row["id"] = arrival[row["id"]]
    leaky.groups = [(people, [arrival[id] for id in ids]) for people, ids in leaky.groups]
    truth = {account: arrival[response] for account, response in story.truth.items()}
    named = dict(guesses(leaky))
    assert right(named["last_heard = id_of_response"], truth) == len(truth)


def test_a_transaction_that_wrote_both_would_be_found(story: Story, leaky: Case) -> None:
    for number, (account, response) in enumerate(story.truth.items()):
        for row in leaky.loot["conversations"]:
            if row["account_id"] == account:
                row[WRITTEN_BY] = 5_000 + number
        for row in leaky.loot["responses"]:
            if row["id"] == response:
                row[WRITTEN_BY] = 5_000 + number
    guess = dict(guesses(leaky))["transaction_of_conversation ~ transaction_of_response"]
    assert right(guess, story.truth) == len(story.truth)


def test_rows_that_lie_in_the_order_of_arrival_would_be_found(story: Story, leaky: Case) -> None:
    order = list(story.truth.values())
    for row in leaky.loot["responses"]:
        row[PLACE] = order.index(row["id"])
    assert best(story, leaky)[0] >= chance(leaky)


def test_a_sealed_id_that_lived_on_would_be_found(story: Story, leaky: Case) -> None:
    row = leaky.loot["responses"][0]
    leaky.loot["invitations"].append({"id": 7, "outbox_id": row["id"]})
    assert shared_ids(leaky) == {row["id"]: ["invitations.outbox_id"]}


def test_a_moment_beside_an_answer_would_be_found(story: Story, leaky: Case) -> None:
    leaky.loot["responses"][0]["day"] = story.case.loot["conversations"][0]["heard_at"]
    assert instants(leaky) == ["responses.day"]


def test_answers_sealed_without_padding_would_be_found(story: Story, leaky: Case) -> None:
    sizes = attacks.size_of_answers(story.case)
    sealed = attacks._sealed(story.case)
    leaky.backups = {
        account: Loot({"sealed_responses": [{**sealed[account], "body": bytes(int(sizes[response]))}]})
        for account, response in story.truth.items()
    }
    # Only of that table the attacker has backups now; it is enough.
    mine, theirs = attacks.size_of_sealed_answer(leaky), attacks.size_of_answers(leaky)
    assert right(attacks.by_rank(leaky, mine, theirs), story.truth) >= chance(leaky)


def test_letters_that_stay_would_be_found(story: Story, leaky: Case) -> None:
    chats = {row["account_id"]: row["id"] for row in leaky.loot["conversations"]}
    letter = leaky.loot["outbox"][0]
    for account, person in story.people.items():
        leaky.loot["outbox"].extend({**letter, "conversation_id": chats[account]} for _ in person.said)
    assert "letters_left" in telling(story, leaky, was_brief(story))


def test_events_under_their_persons_name_would_be_found(story: Story, leaky: Case) -> None:
    ids = {row["id"]: row["platform_id"][:24] for row in leaky.loot["accounts"]}
    leaky.loot.tables["seen_events"] = [
        {"dedupe_key": f"{ids[account]}:{number}", "at": 0, WRITTEN_BY: 0}
        for account, person in story.people.items()
        for number, _ in enumerate(person.said)
    ]
    assert "events_by_name" in telling(story, leaky, was_brief(story))


def test_ids_that_are_counted_would_be_found(story: Story, leaky: Case) -> None:
    low, count = (1 << 22) - 1, 100
    chats = {row["account_id"]: row["id"] for row in leaky.loot["conversations"]}
    for account, person in story.people.items():
        mine = [row for row in leaky.loot["outbox"] if row["conversation_id"] == chats[account]]
        for row, step in zip(mine, (0, *[2 * len(person.said)] * len(mine)), strict=False):
            count += step
            row["id"] = (row["id"] & ~low) | count
    assert "gaps_of_letters" in telling(story, leaky, was_brief(story))


def test_numbers_of_the_platform_in_plain_would_be_found(story: Story, leaky: Case) -> None:
    chats = {row["id"]: row["account_id"] for row in leaky.loot["conversations"]}
    count, ends = 0, {}
    for account, person in story.people.items():
        count += 2 * len(person.said)
        ends[account] = count
    for row in leaky.loot["outbox"]:
        row["platform_ref"] = str(ends[chats[row["conversation_id"]]])
    assert "platform_numbers" in telling(story, leaky, was_brief(story))


def test_states_that_grow_would_be_found(story: Story, leaky: Case) -> None:
    for row in leaky.loot["conversations"]:
        row["state"] = bytes(len(story.people[row["account_id"]].said[-1]))
    assert "size_of_state" in telling(story, leaky, wrote_much(story))


def test_a_guess_by_lot_is_not_taken_for_a_leak(story: Story) -> None:
    lot = Random(1)
    for _ in range(50):
        guess = {
            account: response
            for accounts, responses in story.case.groups
            for account, response in zip(accounts, lot.sample(responses, len(responses)), strict=True)
        }
        assert right(guess, story.truth) < chance(story.case)
    assert NormalDist().cdf(-SIGMAS) < 1e-7
