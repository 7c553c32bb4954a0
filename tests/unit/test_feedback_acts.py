"""Every state x act x role: what becomes of a case, and why not."""

from datetime import date
from itertools import product

import msgspec
import pytest

from feedback.acts import MAX_PLACE, MAX_REPLY, MAX_TEXT, Act, CaseFacts, Decision, Open, Refusal, Reply, Take, decide
from feedback.kinds import CATEGORIES, Kind
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import MOVES, State

TODAY = date(2026, 10, 3)
OFFICERS = {role: Actor(kind=OFFICER, unit=1, id=7, role=role) for role in Role}
CITIZEN_HERE = Actor(kind=CITIZEN, unit=1)
AFTER = {
    (State.NEW, "take"): State.IN_PROGRESS,
    (State.IN_PROGRESS, "take"): None,
    (State.ANSWERED, "take"): None,
    (State.NEW, "reply"): State.ANSWERED,
    (State.IN_PROGRESS, "reply"): State.ANSWERED,
    (State.ANSWERED, "reply"): State.ANSWERED,
}
"""(state, act) -> state afterwards, None where it is refused as done already."""


def case(state: State, unit: int = 1) -> CaseFacts:
    return CaseFacts(id=5, unit=unit, code="M-2026-ABCDEF-7", state=state, version=3)


def opening(**changed: object) -> Open:
    act = Open(code="M-2026-ABCDEF-7", kind=Kind.FEEDBACK, category="land", text="Đèn đường hỏng.")
    return msgspec.structs.replace(act, **changed)


def act_of(name: str) -> Act:
    return Take() if name == "take" else Reply("  Đã thay bóng đèn. ")


@pytest.mark.parametrize(("state", "name", "role"), [*product(State, ("take", "reply"), Role)])
def test_an_officer_changes_a_case_as_the_table_says(state: State, name: str, role: Role) -> None:
    decided = decide(case(state), act_of(name), OFFICERS[role], today=TODAY)

    after = AFTER[state, name]
    if role in {Role.ADMIN, Role.FRONT, Role.VILLAGE_HEAD}:
        assert decided == Refusal("act.not_allowed")
    elif after is None:
        assert decided == Refusal("act.already")
    else:
        assert isinstance(decided, Decision)
        assert (decided.action, decided.before, decided.after) == (name, state, after)
        assert decided.tell == ("case.taken" if name == "take" else "case.reply")
        assert decided.text == ("" if name == "take" else "Đã thay bóng đèn.")


def test_the_table_here_knows_every_move() -> None:
    assert set(AFTER) == set(product(State, MOVES))


@pytest.mark.parametrize(("state", "name"), [*product(State, ("take", "reply"))])
@pytest.mark.parametrize("actor", [CITIZEN_HERE, Actor(kind=SYSTEM, unit=1), Actor(kind=OFFICER, unit=1)])
def test_nobody_else_changes_a_case(state: State, name: str, actor: Actor) -> None:
    assert decide(case(state), act_of(name), actor, today=TODAY) == Refusal("act.not_allowed")


@pytest.mark.parametrize("role", Role)
def test_a_case_of_another_commune_is_out_of_reach(role: Role) -> None:
    assert decide(case(State.NEW, unit=2), Take(), OFFICERS[role], today=TODAY) == Refusal("act.not_allowed")


@pytest.mark.parametrize("act", [Take(), Reply("Xong.")])
def test_a_case_that_is_not_there_is_refused(act: Act) -> None:
    assert decide(None, act, OFFICERS[Role.RECEPTION], today=TODAY) == Refusal("act.no_case")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", "act.reply_empty"), (" \n\t", "act.reply_empty"), ("a" * (MAX_REPLY + 1), "act.reply_long")],
)
def test_a_reply_needs_words_and_not_too_many(text: str, refusal: str) -> None:
    assert decide(case(State.NEW), Reply(text), OFFICERS[Role.LEADER], today=TODAY) == Refusal(refusal)


def test_a_reply_to_a_case_that_changed_meanwhile_is_refused() -> None:
    now = case(State.ANSWERED)
    for seen, refused in ((now.version, False), (0, False), (now.version + 1, True)):
        decided = decide(now, Reply("Xong.", seen), OFFICERS[Role.LEADER], today=TODAY)
        assert (decided == Refusal("act.changed")) is refused


def test_a_reply_of_the_full_length_is_taken() -> None:
    longest = Reply(" " + "a" * MAX_REPLY + " ")
    assert isinstance(decide(case(State.NEW), longest, OFFICERS[Role.LEADER], today=TODAY), Decision)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_citizen_opens_a_case_of_every_kind_and_field(kind: Kind, category: str) -> None:
    phone = "0912345678" if kind is Kind.DIALOGUE else ""
    decided = decide(None, opening(kind=kind, category=category, phone=phone), CITIZEN_HERE, today=TODAY)
    assert decided == Decision(action="open", before=None, after=State.NEW)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"text": " \n"}, "act.text_empty"),
        ({"text": "a" * (MAX_TEXT + 1)}, "act.text_long"),
        ({"category": "weather"}, "act.category"),
        ({"category": ""}, "act.category"),
        ({"blobs": (1, 2, 3, 4, 5, 6)}, "act.too_many_photos"),
        ({"where": "a" * (MAX_PLACE + 1)}, "act.place_long"),
        ({"kind": Kind.DIALOGUE}, "act.phone_needed"),
    ],
)
def test_a_case_that_lacks_something_is_not_opened(changed: dict[str, object], refusal: str) -> None:
    assert decide(None, opening(**changed), CITIZEN_HERE, today=TODAY) == Refusal(refusal)


@pytest.mark.parametrize("actor", [*OFFICERS.values(), Actor(kind=SYSTEM, unit=1)])
def test_only_a_citizen_opens_a_case(actor: Actor) -> None:
    assert decide(None, opening(), actor, today=TODAY) == Refusal("act.not_allowed")
