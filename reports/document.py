"""The one model of a report or paper that DOCX and PDF are both made from: they cannot differ in a word or number."""

from typing import Literal

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """level 1: "I. ..." in capitals, bold; 2: "1. ..." bold; 3: "a) ..." upright."""

    level: Literal[1, 2, 3]
    text: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """body: justified, first line indented · mark: what an officer still has to add · words: somebody's own."""

    text: str
    style: Literal["body", "mark", "words"] = "body"


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
    """One value of a chart: a share of 1, or None and `text` says why there is none."""

    label: str
    value: float | None
    text: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a stacked bar; `level` counts from 0, or is None for what is withheld of several levels together."""

    level: int | None
    share: float


class Stacked(msgspec.Struct, frozen=True, kw_only=True, tag="stacked"):
    """One bar of pieces, from the lowest of five levels to the highest; `mark` stands on what is withheld."""

    labels: tuple[str, ...]
    parts: tuple[Part, ...]
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


class Pairs(msgspec.Struct, frozen=True, kw_only=True, tag="pairs"):
    """Two counts side by side for every month."""

    labels: tuple[str, ...]
    names: tuple[str, str]
    values: tuple[tuple[int, int], ...]


Spec = Stacked | Bars | Dots | Line | Pairs


class Chart(msgspec.Struct, frozen=True, kw_only=True, tag="chart"):
    """A picture. `name` is its file without ending, `caption` is printed under it, `alt` read out instead of it.

    `foot` is printed small under the caption.
    """

    name: str
    caption: str
    alt: str
    spec: Spec
    foot: str = ""


Block = Heading | Paragraph | Table | Chart


class Facing(msgspec.Struct, frozen=True, kw_only=True):
    """A second signature, on the left (người gửi, thư ký); the list of copies then comes below."""

    lines: tuple[str, ...]
    note: str = ""
    signer: str = ""


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

    def charts(self) -> list[Chart]:
        """Every picture, in order."""
        return [block for block in self.blocks if isinstance(block, Chart)]

    def tables(self) -> list[Table]:
        """Every table, in order."""
        return [block for block in self.blocks if isinstance(block, Table)]
