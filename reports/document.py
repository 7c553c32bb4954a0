"""The one model of a report or paper that DOCX and PDF are both made from: they cannot differ in a word or number."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """level 1: "I. ..." in capitals, bold; 2: "1. ..." bold; 3: "a) ..." upright."""

    level: Literal[1, 2, 3]
    text: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """body: justified, first line indented · mark: what an officer still has to add · words: somebody's own.

    `place` of a mark: where that officer writes ("general", "section.1").
    """

    text: str
    style: Literal["body", "mark", "words"] = "body"
    place: str = ""


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """`widths` are shares of the text width, `align` one letter a column (l, c, r); `total`: the last row is bold.

    `grouped`: an empty first cell belongs to the one above it. `note` is printed small between caption and table,
    `foot` under it.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    align: str
    total: bool = False
    grouped: bool = False
    note: str = ""
    foot: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a chart: a share of 1, or None and `text` says why there is none.

    `low` and `high`: the ends of its interval, drawn by Dots.
    """

    label: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a stacked bar; `level` counts from 0, or is None for what is withheld of several levels together."""

    level: int | None
    share: float


class Stacked(msgspec.Struct, frozen=True, kw_only=True, tag="stacked"):
    """One bar of pieces, from the lowest of five levels to the highest; `mark` stands on what is withheld.

    `reach` is the share at the right end that `reach_text` speaks of, 0 for no such brace, and `interval` where it
    lies in the whole population.
    """

    labels: tuple[str, ...]
    parts: tuple[Part, ...]
    mark: str = ""
    reach: float = 0.0
    reach_text: str = ""
    interval: tuple[float, float] | None = None


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """One bar of a `Likert`: its pieces from the lowest level, and what is written at its end."""

    label: str
    parts: tuple[Part, ...]
    text: str


class Likert(msgspec.Struct, frozen=True, kw_only=True, tag="likert"):
    """Bars of five levels, one a row, each laid so that the middle of the neutral level stands on one line."""

    labels: tuple[str, ...]
    rows: tuple[Scale, ...]
    mark: str = ""


class Bars(msgspec.Struct, frozen=True, kw_only=True, tag="bars"):
    """Horizontal bars, best first. `target` only where a plan has one, with its label."""

    rows: tuple[Row, ...]
    target: float | None = None
    target_label: str = ""


class Dots(msgspec.Struct, frozen=True, kw_only=True, tag="dots"):
    """One dot a row, and a line where the whole commune stands."""

    rows: tuple[Row, ...]
    whole: float | None = None
    whole_label: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True, tag="line"):
    """A line over months; a month without a value leaves a gap. `text` of a row is written under the month."""

    rows: tuple[Row, ...]
    target: float | None = None
    target_label: str = ""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One of several small lines; a row without a value leaves a gap."""

    title: str
    rows: tuple[Row, ...]


class Panels(msgspec.Struct, frozen=True, kw_only=True, tag="panels"):
    """Small lines side by side over the same months and the same scale."""

    panels: tuple[Panel, ...]


class Pairs(msgspec.Struct, frozen=True, kw_only=True, tag="pairs"):
    """Two counts side by side for every month; `under` are the words below each, or nothing."""

    labels: tuple[str, ...]
    names: tuple[str, str]
    values: tuple[tuple[int, int], ...]
    under: tuple[str, ...] = ()


class Calendar(msgspec.Struct, frozen=True, kw_only=True, tag="calendar"):
    """A count for every day from `first`, weeks from left to right and the days of the week downwards.

    `weekdays` are seven names from Monday, `months` those of the months begun, `legend` stands before the scale.
    """

    first: date
    counts: tuple[int, ...]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    legend: str


Spec = Stacked | Likert | Bars | Dots | Line | Panels | Pairs | Calendar


class Chart(msgspec.Struct, frozen=True, kw_only=True, tag="chart"):
    """A picture. `name` is its file without ending, `caption` is printed under it, `alt` read out instead of it.

    `foot` is printed small under the caption.
    """

    name: str
    caption: str
    alt: str
    spec: Spec
    foot: str = ""


class Code(msgspec.Struct, frozen=True, kw_only=True, tag="code"):
    """A QR code that opens an address; `caption` is printed under it, `alt` read out instead of it."""

    address: str
    caption: str
    alt: str


Block = Heading | Paragraph | Table | Chart | Code


class Facing(msgspec.Struct, frozen=True, kw_only=True):
    """A second signature, on the left (người gửi, thư ký); the list of copies then comes below."""

    lines: tuple[str, ...]
    note: str = ""
    signer: str = ""


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """A phụ lục behind the signature, on pages of its own that are counted from 1.

    `label` is "Phụ lục I" ("Phụ lục" where it is the only one), `title` stands under it in capitals, `under` says what
    it belongs to. `wide`: the page lies on its side.
    """

    label: str
    title: str
    under: str = ""
    blocks: tuple[Block, ...]
    wide: bool = False


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report or paper. `sample` is empty, or the words of the frame and of every page's header.

    `about` are the lines of the subject: what, and in which period. `to` are the bodies it is addressed to; `to_head`
    stands before them. `signature` are the lines over the name, `signature_note` what stands in italics under them.
    A letter (công văn) has no `name` and no `about`: `regarding` stands under its number instead.
    """

    title: str
    subject: str
    nation: str
    motto: str
    issuer: tuple[str, str]
    number: str
    place_date: str
    name: str = ""
    about: tuple[str, ...] = ()
    regarding: str = ""
    dates: str = ""
    sample: str
    sample_note: str
    to_head: str = ""
    to: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    blocks: tuple[Block, ...]
    copies_head: str
    copies: tuple[str, ...]
    signature: tuple[str, ...]
    signature_note: str = ""
    signer: str
    facing: Facing | None = None
    annexes: tuple[Annex, ...] = ()

    def all_blocks(self) -> Iterator[Block]:
        """Every block, those of the annexes last."""
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks

    def charts(self) -> list[Chart]:
        """Every picture, in order."""
        return [block for block in self.all_blocks() if isinstance(block, Chart)]

    def codes(self) -> list[Code]:
        """Every code, in order."""
        return [block for block in self.all_blocks() if isinstance(block, Code)]

    def tables(self) -> list[Table]:
        """Every table, in order."""
        return [block for block in self.all_blocks() if isinstance(block, Table)]
