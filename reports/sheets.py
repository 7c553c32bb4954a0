"""Biểu chỉ tiêu and biểu tự đánh giá, xếp loại: the annexes of the draft on công tác dân vận chính quyền."""

import hashlib
import re
from typing import Literal, NamedTuple

from reports.criteria import Criteria, Criterion
from reports.criteria_evidence import evidence
from reports.document import Annex, Block, Document, Paragraph, Table
from reports.figures import DIALOGUE_KINDS
from reports.phrases import Phrases
from reports.plans import Plan, Target
from reports.written import Done, Points, Written
from vietnam.numbers import date_vi, percent_vi

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_PART = re.compile(r"(\d[\d.]*)\s*/\s*(\d[\d.]*)", re.ASCII)
_SHARE = re.compile(r"\d+(?:[.,]\d+)?\s*%", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)


class TargetRow(NamedTuple):
    """A line of biểu chỉ tiêu, ready to print: an officer filled it, the product did, or nobody yet ("")."""

    target: Target
    reached: str
    share: str
    note: str
    by: Literal["", "officer", "product"]


class CriterionRow(NamedTuple):
    """A line of biểu tự đánh giá: the points that were typed (None: not yet), and the evidence in words."""

    criterion: Criterion
    points: float | None
    evidence: str
    note: str


class Sum(NamedTuple):
    """What the points come to: of so many lines `missing` have none; without all there is no grade ("")."""

    points: float
    missing: int
    grade: str


def target_rows(p: Phrases, plan: Plan, typed: dict[str, Done]) -> list[TargetRow]:
    """The targets of a plan in its order; what an officer typed goes before what is known."""
    return [_target(p, one, typed.get(target_id(one)) or Done()) for one in plan.targets]


def target_id(target: Target) -> str:
    """What is typed into its line is kept under: another text is another target."""
    return hashlib.sha256(target.quote.encode()).hexdigest()[:16]


def _target(p: Phrases, target: Target, typed: Done) -> TargetRow:
    if typed.reached.strip():
        reached = typed.reached.strip()
        return TargetRow(target, reached, typed.share or share_of(reached) or p.say("none"), typed.note, "officer")
    if not target.known:
        return TargetRow(target, "", "", typed.note, "")
    reached, share = _known(p, target.known)
    source = p.say(f"sheet.source.{target.known}", day=date_vi(p.figures.until))
    return TargetRow(target, reached, share, " ".join(part for part in (typed.note, source) if part), "product")


def _known(p: Phrases, name: str) -> tuple[str, str]:
    """What was reached and its share, from the figures."""
    figures = p.figures
    if name == "sessions.dialogues":
        return p.count(figures.sessions.dialogues.held), p.say("none")
    done, all = {
        "cases.answered": (figures.cases.answered, figures.cases.answered + figures.cases.open),
        "cases.in_time": figures.times.besides(DIALOGUE_KINDS),
        "sessions.promises": (figures.sessions.promises.kept, figures.sessions.promises.due),
    }[name]
    if not all:
        return p.say("sheet.nothing"), p.say("none")
    return p.say("danvan.reached.cases", done=p.count(done), all=p.count(all)), _percent(done / all)


def share_of(reached: str) -> str:
    """The share that "45/50" says ("90%"), or that stands there itself; "" for anything else."""
    said = reached.strip()
    if _SHARE.fullmatch(said):
        return said.replace(" ", "")
    found = _PART.fullmatch(said)
    if found is None:
        return ""
    part, whole = (int(text.replace(".", "")) for text in found.groups())
    return _percent(part / whole) if whole else ""


def _percent(share: float) -> str:
    """ "87,5%", and "100%" as plans write it."""
    return percent_vi(share).replace(",0%", "%")


def points_of(text: str, most: float) -> float | None:
    """Points as they are typed ("8", "7,5"), at most two decimals; None for what is no number of 0 to `most`."""
    said = text.strip()
    if not _NUMBER.fullmatch(said) or len(said) > len("1000,00"):
        return None
    points = float(said.replace(",", "."))
    return points if points <= most else None


def criterion_rows(p: Phrases, criteria: Criteria, typed: dict[str, Points]) -> list[CriterionRow]:
    """Every line with its points and its evidence."""
    rows = []
    for one in criteria.lines():
        said = typed.get(one.id) or Points()
        known = "; ".join(text for name in one.evidence if (text := evidence(p, name)))
        rows.append(CriterionRow(one, points_of(said.points, one.points), known, said.note.strip()))
    return rows


def summed(criteria: Criteria, rows: list[CriterionRow]) -> Sum:
    """The sum of what was typed, and the grade of the file where nothing is missing."""
    missing = len([row for row in rows if row.points is None])
    points = round(sum(row.points or 0 for row in rows), 2)
    return Sum(points, missing, "" if missing else criteria.grade(points).name)


# --- as annexes -------------------------------------------------------------------------------------------------------


def annexes(p: Phrases, plan: Plan, written: Written) -> tuple[Annex, ...]:
    """Those that there are: targets where the plan has any, criteria where the commune has a file."""
    found: list[tuple[str, tuple[Block, ...]]] = []
    if plan.targets:
        found.append((p.say("sheet.targets.title"), (_targets(p, plan, written),)))
    if written.criteria is not None:
        found.append((written.criteria.title, _criteria(p, written.criteria, written.points)))
    under = p.say("sheet.under", commune=p.figures.commune, period=p.figures.period.title)
    return tuple(
        Annex(
            label=p.say("sheet.label", number=ROMAN[at] if len(found) > 1 else "").strip(),
            title=title,
            under=under,
            blocks=blocks,
        )
        for at, (title, blocks) in enumerate(found)
    )


def marks(document: Document) -> list[str]:
    """What an officer still has to fill in the annexes of a document."""
    blocks = [block for annex in document.annexes for block in annex.blocks]
    tables = [block for block in blocks if isinstance(block, Table)]
    cells = [cell for table in tables for row in table.rows for cell in row if MARK in cell]
    return [*cells, *(block.text for block in blocks if isinstance(block, Paragraph) and block.style == "mark")]


MARK = "[cán bộ"
"""How the marks of the catalogue begin ("sheet.mark", "doc.add"); a test holds them together."""


def _targets(p: Phrases, plan: Plan, written: Written) -> Table:
    mark = p.say("sheet.mark")
    rows = tuple(
        (
            str(at),
            row.target.quote,
            row.target.goal,
            *((mark, mark) if not row.by else (row.reached, row.share)),
            row.note,
        )
        for at, row in enumerate(target_rows(p, plan, written.targets), start=1)
    )
    return Table(
        caption=p.say("danvan.table.targets"),
        head=tuple(p.say(f"danvan.col.{name}") for name in ("number", "target", "goal", "reached", "share", "note")),
        rows=rows,
        widths=(0.07, 0.33, 0.13, 0.16, 0.13, 0.18),
        align="clllcl",
        foot=p.say("danvan.table.targets.foot"),
    )


def _criteria(p: Phrases, criteria: Criteria, typed: dict[str, Points]) -> tuple[Block, ...]:
    rows = criterion_rows(p, criteria, typed)
    total = summed(criteria, rows)
    ladder = p.say("sheet.and").join(
        p.say("sheet.criteria.step", name=one.name, points=_shown(one.at_least)) for one in criteria.grades
    )
    table = Table(
        caption=p.say("sheet.criteria.table"),
        head=tuple(
            p.say(f"sheet.criteria.col.{name}") for name in ("number", "criterion", "most", "points", "evidence")
        ),
        rows=(*_lines(p, criteria, rows), _total(p, criteria, total)),
        widths=(0.08, 0.35, 0.11, 0.13, 0.33),
        align="clccl",
        total=True,
        foot=" ".join((p.say("sheet.criteria.foot"), p.say("sheet.criteria.ladder", ladder=ladder))),
    )
    source = p.say("sheet.criteria.source", source=criteria.source) if criteria.source else p.say("sheet.criteria.none")
    said = (
        Paragraph(p.say("sheet.criteria.mark", n=p.count(total.missing)), "mark")
        if total.missing
        else Paragraph(p.say("sheet.criteria.grade", points=_shown(total.points), grade=total.grade))
    )
    return Paragraph(source), table, said


def _lines(p: Phrases, criteria: Criteria, rows: list[CriterionRow]) -> list[tuple[str, ...]]:
    """A line for each group with what it came to, and its criteria below."""
    found: list[tuple[str, ...]] = []
    left = iter(rows)
    for at, group in enumerate(criteria.groups):
        mine = [next(left) for _ in group.criteria]
        whole = all(row.points is not None for row in mine)
        came = _shown(sum(row.points or 0 for row in mine)) if whole else ""
        number = ROMAN[at] if at < len(ROMAN) else str(at + 1)
        found.append((number, group.name, _shown(group.points), came, ""))
        found += [_line(p, f"{number}.{line}", row) for line, row in enumerate(mine, start=1)]
    return found


def _line(p: Phrases, number: str, row: CriterionRow) -> tuple[str, ...]:
    points = p.say("sheet.mark") if row.points is None else _shown(row.points)
    own = row.note or (p.say("doc.add", what=row.criterion.add) if row.criterion.add else "")
    basis = "; ".join(part for part in (row.evidence, own) if part)
    return number, row.criterion.text, _shown(row.criterion.points), points, basis


def _total(p: Phrases, criteria: Criteria, total: Sum) -> tuple[str, ...]:
    points = p.say("sheet.mark") if total.missing else _shown(total.points)
    return "", p.say("sheet.criteria.total"), _shown(criteria.points), points, ""


def _shown(points: float) -> str:
    return f"{round(points, 2):g}".replace(".", ",")
