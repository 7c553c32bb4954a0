"""Telephone numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.phones import read_phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("+84 (0) 912 345 678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("84912345678", "0912345678"),
        ("số của tôi là 0912-345-678 ạ", "0912345678"),
        ("0912 345 678, xin nhắc lại 0912345678", "0912345678"),
        ("៌ ០៩១២៣៤៥៦៧៨", "0912345678"),
        ("024 3825 1234", "02438251234"),
        ("0205 3812 345", "02053812345"),
        ("0203812345", "0203812345"),
        ("091234567", None),
        ("09123456789", None),
        ("0612345678", None),
        ("01691234567", None),
        ("012345678901", None),
        ("20/11/2026", None),
        ("0912345678 hoặc 0987654321", None),
        ("không có", None),
        ("", None),
    ],
)
def test_numbers_are_read(text: str, number: str | None) -> None:
    assert read_phone(text) == number


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_nothing(text: str) -> None:
    number = read_phone(text)
    assert number is None or (number.startswith("0") and number.isascii() and len(number) in {10, 11})


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.sampled_from(["", " ", ".", "-"]))
def test_writing_it_differently_gives_the_same_number(number: str, between: str) -> None:
    parts = between.join((number[1:4], number[4:7], number[7:]))
    assert read_phone("0" + parts) == read_phone("+84" + between + parts) == number
