"""What a commune has switched off: it is offered to nobody, words do not lead into it, and something always stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.acts import Open, Refusal
from feedback.in_use import ALL, InUse, Switch, What, decide_switch, without
from feedback.kinds import CATEGORIES, OTHERS, USUAL, Kind
from feedback.roles import OFFICER, Actor, Role
from reports.texts import texts
from tests.unit.desk import WORDING, Citizen, MemoryDesk

LEADER = Actor(kind=OFFICER, unit=1, id=9, role=Role.LEADER)
NAMES = [("kind", str(kind)) for kind in Kind] + [("field", id) for id in CATEGORIES]


def talking_to(*off: tuple[str, str]) -> Citizen:
    """Somebody who talks to a commune that has switched these off."""
    return Citizen(MemoryDesk(takes=without(off)))


def writing() -> Citizen:
    """Somebody who has written a report up to the look before it is sent."""
    citizen = Citizen(MemoryDesk())
    citizen.press_id("go:feedback")
    citizen.says("1", "Đèn đường hỏng.", "không có", "bỏ qua")
    return citizen


def labels(citizen: Citizen) -> list[str]:
    return [WORDING.word(option.label) for option in citizen.options if option.digit]


def test_the_menu_names_what_is_taken_and_nothing_else() -> None:
    citizen = talking_to(("kind", "petition"), ("kind", "praise"), ("kind", "business"))
    citizen.start()
    assert "Gửi kiến nghị" not in labels(citizen)
    assert "Góp ý, thái độ cán bộ" in labels(citizen), "the line to the others names those that are there"


def test_without_the_rarer_kinds_the_way_to_khieu_nai_and_to_cao_stays() -> None:
    citizen = talking_to(*(("kind", str(kind)) for kind in OTHERS))
    citizen.start()
    assert "Khiếu nại, tố cáo" in labels(citizen)
    citizen.press("Khiếu nại, tố cáo")
    assert "matter.which" in citizen.keys
    citizen.says("Đèn đường ở ngã ba hỏng mấy hôm nay rồi mà chưa ai sửa")
    assert [*labels(citizen)][-1] == "Khiếu nại, tố cáo"
    assert not [label for label in labels(citizen) if label.startswith("Khác")]


@pytest.mark.parametrize("said", ["khen", "tôi muốn khen", "góp ý"])
def test_words_do_not_lead_into_what_is_switched_off(said: str) -> None:
    citizen = talking_to(("kind", "praise"), ("kind", "suggestion"))
    citizen.start()
    citizen.says(said)
    assert "draft.ask.text.praise" not in citizen.keys
    assert "draft.ask.text.suggestion" not in citizen.keys
    assert not {label for label in labels(citizen) if "Khen" in label or "Góp ý" in label}


def test_long_words_are_not_taken_for_it_either() -> None:
    told = "Hôm qua ra xã, cán bộ thái độ hách dịch, nói năng cộc lốc với bà con"
    usual, without_it = talking_to(), talking_to(("kind", "conduct"))
    usual.says(told)
    without_it.says(told)
    assert "Thái độ, tác phong của cán bộ" in labels(usual)
    assert "Thái độ, tác phong của cán bộ" not in labels(without_it)


def test_an_old_button_says_that_it_is_not_taken_and_asks_for_another() -> None:
    citizen = talking_to(("kind", "praise"))
    citizen.press_id("go:praise")
    assert {"kinds.off", "draft.ask.kind"} <= citizen.keys


def test_what_was_switched_off_while_somebody_wrote_is_asked_anew_and_their_words_stay() -> None:
    citizen = writing()
    citizen.desk.takes, citizen.refusals = without([("kind", "feedback")]), ["kinds.off"]
    citizen.says("gửi")
    assert "kinds.off" in citizen.keys
    assert not citizen.opened
    assert citizen.draft.text == "Đèn đường hỏng."
    citizen.says("kiến nghị")
    assert citizen.draft.kind is Kind.PETITION


def test_a_field_that_was_switched_off_meanwhile_is_asked_anew() -> None:
    citizen = writing()
    citizen.desk.takes, citizen.refusals = without([("field", citizen.draft.category)]), ["kinds.off"]
    citizen.says("gửi")
    assert "kinds.field_off" in citizen.keys
    assert not citizen.opened


def test_a_field_goes_with_the_kind_that_its_reports_are_of() -> None:
    assert "conduct" not in without([("kind", "conduct")]).fields
    assert "conduct" in without([("kind", "praise")]).fields


def test_a_kind_that_asks_for_no_field_needs_none() -> None:
    left = without([("field", "other")])
    assert left.takes(Open(code="", kind=Kind.PRAISE, category="other", text="a"))
    assert not left.takes(Open(code="", kind=Kind.FEEDBACK, category="other", text="a"))


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=60))
def test_however_it_is_switched_something_can_always_be_sent(turns: list[tuple[tuple[What, str], bool]]) -> None:
    off: frozenset[tuple[str, str]] = frozenset()
    for (what, name), on in turns:
        decided = decide_switch(off, Switch(what=what, name=name, on=on), LEADER, 1)
        if decided is True:
            off = off - {(what, name)} if on else off | {(what, name)}
        elif decided is False:
            assert on == ((what, name) not in off)
    left = without(off)
    assert left.kinds
    assert left.fields
    assert set(left.kinds) == {kind for kind in Kind if ("kind", str(kind)) not in off}


def test_the_last_kind_stays_with_a_clear_word_for_it() -> None:
    off = frozenset(("kind", str(kind)) for kind in Kind if kind is not Kind.FEEDBACK)
    refused = decide_switch(off, Switch(what="kind", name="feedback", on=False), LEADER, 1)
    assert refused == Refusal("kinds.last")
    assert "Xin bật một loại khác trước" in WORDING("kinds.last")


@pytest.mark.parametrize("what", ["kind", "field"])
def test_what_there_is_not_cannot_be_switched(what: What) -> None:
    switch = Switch(what=what, name="weather", on=False)
    assert decide_switch(frozenset(), switch, LEADER, 1) == Refusal("kinds.unknown")


def test_the_counter_switches_nothing() -> None:
    clerk = Actor(kind=OFFICER, unit=1, id=9, role=Role.RECEPTION)
    switch = Switch(what="kind", name="praise", on=False)
    assert decide_switch(frozenset(), switch, clerk, 1) == Refusal("act.not_allowed")


def test_where_nothing_is_switched_off_everything_is_taken() -> None:
    assert without([]) == ALL == InUse()
    assert ALL.kinds == (*USUAL, *OTHERS)


WORDS_OF_THEIR_OWN = {"category.other"}
"""In a table of fields "Việc khác" would be any other matter; there it is "Lĩnh vực khác"."""


def test_reports_call_kinds_and_fields_as_the_chat_does() -> None:
    printed = texts()
    names = [f"kind.{kind}" for kind in Kind] + [f"category.{field}" for field in CATEGORIES]
    for name in names:
        if name not in WORDS_OF_THEIR_OWN:
            assert printed.say(name) == WORDING(name), name
