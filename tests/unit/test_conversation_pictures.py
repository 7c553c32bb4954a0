"""Pictures and places of a case: taken whenever they come, brought over later, refused, or never there."""

import pytest

from bot.conversation.effects import GiveConsent
from bot.conversation.messages import Media, Place
from feedback.kinds import Kind
from tests.unit.desk import Citizen, MemoryDesk
from tests.unit.test_conversation_drafting import LONG_STORY, citizen_at


def test_a_picture_with_words_below_it_is_a_beginning() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.photo(blob=7, text="Cống vỡ")
    citizen.says("phản ánh", "3")
    assert citizen.draft.step == "village"
    citizen.says("bỏ qua", "gửi")
    assert [(act.text, act.blobs) for act in citizen.opened] == [("Cống vỡ", (7,))]


def test_a_picture_belongs_to_the_case_whenever_it_comes() -> None:
    citizen = citizen_at("village")
    citizen.photo(blob=7, text="Ảnh chụp sáng nay")
    assert {"draft.photo_noted", "draft.ask.village"} <= citizen.keys
    assert citizen.draft.text == f"{LONG_STORY}\nẢnh chụp sáng nay"
    citizen.photo(blob=8)
    assert "draft.photos_noted" in citizen.keys
    assert citizen.draft.photos == [Media(blob=7), Media(blob=8)]


def test_of_six_pictures_five_go_along_and_the_sixth_is_said_not_to() -> None:
    citizen = citizen_at("photo")
    for blob in range(1, 7):
        citizen.photo(blob=blob)
    assert "draft.photos_full" in citizen.keys
    citizen.says("mai", "gửi")
    assert [act.blobs for act in citizen.opened] == [(1, 2, 3, 4, 5)]


def test_one_of_two_pictures_that_cannot_be_kept_leaves_the_other() -> None:
    citizen = citizen_at("photo")
    citizen.photo(ref="f1")
    citizen.photo(ref="f2")
    failed(citizen, "f1")
    arrived(citizen, "f2", 9)
    citizen.says("mai", "gửi")
    assert [act.blobs for act in citizen.opened] == [(9,)]


def test_a_place_is_taken_whenever_it_comes_and_read_back() -> None:
    citizen = citizen_at("village")
    citizen.send("location", place=Place(lat=21.51235, lon=106.5))
    assert {"draft.place_noted", "draft.ask.village"} <= citizen.keys
    citizen.say("mai")
    assert {"draft.shown.place", "draft.on_map"} <= citizen.keys
    citizen.say("gửi")
    assert [act.point for act in citizen.opened] == [(21.51235, 106.5)]
    assert [effect.data for effect in citizen.effects if isinstance(effect, GiveConsent)] == [("place", "village")]


def test_a_place_may_be_told_in_words_where_a_picture_was_asked_for() -> None:
    citizen = citizen_at("photo")
    citizen.says("cạnh nhà văn hóa", "mai", "gửi")
    assert [(act.where, act.point) for act in citizen.opened] == [("cạnh nhà văn hóa", None)]


def test_a_place_is_a_beginning_too_and_can_be_corrected() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.send("location", place=Place(lat=21.5, lon=106.5))
    citizen.says("phản ánh", "3", LONG_STORY, "bỏ qua", "bỏ qua", "sửa", "chỗ xảy ra", "đầu cầu", "gửi")
    assert [(act.where, act.point) for act in citizen.opened] == [("đầu cầu", None)]


def test_a_picture_of_a_request_to_meet_is_shown_and_can_be_taken_away() -> None:
    citizen = Citizen(MemoryDesk()).at_review(Kind.DIALOGUE)
    citizen.photo(blob=7)
    assert "draft.shown.photo" in citizen.keys
    citizen.says("sửa", "ảnh", "không có", "gửi")
    assert [act.blobs for act in citizen.opened] == [()]


# --- pictures that come later (platforms hand over a reference first) ---


def waiting_for_photo() -> Citizen:
    """A case sent off while its picture is still on its way."""
    citizen = citizen_at("photo")
    citizen.photo(ref="f1")
    assert citizen.fetched == ["f1"]
    citizen.says("mai", "gửi")
    assert "draft.photo_coming" in citizen.keys
    assert citizen.opened == []
    return citizen


def arrived(citizen: Citizen, ref: str = "f1", blob: int = 9) -> str:
    return citizen.send("media_ready", media=(Media(ref=ref, blob=blob),))


def failed(citizen: Citizen, ref: str = "f1") -> str:
    return citizen.send("media_refused", media=(Media(ref=ref, reason="photo.bomb"),))


def test_a_case_that_waits_for_its_picture_is_sent_when_it_comes() -> None:
    citizen = waiting_for_photo()
    arrived(citizen)
    assert [act.blobs for act in citizen.opened] == [(9,)]
    assert "draft.sent.feedback" in citizen.keys


def test_a_code_taken_while_the_picture_came_is_drawn_again() -> None:
    citizen = waiting_for_photo()
    citizen.refusals = ["code.taken"]
    arrived(citizen)
    assert [act.blobs for act in citizen.opened] == [(9,)]


def test_nobody_has_to_wait_for_a_picture() -> None:
    citizen = waiting_for_photo()
    citizen.say("gửi luôn")
    assert [act.blobs for act in citizen.opened] == [()]
    assert arrived(citizen) == ""


def test_back_from_waiting_leads_to_the_review() -> None:
    citizen = waiting_for_photo()
    citizen.say("quay lại")
    assert "draft.review" in citizen.keys
    arrived(citizen)
    assert citizen.opened == []


def test_a_picture_that_cannot_be_kept_stops_the_sending_and_is_asked_for_again() -> None:
    citizen = waiting_for_photo()
    failed(citizen)
    assert {"photo.bomb", "draft.ask.photo_place"} <= citizen.keys
    assert not citizen.draft.waiting
    citizen.says("không có", "gửi")
    assert [act.blobs for act in citizen.opened] == [()]


def test_a_picture_that_comes_over_while_something_else_is_asked_is_no_word_and_changes_no_question() -> None:
    citizen = citizen_at("photo")
    citizen.photo(ref="f1")
    nonce = citizen.state.nonce
    assert arrived(citizen) == ""
    assert (citizen.draft.step, citizen.state.nonce) == ("village", nonce)


def test_a_place_from_the_page_of_an_earlier_question_belongs_to_the_same_case() -> None:
    citizen = citizen_at("photo")
    page = citizen.state.nonce
    citizen.photo(blob=7)
    citizen.send("location", place=Place(lat=21.51235, lon=106.5), nonce=page)
    assert {"draft.place_noted", "draft.ask.village"} <= citizen.keys
    citizen.says("mai", "gửi")
    assert [(act.point, act.blobs) for act in citizen.opened] == [((21.51235, 106.5), (7,))]


def test_a_place_from_the_page_of_an_earlier_case_does_not_come_into_the_next() -> None:
    citizen = citizen_at("photo")
    page = citizen.state.nonce
    citizen.says("bỏ qua", "mai", "gửi", "gửi phản ánh")
    citizen.send("location", place=Place(lat=21.51235, lon=106.5), nonce=page)
    assert "nav.past" in citizen.keys
    assert citizen.draft.place is None


def test_a_picture_of_something_else_is_passed_over_in_silence() -> None:
    citizen = citizen_at("village")
    assert arrived(citizen, "other") == ""
    assert citizen.draft.photos == []


def test_a_picture_refused_of_something_else_asks_the_open_question_again() -> None:
    citizen = citizen_at("village")
    failed(citizen, "other")
    assert {"photo.bomb", "draft.ask.village"} <= citizen.keys


def test_a_picture_for_a_case_put_aside_waits_there() -> None:
    citizen = citizen_at("photo")
    citizen.photo(ref="f1")
    citizen.say("menu")
    assert arrived(citizen) == ""
    assert citizen.state.kept is not None
    assert citizen.state.kept.photos == [Media(ref="f1", blob=9)]


def test_a_refused_picture_of_a_case_put_aside_is_said_and_asked_for_again_there() -> None:
    citizen = citizen_at("photo")
    citizen.photo(ref="f1")
    citizen.say("menu")
    failed(citizen)
    assert {"photo.bomb", "menu.title"} <= citizen.keys
    citizen.press_id("go:kept")
    citizen.says("mai")
    assert citizen.draft.step == "photo"
    citizen.says("không có", "gửi")
    assert [act.blobs for act in citizen.opened] == [()]


@pytest.mark.parametrize("place", ["menu", "tracking"])
def test_a_picture_that_comes_after_everything_is_silent_and_a_refused_one_is_not(place: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    if place == "tracking":
        citizen.say("/tra_cuu")
    assert arrived(citizen) == ""
    failed(citizen)
    assert "photo.bomb" in citizen.keys
    assert citizen.options
