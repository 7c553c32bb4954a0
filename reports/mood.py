""" "Tình hình tâm tư, dư luận Nhân dân" in words: sentences by rule, a table by field, one by village, quotations."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from reports.document import Block, Paragraph, Table
from reports.figures import Figures
from reports.mood_figures import TopicCount, VillageMood
from reports.phrases import Phrases

_NAMED = 3
"""Fields in the sentence of what most was said about."""


def there_is(p: Phrases) -> bool:
    """Whether anybody said anything in words in the period."""
    mood = p.figures.mood
    return bool(mood.surveys or mood.cases)


def still_quoted(figures: Figures, allowed: Collection[str]) -> Figures:
    """The figures without quotations that are not there any more: their citizen is erased, or the case is closed."""
    kept = tuple(quote for quote in figures.mood.quotes if quote.text in allowed)
    return replace(figures, mood=replace(figures.mood, quotes=kept))


def mood_blocks(p: Phrases) -> Iterable[Block]:
    """The section without its heading; nothing where nobody said anything."""
    if not there_is(p):
        return
    yield from (Paragraph(text) for text in _sentences(p) if text)
    yield from (table for table in (_topics(p), _villages(p)) if table is not None)
    quotes = p.figures.mood.quotes
    if quotes:
        yield Paragraph(p.say("mood.quotes"))
        for quote in quotes:
            yield Paragraph(p.say("mood.quote", text=quote.text, topic=p.named("category", quote.topic)), "words")


def _sentences(p: Phrases) -> list[str]:
    mood = p.figures.mood
    came = [
        p.say(f"mood.came.{name}", n=p.count(n)) for name, n in (("surveys", mood.surveys), ("cases", mood.cases)) if n
    ]
    said = p.say("mood.came", parts=p.say("mood.and").join(came))
    if not mood.unmarked:
        state = p.say("mood.all_marked")
    elif mood.marked:
        state = p.say("mood.some_marked", marked=p.count(mood.marked), unmarked=p.count(mood.unmarked))
    else:
        state = p.say("mood.none_marked")
    known = [row for row in mood.topics if row.surveys is not None and _total(row) > 1][:_NAMED]
    most = ", ".join(
        p.say("mood.topic", topic=p.named("category", row.id).casefold(), n=p.count(_total(row))) for row in known
    )
    return [
        f"{said} {state}",
        p.say("mood.most", topics=most) if most else "",
        p.say("mood.limits") + (f" {p.say('mood.small')}" if mood.small else "") if mood.surveys else "",
    ]


def _total(row: TopicCount) -> int:
    return (row.surveys or 0) + row.cases


def _topics(p: Phrases) -> Table | None:
    rows = p.figures.mood.topics
    if not rows:
        return None
    made = tuple(
        (
            p.named("category", row.id),
            p.shown(row.surveys),
            p.count(row.cases),
            p.shown(None if row.surveys is None else _total(row)),
        )
        for row in rows
    )
    return Table(
        caption=p.say("mood.table.topics"),
        head=tuple(p.say(f"mood.col.{name}") for name in ("topic", "surveys", "cases", "total")),
        rows=made,
        widths=(0.43, 0.21, 0.18, 0.18),
        align="lrrr",
        foot=_foot(p, made),
    )


def _villages(p: Phrases) -> Table | None:
    cut = p.figures.mood.villages
    if cut is None:
        return None
    rows = tuple(
        (row.name or p.say("row.no_village"), *(p.shown(n) if n != 0 else p.say("none") for n in row.counts))
        for row in cut.rows
    )
    share = 0.7 / len(cut.topics)
    return Table(
        caption=p.say("mood.table.villages", period=_when(p, cut)),
        head=(p.say("col.village"), *(p.named("category", topic) for topic in cut.topics)),
        rows=rows,
        widths=(0.3, *[share] * len(cut.topics)),
        align="l" + "r" * len(cut.topics),
        foot=_foot(p, rows),
    )


def _when(p: Phrases, cut: VillageMood) -> str:
    """The quarters that are counted, where they are not the period itself."""
    return cut.title if cut.title == p.figures.period.title and len(cut.quarters) != 1 else ", ".join(cut.quarters)


def _foot(p: Phrases, rows: Iterable[tuple[str, ...]]) -> str:
    return p.say("withheld.note") if any(p.say("withheld") in row for row in rows) else ""
