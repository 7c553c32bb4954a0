"""What boards of the people read: names without a capital letter are hidden too, measured on a labelled set."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.hiding import hidden
from feedback.redacting import GONE, faithful, redacted, still_tells
from tests.unit.sentences_with_names import NOBODY, TOLD
from vietnam.names import GIVEN, ORDER
from vietnam.text import fold

LABELLED = [*TOLD, *NOBODY]


def said_and_secret(labelled: str) -> tuple[str, list[tuple[int, int]]]:
    """A sentence without its brackets, and from where to where it may not be read."""
    spans, said = [], ""
    for part in re.split(r"(\[.*?\])", labelled):
        if part.startswith("["):
            spans.append((len(said), len(said) + len(part) - 2))
        said += part.strip("[]")
    return said, spans


def gone(said: str) -> list[tuple[int, int]]:
    """From where to where it was taken out."""
    spans, at = [], 0
    parts = hidden(said).split(GONE)
    for number, part in enumerate(parts):
        begins = said.index(part, at) if part else (len(said) if number == len(parts) - 1 else at)
        if number:
            spans.append((at, begins))
        at = begins + len(part)
    return spans


def measured() -> tuple[float, float]:
    """Which part of the names is wholly hidden, and which part of the hidden words is of names."""
    names, found, words, right = 0, 0, 0, 0
    for labelled in LABELLED:
        said, secret = said_and_secret(labelled)
        out = gone(said)
        names += len(secret)
        found += sum(any(a <= first and last <= b for a, b in out) for first, last in secret)
        for first, last in out:
            for word in re.finditer(r"\S+", said[first:last]):
                words += 1
                right += any(a <= first + word.start() < b for a, b in secret)
    return found / names, right / words


def test_nearly_every_name_is_hidden_and_little_else() -> None:
    assert len(LABELLED) >= 250
    assert len(NOBODY) >= 100
    recall, precision = measured()
    assert recall >= 0.98
    assert precision >= 0.95


def test_the_measure_sees_a_name_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    # given the rule of before, which looks for capital letters
    monkeypatch.setattr("tests.unit.test_hiding.hidden", redacted)
    assert measured()[0] < 0.5


@pytest.mark.parametrize("said", NOBODY)
def test_what_names_nobody_mostly_stays(said: str) -> None:
    assert len(hidden(said).replace(GONE, "").split()) >= len(said.split()) - 2


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ông hải xả rác", "ông (...) xả rác"),
        ("bà sáu tư nuôi heo", "bà (...) nuôi heo"),
        ("BÀ SÁU nuôi heo", "BÀ (...) nuôi heo"),
        ("ba sau tu nuoi heo", "ba (...) nuoi heo"),
        ("nhà ông nguyễn văn hải lấn đường", "nhà ông (...) lấn đường"),
        ("Ông Hải với bà tư", "Ông (...) với bà (...)"),
        ("gọi không chín một hai ba bốn năm sáu bảy tám", "gọi (...)"),
        ("so nha muoi hai, ngo 7", "so nha (...)"),
    ],
)
def test_what_stands_after_a_form_of_address(said: str, shown: str) -> None:
    assert hidden(said) == shown


@given(
    title=st.sampled_from(("ông", "bà", "anh", "chị", "Ông", "nhà ông", "đ/c", "cụ")),
    family=st.sampled_from(("nguyễn", "trần", "lê", "phạm", "hoàng", "vi", "nông", "lò")),
    middle=st.sampled_from(("văn", "thị", "đức", "xuân")),
    given_name=st.sampled_from(sorted(GIVEN - ORDER - {"a"})),
    bare=st.booleans(),
)
def test_a_whole_name_after_an_address_never_stays(
    title: str, family: str, middle: str, given_name: str, *, bare: bool
) -> None:
    said = f"{title} {family} {middle} {given_name}; xin hỏi"
    said = fold(said) if bare else said
    assert fold(hidden(said)) == f"{fold(title)} (...); xin hoi"


@given(st.text(max_size=160))
def test_what_is_shown_is_always_the_citizens_own_words(said: str) -> None:
    shown = hidden(said)
    assert faithful(shown, said)
    assert not still_tells(shown)


@given(
    digits=st.from_regex(r"0[35789]\d{8}", fullmatch=True),
    between=st.sampled_from(("", " ", ".", "-", ". ", " - ", "–", "_")),
)
def test_no_telephone_stays_however_it_is_written(digits: str, between: str) -> None:
    shown = hidden(f"gọi {between.join((digits[:4], digits[4:7], digits[7:]))} nhé")
    assert not re.search(r"\d{3}", shown)
