"""Counting the overall question by channel and by group; what may be shown is asked of the survey's own ledger."""

from collections.abc import Callable, Mapping
from datetime import date

from reports.cut_figures import Cut, CutRow, Hidden, Way
from reports.periods import Period
from reports.source import AskedSurvey, Source, Tally
from surveys.definition import Question
from surveys.statistics import Formula, satisfaction, valid

Publish = Callable[[str, str, Period, int], Hidden]
"""Whether a number of answers to a question may be shown for a cut and period: "", or why not."""


class CutCounting:
    """The cuts of one survey's overall question."""

    def __init__(self, source: Source, asked: AskedSurvey, overall: str, *, until: date, formula: Formula) -> None:
        self._source = source
        self._asked = asked
        self._overall = overall
        self._until = until
        self._formula = formula

    def by_channel(self, period: Period, publish: Publish) -> Cut | None:
        """By the way that answers came."""
        asked, last = self._asked, min(period.last, self._until)
        found = self._source.tallies_by_channel(asked.version, period.first, last, asked.kind)
        names = {f"channel:{id}": "" for id in sorted(found) if id}
        counts = {f"channel:{id}": tallies.get(self._overall, {}) for id, tallies in found.items()}
        return self._cut("channel", "", names, counts, period, publish)

    def by_group(self, way: Way, question: Question, period: Period, publish: Publish) -> Cut | None:
        """By the choice made in another question."""
        asked, last = self._asked, min(period.last, self._until)
        found = self._source.crossed(asked.version, self._overall, question.id, period.first, last, asked.kind)
        names = {f"group:{question.id}:{choice.id}": choice.text for choice in question.choices}
        counts = {f"group:{question.id}:{id}": tally for id, tally in found.items()}
        return self._cut(way, question.text, names, counts, period, publish)

    def _cut(
        self,
        way: Way,
        text: str,
        names: Mapping[str, str],
        counts: Mapping[str, Tally],
        period: Period,
        publish: Publish,
    ) -> Cut | None:
        """None where nothing of it may be shown, or all of it is one part."""
        if len([1 for cut in names if valid(counts.get(cut, {}))]) < 2:
            return None
        rows = {}
        # The largest first: what most people stand behind is shown, what would betray the smallest is not.
        for cut in sorted(names, key=lambda one: (-valid(counts.get(one, {})), one)):
            rows[cut] = self._row(cut, names[cut], counts.get(cut, {}), period, publish)
        if not any(row.n for row in rows.values()):
            return None
        return Cut(
            way=way,
            title=period.short,
            first=period.first,
            last=min(period.last, self._until),
            rows=tuple(rows[cut] for cut in names),
            asked=text,
        )

    def _row(self, cut: str, name: str, tally: Tally, period: Period, publish: Publish) -> CutRow:
        n, id = valid(tally), cut.rpartition(":")[2]
        # A group of nobody is not told from a group of four.
        why = publish(self._overall, cut, period, n) if n else "small"
        if why:
            return CutRow(id=id, name=name, hidden=why)
        return CutRow(id=id, name=name, n=n, index=satisfaction(tally, self._formula))
