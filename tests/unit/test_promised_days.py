"""Which promised days passed without an answer, and whether the citizen had been told before they did (CS3, RP7)."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from feedback.acts import (
    Act,
    Apologise,
    Ask,
    CaseFacts,
    Decision,
    Extend,
    Forward,
    Refusal,
    Reopen,
    Reply,
    Take,
    Tell,
)
from feedback.clocks import Deadline
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.office import Office
from feedback.promised_days import SORRY, Happened, Promised, Sorry, owed, promised_days
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import OPEN, State
from vietnam.time import DAY, HOUR, day_of

OFFICE = Office()
BEGUN = 1_791_010_800_000
REASON = "Phải chờ mua bóng đèn."


# --- as a rule --------------------------------------------------------------------------------------------------------


def said(at: int, due: int, until: int | None = None) -> Happened:
    return Happened(
        at=at, action="extend", open_before=True, open_after=True, due=due, until=until, by_officer=True, named=True
    )


def answer(at: int, due: int | None) -> Happened:
    return Happened(at=at, action="reply", open_before=True, open_after=False, due=due)


def test_a_day_that_is_put_off_is_missed_all_the_same_and_one_that_is_met_early_is_not() -> None:
    first, then = BEGUN + DAY, BEGUN + 3 * DAY

    put_off = promised_days([said(BEGUN, first, then), answer(then - HOUR, then)], None)
    assert [(one.due, one.missed(BEGUN + 9 * DAY)) for one in put_off] == [(first, True), (then, False)]
    assert put_off[0].sorry == Sorry(BEGUN, new_day=True, named=True, by_officer=True)

    met_early = promised_days([said(BEGUN, first, then), answer(first - HOUR, then)], None)
    assert not any(one.missed(BEGUN + 9 * DAY) for one in met_early)


def test_an_hour_more_on_the_same_day_is_the_same_promise() -> None:
    due = BEGUN + HOUR
    assert day_of(due + HOUR) == day_of(due)
    found = promised_days([said(BEGUN, due, due + HOUR), answer(due + 2 * HOUR, due + HOUR)], None)
    assert [(one.due, one.missed(BEGUN + DAY)) for one in found] == [(due + HOUR, True)]
    assert found[0].sorry is not None
    assert not found[0].sorry.new_day


def test_what_was_written_before_promises_were_kept_counts_for_nothing() -> None:
    assert promised_days([answer(BEGUN, None)], None) == []
    assert promised_days([], None) == []


# --- whatever happens -------------------------------------------------------------------------------------------------

CITIZENS, OFFICERS, PROGRAM = Actor(kind=CITIZEN, unit=1), Actor(kind=OFFICER, unit=1, id=7, role=Role.LEADER), Actor(
    kind=SYSTEM, unit=1
)  # fmt: skip
DEEDS: tuple[tuple[Act, Actor], ...] = (
    (Take(), OFFICERS),
    (Ask("Ở đâu ạ?"), OFFICERS),
    (Tell("Ở ngã ba."), CITIZENS),
    (Extend(8, REASON), OFFICERS),
    (Extend(1, REASON), OFFICERS),
    (Apologise(), PROGRAM),
    (Forward("UBND tỉnh"), OFFICERS),
    (Reply("Đã xong."), OFFICERS),
    (Reopen("Chưa xong."), CITIZENS),
)


@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 30)), max_size=14))
def test_every_day_that_was_told_is_found_once_and_missed_only_if_it_passed_open(
    walk: list[tuple[tuple[Act, Actor], int]],
) -> None:
    # given a case on which anything happens that may, and the days that its citizen is told
    at, deadline = BEGUN, OFFICE.promise(Kind.FEEDBACK, BEGUN)
    facts = CaseFacts(id=1, unit=1, code="M", kind=Kind.FEEDBACK, state=State.NEW, version=1, deadline=deadline)
    happened: list[Happened] = []
    told = [(deadline.due, 0)]
    ends: list[int | None] = [None]
    for (act, actor), hours in walk:
        at += hours * HOUR + 1
        decided = decide(facts, act, actor, now=at, office=OFFICE)
        if isinstance(decided, Refusal):
            continue
        happened.append(kept(facts, decided, actor, at))
        if decided.after not in OPEN and facts.state in OPEN:
            ends[-1] = at
        if decided.after in OPEN and facts.state not in OPEN:
            ends.append(None)
        facts = msgspec.structs.replace(
            facts, state=decided.after, version=facts.version + 1, deadline=decided.deadline or facts.deadline,
            taken=facts.taken or isinstance(act, Take), reopened=facts.reopened + isinstance(act, Reopen),
        )  # fmt: skip
        assert facts.deadline is not None
        told.append((facts.deadline.due, len(ends) - 1))
    found = promised_days(happened, facts.deadline if facts.state in OPEN else None)

    # then every promise is a day that was told, and ends with the answer to the round it was told in
    assert {(one.due, one.answered_at) for one in found} <= {(due, ends[round]) for due, round in told}
    # and each apology is used once, each that named a new day for a day that was put off
    sorries = [one.sorry.at for one in found if one.sorry is not None]
    assert len(sorries) == len(set(sorries))
    assert set(sorries) <= {one.at for one in happened if one.action in SORRY}
    new_days = [one for one in happened if one.until is not None and one.due is not None and later(one.until, one.due)]
    assert len([one for one in found if one.sorry is not None and one.sorry.new_day]) == len(new_days)
    # and what stands open past its day is among the missed
    if facts.state in OPEN and isinstance(facts.deadline, Deadline) and not facts.deadline.paused:
        assert facts.deadline.due in {one.due for one in found if one.missed(at + 900 * DAY)}


def later(one: int, than: int) -> bool:
    return day_of(one) > day_of(than)


def kept(facts: CaseFacts, decided: Decision, actor: Actor, at: int) -> Happened:
    due, until = owed(facts.deadline, decided)
    return Happened(
        at=at,
        action=decided.action,
        open_before=facts.state in OPEN,
        open_after=decided.after in OPEN,
        due=due,
        until=until,
        by_officer=actor.kind == OFFICER,
        named=True,
    )


def test_missing_needs_the_day_to_have_passed() -> None:
    one = Promised(due=BEGUN)
    assert not one.missed(BEGUN)
    assert one.missed(BEGUN + 1)
    assert one.day == day_of(BEGUN)
