"""The emergency numbers above the answer: wherever it is written, once for one story, and nothing of it stays."""

import msgspec
import pytest

from bot.conversation.effects import Say
from bot.conversation.emergency import QUIET
from bot.conversation.messages import Media
from feedback.emergency import emergencies
from tests.unit.desk import WORDING, Citizen, MemoryDesk
from tests.unit.test_conversation_asides import at_free_words
from vietnam.time import MINUTE

CRY = "Cháy nhà ông Tư rồi"
LINE = "emergency.line"


def parts(citizen: Citizen) -> list[str]:
    """The wording keys of the first message, in their order."""
    return [part.key for part in citizen.messages[0].parts]


def unlike(cry: str, ordinary: str, before: Citizen) -> tuple[Citizen, Citizen]:
    """Two who were at the same place: one wrote of a danger, the other of something else."""
    other = Citizen(before.desk, msgspec.structs.replace(before.state), at=before.at)
    before.say(cry)
    other.say(ordinary)
    return before, other


def test_above_the_first_words_of_all() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.say(CRY)
    assert parts(citizen)[:2] == [LINE, "greeting"]
    assert citizen.draft.text == CRY


def test_the_fitting_number_stands_first_and_all_four_are_there() -> None:
    citizen = Citizen(MemoryDesk())
    line = citizen.say("bà tôi bất tỉnh, cần cấp cứu").split("\n\n")[0]
    assert line.index("115") < min(line.index(number) for number in ("111", "113", "114"))
    assert "\n" not in line


def test_the_dialogue_goes_on_as_it_would() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.press_id("go:feedback")
    citizen.say("5")
    cried, told = unlike(CRY, "Mương tắc ở đầu thôn", citizen)
    assert parts(cried) == [LINE, *parts(told)]
    assert cried.options == told.options
    assert cried.draft.step == told.draft.step
    assert cried.draft.text == CRY


def test_one_story_is_told_in_several_messages() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.say(CRY)
    for _ in range(3):
        citizen.at += 10 * MINUTE
        citizen.say("có người bị thương, cần cấp cứu")
        assert LINE not in citizen.keys
    citizen.at += QUIET
    citizen.say("lại cháy nhà")
    assert LINE in citizen.keys


def test_below_a_picture_and_in_what_was_changed() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.photo(blob=7, text=CRY)
    assert parts(citizen)[0] == LINE
    citizen.at += QUIET
    citizen.send("edited", text=CRY)
    assert parts(citizen)[:2] == [LINE, "nav.edited"]


def test_a_message_that_rings_no_bell_becomes_one_that_does() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    for blob, below in ((7, ""), (8, CRY)):
        citizen.send("photo", media=(Media(blob=blob),), album="a", text=below)
    assert parts(citizen)[0] == LINE
    assert not citizen.messages[0].instead


def test_a_button_alarms_nobody() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start()
    citizen.send("choice", choice="go:feedback", text=CRY)
    assert LINE not in citizen.keys


def test_in_the_free_words_of_a_survey_they_are_the_answer_all_the_same() -> None:
    citizen = at_free_words()
    citizen.say("Ở cửa có đánh nhau")
    assert parts(citizen)[0] == LINE
    assert citizen.doing.answers["gop_y"] == "Ở cửa có đánh nhau"
    assert citizen.messages[0].topic == citizen.doing.topic

    citizen.say("đánh nhau to lắm")
    assert LINE not in citizen.keys


def test_when_the_answers_are_gone_nothing_tells_who_wrote_of_a_danger() -> None:
    cried, told = unlike("Ở cửa có đánh nhau", "Cần thêm ghế ngồi", at_free_words())
    assert cried.state != told.state
    for citizen in (cried, told):
        citizen.say("1")
        assert len(citizen.submitted) == 1
    assert cried.submitted[0].answers.keys() == told.submitted[0].answers.keys()
    assert cried.erased == told.erased
    assert cried.state == told.state


@pytest.mark.parametrize("said", ["Ở cửa có đánh nhau", "Cần thêm ghế ngồi"])
def test_the_message_after_an_answer_in_words_takes_as_much_room_with_the_numbers_as_without(said: str) -> None:
    citizen = at_free_words()
    citizen.say(said)
    assert citizen.messages[0].long


def test_after_the_last_word_of_a_survey_nothing_takes_more_room_than_before() -> None:
    citizen = at_free_words()
    citizen.says("Cần thêm ghế ngồi", "thôn Chè")
    assert citizen.submitted
    assert not any(effect.long for effect in citizen.effects if isinstance(effect, Say))


def test_every_number_has_its_words() -> None:
    for number in emergencies().numbers:
        assert WORDING(f"emergency.{number}").startswith(f"{number} (")
