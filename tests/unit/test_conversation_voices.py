"""What is said aloud is taken wherever words are: it tells the case, or goes along with it."""

import pytest
from msgspec.structs import replace

from bot.conversation.effects import ActOnCase, FetchMedia, GiveConsent
from bot.conversation.messages import Media
from feedback.acts import MAX_BLOBS, Reopen, Tell
from feedback.kinds import Kind
from feedback.states import State
from tests.unit.desk import Citizen, MemoryDesk
from tests.unit.test_conversation_drafting import citizen_at


def spoken(citizen: Citizen, *, blob: int = 0, ref: str = "") -> str:
    return citizen.send("voice", media=(Media(blob=blob, ref=ref, kind="voice"),))


def test_a_voice_is_what_the_case_is_about() -> None:
    citizen = citizen_at("text")
    spoken(citizen, blob=7)
    assert {"draft.voice_noted", "draft.ask.photo_place"} <= citizen.keys
    citizen.says("không có", "mai")
    assert "1 đoạn ghi âm" in citizen.heard
    citizen.say("gửi")
    (act,) = citizen.opened
    assert (act.text, act.blobs) == ("(lời nói, chưa ghi lại)", (7,))
    consent = next(effect for effect in citizen.effects if isinstance(effect, GiveConsent))
    assert consent.data == ("voice", "village")


def test_a_voice_may_be_the_first_thing_that_is_sent() -> None:
    citizen = Citizen(MemoryDesk())
    spoken(citizen, blob=7)
    assert "draft.ask.kind_of_text" in citizen.keys
    citizen.says("1", "1")
    assert "draft.ask.photo_place" in citizen.keys, "a voice is no picture"


def test_words_and_voice_go_together() -> None:
    citizen = citizen_at("photo")
    spoken(citizen, blob=7)
    citizen.photo(blob=8)
    citizen.says("mai")
    assert "(kèm 1 đoạn ghi âm)" in citizen.heard
    assert "1 ảnh" in citizen.heard
    citizen.say("gửi")
    assert citizen.opened[0].blobs == (7, 8)
    assert citizen.opened[0].text == "Đường vào thôn ngập nước ba hôm nay."


@pytest.mark.parametrize("step", ["name", "phone"])
def test_where_a_voice_is_no_answer_it_is_kept_and_the_answer_asked_in_letters(step: str) -> None:
    citizen = citizen_at(step)
    spoken(citizen, blob=7)
    assert "draft.voice_beside" in citizen.keys
    assert citizen.draft.step == step
    assert len(citizen.draft.photos) == 1


@pytest.mark.parametrize("step", ["category", "village", "review"])
def test_a_voice_at_any_other_question_goes_along(step: str) -> None:
    citizen = citizen_at(step)
    spoken(citizen, blob=7)
    assert "draft.voice_noted" in citizen.keys
    assert citizen.draft.step == step
    assert len(citizen.draft.photos) == 1


def test_pictures_and_voices_count_together() -> None:
    citizen = citizen_at("photo")
    for number in range(MAX_BLOBS):
        spoken(citizen, blob=number + 1)
    citizen.photo(blob=99)
    assert "draft.photos_full" in citizen.keys
    assert len(citizen.draft.photos) == MAX_BLOBS


def test_a_voice_is_brought_over_and_waited_for() -> None:
    citizen = citizen_at("text")
    spoken(citizen, ref="v1")
    assert FetchMedia(ref="v1", kind="voice") in citizen.effects
    citizen.says("không có", "mai", "gửi")
    assert "draft.voice_coming" in citizen.keys
    citizen.send("media_ready", media=(Media(ref="v1", blob=7, kind="voice"),))
    assert citizen.opened[0].blobs == (7,)


def test_a_voice_that_cannot_be_kept_is_asked_for_again() -> None:
    citizen = citizen_at("text")
    spoken(citizen, ref="v1")
    citizen.send("media_refused", media=(Media(ref="v1", reason="voice.too_big", kind="voice"),))
    assert {"voice.too_big", "draft.ask.text.feedback"} <= citizen.keys


def test_whoever_does_not_want_to_wait_for_a_voice_that_was_all_writes_instead() -> None:
    citizen = citizen_at("text")
    spoken(citizen, ref="v1")
    citizen.says("không có", "mai", "gửi", "1")
    assert citizen.opened == []
    assert citizen.draft.step == "text"


def test_without_pictures_the_voice_stays() -> None:
    citizen = citizen_at("photo")
    spoken(citizen, blob=7)
    citizen.say("bỏ qua")
    assert [one.blob for one in citizen.draft.photos] == [7]


@pytest.mark.parametrize(
    ("state", "way", "act"), [(State.WAITING, "go:answer.", Tell), (State.ANSWERED, "go:not_done.", Reopen)]
)
def test_it_is_said_of_a_case_that_was_sent(state: State, way: str, act: type) -> None:
    citizen = Citizen(MemoryDesk()).at_review(Kind.FEEDBACK)
    citizen.say("gửi")
    code = citizen.opened[0].code

    citizen.desk.cases[code] = replace(citizen.desk.cases[code], state=state, question="Ở đâu?" if act is Tell else "")
    citizen.press_id(f"{way}{code}")
    spoken(citizen, blob=7)
    (done,) = [effect for effect in citizen.effects if isinstance(effect, ActOnCase)]
    assert isinstance(done.act, Tell | Reopen)
    assert isinstance(done.act, act)
    assert done.act.blobs == (7,)
    assert done.act.text == "(lời nói, chưa ghi lại)"


def test_a_code_cannot_be_spoken() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.press_id("go:track")
    spoken(citizen, blob=7)
    assert {"track.no_code", "track.ask"} <= citizen.keys
    assert citizen.opened == []
