"""Writing a case: short questions, a look before it is sent, and nothing written is lost to a wrong button."""

import pytest

from bot.conversation.effects import GiveConsent
from feedback.acts import MAX_TEXT
from feedback.codes import read_code
from feedback.kinds import Kind
from tests.unit.desk import Citizen, MemoryDesk

LONG_STORY = "Đường vào thôn ngập nước ba hôm nay."


def citizen_at(step: str, kind: Kind = Kind.FEEDBACK) -> Citizen:
    """Somebody who has come to that question."""
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.press_id(f"go:{kind}")
    for said in ("1", LONG_STORY, "không có", "mai", "ghi tên", "Người Mẫu", "0912 345 678"):
        if citizen.draft.step == step:
            return citizen
        citizen.say(said)
    return citizen


def named() -> Citizen:
    """Somebody at the review who has given name and telephone."""
    citizen = citizen_at("phone")
    citizen.say("0912 345 678")
    return citizen


def test_a_case_is_opened_with_what_was_said() -> None:
    citizen = named()
    citizen.press("Đồng ý và gửi")

    (act,) = citizen.opened
    assert (act.kind, act.category, act.text, act.village) == (Kind.FEEDBACK, "land", LONG_STORY, 102)
    assert (act.anonymous, act.name, act.phone) == (False, "Người Mẫu", "0912345678")
    assert read_code(act.code) == act.code
    assert {"draft.sent.feedback", "draft.follow_up", "help.phone_person", "menu.title"} <= citizen.keys
    consent = next(effect for effect in citizen.effects if isinstance(effect, GiveConsent))
    assert consent.data == ("name", "phone", "village")
    assert citizen.state.dialogue is None


def test_an_anonymous_case_carries_no_name_and_asks_no_consent_it_does_not_need() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.say("gửi")
    (act,) = citizen.opened
    assert (act.anonymous, act.name, act.phone) == (True, "", "")
    assert not [effect for effect in citizen.effects if isinstance(effect, GiveConsent)]


def test_a_code_that_was_taken_is_drawn_again() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    first = MemoryDesk().new_code()
    citizen.refusals = ["code.taken", "code.taken"]

    citizen.say("gửi")

    (act,) = citizen.opened
    assert act.code != first
    assert act.code in citizen.heard


def test_any_other_refusal_is_said_and_the_draft_stays() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.refusals = ["act.text_long"]
    citizen.say("gửi")
    assert {"act.text_long", "draft.review"} <= citizen.keys
    assert citizen.opened == []


@pytest.mark.parametrize("said", ["gửi", "Gửi đi", "đồng ý", "ok", "vâng", "1", "số 1", "Đồng ý và gửi"])
def test_agreement_sends(said: str) -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.say(said)
    assert len(citizen.opened) == 1


@pytest.mark.parametrize("said", ["không", "ko", "bỏ qua"])
def test_a_bare_no_at_the_review_neither_sends_nor_drops(said: str) -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.say(said)
    assert {"draft.send_or_not", "draft.review"} <= citizen.keys
    assert citizen.opened == []


def test_who_does_not_want_to_send_is_told_that_nothing_is_kept() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.press("Không gửi nữa")
    assert "draft.cancelled" in citizen.keys
    assert (citizen.state.dialogue, citizen.state.kept) == (None, None)


# --- with a name or without ---


def test_the_review_offers_both_ways_and_no_more_than_every_channel_has_buttons_for() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    assert citizen.labels == ["Đồng ý và gửi ẩn danh", "Ghi tên rồi gửi", "Sửa", "Không gửi nữa", "Quay lại"]
    assert {"draft.shown.anonymous", "draft.consent_hidden"} <= citizen.keys
    assert [option.digit for option in citizen.options] == ["1", "2", "3", "4", ""]


@pytest.mark.parametrize(
    "said", ["2", "ghi tên", "Ghi tên rồi gửi", "có tên", "gửi có tên", "ghi tên và số điện thoại"]
)
def test_whoever_gives_a_name_is_asked_and_comes_back_to_the_review(said: str) -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.say(said)
    assert "draft.ask.name" in citizen.keys
    citizen.says("Người Mẫu", "0912 345 678")
    assert citizen.labels == ["Đồng ý và gửi", "Đổi sang ẩn danh", "Sửa", "Không gửi nữa", "Quay lại"]
    assert {"draft.shown.name", "draft.shown.phone", "draft.consent"} <= citizen.keys
    assert "draft.shown.anonymous" not in citizen.keys
    citizen.say("1")
    (act,) = citizen.opened
    assert (act.anonymous, act.name, act.phone) == (False, "Người Mẫu", "0912345678")


@pytest.mark.parametrize("said", ["2", "ẩn danh", "gửi ẩn danh", "tôi muốn gửi ẩn danh", "không ghi tên nữa"])
def test_whoever_has_given_a_name_may_be_unknown_again_and_sees_it_before_anything_is_sent(said: str) -> None:
    citizen = named()
    citizen.say(said)
    assert {"draft.review", "draft.shown.anonymous", "draft.consent_hidden"} <= citizen.keys
    assert citizen.opened == []
    citizen.say("ghi tên")
    assert "draft.ask.name" in citizen.keys, "nothing of it was kept"


@pytest.mark.parametrize("step", ["name", "phone"])
@pytest.mark.parametrize("said", ["ẩn danh", "thôi, gửi ẩn danh", "không ghi tên nữa"])
def test_whoever_would_rather_not_be_named_leads_back_to_the_review(step: str, said: str) -> None:
    citizen = citizen_at(step)
    citizen.say(said)
    assert (citizen.draft.step, citizen.draft.anonymous, citizen.draft.name) == ("review", True, "")


@pytest.mark.parametrize("kind", [Kind.DIALOGUE, Kind.BUSINESS])
def test_kinds_that_need_a_name_offer_no_other_way(kind: Kind) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.press_id(f"go:{kind}")
    while citizen.draft.step != "review":
        said = {"category": "1", "text": LONG_STORY, "village": "mai", "phone": "0912 345 678", "day": "bỏ qua"}
        citizen.say(said.get(citizen.draft.step, "Xưởng Mẫu"))
    assert citizen.labels == ["Đồng ý và gửi", "Sửa", "Không gửi nữa", "Quay lại"]
    assert "draft.consent" in citizen.keys
    citizen.say("ẩn danh")
    assert "nav.not_understood" in citizen.keys
    assert citizen.opened == []


@pytest.mark.parametrize(
    ("words", "wording"), [(("gửi",), "draft.consent_hidden/1"), (("2", "Lan", "0912345678", "1"), "draft.consent/1")]
)
def test_the_consent_that_is_kept_is_the_one_that_was_read(words: tuple[str, ...], wording: str) -> None:
    citizen = citizen_at("review")
    citizen.says(*words)
    assert [effect.wording for effect in citizen.effects if isinstance(effect, GiveConsent)] == [wording]


@pytest.mark.parametrize("said", ["1", "2", "ẩn danh", "ghi tên", "quay lại"])
def test_a_chat_that_stood_at_the_question_of_before_is_shown_the_review(said: str) -> None:
    citizen = citizen_at("review")
    citizen.draft.step = "who"
    citizen.draft.done.append("who")
    citizen.say(said)
    assert citizen.opened == []
    assert citizen.draft.step == ("village" if said == "quay lại" else "review")


# --- words ---


@pytest.mark.parametrize(
    "said", ["Huyền", "Đúng", "Thối quá", "Hướng dẫn", "tra cứu", "Trở lại", "dung lai", "Riêng tư"]
)
def test_a_text_is_not_swallowed_by_a_command(said: str) -> None:
    citizen = citizen_at("text")
    citizen.say(said)
    assert citizen.draft.text == said


@pytest.mark.parametrize("name", ["Huyền", "Trần Văn Dừng", "Nguyễn Thị Thôi", "Lê Trở", "Đúng"])
def test_a_name_is_not_swallowed_by_a_command(name: str) -> None:
    citizen = citizen_at("name")
    citizen.say(name)
    assert citizen.draft.name == name


@pytest.mark.parametrize("said", ["không", "12345", "ko"])
def test_what_is_no_name_is_asked_again(said: str) -> None:
    citizen = citizen_at("name")
    citizen.say(said)
    assert "draft.name_wrong" in citizen.keys
    assert citizen.draft.step == "name"


@pytest.mark.parametrize("said", ["", "\u200b", "👍", "..."])
def test_a_text_without_words_is_asked_again(said: str) -> None:
    citizen = citizen_at("text")
    citizen.say(said)
    assert {"draft.words_only", "draft.ask.text.feedback"} <= citizen.keys


def test_a_text_that_is_too_long_is_refused_whole_with_its_length() -> None:
    citizen = citizen_at("text")
    citizen.say("a" * (MAX_TEXT + 1))
    assert "4.001" in citizen.heard
    assert citizen.draft.text == ""
    citizen.say("a" * MAX_TEXT)
    assert len(citizen.draft.text) == MAX_TEXT


@pytest.mark.parametrize(
    ("step", "said"), [("category", "bỏ qua"), ("text", "bỏ qua"), ("text", "/bo_qua"), ("name", "bỏ qua")]
)
def test_what_is_needed_cannot_be_skipped(step: str, said: str) -> None:
    citizen = citizen_at(step)
    citizen.say(said)
    assert "draft.needed" in citizen.keys
    assert citizen.draft.step == step


def test_a_meeting_needs_a_telephone_number() -> None:
    citizen = citizen_at("phone", Kind.DIALOGUE)
    assert "skip" not in [option.id for option in citizen.options]
    citizen.say("bỏ qua")
    assert "draft.needed" in citizen.keys
    citizen.say("0912 345")
    assert "draft.phone_wrong" in citizen.keys
    citizen.send("contact", text="+84912345678")
    assert citizen.draft.phone == "0912345678"


def test_after_three_mistakes_the_telephone_of_an_officer_is_said() -> None:
    citizen = citizen_at("category")
    assert [bool("help.phone_person" in said(citizen, "ơ")) for _ in range(3)] == [False, False, True]


def said(citizen: Citizen, text: str) -> set[str]:
    citizen.say(text)
    return citizen.keys


# --- ways out and back ---


@pytest.mark.parametrize("step", ["category", "text", "photo", "village", "review", "name", "phone"])
def test_back_leads_to_the_question_before(step: str) -> None:
    order = ("category", "text", "photo", "village", "review", "name", "phone")
    citizen = citizen_at(step)
    citizen.say("quay lại")
    if step == "category":
        assert citizen.state.dialogue is None
    else:
        assert citizen.draft.step == order[order.index(step) - 1]


@pytest.mark.parametrize("way", ["menu", "tra cứu", "go:dialogue", "go:track"])
def test_whoever_goes_elsewhere_can_write_on(way: str) -> None:
    citizen = citizen_at("village")
    if way.startswith("go:"):
        citizen.press_id(way)
    else:
        citizen.say(way)
    assert "draft.kept" in citizen.keys

    citizen.say("menu")
    citizen.press("Viết tiếp nội dung chưa gửi")

    assert (citizen.draft.step, citizen.draft.text) == ("village", LONG_STORY)
    assert citizen.state.kept is None


@pytest.mark.parametrize("word", ["/huy", "hủy", "Thôi", "dừng"])
def test_only_who_says_stop_drops_what_was_written(word: str) -> None:
    citizen = citizen_at("village")
    citizen.say(word)
    assert "draft.cancelled" in citizen.keys
    assert (citizen.state.dialogue, citizen.state.kept) == (None, None)


def test_two_unsent_cases_change_places() -> None:
    citizen = citizen_at("village")
    citizen.say("menu")
    citizen.says("Đèn đường ở ngã ba hỏng.", "1")
    citizen.press_id("go:kept")
    assert citizen.draft.text == LONG_STORY
    citizen.press_id("go:kept")
    assert citizen.draft.text == "Đèn đường ở ngã ba hỏng."


def test_going_back_from_an_edit_changes_nothing() -> None:
    citizen = citizen_at("review")
    citizen.says("sửa", "nội dung", "quay lại")
    assert (citizen.draft.step, citizen.draft.text) == ("review", LONG_STORY)


def test_becoming_anonymous_forgets_name_and_number() -> None:
    citizen = named()
    citizen.press("Đổi sang ẩn danh")
    assert (citizen.draft.step, citizen.draft.name, citizen.draft.phone) == ("review", "", "")
    citizen.say("gửi")
    (act,) = citizen.opened
    assert (act.anonymous, act.name, act.phone) == (True, "", "")


def test_a_report_that_becomes_a_request_to_meet_asks_what_is_missing() -> None:
    citizen = Citizen(MemoryDesk()).at_review()
    citizen.says("sửa", "loại", "3")
    assert citizen.draft.step == "name"
    citizen.says("Người Mẫu", "0912 345 678", "sáng thứ Tư", "1")
    (act,) = citizen.opened
    assert (act.kind, act.anonymous, act.wanted_day) == (Kind.DIALOGUE, False, "sáng thứ Tư")


def test_a_request_to_meet_that_becomes_a_report_has_no_day() -> None:
    citizen = Citizen(MemoryDesk()).at_review(Kind.DIALOGUE)
    citizen.says("sửa", "ngày mong muốn", "thứ Tư", "sửa", "loại", "1", "bỏ qua", "2", "gửi")
    (act,) = citizen.opened
    assert (act.kind, act.wanted_day, act.name) == (Kind.FEEDBACK, "", "")


# --- whoever simply writes, or sends a picture ---


def test_whoever_simply_writes_is_heard() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.say(LONG_STORY)
    assert {"greeting", "draft.ask.kind_of_text"} <= citizen.keys
    citizen.says("1", "3", "không", "không", "gửi")
    assert [act.text for act in citizen.opened] == [LONG_STORY]


@pytest.mark.parametrize("kind", [Kind.FEEDBACK, Kind.PETITION, Kind.DIALOGUE])
def test_what_is_told_at_the_list_of_fields_is_kept_and_not_asked_again(kind: Kind) -> None:
    citizen = citizen_at("category", kind)
    citizen.say("Đường vào thôn ngập từ sáng, xe máy không qua được")
    assert {"draft.text_noted", "draft.ask.category"} <= citizen.keys
    assert citizen.draft.text.startswith("Đường vào thôn ngập")
    citizen.say("1")
    assert citizen.draft.step != "text"


def test_a_few_words_that_name_no_field_are_no_story() -> None:
    citizen = citizen_at("category")
    citizen.say("đường đi lối lại")
    assert "nav.not_understood" in citizen.keys
    assert citizen.draft.text == ""


@pytest.mark.parametrize("said", ["Ông Hải nhận hối lộ", "tôi muốn tố cáo ông trưởng thôn lấy tiền của dân"])
def test_an_accusation_told_at_the_list_of_fields_is_asked_about_at_once(said: str) -> None:
    citizen = citizen_at("category")
    citizen.say(said)
    assert "matter.ask.denunciation" in citizen.keys
    assert "draft.text_noted" not in citizen.keys
