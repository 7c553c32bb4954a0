"""What citizens write of corruption and of danger in words that the tables had not seen, and how much is recognised."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from feedback.complaints import Matter, complaints
from feedback.emergency import emergencies
from vietnam.text import fold

FOLDER = Path(__file__).parent / "phrasings/feedback"
DENOUNCING: dict[str, Any] = tomllib.loads((FOLDER / "denunciation_fresh.toml").read_text("utf-8"))
ALARMING: dict[str, Any] = tomllib.loads((FOLDER / "emergency_fresh.toml").read_text("utf-8"))
KNOWN_MISS = {"cán bộ bán thửa đất 5 phần trăm của xã lấy tiền riêng"}
"""Two gaps of three words are not enough for it, and longer ones would join words that have nothing to do together."""
AT_LEAST = 9
"""Of the 15 sentences written after the last change of a table; what was measured was 10 and 9."""


def denounces(text: str) -> bool:
    reading = complaints().read(text)
    return reading is not None and reading.matter in (Matter.DENUNCIATION, Matter.ABOUT_CHAIRMAN)


def alarms(text: str) -> bool:
    return bool(emergencies().called_for(text))


@pytest.mark.parametrize("typed", DENOUNCING["denounced"])
def test_a_denunciation_in_new_words_is_seen(typed: str) -> None:
    assert denounces(typed) is (typed not in KNOWN_MISS)


@pytest.mark.parametrize("typed", [*DENOUNCING["ordinary"], *DENOUNCING["ordinary_unseen"]])
def test_what_is_near_to_it_stays_an_ordinary_report(typed: str) -> None:
    assert not denounces(typed)
    assert not denounces(fold(typed))


@pytest.mark.parametrize("typed", ALARMING["alarming"])
def test_a_danger_in_new_words_is_seen(typed: str) -> None:
    assert alarms(typed)


@pytest.mark.parametrize("typed", [*ALARMING["calm"], *ALARMING["calm_unseen"], *DENOUNCING["ordinary"]])
def test_what_is_near_to_a_danger_alarms_nobody(typed: str) -> None:
    assert not alarms(typed)


def test_of_words_that_no_table_was_made_for_most_are_seen() -> None:
    assert sum(map(denounces, DENOUNCING["denounced_unseen"])) >= AT_LEAST
    assert sum(map(alarms, ALARMING["alarming_unseen"])) >= AT_LEAST


def test_each_table_has_a_hundred_and_fifty_sentences_and_none_twice() -> None:
    for table in (DENOUNCING, ALARMING):
        typed = [text for group in table.values() for text in group]
        assert len(typed) >= 150
        assert len(set(typed)) == len(typed)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("T.ố c.á.o", True),
        ("t0 cao", True),
        ("tố.cáo trưởng thôn", True),
        ("to cao quá, xe không qua được", False),
        ("đường to. Cao quá", False),
        ("gió tốc áo mưa", False),
        ("tờ cáo phó", False),
        ("nhà to_cao", False),
    ],
)
def test_the_word_in_disguise_and_words_that_only_look_like_it(typed: str, seen: bool) -> None:  # noqa: FBT001 - the test names it
    assert denounces(typed) is seen
