"""A report from its draft to the signed file, as a table: who may do what, when, and why not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedback.acts import Refusal
from feedback.report_acts import (
    MAX_COMMENT,
    MAX_TEXT,
    Approve,
    Comment,
    Freeze,
    Hand,
    Number,
    Piece,
    PlaceFacts,
    Remake,
    ReportAct,
    ReportDecision,
    ReportFacts,
    ReportState,
    Return,
    Submit,
    WriteTexts,
)
from feedback.report_deciding import MOVES, action_of, decide_report
from feedback.roles import OFFICER, Actor, Role

HERE = 7
TODAY = date(2026, 11, 20)
RECEPTION = Actor(kind=OFFICER, unit=HERE, id=1, role=Role.RECEPTION)
LEADER = Actor(kind=OFFICER, unit=HERE, id=2, role=Role.LEADER)
ACTS: dict[str, ReportAct] = {
    "write_text": WriteTexts((Piece(place="danvan:section.1", text="Đã tổ chức 12 buổi."),)),
    "comment": Comment("Xin xem lại mục 3."),
    "approve": Approve(),
    "return_": Return(text="Thiếu số hòa giải."),
    "hand": Hand(),
    "number": Number(number="05", issued_on="2026-11-20"),
    "freeze": Freeze(blob=9, sha256="a" * 64),
    "remake": Remake(),
    "submit": Submit(),
}
WHO = {name: LEADER if name in ("approve", "return_") else RECEPTION for name in ACTS}


def draft(state: ReportState = ReportState.READY, **more: object) -> ReportFacts:
    facts = ReportFacts(
        id=1,
        unit=HERE,
        state=state,
        version=3,
        made_on=date(2026, 11, 2),
        number="5",
        issued_on="2026-11-20",
        places={"danvan:section.1": PlaceFacts(), "survey:limits": PlaceFacts()},
    )
    return replace(facts, **more)


def decided(facts: ReportFacts, act: ReportAct, actor: Actor | None = None) -> ReportDecision | Refusal:
    return decide_report(facts, act, actor or WHO[action_of(act)], today=TODAY)


def refused(facts: ReportFacts, act: ReportAct) -> str:
    found = decided(facts, act)
    assert isinstance(found, Refusal)
    return found.key


@pytest.mark.parametrize("state", list(ReportState))
@pytest.mark.parametrize("name", list(ACTS))
def test_an_act_happens_in_its_states_and_in_no_other(name: str, state: ReportState) -> None:
    found = decided(draft(state), ACTS[name])

    if state in MOVES[name]:
        assert isinstance(found, ReportDecision)
        assert (found.action, found.before, found.after) == (name, state, MOVES[name][state])
    elif state is ReportState.FROZEN:
        assert found == Refusal("report.frozen")
    else:
        assert found == Refusal(f"report.not_now.{name}")


@pytest.mark.parametrize("name", list(ACTS))
def test_nobody_of_another_commune_and_no_other_role_does_it(name: str) -> None:
    state = next(iter(MOVES[name]))
    for actor in (
        replace(WHO[name], unit=HERE + 1),
        replace(WHO[name], role=Role.ADMIN),
        replace(WHO[name], role=Role.FRONT),
        RECEPTION if name in ("approve", "return_") else replace(LEADER, role=Role.VILLAGE_HEAD),
        *([LEADER] if name == "submit" else []),
    ):
        assert decided(draft(state), ACTS[name], actor) == Refusal("act.not_allowed")


@pytest.mark.parametrize("name", [name for name in ACTS if name not in ("write_text", "comment")])
def test_who_looked_at_another_version_is_told_so(name: str) -> None:
    state = next(iter(MOVES[name]))

    assert refused(draft(state), replace(ACTS[name], seen=2)) == "report.changed"
    assert isinstance(decided(draft(state), replace(ACTS[name], seen=3)), ReportDecision)


def test_two_officers_who_write_different_places_do_not_stand_in_each_others_way() -> None:
    # given that somebody wrote the first place since the page was opened
    facts = draft(places={"danvan:section.1": PlaceFacts(written=50), "survey:limits": PlaceFacts()})

    mine = WriteTexts((Piece(place="survey:limits", text="Thiếu người.", seen=0),))
    theirs = WriteTexts((Piece(place="danvan:section.1", text="Lời khác.", seen=0),))

    assert isinstance(decided(facts, mine), ReportDecision)
    assert decided(facts, theirs) == Refusal("report.text_changed", {"place": "danvan:section.1"})
    assert refused(facts, WriteTexts((*mine.pieces, *theirs.pieces))) == "report.text_changed"


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        ((), "report.nothing_new"),
        ((Piece(place="danvan:section.99", text="Lời"),), "report.place_gone"),
        ((Piece(place="survey:limits", text="a" * (MAX_TEXT + 1)),), "report.text_long"),
    ],
)
def test_words_that_cannot_be_kept(pieces: tuple[Piece, ...], why: str) -> None:
    assert refused(draft(), WriteTexts(pieces)) == why


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (Comment(" \n"), "report.comment_empty"),
        (Comment("dài " * MAX_COMMENT), "report.text_long"),
        (Return(text=""), "act.return_empty"),
    ],
)
def test_a_remark_says_something(act: ReportAct, why: str) -> None:
    assert refused(draft(), act) == why


def test_an_empty_place_of_the_draft_on_dan_van_cannot_be_agreed_to() -> None:
    open_places = {"danvan:section.1": PlaceFacts(required=True), "danvan:ask": PlaceFacts(required=True, written=5)}

    assert decided(draft(places=open_places), Approve()) == Refusal("report.marks_empty", {"many": 1})
    full = {place: replace(facts, written=5) for place, facts in open_places.items()}
    assert isinstance(decided(draft(places=full), Approve()), ReportDecision)


def test_an_empty_line_of_an_annex_is_no_less_in_the_way() -> None:
    assert decided(draft(lines=2), Approve()) == Refusal("report.lines_empty", {"many": 2})


def test_words_beside_other_figures_are_agreed_to_only_by_who_read_them_again() -> None:
    facts = draft(places={"danvan:section.1": PlaceFacts(required=True, written=5, stale=True)})

    assert decided(facts, Approve()) == Refusal("report.texts_stale", {"many": 1})
    assert isinstance(decided(facts, Approve(sure=True)), ReportDecision)


@pytest.mark.parametrize(("act", "state"), [(Approve(), ReportState.READY), (Hand(), ReportState.APPROVED)])
def test_nobody_agrees_to_or_hands_on_documents_that_lack_the_last_words(act: ReportAct, state: ReportState) -> None:
    assert refused(draft(state, behind=True), act) == "report.behind"


@pytest.mark.parametrize(
    ("number", "day", "why"),
    [
        ("0", "2026-11-20", "report.number_wrong"),
        ("-5", "2026-11-20", "report.number_wrong"),
        ("5a", "2026-11-20", "report.number_wrong"),
        ("\u0665", "2026-11-20", "report.number_wrong"),
        ("²", "2026-11-20", "report.number_wrong"),
        ("", "2026-11-20", "report.number_wrong"),
        ("1" * 400, "2026-11-20", "report.number_wrong"),
        ("5", "", "report.day_wrong"),
        ("5", "2026-02-29", "report.day_wrong"),
        ("5", "2026-11-01", "report.day_early"),
        ("5", "2026-11-21", "report.day_late"),
        ("05", "2026-11-19", "report.number_taken"),
    ],
)
def test_a_number_or_day_that_cannot_be(number: str, day: str, why: str) -> None:
    facts = draft(ReportState.HANDED, numbers=frozenset({(2026, "5"), (2025, "6")}))

    assert refused(facts, Number(number=number, issued_on=day)) == why


@pytest.mark.parametrize(
    ("number", "day", "kept"), [("05", "2026-11-02", "5"), (" 112 ", "2026-11-20", "112"), ("6", "2026-11-19", "6")]
)
def test_a_number_is_kept_as_the_register_has_it(number: str, day: str, kept: str) -> None:
    facts = draft(ReportState.HANDED, numbers=frozenset({(2026, "7"), (2025, "6")}))

    found = decided(facts, Number(number=number, issued_on=day))

    assert isinstance(found, ReportDecision)
    assert found.number == kept


def test_nothing_is_frozen_without_its_number_and_its_signed_file() -> None:
    assert refused(draft(ReportState.HANDED, number=""), ACTS["freeze"]) == "report.number_first"
    assert refused(draft(ReportState.HANDED), Freeze(blob=0, sha256="a" * 64)) == "report.signed_missing"
    assert refused(draft(ReportState.HANDED), Freeze(blob=1, sha256="")) == "report.signed_missing"


def test_what_cannot_be_agreed_to_for_want_of_words_is_not_ready_either() -> None:
    open_places = {"danvan:section.1": PlaceFacts(required=True)}

    assert decided(draft(places=open_places), Submit()) == Refusal("report.marks_empty", {"many": 1})
    assert decided(draft(lines=2), Submit()) == Refusal("report.lines_empty", {"many": 2})
    # while its documents are being written, it is
    found = decided(draft(behind=True), Submit())
    assert isinstance(found, ReportDecision)
    assert (found.waits, found.refile) == (True, False)
    assert refused(draft(submitted=True), Submit()) == "report.submitted"


@pytest.mark.parametrize(
    ("name", "actor", "waits"),
    [
        ("comment", RECEPTION, True),
        ("comment", LEADER, True),
        ("write_text", LEADER, True),  # a leader who corrects a word has it on the desk
        ("write_text", RECEPTION, False),
        ("remake", RECEPTION, False),
        ("remake", LEADER, False),
        ("return_", LEADER, False),
        ("approve", LEADER, False),
    ],
)
def test_what_takes_a_draft_off_the_leaders_desk(name: str, actor: Actor, *, waits: bool) -> None:
    found, unasked = (decided(draft(submitted=there), ACTS[name], actor) for there in (True, False))

    assert isinstance(found, ReportDecision)
    assert isinstance(unasked, ReportDecision)
    assert (found.waits, unasked.waits) == (waits, False)


@given(steps=st.lists(st.sampled_from(sorted(ACTS)), max_size=14))
def test_whatever_is_tried_a_report_is_issued_only_by_way_of_the_leader_and_van_thu(steps: list[str]) -> None:
    """A walk over the states: what was agreed to is what is issued, and what is issued stays."""
    facts, agreed, numbered = draft(number="", issued_on=""), False, False
    for name in steps:
        found = decided(facts, ACTS[name])
        if isinstance(found, Refusal):
            continue
        assert facts.state is not ReportState.FROZEN
        facts = replace(facts, state=found.after, version=facts.version + 1)
        if name == "approve":
            agreed = True
        elif name == "return_":
            agreed = numbered = False
            facts = replace(facts, number="", issued_on="")
        elif name == "number":
            numbered = True
            facts = replace(facts, number=found.number, issued_on="2026-11-20")
        elif name in ("write_text", "remake"):
            assert not agreed  # nothing of it changes once a leader has agreed
        facts = replace(facts, submitted=found.waits)
        assert not facts.submitted or facts.state is ReportState.READY
        if facts.state is ReportState.FROZEN:
            assert agreed
            assert numbered
