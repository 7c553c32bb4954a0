"""What a report says of time: answered by the promised day or not, and the cases that are overdue."""

from collections.abc import Iterable

from reports.document import Table
from reports.figures import DIALOGUE_KINDS
from reports.phrases import Phrases
from reports.time_figures import TimeCount
from surveys.statistics import MINIMUM

MOST = 20
"""Overdue cases in the report itself; all of them stand in its annex."""


def on_time(p: Phrases, *, listed: bool = True) -> list[str]:
    """How many of the answers came by the promised day, and how many cases are overdue; [] where nothing was due.

    `listed`: the overdue ones stand in a table below and in the annex.
    """
    times, said = p.figures.times, []
    if times.answered:
        said.append(
            p.say(
                "times.answered",
                answered=p.count(times.answered),
                dialogues=_dialogues(p),
                in_time=p.count(times.in_time),
                share=p.share(times.in_time / times.answered),
                first=p.count(times.by_first_day),
            )
        )
    if times.answered and times.answered_before:
        share = p.share(times.in_time_before / times.answered_before)
        said.append(p.say("times.before", share=share, answered=p.count(times.answered_before)))
    if times.overdue:
        key = "times.overdue" if len(times.overdue) <= MOST or not listed else "times.overdue.many"
        talked = any(one.kind in DIALOGUE_KINDS for one in times.overdue)
        params = {
            "what": p.say("times.what.dialogues" if talked else "times.what"),
            "days": p.count(times.overdue[0].days),
            "last": p.day(p.figures.until),
        }
        said.append(p.say(key, n=p.count(len(times.overdue)), most=MOST, **params))
    elif times.answered:
        said.append(p.say("times.overdue.zero", last=p.day(p.figures.until)))
    return [" ".join(said)] if said else []


def _dialogues(p: Phrases) -> str:
    _, answered = p.figures.times.of(DIALOGUE_KINDS)
    return f" {p.say('times.dialogues', n=p.count(answered))}" if answered else ""


def times_table(p: Phrases) -> Table | None:
    """Answers by kind, field, village and công trình; None without any."""
    times = p.figures.times
    if not times.answered:
        return None
    rows = [cell for group in GROUPS for cell in _rows(p, group, getattr(times, group[1]))]
    return Table(
        caption=p.say("table.times"),
        head=(p.say("col.cut"), p.say("col.item"), p.say("col.answered"), p.say("col.on_time"), p.say("col.share")),
        rows=tuple(rows),
        widths=(0.2, 0.38, 0.14, 0.14, 0.14),
        align="llrrr",
        grouped=True,
        foot=p.say("times.how"),
    )


GROUPS = (("kind", "kinds"), ("category", "categories"), ("village", "villages"), ("works", "works"))


def named(p: Phrases, group: str, count: TimeCount) -> str:
    """What a row is about."""
    if group in {"kind", "category"}:
        return p.named(group, count.id)
    return count.name or count.id or p.say("row.no_village")


def _rows(p: Phrases, group: tuple[str, str], counts: Iterable[TimeCount]) -> Iterable[tuple[str, ...]]:
    for at, count in enumerate(counts):
        head = "" if at else p.say(f"col.{group[0]}")
        # One of two is no share of anything.
        share = p.share(count.in_time / count.answered if count.answered >= MINIMUM else None)
        yield head, named(p, group[0], count), p.count(count.answered), p.count(count.in_time), share


def overdue_table(p: Phrases) -> Table | None:
    """The cases longest overdue; None where nothing is. The code, never whose case it is or what was said."""
    found = p.figures.times.overdue[:MOST]
    if not found:
        return None
    return Table(
        caption=p.say("table.overdue"),
        head=tuple(p.say(f"col.{name}") for name in ("code", "category", "village", "due", "days_late")),
        rows=tuple(
            (one.code, p.named("category", one.category), one.village, p.day(one.due), p.count(one.days))
            for one in found
        ),
        # A code does not break: it is read aloud and typed.
        widths=(0.31, 0.22, 0.20, 0.16, 0.11),
        align="lllrr",
    )
