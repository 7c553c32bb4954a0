"""The sheet on tâm tư, dư luận of the annex: fields, villages by field, and the quotations."""

from reports.phrases import Phrases
from reports.xlsx_parts import Annex, Value

_WIDTHS = (54, 22, 16, 16)


def mood(annex: Annex) -> None:
    """Fill it; where nobody said anything it says so."""
    p, figures = annex.p, annex.p.figures.mood
    rows: list[tuple[Value, ...]] = [
        (
            p.named("category", row.id),
            _shown(p, row.surveys),
            row.cases,
            _shown(p, None if row.surveys is None else row.surveys + row.cases),
        )
        for row in figures.topics
    ]
    if figures.villages is not None:
        when = ", ".join(figures.villages.quarters)
        for village in figures.villages.rows:
            name = village.name or p.say("row.no_village")
            rows += [
                (f"{name} · {p.named('category', topic)} ({when})", None, None, _shown(p, n))
                for topic, n in zip(figures.villages.topics, village.counts, strict=True)
                if n != 0
            ]
    if figures.unmarked:
        rows.append((p.say("mood.row.unmarked"), None, None, figures.unmarked))
    rows += [
        (p.say("mood.quote", text=quote.text, topic=p.named("category", quote.topic)), None, None, None)
        for quote in figures.quotes
    ]
    head = [p.say(f"mood.col.{name}") for name in ("topic", "surveys", "cases", "total")]
    last = annex.table("mood", head, rows, _WIDTHS, "tccc")
    if any(p.say("withheld") in row for row in rows):
        annex.note("mood", last + 2, p.say("withheld.note"))


def _shown(p: Phrases, n: int | None) -> Value:
    return p.say("withheld") if n is None else n
