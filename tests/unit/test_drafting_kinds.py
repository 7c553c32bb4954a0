"""The rarer kinds in chat: few questions, understood by their names, and the way back from the second list."""

import pytest

from bot.conversation.state import Drafting, State, dump, load
from feedback.kinds import OTHERS, Kind
from tests.unit.desk import Citizen, MemoryDesk

STORY = "Chị Lan ở bộ phận một cửa hướng dẫn mẹ tôi rất tận tình."
ROADS = ("Đường sá, điện, nước", "roads")


def at_the_menu(**desk: object) -> Citizen:
    citizen = Citizen(MemoryDesk(**desk))  # type: ignore[arg-type]  # keywords by name
    citizen.start()
    return citizen


@pytest.mark.parametrize("said", ["khen", "Tôi muốn khen", "xin khen ngợi"])
def test_praise_takes_three_messages(said: str) -> None:
    citizen = at_the_menu()
    citizen.says(said, STORY, "gửi")
    (act,) = citizen.opened
    assert (act.kind, act.category, act.text, act.village, act.anonymous) == (Kind.PRAISE, "other", STORY, None, True)
    assert "draft.sent.praise" in citizen.keys


def test_a_report_with_a_photo_begun_with_it_takes_five_messages() -> None:
    citizen = at_the_menu()
    citizen.photo(blob=7, text="Cầu treo gãy hai tấm ván, trẻ con đi học nguy hiểm.")
    citizen.says("1", "3", "thôn Mai", "gửi")
    (act,) = citizen.opened
    assert (act.kind, act.category, act.blobs, act.village) == (Kind.FEEDBACK, "roads", (7,), 102)


@pytest.mark.parametrize("kind", OTHERS)
def test_the_second_list_leads_to_each_kind(kind: Kind) -> None:
    citizen = at_the_menu()
    citizen.press("Góp ý, khen, ý kiến doanh nghiệp, thái độ cán bộ")
    citizen.say(str(OTHERS.index(kind) + 1))
    assert citizen.draft.kind is kind
    citizen.say("quay lại")
    assert "draft.ask.kind_more" not in citizen.keys, "back to where the menu was, not into an empty list"


def test_back_from_the_second_list_to_the_first() -> None:
    citizen = at_the_menu()
    citizen.say("Đèn đường ở ngã ba hỏng ba hôm nay rồi")
    citizen.press("Khác: góp ý, khen, ý kiến doanh nghiệp, thái độ cán bộ")
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
    citizen.says("Hôm qua cán bộ quát mắng bà tôi ở bộ phận một cửa.", "gửi")
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


WORKS = ("Đường liên thôn", "Nhà văn hóa")


def test_works_can_be_chosen_where_the_field_fits() -> None:
    citizen = at_the_menu(works_going_on=WORKS)
    citizen.press_id("go:feedback")
    citizen.press("An ninh, trật tự")
    assert "draft.ask.text.works" not in citizen.keys
    citizen.says("về menu")
    citizen.press_id("go:petition")
    citizen.press(ROADS[0])
    assert {"draft.ask.text.petition", "draft.ask.text.works"} <= citizen.keys
    citizen.say("2")
    assert {"draft.works_noted", "draft.ask.text.petition"} <= citizen.keys
    assert "draft.ask.text.works" not in citizen.keys
    citizen.says("Xin làm thêm rãnh thoát nước.", "bỏ qua", "bỏ qua")
    assert "Nhà văn hóa" in citizen.heard
    citizen.say("gửi")
    assert citizen.opened[0].works == 302


def test_whoever_means_none_of_the_works_is_not_asked_once_more() -> None:
    citizen = at_the_menu(works_going_on=WORKS)
    citizen.press_id("go:petition")
    citizen.press(ROADS[0])
    citizen.say("Xin làm thêm rãnh thoát nước ở nhà văn hóa.")
    assert citizen.draft.step == "photo"
    citizen.says("bỏ qua", "bỏ qua", "sửa", "công trình, dự án")
    assert "draft.ask.works" in citizen.keys
    citizen.says("không có trong này")
    assert "nav.not_understood" in citizen.keys
    citizen.says("2", "gửi")
    assert citizen.opened[0].works == 302


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("Đường liên thôn đào lên rồi để đấy hai tháng.", 301),
        ("Từ đường liên thôn đến nhà văn hóa không có đèn.", None),
        ("Đèn đường ở ngã ba hỏng ba hôm nay rồi.", None),
    ],
)
def test_words_written_first_belong_to_the_works_that_they_name(text: str, works: int | None) -> None:
    citizen = at_the_menu(works_going_on=WORKS)
    citizen.says(text, "phản ánh", "3")
    assert citizen.draft.step == "photo"
    citizen.says("bỏ qua", "bỏ qua")
    assert ("draft.shown.works" in citizen.keys) == bool(works)
    citizen.say("gửi")
    assert citizen.opened[0].works == works


def test_another_kind_chosen_in_the_review_asks_what_it_needs() -> None:
    citizen = at_the_menu()
    citizen.says("khen", STORY)
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
