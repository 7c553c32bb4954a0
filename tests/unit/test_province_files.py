"""A commune's figures as a file: what goes into it, and every way in which it is refused."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.figures import Figures
from reports.periods import parse
from reports.province_files import MOST, BadFile, bare, digest, pack, unpack
from reports.survey_figures import SurveyFigures
from reports.time_figures import OverdueCase
from tests.unit.provinces import asked, figures_of, lively_figures

FIGURES = lively_figures("xã Vạn Linh")
FILE = pack(FIGURES, approved=True)


def changed(figures: Figures) -> bytes:
    """A file whose checksum is right, whatever it says."""
    return pack(figures, approved=True)


def why(raw: bytes) -> str:
    with pytest.raises(BadFile) as refused:
        unpack(raw)
    return refused.value.why


def test_what_is_packed_comes_out_again() -> None:
    sent = unpack(FILE)
    assert sent.figures == bare(FIGURES)
    assert sent.approved
    assert digest(sent.body.encode()) == sent.sha256
    assert pack(FIGURES, approved=True) == FILE


def test_codes_of_cases_and_words_of_citizens_stay_at_home() -> None:
    late = OverdueCase(code="VL-26-ABCDEF-1", kind="feedback", category="roads", village="", due=FIGURES.until, days=1)
    figures = replace(FIGURES, times=replace(FIGURES.times, overdue=(late,)))
    raw = changed(figures)
    assert b"ABCDEF" not in raw
    assert len(unpack(raw).figures.times.overdue) == 1
    assert unpack(raw).figures.published == ()


def test_spaces_and_lines_may_change_on_the_way() -> None:
    compact = msgspec.json.encode(msgspec.json.decode(FILE))
    windows = b"\xef\xbb\xbf" + FILE.replace(b"\n", b"\r\n")
    assert unpack(compact) == unpack(windows) == unpack(FILE)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[]", b"null", b"PK\x03\x04", b"\xff\xfe", b"[" * 5000, b'{"format": "khac"}', b"x" * (MOST + 1)],
)
def test_no_such_file(raw: bytes) -> None:
    assert why(raw) == "format"


def test_a_version_that_is_not_known() -> None:
    assert why(FILE.replace(b'"version": 1,\n "commune"', b'"version": 2,\n "commune"')) == "version"


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_changed_byte_is_taken_for_the_figures(at: int, by: int) -> None:
    raw = bytearray(FILE)
    raw[at] ^= by
    try:
        sent = unpack(bytes(raw))
    except BadFile:
        return
    # what is taken all the same says the same: a space became another, or whose approval it has
    assert sent.figures == bare(FIGURES)


def test_a_changed_number() -> None:
    assert why(FILE.replace(b'"villages": 12', b'"villages": 13')) == "checksum"


@pytest.mark.parametrize(
    "figures",
    [
        replace(FIGURES, commune=""),
        replace(FIGURES, commune="xã\nVạn Linh"),
        replace(FIGURES, commune="x" * 200),
        replace(FIGURES, period=replace(FIGURES.period, key="2026-13")),
        replace(FIGURES, period=replace(FIGURES.period, last=parse("2026-11").last)),
        replace(FIGURES, until=parse("2026-12").last),
        replace(FIGURES, cases=replace(FIGURES.cases, received=-1)),
        figures_of("xã A", asked(10, 1.5)),
        replace(FIGURES, cases=replace(FIGURES.cases, open=10**12)),
        replace(FIGURES, cases=replace(FIGURES.cases, median_days=1e300)),
        replace(FIGURES, times=replace(FIGURES.times, answered=1, in_time=2)),
        figures_of("xã A", asked(10**12, 0.5)),
        figures_of("xã A", asked(10, None)),
        figures_of("xã A", asked(50, 0.5, (0.6, 0.4))),
        figures_of("xã A", asked(50, 0.5, (-0.1, 1.4))),
        figures_of("xã A", asked(50, 0.5, checksum="=1+1")),
        figures_of("xã A", *[asked(50, 0.5)] * 101),
    ],
)
def test_a_right_checksum_of_what_makes_no_sense(figures: Figures) -> None:
    assert why(changed(figures)) == "content"


def test_what_is_none_of_our_figures() -> None:
    whole = msgspec.json.decode(FILE)
    whole["figures"] = {"commune": "xã Vạn Linh"}
    whole["sha256"] = digest(msgspec.json.encode(whole["figures"], order="sorted"))
    assert why(msgspec.json.encode(whole)) == "content"


def test_a_question_that_nobody_answered_comes_in() -> None:
    assert unpack(changed(figures_of("xã A", asked(0, None)))).approved


def test_titles_of_any_length_come_in() -> None:
    long = replace(asked(50, 0.5), title="=Phiếu\n" * 500)
    assert unpack(changed(figures_of("xã A", long))).approved


@pytest.mark.parametrize("n", [1, 4])
def test_a_group_that_its_commune_has_not_covered(n: int) -> None:
    survey: SurveyFigures = asked(n, 0.5)
    assert why(changed(figures_of("xã A", survey))) == "uncovered"
    assert unpack(changed(figures_of("xã A", asked(5, 0.5)))).approved
