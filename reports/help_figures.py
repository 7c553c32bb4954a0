"""What was entered for others ("nhập hộ"), counted apart: forms of surveys and cases, by the kind of helper.

How many forms is said for whole calendar or statutory quarters that are over, and for nothing else: then no two numbers
that were ever printed can be subtracted from each other (a month from its quarter, a quarter from its year, a part of a
quarter from the whole), and what is withheld in one quarter stays withheld.
"""

from datetime import date

import msgspec
from msgspec.structs import replace

from reports.periods import Period
from reports.source import Help, Helper, Source
from surveys.suppression import protect, whole

HELPERS: tuple[Helper, ...] = ("officer", "village_head", "front")


class HelpCount(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of helper. `forms` is None where that is one to four, or would give such a number away."""

    id: Helper
    forms: int | None
    cases: int


class HelpFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What was entered for others in a period, and by whom.

    `forms`: of piles closed in the period, None where they are one to four. `quarterly`: forms are not said of this
    period, since it is no whole quarter; then they are 0 here and of every helper. `cases` are exact, being the
    authority's own work. `forms_unlike`, `cases_alike`: something should be looked at again (reports.source.Help).
    """

    forms: int | None = 0
    cases: int = 0
    helpers: tuple[HelpCount, ...] = ()
    forms_unlike: bool = False
    cases_alike: bool = False
    quarterly: bool = False


def help_figures(source: Source, period: Period, until: date) -> HelpFigures:
    """The figures of the period by `until`; helpers who entered nothing are left out."""
    found = source.help(period.first, until)
    whole_quarter = period.kind == "quarter" and until == period.last
    quarterly = bool(sum(found.forms.values())) and not whole_quarter
    if not whole_quarter:
        found = replace(found, forms={})
    shown = _shown(found)
    helpers = tuple(
        HelpCount(id=id, forms=shown[id], cases=found.cases.get(id, 0))
        for id in HELPERS
        if found.forms.get(id, 0) or found.cases.get(id, 0)
    )
    return HelpFigures(
        forms=shown["all"],
        cases=sum(found.cases.values()),
        helpers=helpers,
        forms_unlike=found.forms_unlike,
        cases_alike=found.cases_alike,
        quarterly=quarterly,
    )


def _shown(found: Help) -> dict[str, int | None]:
    """Forms by helper, and "all"; None where a number of one to four could be read or worked out."""
    cells: dict[str, int] = {id: found.forms.get(id, 0) for id in HELPERS}
    cells["all"] = sum(cells.values())
    withheld = protect(cells, [whole("all", HELPERS)]).withheld
    return {id: None if id in withheld else n for id, n in cells.items()}
