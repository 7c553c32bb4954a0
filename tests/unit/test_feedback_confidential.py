"""What is marked as tố cáo is, for whoever is not the keeper, as if it had never been: whatever is tried."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.acts import (
    Act,
    Apologise,
    Ask,
    CaseFacts,
    Close,
    Confirm,
    Decision,
    Extend,
    Forward,
    Rate,
    Receive,
    Refusal,
    Reopen,
    Reply,
    Take,
    Tell,
)
from feedback.confidential import Closed, HandUp, MarkDenunciation, UnmarkDenunciation
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role, may
from feedback.states import State

OFFICE, NOW, HERE, ELSEWHERE = Office(), 1_000, 1, 2
KEEPER = Actor(kind=OFFICER, unit=HERE, id=8, role=Role.RECEPTION, keeper=True)
OTHERS = (
    Actor(kind=OFFICER, unit=HERE, id=7, role=Role.RECEPTION),
    Actor(kind=OFFICER, unit=HERE, id=9, role=Role.LEADER),
    Actor(kind=OFFICER, unit=HERE, id=10, role=Role.ADMIN),
    Actor(kind=OFFICER, unit=ELSEWHERE, id=11, role=Role.LEADER),
    Actor(kind=SYSTEM, unit=HERE),
)
ACTS: tuple[Act, ...] = (
    Receive(), Take(), Ask("x"), Extend(1, "x"), Apologise(), Forward("x"), Reply("x"), Close(), MarkDenunciation(),
    UnmarkDenunciation("x"), HandUp(),
)  # fmt: skip
BY_CITIZEN: tuple[Act, ...] = (Tell("x"), Confirm(), Rate(3), Reopen("x"))


def case(closed: Closed = Closed.KEPT, state: State = State.NEW, keeper: int = 8) -> CaseFacts:
    return CaseFacts(
        id=1, unit=HERE, code="M-2026-K7M2QX-5", kind=Kind.FEEDBACK, state=state, version=3, confidential=closed,
        keeper=keeper,
    )  # fmt: skip


def decided(facts: CaseFacts, act: Act, actor: Actor) -> Decision | Refusal:
    return decide(facts, act, actor, now=NOW, office=OFFICE)


@pytest.mark.parametrize("actor", OTHERS, ids=lambda actor: actor.role or actor.kind)
@pytest.mark.parametrize("act", [*ACTS, *BY_CITIZEN], ids=lambda act: type(act).__name__)
@pytest.mark.parametrize("state", list(State))
def test_for_others_there_is_no_such_case(actor: Actor, act: Act, state: State) -> None:
    # the very answer that a case which is not there gets
    assert decided(case(state=state), act, actor) == decide(None, act, actor, now=NOW, office=OFFICE)


def test_the_keeper_and_the_citizen_go_on() -> None:
    assert isinstance(decided(case(), Reply("Xin mời Ông/Bà đến trụ sở."), KEEPER), Decision)
    assert isinstance(decided(case(), Tell("Vâng"), Actor(kind=CITIZEN, unit=HERE)), Decision)
    back = decided(case(), UnmarkDenunciation("Không phải tố cáo"), KEEPER)
    assert isinstance(back, Decision)
    assert back.closed is Closed.NOT
    assert decided(case(), UnmarkDenunciation(" "), KEEPER) == Refusal("act.reason_needed")


def test_a_keeper_of_another_commune_is_a_stranger() -> None:
    stranger = Actor(kind=OFFICER, unit=ELSEWHERE, id=8, role=Role.LEADER, keeper=True)
    assert isinstance(decided(case(), Reply("x"), stranger), Refusal)


@pytest.mark.parametrize("state", list(State))
def test_marking_changes_who_sees_it_and_nothing_else(state: State) -> None:
    marked = decided(case(Closed.NOT, state), MarkDenunciation(), OTHERS[0])
    assert isinstance(marked, Decision)
    assert (marked.closed, marked.after, marked.tell, marked.deadline) == (Closed.KEPT, state, "", None)


def test_while_nobody_is_named_nothing_is_marked() -> None:
    assert decided(case(Closed.NOT, keeper=0), MarkDenunciation(), OTHERS[0]) == Refusal("act.no_keeper")
    # what says that it is about the Chủ tịch needs nobody to be named: it is not kept
    said = msgspec.structs.replace(case(Closed.NOT, keeper=0), matter="about_chairman")
    up = decided(said, HandUp(), OTHERS[0])
    assert isinstance(up, Decision)
    assert (up.closed, up.after, up.tell) == (Closed.ERASED, State.FORWARDED, "case.handed_up")


@pytest.mark.parametrize("actor", [KEEPER, *OTHERS[:2]], ids=lambda actor: str(actor.id))
@pytest.mark.parametrize("matter", ["", "denunciation"])
@pytest.mark.parametrize("state", list(State))
def test_nobody_alone_wipes_a_case_away(actor: Actor, matter: str, state: State) -> None:
    facts = msgspec.structs.replace(case(Closed.NOT, state), matter=matter)
    assert decided(facts, HandUp(), actor) == Refusal("act.second_needed")
    # once somebody has shown it to the keeper, the keeper may
    shown = decided(facts, MarkDenunciation(about_head=True), actor)
    assert isinstance(shown, Decision)
    assert (shown.closed, shown.about_head, shown.tell) == (Closed.KEPT, True, "")
    kept = msgspec.structs.replace(facts, confidential=Closed.KEPT)
    assert isinstance(decided(kept, HandUp(), KEEPER), Decision)


@pytest.mark.parametrize("actor", [KEEPER, *OTHERS, Actor(kind=CITIZEN, unit=HERE)])
@pytest.mark.parametrize("act", [*ACTS, *BY_CITIZEN], ids=lambda act: type(act).__name__)
def test_what_was_erased_is_nobodys(actor: Actor, act: Act) -> None:
    assert decided(case(Closed.ERASED), act, actor) == Refusal("act.no_case")


def test_what_only_the_keeper_may() -> None:
    for action in ("kept.see", "case.unmark"):
        assert may(KEEPER, action, HERE)
        assert not may(KEEPER, action, ELSEWHERE)
        assert not any(may(actor, action, HERE) for actor in OTHERS)


EVERYBODY = (KEEPER, *OTHERS, Actor(kind=CITIZEN, unit=HERE))


@given(st.lists(st.tuples(st.sampled_from([*ACTS, *BY_CITIZEN]), st.sampled_from(EVERYBODY)), max_size=30))
def test_whatever_happens_only_the_keeper_and_the_citizen_move_what_is_marked(steps: list[tuple[Act, Actor]]) -> None:
    facts = case(Closed.NOT)
    for act, actor in steps:
        outcome = decided(facts, act, actor)
        if isinstance(outcome, Refusal):
            continue
        assert actor in (KEEPER, EVERYBODY[-1]) or not facts.confidential
        assert facts.confidential is not Closed.ERASED
        closed = facts.confidential if outcome.closed is None else outcome.closed
        opened = closed is Closed.NOT and bool(facts.confidential)
        assert not opened or isinstance(act, UnmarkDenunciation), "only that act gives it back to the others"
        facts = msgspec.structs.replace(facts, state=outcome.after, version=facts.version + 1, confidential=closed)
