"""What people typed, made fit for paper."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.lettering import MOST_LINES, lines, masked, one_line, printable, shortened, tidy


def test_control_signs_and_marks_that_turn_a_line_are_taken_out_and_the_words_stay() -> None:
    assert tidy("a\x07b\x1b[31m \u202eđảo\u202c\r\nhai\vba\t4") == "ab[31m đảo\nhai\nba 4"
    assert tidy("nửa \ud800 dấu \uffff") == "nửa  dấu "
    assert tidy("ê\u0301") == "ế"


def test_a_text_of_many_lines_runs_on_at_its_end() -> None:
    found = lines("\n\n".join(f"dòng   {n}" for n in range(200)))

    assert len(found) == MOST_LINES
    assert found[0] == "dòng 0"
    assert found[-1].startswith(f"dòng {MOST_LINES - 1} dòng {MOST_LINES}")
    assert found[-1].endswith("dòng 199")


def test_a_long_text_is_cut_between_words() -> None:
    assert shortened("một hai ba bốn", 14) == "một hai ba bốn"
    assert shortened("một hai ba bốn", 12) == "một hai ba…"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("phone", "shown"), [("0912 345 678", "0912 xxx 678"), ("02053888999", "0205 xxx 999"), ("123", ""), ("", "")]
)
def test_a_telephone_is_known_again_and_cannot_be_called(phone: str, shown: str) -> None:
    assert masked(phone) == shown


def test_a_sign_that_no_face_has_becomes_a_box_and_an_endless_word_may_break() -> None:
    found = printable({"a": ["ổn", "chữ \U0001fae8\ue000 xong"], "n": 3, "b": "k" * 70, "none": None})

    assert found["a"] == ["ổn", "chữ □□ xong"]
    assert found["n"] == 3
    assert found["none"] is None
    assert found["b"].replace("\u200b", "") == "k" * 70
    assert max(map(len, found["b"].split("\u200b"))) == 30


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_whatever_was_typed_comes_out_printable_and_stays_so(text: str) -> None:
    plain = tidy(text)

    assert tidy(plain) == plain
    assert not [sign for sign in plain if ord(sign) < ord(" ") and sign != "\n"]
    assert "\n" not in one_line(text)
    assert all(line == line.strip() and line for line in lines(text))
    assert len(shortened(text, 20)) <= 20
    plain.encode()
