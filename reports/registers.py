"""The registers of a period (sổ theo dõi phản ánh, kiến nghị; sổ tiếp công dân), as rows that XLSX and print share."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import msgspec

from reports.lettering import masked, one_line, shortened
from reports.papers import Writer
from vietnam.numbers import date_vi
from vietnam.time import day_of, local

Which = Literal["cases", "visits"]
Cell = str | int | date | None
EXCERPT = 300
"""Signs of a case's words in a register: as much as is written by hand; the whole stands in its own papers."""
_NAMES = 120


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case in the register. `name` "" where anonymous or left out; instants are UTC milliseconds."""

    code: str
    kind: str
    category: str
    anonymous: bool = True
    name: str = ""
    phone: str = ""
    village: str = ""
    place: str = ""
    text: str
    officer: str = ""
    opened_at: int
    due_at: int | None = None
    state: str
    reply: str = ""
    forwarded_to: str = ""
    answered_at: int | None = None
    apologies: int = 0
    reopened: int = 0
    stars: int = 0


class VisitLine(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who came to be heard, or asked on the spot. `promises` are what, who, and until which day (ISO)."""

    code: str = ""
    starts_at: int
    session: str
    host: str = ""
    name: str = ""
    phone: str = ""
    village: str = ""
    topic: str
    questions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    promises: tuple[tuple[str, str, str, str], ...] = ()
    """(what, who sees to it, until which day ISO, state)."""
    came: bool = True


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column: its name, its width in signs, and how it stands (l, c)."""

    name: str
    width: float
    align: Literal["l", "c"] = "l"


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """A register that is ready to be written down."""

    title: str
    period: str
    dates: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: str
    note: str
    empty: str


def case_register(
    writer: Writer, lines: Iterable[CaseLine], period: str, first: date, last: date, *, names: bool
) -> Register:
    """Sổ theo dõi phản ánh, kiến nghị; cases in the order in which they came."""
    rows = tuple(_case_row(writer, number, line) for number, line in enumerate(lines, start=1))
    widths = (4.5, 10.5, 12.5, 18, 36, 14, 15, 10.5, 28, 10.5, 15)
    return _register(writer, "cases", widths, "ccclllcclcl", rows, period, first, last, names=names)


def visit_register(
    writer: Writer, lines: Iterable[VisitLine], period: str, first: date, last: date, *, names: bool
) -> Register:
    """Sổ tiếp công dân; visits in the order in which they were."""
    rows = tuple(_visit_row(writer, number, line) for number, line in enumerate(lines, start=1))
    widths = (4.5, 11, 20, 20, 36, 14, 30, 24, 10.5, 15)
    return _register(writer, "visits", widths, "ccllllllcl", rows, period, first, last, names=names)


def _register(
    writer: Writer,
    which: Which,
    widths: Sequence[float],
    aligns: str,
    rows: tuple[tuple[Cell, ...], ...],
    period: str,
    first: date,
    last: date,
    *,
    names: bool,
) -> Register:
    say = writer.say
    heads = say(f"register.{which}.columns").split("|")
    columns = tuple(
        Column(name=name, width=width, align="c" if align == "c" else "l")
        for name, width, align in zip(heads, widths, aligns, strict=True)
    )
    return Register(
        title=say(f"register.{which}.title"),
        period=period[:1].upper() + period[1:],
        dates=say("register.dates", first=date_vi(first), last=date_vi(last)),
        columns=columns,
        rows=rows,
        total=say(f"register.{which}.total", n=len(rows)),
        note="" if names else say("register.nameless"),
        empty=say(f"register.{which}.empty"),
    )


def _case_row(writer: Writer, number: int, line: CaseLine) -> tuple[Cell, ...]:
    say = writer.say
    who = shortened(line.name, _NAMES) or say("register.anonymous" if line.anonymous else "register.no_name")
    sender = ", ".join(part for part in (who, masked(line.phone), one_line(line.village)) if part)
    place = shortened(line.place, _NAMES)
    text = shortened(line.text, EXCERPT)
    notes = []
    if line.apologies:
        notes.append(say("register.late", n=line.apologies))
    if line.reopened:
        notes.append(say("register.reopened"))
    if line.stars:
        notes.append(say(f"register.stars.{line.stars}"))
    return (
        number,
        day_of(line.opened_at),
        line.code,
        sender,
        say("register.at_place", text=text, place=place) if place else text,
        f"{writer.named('kind', line.kind)}; {writer.named('category', line.category).lower()}",
        one_line(line.officer) or say("register.nobody"),
        day_of(line.due_at) if line.due_at is not None else None,
        _result(writer, line),
        day_of(line.answered_at) if line.answered_at is not None else None,
        "; ".join(notes),
    )


def _result(writer: Writer, line: CaseLine) -> str:
    say = writer.say
    if line.state == "forwarded":
        return say("register.forwarded", to=shortened(line.forwarded_to, _NAMES))
    words = shortened(line.reply, EXCERPT)
    state = say(f"register.state.{line.state}" if f"register.state.{line.state}" in writer.texts else "register.state")
    return f"{state}. {words}" if words else state


def _visit_row(writer: Writer, number: int, line: VisitLine) -> tuple[Cell, ...]:
    say = writer.say
    who = shortened(line.name, _NAMES) or say("register.no_name")
    moment = local(line.starts_at)
    owed = [
        say("register.promise", text=shortened(text, _NAMES), who=shortened(who_does, _NAMES))
        for text, who_does, _, _ in line.promises
    ]
    days = [date_vi(date.fromisoformat(day)) for _, _, day, _ in line.promises]
    states = [say(f"register.promised.{state}") for *_, state in line.promises if state]
    notes = [] if line.came else [say("register.absent")]
    return (
        number,
        f"{date_vi(moment.date())}\n{moment:%H:%M}",
        "\n".join(part for part in (shortened(line.session, _NAMES), one_line(line.host)) if part),
        ", ".join(part for part in (who, masked(line.phone), one_line(line.village)) if part),
        shortened(" ".join(line.questions), EXCERPT),
        writer.named("category", line.topic),
        shortened(" ".join(line.answers), EXCERPT) or say("register.no_answer"),
        "\n".join(owed),
        "\n".join(days),
        "; ".join([*states, *notes]),
    )
