"""Sentences on what the office owes besides the answer: a word before a day is missed, and who entered for others."""

from reports.help_figures import HelpCount
from reports.phrases import Phrases


def promises(p: Phrases) -> list[str]:
    """Promised days that were missed, and how the citizen heard of it; [] where nothing was on hand at all."""
    figures, all = p.figures.promises, p.figures
    if not figures.missed:
        busy = any(cases.received or cases.carried or cases.reopened for cases in (all.cases, all.dialogues))
        return [p.say("promise.zero")] if busy else []
    said = [p.say("promise.missed", missed=p.count(figures.missed), before=p.before(figures.missed_before))]
    without = figures.missed - figures.in_time
    key = "promise.in_time.zero" if not figures.in_time else "promise.in_time" if without else "promise.in_time.all"
    share = p.share(figures.in_time / figures.missed)
    said.append(p.say(key, in_time=p.count(figures.in_time), share=share))
    if without:
        parts = (("incomplete", figures.incomplete), ("after", figures.after), ("none", figures.none))
        listed = "; ".join(p.say(f"promise.{name}", n=p.count(n)) for name, n in parts if n)
        said.append(p.say("promise.rest" if figures.in_time else "promise.parts", parts=listed))
    if figures.by_program:
        said.append(p.say("promise.by_program", n=p.count(figures.by_program)))
    return [" ".join(said)]


def help(p: Phrases) -> str:
    """How many forms and cases were entered for others, and by whom; "" where none was."""
    figures, said = p.figures.help, []
    if figures.forms is None:
        said.append(p.say("help.forms.few"))
    elif figures.forms:
        said.append(p.say("help.forms", forms=p.count(figures.forms), who=_who(p, "forms")))
    if figures.quarterly:
        said.append(p.say("help.quarterly"))
    if figures.cases:
        received = p.figures.cases.received + p.figures.dialogues.received
        said.append(p.say("help.cases", cases=p.count(figures.cases), received=p.count(received), who=_who(p, "cases")))
    return " ".join(said)


def _who(p: Phrases, what: str) -> str:
    counts = [(one, _entered(one, what)) for one in p.figures.help.helpers]
    return ", ".join(p.say(f"helper.{one.id}.n", n=p.shown(n)) for one, n in counts if n != 0)


def _entered(one: HelpCount, what: str) -> int | None:
    return one.forms if what == "forms" else one.cases
