"""The form of a khiếu nại, tố cáo or kiến nghị, with what the citizen has filled in: one model for Word and for print.

What it must hold: Luật Khiếu nại, article 8; Luật Tố cáo, article 23; Luật Tiếp công dân. It is the citizen's own
letter: no head of an office, no number. What is left empty stays a dotted line for the pen.
"""

from enum import StrEnum

import msgspec

from reports.texts import texts


class Form(StrEnum):
    """Its values are what stands in the address of the page."""

    COMPLAINT = "khieu-nai"
    DENUNCIATION = "to-cao"
    PETITION = "kien-nghi"


_WORD = {Form.COMPLAINT: "complaint", Form.DENUNCIATION: "denunciation", Form.PETITION: "petition"}
_ROWS = {"against": 2, "content": 6, "wish": 3}
"""Dotted lines where nothing was filled in; one for everything else."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What was filled in; "" for what the citizen writes by hand. `to` is whom it is addressed to."""

    form: Form
    to: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    against: str = ""
    content: str = ""
    wish: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`label` and what stands behind it; without a `value`, `dots` dotted lines."""

    label: str
    value: str = ""
    dots: int = 0


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The letter as it is set, from the top to the signature."""

    nation: str
    motto: str
    date: str
    title: str
    to: Line
    lines: tuple[Line, ...]
    oath: str
    signer: str
    sign: str
    name: str
    file: str
    """Its name, with the ending."""


def sheet(letter: Letter) -> Sheet:
    """The words of a letter."""
    say = texts().say
    word = _WORD[letter.form]
    against = () if letter.form is Form.PETITION else ("against",)
    lines = [_line(f"letter.{word}.{part}", letter, part) for part in ("name", "address", "phone", *against)]
    lines += [_line(f"letter.{word}.{part}", letter, part) for part in ("content", "wish")]
    lines.append(Line(label=say("letter.papers"), dots=1))
    return Sheet(
        nation=say("doc.nation"),
        motto=say("doc.motto"),
        date=say("letter.date"),
        title=say(f"letter.{word}"),
        to=_line("letter.to", letter, "to"),
        lines=tuple(lines),
        oath=say(f"letter.{word}.oath"),
        signer=say(f"letter.{word}.signer"),
        sign=say("letter.sign"),
        name=letter.name,
        file=f"don-{letter.form}.docx",
    )


def _line(key: str, letter: Letter, part: str) -> Line:
    value = str(getattr(letter, part)).strip()
    return Line(label=texts().say(key), value=value, dots=0 if value else _ROWS.get(part, 1))
