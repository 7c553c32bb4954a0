"""The rarer kinds in chat: few questions, understood by their names, and the way back from the second list."""

import pytest

from bot.conversation.state import Drafting, State, dump, load
from feedback.kinds import OTHERS, Kind
from tests.unit.desk import Citizen, MemoryDesk

STORY = "Chị Lan ở bộ phận một cửa hướng dẫn mẹ tôi rất tận tình."
ROADS = ("Đường sá, điện, nước", "roads")


def at_the_menu(**desk: object) -> Citizen:
    citizen = Citizen(MemoryDesk(**desk))  # type: ignore[arg-type]
    citizen.start()
    return citizen


@pytest.mark.parametrize("said", ["khen", "Tôi muốn khen", "xin khen ngợi"])
def test_praise_takes_four_messages(said: str) -> None:
    citizen = at_the_menu()
    citizen.says(said, STORY, "ẩn danh", "gửi")
    (act,) = citizen.opened
    assert (act.kind, act.category, act.text, act.village, act.anonymous) == (Kind.PRAISE, "other", STORY, None, True)
    assert "draft.sent.praise" in citizen.keys


def test_a_report_with_a_photo_takes_six_messages() -> None:
    citizen = at_the_menu()
    citizen.photo(blob=7, text="Cầu treo gãy hai tấm ván, trẻ con đi học nguy hiểm.")
    citizen.says("1", "3", "thôn Mai", "1", "gửi")
    (act,) = citizen.opened
    assert (act.kind, act.category, act.blobs, act.village) == (Kind.FEEDBACK, "roads", (7,), 102)


@pytest.mark.parametrize("kind", OTHERS)
def test_the_second_list_leads_to_each_kind(kind: Kind) -> None:
    citizen = at_the_menu()
    citizen.press("Góp ý, khen, thái độ cán bộ, doanh nghiệp")
    citizen.say(str(OTHERS.index(kind) + 1))
    assert citizen.draft.kind is kind
    citizen.say("quay lại")
    assert "draft.ask.kind_more" not in citizen.keys, "back to where the menu was, not into an empty list"


def test_back_from_the_second_list_to_the_first() -> None:
    citizen = at_the_menu()
    citizen.say("Đèn đường ở ngã ba hỏng ba hôm nay rồi")
    citizen.press("Khác: góp ý, khen, thái độ cán bộ, doanh nghiệp")
    assert "draft.ask.kind_more" in citizen.keys
    citizen.say("quay lại")
    assert "draft.ask.kind_of_text" in citizen.keys
    citizen.says("phản ánh", "3")
    assert (citizen.draft.kind, citizen.draft.category) == (Kind.FEEDBACK, "roads")


def test_a_report_on_how_an_officer_behaved_is_of_that_kind_whichever_door_it_came_through() -> None:
    citizen = at_the_menu()
    citizen.press_id("go:feedback")
    citizen.press("Thái độ của cán bộ")
    assert citizen.draft.kind is Kind.CONDUCT
    citizen.says("Hôm qua cán bộ quát mắng bà tôi ở bộ phận một cửa.", "1", "gửi")
    (act,) = citizen.opened
    assert (act.kind, act.category) == (Kind.CONDUCT, "conduct")


def test_a_business_says_its_name() -> None:
    citizen = at_the_menu()
    citizen.say("doanh nghiệp")
    citizen.press(ROADS[0])
    citizen.says("Xe không vào được xưởng.", "bỏ qua")
    assert {"draft.needed", "draft.ask.name_business"} <= citizen.keys
    citizen.says("Xưởng mộc Mẫu", "bỏ qua", "gửi")
    (act,) = citizen.opened
    assert (act.kind, act.anonymous, act.name, act.phone) == (Kind.BUSINESS, False, "Xưởng mộc Mẫu", "")


def test_works_are_asked_about_where_the_field_fits() -> None:
    going_on = ("Đường liên thôn", "Nhà văn hóa")
    citizen = at_the_menu(works_going_on=going_on)
    citizen.press_id("go:feedback")
    citizen.press("An ninh, trật tự")
    assert "draft.ask.works" not in citizen.keys
    citizen.says("về menu")
    citizen.press_id("go:petition")
    citizen.press(ROADS[0])
    assert "draft.ask.works" in citizen.keys
    citizen.say("không có trong này")
    assert "nav.not_understood" in citizen.keys
    citizen.says("2", "Xin làm thêm rãnh thoát nước.", "bỏ qua", "bỏ qua", "1")
    assert "Nhà văn hóa" in citizen.heard
    citizen.say("gửi")
    assert citizen.opened[0].works == 302


def test_another_kind_chosen_in_the_review_asks_what_it_needs() -> None:
    citizen = at_the_menu()
    citizen.says("khen", STORY, "1")
    citizen.press("Sửa")
    citizen.press("Loại")
    citizen.say("1")
    assert citizen.draft.step == "category"
    citizen.press(ROADS[0])
    citizen.says("bỏ qua", "bỏ qua", "gửi")
    assert (citizen.opened[0].kind, citizen.opened[0].category) == (Kind.FEEDBACK, "roads")


def test_a_draft_stored_before_these_kinds_goes_on() -> None:
    stored = dump(State(dialogue=Drafting(topic=0, step="category", done=["kind"], kind=Kind.PETITION)))
    assert b'"more"' not in stored
    draft = load(stored).dialogue
    assert isinstance(draft, Drafting)
    assert (draft.kind, draft.more, draft.about_works, draft.works) == (Kind.PETITION, False, False, 0)
