"""One-time codes: the village that the list knows is not asked for, and nobody finds a code by trying."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.conversation.effects import WrongCode
from bot.conversation.inviting import MOST_WRONG
from feedback.invitation_codes import make_code
from surveys.ready import ready
from tests.unit.desk import Citizen, MemoryDesk
from vietnam.time import DAY, HOUR

CODE = "K7M-2QX-4P9"
ANSWERS = ("4", "5", "bỏ qua")
"""To every question of the survey that the code opens."""


def invited(**how: Any) -> Citizen:
    citizen = Citizen(MemoryDesk())
    citizen.desk.invite(ready("sau_thu_tuc"), **how)
    return citizen


def guesses(count: int) -> list[str]:
    """Well-formed codes that open nothing."""
    made = (make_code(number * 1_234_567_891) for number in range(1, 2 * count))
    return [code for code in made if code is not None][:count]


# --- the village ---


def test_the_village_that_the_invitation_knows_is_not_asked_for() -> None:
    # given a household whose line in the list names its village, the 2nd of the commune
    citizen = invited(village=102)
    citizen.says(CODE, *ANSWERS)
    # then the answers are shown with the village, and sending is all that is left to do
    assert "survey.review" in citizen.keys
    assert "survey.village" not in citizen.keys
    assert "Thôn: thôn Mai" in citizen.heard
    citizen.press("Gửi phiếu")
    (handed,) = citizen.submitted
    assert handed.village == 102
    assert {"survey.thanks", "survey.erased"} & citizen.keys


def test_back_from_the_review_of_an_invited_answer_goes_to_the_last_question() -> None:
    citizen = invited(village=102)
    citizen.says(CODE, *ANSWERS)
    citizen.say("quay lại")
    assert "survey.question" in citizen.keys
    assert "survey.village" not in citizen.keys


def test_a_village_that_the_commune_has_no_more_is_asked_for() -> None:
    citizen = invited(village=999)
    citizen.says(CODE, *ANSWERS)
    assert "survey.village" in citizen.keys


def test_an_unfinished_answer_by_code_counts_in_the_village_of_its_invitation() -> None:
    citizen = invited(village=102)
    citizen.says(CODE, ANSWERS[0])
    citizen.at += 14 * DAY
    citizen.send("expire")
    assert [(one.partial, one.village) for one in citizen.submitted] == [(True, 102)]


# --- guessing ---


DOORS: dict[str, Callable[[Citizen, str], str]] = {
    "typed": lambda citizen, code: citizen.say(code),
    "link": lambda citizen, code: citizen.start(f"m_{code.replace('-', '')}"),
    "button": lambda citizen, code: citizen.press_id(f"go:code.{code}"),
}


@pytest.mark.parametrize("door", DOORS)
def test_after_ten_codes_that_open_nothing_no_more_are_looked_up_for_an_hour(door: str) -> None:
    citizen = invited()
    send = DOORS[door]
    for code in guesses(MOST_WRONG):
        assert "code.too_often" not in citizen.keys
        send(citizen, code)
        assert WrongCode() in citizen.effects
    # then even a right one is not: whoever guesses learns nothing, and it is counted no more
    send(citizen, CODE)
    assert "code.too_often" in citizen.keys
    assert WrongCode() not in citizen.effects
    # and an hour later it opens its survey
    citizen.at += HOUR
    send(citizen, CODE)
    assert "survey.question" in citizen.keys


def test_guessing_while_a_survey_is_open_counts_as_well() -> None:
    citizen = invited()
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    for code in guesses(MOST_WRONG):
        citizen.say(code.replace("-", ""))
    citizen.say(CODE)
    assert "code.too_often" in citizen.keys
    citizen.at += HOUR
    citizen.say(CODE)
    assert "code.person" in citizen.keys


def test_slips_shut_nobody_out() -> None:
    # given somebody who mistypes a sign twenty times
    citizen = invited()
    for _ in range(2 * MOST_WRONG):
        citizen.say("K7M-2QX-4PP")
        assert "code.unknown" in citizen.keys
        assert WrongCode() not in citizen.effects
    citizen.say(CODE)
    assert "survey.question" in citizen.keys
