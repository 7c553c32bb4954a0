"""Case codes: random, read as people type them, and no single slip goes unseen."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedback.codes import ALPHABET, LENGTH, Slip, looks_like_code, make_code, read_code, slip_in

PREFIXES = st.text("ABCDEGHKLMNPQRSTUVXY", min_size=1, max_size=4)
YEARS = st.integers(2024, 2099)
CODES = st.builds(make_code, PREFIXES, YEARS, st.integers(0, 2**62))
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_no_sign_is_mixed_up_with_another() -> None:
    assert not set("0O1IL") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


@given(CODES)
def test_a_code_is_read_back(code: str) -> None:
    assert read_code(code) == code
    assert looks_like_code(code)


@given(CODES, st.sampled_from(("", " ", "-", " - ", ".", "–")), st.booleans())
def test_case_spaces_and_dashes_do_not_matter(code: str, between: str, lower: bool) -> None:  # noqa: FBT001 - the test names it
    typed = code.replace("-", between)
    assert read_code(typed.lower() if lower else typed) == code


@given(CODES, st.sampled_from(("mã {}", "Mã số {} ạ", "cho hỏi {}?", " {}\n", "({})", "VL {}")))
def test_words_around_a_code_do_not_matter(code: str, sentence: str) -> None:
    assert read_code(sentence.format(code)) == code


@given(CODES, st.data())
def test_any_single_wrong_sign_is_seen(code: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([at for at, sign in enumerate(code) if sign != "-"]))
    wrong = data.draw(st.sampled_from([sign for sign in SIGNS if sign != code[place]]))
    assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@given(CODES, st.data())
def test_any_two_neighbours_that_changed_places_are_seen(code: str, data: st.DataObject) -> None:
    bare = code.replace("-", "")
    place = data.draw(st.integers(0, len(bare) - 2))
    assume(bare[place] != bare[place + 1])
    swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
    assert read_code(swapped) is None


@given(CODES)
def test_a_sign_too_few_or_too_many_is_seen(code: str) -> None:
    assert read_code(code[:-1]) is None
    assert read_code(code + "2") is None


@given(st.integers(0, 2**62), st.integers(0, 2**62))
def test_different_numbers_below_the_size_of_the_space_are_different_codes(one: int, other: int) -> None:
    assume(one % 31**LENGTH != other % 31**LENGTH)
    assert make_code("VL", 2026, one) != make_code("VL", 2026, other)


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read = read_code(text)
    assert read is None or read_code(read) == read


@pytest.mark.parametrize("text", ["VL-2026-K7M2QX-9", "vl 2026 k7m2qx", "Mã số VL2026K7M2QX4", "M-2026-ABCD"])
def test_a_slip_looks_like_a_code(text: str) -> None:
    assert looks_like_code(text)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "năm 2026", "tháng 10 năm 2026 mất nước", "nam 2026 duong chua lam xong", "0912 345 678", "KS 12"],
)
def test_what_people_write_else_does_not(text: str) -> None:
    assert not looks_like_code(text)
    assert read_code(text) is None


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("M-2026-K7M2Q0-4", Slip("sign", what="0")),
        ("m 2026 k7m2qo4", Slip("sign", what="O")),
        ("mã M-2026-K7M2Q-4", Slip("length", many=6)),
        ("M-2026-K7M2QXX-4", Slip("length", many=8)),
        ("đường hỏng 2026", None),
        ("", None),
    ],
)
def test_what_is_wrong_with_a_mistyped_code_is_told_by_its_shape(typed: str, slip: Slip | None) -> None:
    assert slip_in(typed) == slip


@given(number=st.integers(0, 31**LENGTH - 1), at=st.integers(0, LENGTH), by=st.integers(1, 30))
def test_any_one_wrong_sign_is_caught_and_explained(number: int, at: int, by: int) -> None:
    right = make_code("VL", 2026, number)
    signs = right.replace("-", "")
    place = len(signs) - LENGTH - 1 + at
    wrong = ALPHABET[(ALPHABET.index(signs[place]) + by) % len(ALPHABET)]
    typed = signs[:place] + wrong + signs[place + 1 :]
    assert read_code(typed) is None
    assert slip_in(typed) == Slip("check")
    assert slip_in(right) is None


@pytest.mark.parametrize("typed", ["M-2026-WGR", "m-2026-w", "M-2026-", "M.2026.WG", "VL-2026"])
def test_the_beginning_of_a_code_is_meant_for_one(typed: str) -> None:
    assert looks_like_code(typed)


@pytest.mark.parametrize("typed", ["năm 2026", "năm 2026 ạ", "tháng 2-2026", "2026", "M 2026 a", "M-20"])
def test_a_year_in_words_is_not(typed: str) -> None:
    assert not looks_like_code(typed)
