"""The province's report: who has sent figures, and the communes side by side as far as they may stand there."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from reports.document import Block, Chart, Document, Dots, Heading, Paragraph, Row, Table
from reports.phrases import split_name
from reports.plans import Profile
from reports.province import CommuneRow, Province, ScoreRow, Scores, Totals
from reports.texts import Texts, texts
from vietnam.numbers import date_vi, number_vi, percent_vi

MOST_DOTS = 40
"""A picture of more rows is no picture on a page; the workbook draws them all."""
_SHORT_SUM = 12


def compose_province(province: Province, profile: Profile, wording: Texts | None = None) -> Document:
    """The whole report. Deterministic: the same roll-up and profile make the same document."""
    words = Words(province, wording or texts())
    say = words.say
    _, place = split_name(province.name, words.texts)
    lines = (say("province.about"), province.period.title)
    return Document(
        title=" ".join((say("doc.name"), *lines)),
        subject=say("province.subject", province=province.name),
        nation=say("doc.nation"),
        motto=say("doc.motto"),
        issuer=(say("doc.issuer"), province.name.upper()),
        number=say("doc.number", mark=profile.mark),
        place_date=say("doc.place_date", place=place, year=province.made_on.year),
        name=say("doc.name"),
        about=lines,
        dates=say("doc.dates", first=date_vi(province.period.first), last=date_vi(words.until)),
        sample=say("doc.sample") if province.sample else "",
        sample_note=say("doc.sample.note") if province.sample else "",
        to_head=_to_head(words, profile.addressed),
        to=profile.addressed,
        blocks=tuple(_numbered(words, _blocks(words))),
        copies_head=say("doc.copies"),
        copies=profile.copies,
        signature=profile.signature,
        signer=profile.signer,
    )


class Words:
    """How names and numbers of one roll-up are written, on paper and in the workbook alike."""

    def __init__(self, province: Province, wording: Texts) -> None:
        self.province = province
        self.texts = wording
        self.until: date = max((row.until for row in province.rows), default=province.period.last)

    def say(self, key: str, **params: object) -> str:
        """A text of the catalogue."""
        return self.texts.say(key, **params)

    def share(self, value: float | None) -> str:
        """ "84,2%", or a dash where there is none."""
        return percent_vi(value) if value is not None else self.say("none")

    def title(self, scores: Scores) -> str:
        """The survey, what its file is known by, and whether a random sample was asked."""
        key = "province.survey.invited" if scores.kind == "invited" else "province.survey"
        return self.say(key, title=scores.title)

    def version(self, scores: Scores) -> str:
        """The beginning of the checksum of its file: enough to tell two versions apart."""
        return scores.checksum[:_SHORT_SUM] or self.say("province.version.unknown")

    def index(self, scores: Scores) -> str:
        """ "Tỷ lệ hài lòng" or "Chỉ số hài lòng"."""
        return self.say(f"index.{scores.formula}")

    def span(self, row: ScoreRow) -> str:
        """ "84,0% (80,1% - 88,3%)", or a dash."""
        found = row.estimate
        if found is None or found.low is None or found.high is None:
            return self.say("none")
        shown = {"value": self.share(found.value), "low": self.share(found.low), "high": self.share(found.high)}
        return self.say("province.estimate", **shown)

    def place(self, row: ScoreRow) -> str:
        """ "3", "2 - 5", or a dash for whoever cannot be placed."""
        if row.place is None:
            return self.say("none")
        if row.place.rank is not None:
            return str(row.place.rank)
        return self.say("province.span", low=row.place.best, high=row.place.worst)

    def name(self, row: ScoreRow) -> str:
        """The commune, with the last day that was counted where it differs."""
        if row.until is None:
            return row.commune
        return self.say("province.until", commune=row.commune, last=date_vi(row.until))

    def n(self, row: ScoreRow) -> str:
        """How many answered, or why that is not said."""
        if row.n is None:
            return self.say("hidden.cell" if row.hidden == "small" else "hidden.cell.linked")
        return number_vi(row.n)

    def ranking(self, scores: Scores) -> str:
        """What may be said of an order: that there is one, or why there is no ground for it."""
        return self.say(f"province.ranking.{scores.unranked or 'some'}")


def _to_head(words: Words, addressed: Sequence[str]) -> str:
    if not addressed:
        return ""
    return words.say("doc.to.many") if len(addressed) > 1 else words.say("doc.to", to=addressed[0])


def _numbered(words: Words, blocks: Iterable[Block]) -> Iterator[Block]:
    made_tables = made_figures = 0
    for block in blocks:
        if isinstance(block, Table):
            made_tables += 1
            yield replace(block, caption=words.say("doc.table", number=made_tables, caption=block.caption))
        elif isinstance(block, Chart):
            made_figures += 1
            yield replace(block, caption=words.say("doc.figure", number=made_figures, caption=block.caption))
        else:
            yield block


def _blocks(words: Words) -> Iterator[Block]:
    say, province = words.say, words.province
    yield Paragraph(say("province.opening", province=province.name, period=province.period.title))
    yield Heading(1, say("province.head.sent"))
    yield from _sent(words)
    yield Heading(1, say("province.head.scores"))
    yield from _all_scores(words)
    yield Heading(1, say("province.head.cases"))
    yield from _cases(words)
    yield Heading(1, say("province.head.dialogues"))
    yield from _dialogues(words)
    yield Heading(1, say("province.head.reading"))
    yield from (Paragraph(text) for text in reading(words))
    yield Paragraph(say("province.closing", province=province.name, period=province.period.title))


def _sent(words: Words) -> Iterator[Block]:
    province = words.province
    by_state = {state: sum(row.state == state for row in province.rows) for state in ("approved", "file", "draft")}
    yield Paragraph(
        words.say("province.sent", done=number_vi(len(province.rows)), expected=number_vi(province.expected))
    )
    found = [words.say(f"province.sent.{state}", n=number_vi(many)) for state, many in by_state.items() if many]
    if found:
        yield Paragraph(words.say("province.sent.how", parts="; ".join(found)))
    if province.missing:
        yield Paragraph(words.say("province.missing", communes=", ".join(province.missing)))
    if province.other_days:
        yield Paragraph(words.say("province.other_days", communes=", ".join(province.other_days)))


def _all_scores(words: Words) -> Iterator[Block]:
    province = words.province
    if not province.scores:
        yield Paragraph(words.say("province.scores.none"))
    for at, scores in enumerate(province.scores, start=1):
        yield Heading(2, f"{at}. {words.title(scores)}")
        yield from _scores(words, scores, at)
    if province.several:
        yield Paragraph(words.say("province.several", titles="; ".join(province.several)))
    if province.alone:
        yield Paragraph(words.say("province.alone"))
        yield _alone(words)


def _scores(words: Words, scores: Scores, at: int) -> Iterator[Block]:
    say = words.say
    yield Paragraph(say("province.scores.about", n=number_vi(len(scores.rows)), version=words.version(scores)))
    if scores.index is not None and scores.mean is not None:
        yield Paragraph(
            say(
                "province.scores.all",
                n=number_vi(scores.n or 0),
                shown=number_vi(scores.shown),
                index=words.index(scores).lower(),
                value=words.share(scores.index),
                mean=words.share(scores.mean),
            )
        )
    yield Paragraph(words.ranking(scores))
    yield _score_table(words, scores)
    if len(scores.rows) <= MOST_DOTS and scores.index is not None:
        yield _dots(words, scores, at)


def _score_table(words: Words, scores: Scores) -> Table:
    say = words.say
    invited, placed = scores.kind == "invited", not scores.unranked
    head = [say("province.col.commune"), say("col.n"), words.index(scores)]
    widths = [0.46, 0.24, 0.30]
    if invited:
        head.append(say("province.col.span"))
        widths = [0.34, 0.15, 0.16, 0.35]
    if placed:
        head.append(say("province.col.place"))
        widths = [0.28, 0.12, 0.14, 0.34, 0.12]
    rows = []
    for row in scores.rows:
        cells = [words.name(row), words.n(row), words.share(row.index)]
        cells += [words.span(row)] if invited else []
        cells += [words.place(row)] if placed else []
        rows.append(tuple(cells))
    total = scores.n is not None
    if total:
        sums = [say("province.row.shown", n=number_vi(scores.shown)), number_vi(scores.n or 0)]
        sums += [words.share(scores.index), *[""] * (len(head) - 3)]
        rows.append(tuple(sums))
    return Table(
        caption=say("province.table.scores", index=words.index(scores), title=scores.title),
        head=tuple(head),
        rows=tuple(rows),
        widths=tuple(widths),
        align="l" + "r" * (len(head) - 1),
        total=total,
        foot=say("province.place.how") if placed else "",
    )


def _dots(words: Words, scores: Scores, at: int) -> Chart:
    caption = words.say("province.chart.scores", index=words.index(scores), title=scores.title)
    rows = tuple(_dot(words, row) for row in scores.rows)
    said = "; ".join(f"{row.label}: {row.text}" for row in rows)
    if scores.kind == "invited":
        # All opinions together are no estimate of anything: samples are not drawn in proportion.
        note = words.say("province.chart.invited")
        return Chart(name=f"xa-{at}", caption=caption, alt=f"{caption}: {said}.", spec=Dots(rows=rows), foot=note)
    whole = words.say("province.chart.whole", n=number_vi(scores.shown))
    spec = Dots(rows=rows, whole=scores.index, whole_label=whole)
    return Chart(name=f"xa-{at}", caption=caption, alt=f"{caption}: {said}.", spec=spec)


def _dot(words: Words, row: ScoreRow) -> Row:
    if row.index is None:
        return Row(label=row.commune, value=None, text=words.n(row))
    found = row.estimate
    value = row.index if found is None else found.value
    text = words.say("province.dot", value=words.share(value), n=words.n(row))
    low, high = (None, None) if found is None else (found.low, found.high)
    return Row(label=row.commune, value=value, text=text, low=low, high=high)


def _alone(words: Words) -> Table:
    rows = [
        (words.title(scores), row.commune, words.n(row), words.share(row.index))
        for scores in words.province.alone
        for row in scores.rows
    ]
    say = words.say
    return Table(
        caption=say("province.table.alone"),
        head=(say("col.survey"), say("province.col.commune"), say("col.n"), say("province.col.index")),
        rows=tuple(rows),
        widths=(0.40, 0.28, 0.16, 0.16),
        align="llrr",
    )


def _cases(words: Words) -> Iterator[Block]:
    say, total = words.say, words.province.total
    if not (total.received or total.answered or total.open):
        yield Paragraph(_nothing(words, "province.cases.none"))
        return
    on_time = words.share(total.in_time / total.timed if total.timed else None)
    yield Paragraph(
        say(
            "province.cases",
            n=number_vi(len(words.province.rows)),
            received=number_vi(total.received),
            answered=number_vi(total.answered),
            open=number_vi(total.open),
        )
    )
    if total.timed:
        yield Paragraph(
            say(
                "province.cases.times",
                timed=number_vi(total.timed),
                in_time=number_vi(total.in_time),
                share=on_time,
                overdue=number_vi(total.overdue),
            )
        )
    rows = [
        (
            row.name,
            number_vi(row.received),
            number_vi(row.answered),
            number_vi(row.open),
            _on_time(words, row.in_time, row.timed),
            number_vi(row.overdue),
            say("none") if row.median_days is None else _days(row.median_days),
        )
        for row in words.province.rows
    ]
    sums = (number_vi(total.received), number_vi(total.answered), number_vi(total.open))
    last = (_on_time(words, total.in_time, total.timed), number_vi(total.overdue), "")
    rows.append((say("row.total"), *sums, *last))
    names = ("commune", "received", "answered", "open", "on_time", "overdue", "median")
    yield Table(
        caption=say("province.table.cases"),
        head=tuple(say(f"province.col.{name}") for name in names),
        rows=tuple(rows),
        widths=(0.27, 0.10, 0.10, 0.10, 0.22, 0.10, 0.11),
        align="lrrrrrr",
        total=True,
        foot=say("province.cases.how"),
    )


def _nothing(words: Words, key: str) -> str:
    """That there was none, of those that have figures; of nobody nothing is known."""
    rows = words.province.rows
    return words.say(key, n=number_vi(len(rows))) if rows else words.say("province.nobody")


def _on_time(words: Words, in_time: int, timed: int) -> str:
    if not timed:
        return words.say("none")
    parts = {"in_time": number_vi(in_time), "timed": number_vi(timed), "share": words.share(in_time / timed)}
    return words.say("province.on_time", **parts)


def _days(value: float) -> str:
    return number_vi(value, 0 if value == int(value) else 1)


def _dialogues(words: Words) -> Iterator[Block]:
    say, total = words.say, words.province.total
    if not any(_talked(total)):
        yield Paragraph(_nothing(words, "province.dialogues.none"))
        return
    names = ("wishes", "wishes_answered", "held", "receptions", "questions", "questions_answered", "due", "kept")
    counts = {name: number_vi(getattr(total, name)) for name in names}
    yield Paragraph(say("province.dialogues", n=number_vi(len(words.province.rows)), **counts))
    rows = [(row.name, *map(number_vi, _talked(row))) for row in words.province.rows if any(_talked(row))]
    rows.append((say("row.total"), *map(number_vi, _talked(total))))
    yield Table(
        caption=say("province.table.dialogues"),
        head=tuple(say(f"province.col.{name}") for name in ("commune", *_TALK)),
        rows=tuple(rows),
        widths=(0.31, 0.11, 0.12, 0.12, 0.11, 0.12, 0.11),
        align="lrrrrrr",
        total=True,
    )


_TALK = ("wishes", "held", "receptions", "questions", "questions_answered", "kept")


def _talked(of: CommuneRow | Totals) -> tuple[int, ...]:
    return of.wishes, of.held, of.receptions, of.questions, of.questions_answered, of.kept


def reading(words: Words) -> list[str]:
    """What whoever reads the numbers has to know, as far as it applies."""
    province = words.province
    both = (*province.scores, *province.alone)
    found = [words.say("province.reading.sums")]
    found += list(dict.fromkeys(words.say(f"index.{scores.formula}.how") for scores in both))
    if any(scores.kind == "open" for scores in both):
        found.append(words.say("province.reading.open"))
    if any(scores.kind == "invited" for scores in both):
        found.append(words.say("province.reading.invited"))
    if any(row.hidden for scores in both for row in scores.rows):
        found.append(words.say("province.reading.hidden"))
    if any(row.until != words.until for row in province.rows):
        found.append(words.say("province.reading.until", last=date_vi(words.until)))
    if any(row.state == "draft" for row in province.rows):
        found.append(words.say("province.reading.drafts"))
    found.append(words.say("province.reading.cases"))
    return found
