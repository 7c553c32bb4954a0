"""What a report says of what became of cases: with another authority, settled, rated, and the two official ratios."""

from reports.case_figures import CaseFigures
from reports.document import Table
from reports.phrases import Phrases


def ended(p: Phrases, cases: CaseFigures) -> list[str]:
    """What went to another authority, what is settled, what was answered again, and how it was rated; [] of none."""
    said = []
    if cases.forwarded or cases.away:
        key = "cases.forwarded" if cases.forwarded else "cases.away"
        said.append(p.say(key, n=p.count(cases.forwarded), away=p.count(cases.away), last=p.day(p.figures.until)))
    if cases.again:
        said.append(p.say("cases.again", n=p.count(cases.again)))
    if cases.solved:
        params = {"n": p.count(cases.solved), "confirmed": p.count(cases.confirmed)}
        said.append(p.say("cases.solved", rest=p.count(cases.solved - cases.confirmed), **params))
    if cases.rated.n:
        mean = cases.rated.mean
        key = "cases.rated.few" if mean is None else "cases.rated"
        said.append(p.say(key, n=p.count(cases.rated.n), mean=p.decimal(round(mean or 0, 1))))
    return [" ".join(said)] if said else []


def joined(p: Phrases, cases: CaseFigures) -> list[str]:
    """How many messages told of a matter that another had told, and how that is counted; [] of none."""
    if not cases.joined:
        return []
    said = p.say("cases.joined", n=p.count(cases.joined), into=p.count(cases.joined_into))
    return [f"{said} {p.say('cases.joined.mood')}" if p.figures.mood.cases else said]


def conduct(p: Phrases, cases: CaseFigures) -> str:
    """What came in about the conduct of officers."""
    mine = next((row for row in cases.kinds if row.id == "conduct"), None)
    if mine is None:
        return p.say("danvan.conduct.zero")
    params = {"received": p.count(mine.received), "answered": p.count(mine.answered), "open": p.count(mine.open)}
    return p.say("danvan.conduct", **params, last=p.day(p.figures.until))


def official(p: Phrases) -> list[str]:
    """The two ratios with the sentence that they are no official index; [] where nothing was due."""
    found = p.figures.official
    if not found.total:
        return []
    said = p.say(
        "official.ratios",
        in_time=p.count(found.in_time),
        total=p.count(found.total),
        first=p.share(found.in_time / found.total),
        dissatisfied=p.count(found.dissatisfied),
        late=p.count(found.late),
        second=p.share((found.in_time - found.dissatisfied) / found.total),
    )
    return [f"{said} {p.say('official.note')}"]


def works_table(p: Phrases, cases: CaseFigures) -> Table | None:
    """Cases by công trình, dự án; None where none was about one."""
    if not cases.works:
        return None
    return Table(
        caption=p.say("table.works"),
        head=(p.say("col.works"), *(p.say(f"col.{name}") for name in COUNTS)),
        rows=tuple((one.name, *(p.count(getattr(one, name)) for name in COUNTS)) for one in cases.works),
        widths=WIDTHS,
        align="lrrrrr",
    )


COUNTS = ("received", "answered", "forwarded", "solved", "open")
"""What is told of every group of cases, in the order of the columns."""
WIDTHS = (0.35, 0.13, 0.13, 0.13, 0.13, 0.13)
