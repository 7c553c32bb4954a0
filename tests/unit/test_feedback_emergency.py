"""The table of phrasings that alarm and that do not, and how the file of phrases is read."""

import tomllib
from collections import Counter
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.emergency import emergencies, read_emergencies
from vietnam.text import fold

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "phrasings/feedback/emergency.toml").read_text("utf-8"))
ALARMS = [(typed, group["first"]) for group in TABLE["alarm"] for typed in group["typed"]]
CALM = TABLE["calm"]["typed"]


@pytest.mark.parametrize(("typed", "first"), ALARMS)
def test_a_danger_is_pointed_to_the_fitting_number(typed: str, first: str) -> None:
    numbers = emergencies().called_for(typed)
    assert numbers[:1] == (first,)
    assert sorted(numbers) == ["111", "113", "114", "115"]


@pytest.mark.parametrize("typed", CALM)
def test_what_is_no_danger_is_left_alone(typed: str) -> None:
    assert emergencies().called_for(typed) == ()


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    typed = [*(typed for typed, _first in ALARMS), *CALM]
    assert len(typed) >= 240
    assert [text for text, times in Counter(typed).items() if times > 1] == []


@pytest.mark.parametrize(("typed", "first"), [row for row in ALARMS if row[0] != fold(row[0])])
def test_a_danger_told_among_other_things_is_still_seen(typed: str, first: str) -> None:
    if len(typed.split()) > 2:  # a word or two alone say less in the middle of others
        told = f"Tôi ở thôn Mai, đường vào thôn còn lầy lội. {typed}. Mong xã sớm trả lời."
        assert emergencies().called_for(told)[:1] == (first,)


@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text: str) -> None:
    assert len(emergencies().called_for(text)) in {0, 4}


@given(
    st.sampled_from(("Đường", "Rác", "Đèn đường", "Nước sạch", "Cống", "Sóng điện thoại", "Chợ", "Trạm y tế", "Mương")),
    st.sampled_from(("hỏng", "đầy", "tắc", "bẩn", "lầy lội", "chập chờn", "xuống cấp", "bị cháy bóng", "yếu")),
    st.sampled_from(("từ hôm qua", "ba tuần nay", "đã lâu", "mỗi khi mưa", "ở đầu thôn", "cạnh trường học")),
    st.booleans(),
)
def test_ordinary_reports_never_alarm(thing: str, fault: str, when: str, bare: bool) -> None:  # noqa: FBT001 - the test names it
    told = f"{thing} {fault} {when}, đề nghị xã cho sửa."
    assert emergencies().called_for(fold(told) if bare else told) == ()


@pytest.mark.parametrize(
    "text",
    [
        'numbers = ["113"]\n[[alarm]]\nnumbers = ["112"]\nclear = ["a"]',
        'numbers = ["113"]\n[[alarm]]\nclear = ["a"]',
        'numbers = ["113"]\nalarm = []\nwords = []',
        'numbers = ["113"]\n[[alarm]]\nnumbers = []\nclear = ["... cháy"]',
        'numbers = ["113"]\n[[alarm]]\nnumbers = []\nclear = [""]',
        'numbers = ["113"]\n[[alarm]]\nnumbers = []\nclear = ["<ai> cháy"]',
        "numbers",
    ],
)
def test_a_file_that_is_no_such_table_is_refused(text: str) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError)):
        read_emergencies(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=3) | st.integers(min_value=0).map(str))
def test_what_is_too_short_to_be_looked_at_could_not_alarm(text: str) -> None:
    assert emergencies().called_for(text) == emergencies().called_for(f"  {text} ...")


def test_no_word_of_three_letters_is_lost() -> None:
    words = ["".join(letters) for many in (1, 2, 3) for letters in product(ascii_lowercase, repeat=many)]
    called = [word for word in words if emergencies().called_for(word)]
    assert called == [word for word in words if emergencies().called_for(f" {word} ...")] == ["sos"]
    assert emergencies().called_for("SOS")
