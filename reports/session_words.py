"""What a report says of dialogues and receptions that were held, and of what was promised in them."""

from reports.dialogue_figures import SessionCount
from reports.document import Table
from reports.phrases import Phrases

COUNTS = ("held", "cancelled", "visitors", "questions", "answered")


def held(p: Phrases, *, with_receptions: bool = True) -> list[str]:
    """Dialogues, receptions where wanted, and the promises made in them; one sentence at least."""
    figures = p.figures.sessions
    said = [*_dialogues(p), *(receptions(p) if with_receptions else ())]
    unmarked = figures.dialogues.unmarked + figures.receptions.unmarked
    if unmarked:
        said.append(p.say("sessions.unmarked", n=p.count(unmarked)))
    if figures.waiting:
        said.append(p.say("sessions.waiting", n=p.count(figures.waiting), last=p.day(p.figures.until)))
    return [" ".join(said), *promised(p)]


def _dialogues(p: Phrases) -> list[str]:
    figures, mine = p.figures.sessions, p.figures.sessions.dialogues
    before = p.before(figures.dialogues_before)
    if not mine.held:
        said = [p.say("sessions.dialogues.zero")]
    else:
        said = [p.say("sessions.dialogues", n=p.count(mine.held), before=before, visitors=p.count(mine.visitors))]
        said += [p.say("sessions.results", n=p.count(figures.published), held=p.count(mine.held))]
        said += _asked(p, mine)
    return [*said, *_cancelled(p, mine)]


def receptions(p: Phrases) -> list[str]:
    """The receptions of citizens; one sentence at least."""
    figures, mine = p.figures.sessions, p.figures.sessions.receptions
    before = p.before(figures.receptions_before)
    if not mine.held:
        return [p.say("sessions.receptions.zero"), *_cancelled(p, mine)]
    params = {"n": p.count(mine.held), "before": before, "visitors": p.count(mine.visitors)}
    said = p.say("sessions.receptions", **params, visitors_before=p.before(figures.visitors_before))
    return [said, *_asked(p, mine), *_cancelled(p, mine)]


def _asked(p: Phrases, mine: SessionCount) -> list[str]:
    if not mine.questions:
        return []
    key = "sessions.asked.all" if mine.answered == mine.questions else "sessions.asked"
    return [p.say(key, questions=p.count(mine.questions), answered=p.count(mine.answered))]


def _cancelled(p: Phrases, mine: SessionCount) -> list[str]:
    return [p.say("sessions.cancelled", n=p.count(mine.cancelled))] if mine.cancelled else []


def promised(p: Phrases) -> list[str]:
    """What was promised in dialogues and receptions, and what of it was due; [] where there is none of either."""
    promises, said = p.figures.sessions.promises, []
    if promises.made:
        said.append(p.say("sessions.made", n=p.count(promises.made)))
    if promises.due:
        parts = [
            p.say(f"sessions.{name}", n=p.count(getattr(promises, name)))
            for name in ("kept", "late", "unkept", "dropped")
            if getattr(promises, name)
        ]
        said.append(p.say("sessions.due", n=p.count(promises.due), parts="; ".join(parts)))
    if promises.older:
        said.append(p.say("sessions.older", n=p.count(promises.older)))
    return [" ".join(said)] if said else []


def sessions_table(p: Phrases) -> Table | None:
    """Sessions by kind; None where there was none."""
    kinds = p.figures.sessions.kinds
    if not kinds:
        return None
    return Table(
        caption=p.say("table.sessions"),
        head=(p.say("col.session"), *(p.say(f"col.session.{name}") for name in COUNTS)),
        rows=tuple(
            (p.named("session.kind", one.id), *(p.count(getattr(one, name)) for name in COUNTS)) for one in kinds
        ),
        widths=(0.35, 0.13, 0.13, 0.13, 0.13, 0.13),
        align="lrrrrr",
        foot=p.say("sessions.how"),
    )
