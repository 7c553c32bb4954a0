"""The căn cứ of a report: as its plan cites them, or as an officer wrote them where the plan is not of here and now."""

from collections.abc import Iterable

from reports.document import Paragraph
from reports.phrases import Phrases
from reports.plans import Plan
from reports.written import Written
from vietnam.text import fold_words

BASES = "bases"
"""The place of the officer's own căn cứ, one a line."""


def cited(p: Phrases, plan: Plan, written: Written, *, agreed: bool) -> tuple[tuple[str, ...], Iterable[Paragraph]]:
    """The căn cứ, and the mark under them where an officer has to look at them and has written none.

    Those of a plan of another province or of other years are never signed unseen: what is written replaces them.
    """
    bases = tuple(basis.report for basis in plan.bases if basis.report)
    why = _elsewhere(p, plan) if bases else ""
    if not why:
        return bases, ()
    own = tuple(line.strip().rstrip(";.") for line in written.words.get(BASES, "").splitlines() if line.strip())
    if own or agreed:
        return own or bases, ()
    return bases, (Paragraph(p.say("bases.check", why=why), "mark", BASES),)


def _elsewhere(p: Phrases, plan: Plan) -> str:
    """Why its căn cứ may not be those of this commune in this year; "" where they are."""
    figures, found = p.figures, list[str]()
    if figures.period.last.year not in plan.years:
        first, last = plan.years[0], plan.years[-1]
        key = "bases.year" if first == last else "bases.years"
        found.append(p.say(key, first=first, last=last))
    if plan.province and fold_words(plan.province) != fold_words(figures.province):
        found.append(p.say("bases.province", province=plan.province))
    return ", ".join(found)
