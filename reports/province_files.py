"""A commune's figures as one file that another store can hand to the province: named, versioned, with its checksum."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from reports.figures import Figures
from reports.lettering import one_line
from reports.periods import BadPeriod, parse
from reports.province import Totals, summary
from reports.sample_figures import Interval
from reports.time_figures import TimeFigures
from surveys.statistics import MINIMUM

FORMAT = "nghedan.report"
VERSION = 1
MOST = 4 << 20
"""Bytes of a file: a commune of 60 villages with eight surveys fills less than one of them."""
_LONGEST_NAME = 120
_MOST_COUNT, _MOST_SURVEYS = 10**9, 100
_SUM = re.compile("[0-9A-Za-z]{0,64}", re.ASCII)


class BadFile(ValueError):
    """A file that is not taken. `why` ends a wording key: format, version, checksum, content, uncovered."""

    def __init__(self, why: str, **params: object) -> None:
        super().__init__(why)
        self.why = why
        self.params = params


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: the figures, the same as JSON in its one canonical form, and the SHA-256 of that."""

    figures: Figures
    body: str
    sha256: str
    approved: bool


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    format: str = ""
    version: int = 0
    commune: str = ""
    period: str = ""
    approved: bool = False
    sha256: str = ""
    figures: msgspec.Raw = msgspec.Raw(b"")


def bare(figures: Figures) -> Figures:
    """What leaves the commune: codes of cases and words of citizens stay at home, and the cells of its own ledger."""
    public = replace(figures.public, times=_uncoded(figures.public.times))
    mood = replace(figures.mood, quotes=())
    return replace(figures, published=(), times=_uncoded(figures.times), public=public, mood=mood)


def _uncoded(times: TimeFigures) -> TimeFigures:
    return replace(times, overdue=tuple(replace(one, code="") for one in times.overdue))


def pack(figures: Figures, *, approved: bool) -> bytes:
    """The file; the same figures are always the same bytes. `approved`: the commune's leader stands behind them."""
    body = _canonical(bare(figures).encode())
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "commune": figures.commune,
        "period": figures.period.key,
        "approved": approved,
        "sha256": digest(body),
        "figures": msgspec.Raw(body),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def unpack(raw: bytes) -> Sent:
    """What `pack` wrote, wherever its spaces and lines went on the way; BadFile for anything else."""
    if len(raw) > MOST:
        raise BadFile("format")
    try:
        whole = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=_Envelope)
        body = _canonical(bytes(whole.figures)) if whole.format == FORMAT else b""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadFile("format") from None
    if whole.format != FORMAT:
        raise BadFile("format")
    if whole.version != VERSION:
        raise BadFile("version", version=whole.version, known=VERSION)
    if digest(body) != whole.sha256:
        raise BadFile("checksum")
    try:
        figures = Figures.decode(body)
    except msgspec.ValidationError as fault:
        raise BadFile("content", reason=one_line(str(fault))[:200]) from None
    _check(figures, whole)
    return Sent(figures=figures, body=body.decode(), sha256=whole.sha256, approved=whole.approved)


def digest(body: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _canonical(raw: bytes) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(raw), order="sorted")


def _check(figures: Figures, whole: _Envelope) -> None:
    """A right checksum only says that nothing changed on the way: what was packed must make sense as well."""
    if (figures.commune, figures.period.key) != (whole.commune, whole.period):
        raise BadFile("content", reason="commune, period")
    if not 0 < len(one_line(figures.commune)) <= _LONGEST_NAME or one_line(figures.commune) != figures.commune:
        raise BadFile("content", reason="commune")
    span = figures.period
    try:
        period = parse(span.key, month=span.month)
    except BadPeriod:
        raise BadFile("content", reason="period") from None
    if (period.first, period.last) != (span.first, span.last) or not span.first <= figures.until <= span.last:
        raise BadFile("content", reason="period")
    _check_numbers(figures)
    for n, index in _cells(figures):
        if index is not None and not 0 <= index <= 1:
            raise BadFile("content", reason="index")
        if n is not None and 0 < n < MINIMUM:
            raise BadFile("uncovered", minimum=MINIMUM)


def _check_numbers(figures: Figures) -> None:
    """Whatever the roll-up will add up, put in a cell or draw: one odd file must not spoil it for all the others."""
    found = summary(figures, "file")
    for name in Totals.__struct_fields__:
        if not 0 <= getattr(found.row, name) <= _MOST_COUNT:
            raise BadFile("content", reason=name)
    if found.row.in_time > found.row.timed or not 0 <= (found.row.median_days or 0) <= _MOST_COUNT:
        raise BadFile("content", reason="days")
    if len(figures.surveys) > _MOST_SURVEYS:
        raise BadFile("content", reason="surveys")
    for key, score in found.scores:
        if len(key.id) > _LONGEST_NAME or _SUM.fullmatch(key.checksum) is None:
            raise BadFile("content", reason="survey")
        if not 0 <= (score.n or 0) <= _MOST_COUNT or bool(score.n) is not (score.index is not None):
            raise BadFile("content", reason="n")
        if score.estimate is not None and not _sound(score.estimate):
            raise BadFile("content", reason="estimate")


def _sound(found: Interval) -> bool:
    low = found.value if found.low is None else found.low
    high = found.value if found.high is None else found.high
    return 0 <= low <= high <= 1 and 0 <= found.value <= 1


def _cells(figures: Figures) -> Iterator[tuple[int | None, float | None]]:
    for survey in figures.surveys:
        found: list[Any] = [*survey.questions, *survey.trend, *(survey.villages.rows if survey.villages else ())]
        found += [row for cut in survey.cuts for row in cut.rows]
        yield from ((one.n, one.index) for one in found)
    yield from ((topic.surveys, None) for topic in figures.mood.topics)
    yield figures.help.forms, None
    yield from ((one.forms, None) for one in figures.help.helpers)
