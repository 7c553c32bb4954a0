"""The figures of dialogues and receptions: held, who came, what was asked and answered, which promises were kept."""

from collections.abc import Iterable
from datetime import date

import msgspec

from reports.periods import Period
from reports.source import PromiseLine, QuestionLine, SessionLine, Source

KINDS = ("periodic", "exchange", "yearly", "morning", "business", "reception", "extra_reception")
"""feedback.sessions.SessionKind, dialogues first."""
RECEPTIONS = frozenset({"reception", "extra_reception"})


class SessionCount(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of session, or a group of them: those that were to begin in the period.

    `unmarked`: their day is over, and nobody has entered how they went. `visitors` came to those that were held.
    `questions` were asked in those; `answered` of them had their answer by the end of the period.
    """

    id: str = ""
    held: int = 0
    cancelled: int = 0
    unmarked: int = 0
    visitors: int = 0
    absent: int = 0
    questions: int = 0
    answered: int = 0


class KeptPromises(msgspec.Struct, frozen=True, kw_only=True):
    """Promises of sessions. `made` in the period; the others were due in it, whenever made.

    due = kept + late + unkept + dropped: done by the day that was named, done after it, not done by the end of the
    period, and given up with a reason. `older`: due before the period, and still not done at its end.
    """

    made: int = 0
    due: int = 0
    kept: int = 0
    late: int = 0
    unkept: int = 0
    dropped: int = 0
    older: int = 0


class SessionFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Dialogues and receptions of a period, and of the one before; `kinds` are those of which there was any.

    `published`: dialogues of the period whose results were out by its end. `waiting`: questions of held sessions,
    however old, that had no answer then.
    """

    dialogues: SessionCount = SessionCount()
    receptions: SessionCount = SessionCount()
    dialogues_before: int = 0
    receptions_before: int = 0
    visitors_before: int = 0
    published: int = 0
    waiting: int = 0
    kinds: tuple[SessionCount, ...] = ()
    promises: KeptPromises = KeptPromises()


def session_figures(source: Source, period: Period, before: Period, *, until: date, made_on: date) -> SessionFigures:
    """The figures of the sessions that were to begin in the period by `until`, as known on `made_on`."""
    # One of today, or of a day to come, may still be held.
    lines = [one for one in source.sessions(period.first, until) if one.state != "open" or one.day < made_on]
    asked = source.questions(until)
    mine = [one for one in asked if one.day >= period.first]
    earlier = [one for one in source.sessions(before.first, before.last) if one.state == "held"]
    counts = [_count(kind, {kind}, lines, mine) for kind in KINDS]
    return SessionFigures(
        dialogues=_count("", set(KINDS) - RECEPTIONS, lines, mine),
        receptions=_count("", RECEPTIONS, lines, mine),
        dialogues_before=len([one for one in earlier if one.kind not in RECEPTIONS]),
        receptions_before=len([one for one in earlier if one.kind in RECEPTIONS]),
        visitors_before=sum(one.visitors for one in earlier if one.kind in RECEPTIONS),
        published=len([one for one in lines if one.kind not in RECEPTIONS and one.state == "held" and one.published]),
        waiting=len([one for one in asked if one.answered is None]),
        kinds=tuple(one for one in counts if one.held or one.cancelled or one.unmarked),
        promises=_promises(source.session_promises(until), period.first, until),
    )


def _count(id: str, kinds: Iterable[str], lines: Iterable[SessionLine], asked: Iterable[QuestionLine]) -> SessionCount:
    wanted = set(kinds)
    mine = [one for one in lines if one.kind in wanted]
    held = [one for one in mine if one.state == "held"]
    questions = [one for one in asked if one.kind in wanted]
    return SessionCount(
        id=id,
        held=len(held),
        cancelled=len([one for one in mine if one.state == "cancelled"]),
        unmarked=len([one for one in mine if one.state == "open"]),
        visitors=sum(one.visitors for one in held),
        absent=sum(one.absent for one in held),
        questions=len(questions),
        answered=len([one for one in questions if one.answered is not None]),
    )


def _promises(lines: Iterable[PromiseLine], first: date, until: date) -> KeptPromises:
    all = list(lines)
    due = [one for one in all if first <= one.due <= until]
    done = [one for one in due if one.ended is not None and not one.dropped]
    return KeptPromises(
        made=len([one for one in all if one.made >= first]),
        due=len(due),
        kept=len([one for one in done if one.ended is not None and one.ended <= one.due]),
        late=len([one for one in done if one.ended is not None and one.ended > one.due]),
        unkept=len([one for one in due if one.ended is None]),
        dropped=len([one for one in due if one.dropped]),
        older=len([one for one in all if one.due < first and one.ended is None]),
    )
