"""Vietnamese text: cleaned, folded, sorted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.text import clean, fold, fold_words, sort_key


def test_what_no_store_can_hold_is_taken_out_and_counted() -> None:
    assert clean("a\x00b\ud800c") == ("abc", 2)


def test_composed_and_decomposed_letters_become_the_same() -> None:
    assert clean("e\u0302\u0301")[0] == "ế"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once, _ = clean(text)
    assert clean(once) == (once, 0)


def test_folding_takes_accents_and_case_away() -> None:
    assert fold("  Đường   Nguyễn Huệ ") == "duong nguyen hue"
    assert fold_words("Hài lòng! 👍") == "hai long"


def test_the_alphabet_is_the_vietnamese_one() -> None:
    names = ["Đào", "Dâu", "Ân", "Ăn", "An", "Ê", "E", "Ơ", "Ô", "O", "Z"]
    assert sorted(names, key=sort_key) == ["An", "Ăn", "Ân", "Dâu", "Đào", "E", "Ê", "O", "Ô", "Ơ", "Z"]


def test_tones_break_ties_in_the_order_of_dictionaries() -> None:
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_two_comes_before_ten_and_a_short_name_before_a_longer_one() -> None:
    assert sorted(["thôn Mẫu 10", "thôn Mẫu 2", "thôn Mẫu"], key=sort_key) == ["thôn Mẫu", "thôn Mẫu 2", "thôn Mẫu 10"]


@pytest.mark.parametrize("text", ["", "thôn 3", "Ê-đê", "ខ្មែរ", "💧"])
def test_a_key_is_digits_only(text: str) -> None:
    assert sort_key(text).isdecimal()
