"""From figures to the document: which heading, sentence, table and picture stands where."""

from collections.abc import Iterable
from itertools import chain

from msgspec.structs import replace

from reports import (
    case_pictures,
    case_words,
    cut_tables,
    kept_sentences,
    mood,
    outlook,
    pictures,
    sentences,
    session_words,
    tables,
    time_words,
)
from reports.bases import cited
from reports.document import Block, Chart, Document, Heading, Paragraph, Table
from reports.figures import Figures
from reports.late import late_sentences
from reports.periods import parse, village_period
from reports.phrases import Phrases
from reports.plans import Plan
from reports.survey_figures import SurveyFigures
from reports.texts import Texts, texts
from reports.written import NOTHING, Written
from surveys.statistics import MINIMUM

# As Vietnamese documents count: đ after d, no f.
_LETTERS = "abcdđeghik"


def compose(
    figures: Figures, plan: Plan, wording: Texts | None = None, *, written: Written = NOTHING, agreed: bool = False
) -> Document:
    """The whole report. Deterministic: the same figures, plan and words make the same document.

    `written` are the officers' own words; where there are none stands a mark, or nothing in what is `agreed`.
    """
    p = Phrases(figures, wording or texts())
    own = _Own(p, written, agreed=agreed)
    return framed(p, plan, p.say("doc.about"), _blocks(p, own), written=written, agreed=agreed)


def framed(
    p: Phrases, plan: Plan, about: str, blocks: Iterable[Block], *, written: Written = NOTHING, agreed: bool = False
) -> Document:
    """A report on the period of the figures as the plan's commune sends it: heading, căn cứ, Nơi nhận, signature."""
    figures, profile = p.figures, plan.profile
    lines = (about, figures.period.title)
    bases, mark = cited(p, plan, written, agreed=agreed)
    return Document(
        title=" ".join((p.say("doc.name"), *lines)),
        subject=p.say("doc.subject", commune=figures.commune, province=figures.province),
        nation=p.say("doc.nation"),
        motto=p.say("doc.motto"),
        issuer=(p.say("doc.issuer"), figures.commune.upper()),
        number=p.say("doc.number", mark=profile.mark),
        place_date=p.say("doc.place_date", place=p.place, year=figures.made_on.year),
        name=p.say("doc.name"),
        about=lines,
        dates=p.say("doc.dates", first=p.day(figures.period.first), last=p.day(figures.until)),
        sample=p.say("doc.sample") if figures.sample else "",
        sample_note=p.say("doc.sample.note") if figures.sample else "",
        to_head=p.say("doc.to.many") if len(profile.addressed) > 1 else p.say("doc.to", to=profile.addressed[0]),
        to=profile.addressed,
        bases=bases,
        blocks=tuple(_numbered(p, chain(mark, blocks))),
        copies_head=p.say("doc.copies"),
        copies=profile.copies,
        signature=profile.signature,
        signer=profile.signer,
    )


def _numbered(p: Phrases, blocks: Iterable[Block]) -> Iterable[Block]:
    """Tables and figures get their numbers in the order in which they stand."""
    made_tables = made_figures = 0
    for block in blocks:
        if isinstance(block, Table):
            made_tables += 1
            yield replace(block, caption=p.say("doc.table", number=made_tables, caption=block.caption))
        elif isinstance(block, Chart):
            made_figures += 1
            yield replace(block, caption=p.say("doc.figure", number=made_figures, caption=block.caption))
        else:
            yield block


def _blocks(p: Phrases, own: "_Own") -> Iterable[Block]:
    yield Paragraph(p.say("doc.opening", commune=p.figures.commune, period=p.figures.period.title))
    yield Heading(1, p.say("head.general"))
    first, *others = sentences.general(p)
    yield from _body([first, kept_sentences.help(p), *others, *late_sentences(p)])
    yield from own.words("general")
    yield Heading(1, p.say("head.results"))
    yield Heading(2, p.say("head.surveys"))
    yield from _surveys(p)
    yield Heading(2, p.say("head.cases"))
    yield from _cases(p)
    yield Heading(2, p.say("head.dialogues"))
    yield from _dialogues(p)
    if mood.there_is(p):
        yield Heading(2, p.say("head.mood", number=4))
        yield from mood.mood_blocks(p)
    yield from _promises(p)
    yield Heading(1, p.say("head.limits"))
    yield from _body(outlook.limits(p))
    yield from own.words("limits")
    yield Heading(1, p.say("head.next"))
    yield from _body(outlook.directions(p))
    yield from own.words("next")
    yield from own.words("ask")
    yield Paragraph(p.say("doc.closing", commune=p.figures.commune, period=p.figures.period.title))


def _body(texts: Iterable[str]) -> Iterable[Block]:
    return (Paragraph(text) for text in texts if text)


class _Own:
    """Where an officer may add something: the words, or a mark that says what is wanted."""

    def __init__(self, p: Phrases, written: Written, *, agreed: bool) -> None:
        self._p = p
        self._written = written
        self._agreed = agreed

    def words(self, place: str) -> Iterable[Block]:
        words = self._written.words.get(place, "").strip()
        if words:
            return _body(line.strip() for line in words.splitlines())
        if self._agreed:
            return ()
        return (Paragraph(self._p.say("doc.add", what=self._p.say(f"add.{place}")), "mark", place),)


def _some(*blocks: Block | None) -> Iterable[Block]:
    return (block for block in blocks if block is not None)


def _surveys(p: Phrases) -> Iterable[Block]:
    surveys = p.figures.surveys
    if not surveys:
        yield Paragraph(p.say("survey.none"))
    # The index is the same in all of them: said once, where the first one has figures.
    explained = next((survey for survey in surveys if survey.responses >= MINIMUM), None)
    for at, survey in enumerate(surveys, start=1):
        prefix = f"{at}-" if len(surveys) > 1 else ""
        if len(surveys) > 1:
            yield Heading(2, f"1.{at}. {p.headed(survey)}")
        else:
            yield Paragraph(p.headed(survey) + ".")
        yield from _survey(p, survey, prefix, explain=survey is explained)


def _survey(p: Phrases, survey: SurveyFigures, prefix: str, *, explain: bool) -> Iterable[Block]:
    yield from _body(sentences.survey(p, survey, explain=explain))
    parts = _parts(p, survey, prefix) if any(question.n for question in survey.questions) else []
    for letter, (title, blocks) in zip(_LETTERS, parts, strict=False):
        yield Heading(3, p.say("head.part", letter=letter, text=title))
        yield from blocks


def _parts(p: Phrases, survey: SurveyFigures, prefix: str) -> list[tuple[str, list[Block]]]:
    """Title and blocks of the parts that this survey has figures for."""
    found: list[tuple[str, list[Block]]] = []
    question = survey.overall
    if question is not None:
        blocks = [
            *_body(sentences.overall(p, survey, question)),
            *_target(p),
            *_some(pictures.overall(p, survey, f"{prefix}overall"), cut_tables.served(p, survey)),
        ]
        found.append((p.say("head.overall"), blocks))
    if survey.factors:
        drawn = (pictures.scales(p, survey, f"{prefix}factors"), pictures.factors(p, survey, f"{prefix}target"))
        blocks = [Paragraph(sentences.factors(p, survey)), *_some(*drawn, tables.factors(p, survey))]
        found.append((p.say("head.factors"), blocks))
    table = tables.questions(p, survey)
    if table is not None:
        # A month has the table; whoever reads of a quarter or a year looks at the picture first.
        wide = None if p.figures.period.kind == "month" else pictures.questions(p, survey, f"{prefix}questions")
        found.append((p.say("head.questions"), [*_body([sentences.questions(p, survey)]), *_some(wide), table]))
    sampled = cut_tables.estimates(p, survey)
    if sampled is not None:
        found.append((p.say("head.estimates"), [sampled]))
    found += _other_parts(p, survey)
    if survey.cuts:
        cuts: list[Block] = [Paragraph(cut_tables.sentences(p, survey)), *cut_tables.tables(p, survey)]
        found.append((p.say("head.cuts"), cuts))
    if question is not None:
        found += [_villages(p, survey, prefix), _trend(p, survey, prefix)]
    return found


def _other_parts(p: Phrases, survey: SurveyFigures) -> list[tuple[str, list[Block]]]:
    blocks = [*_body(sentences.spoken(p, survey)), *_some(tables.others(p, survey), tables.ranks(p, survey))]
    return [(p.say("head.others"), blocks)] if blocks else []


def _villages(p: Phrases, survey: SurveyFigures, prefix: str) -> tuple[str, list[Block]]:
    span = p.figures.period
    short = p.within(village_period(parse(span.key, month=span.month)).short)
    blocks = [
        *_body(sentences.villages(p, survey.villages, short)),
        *_some(tables.villages(p, survey)),
        *pictures.villages(p, survey, f"{prefix}villages"),
    ]
    return p.say("head.villages", period=short), blocks


def _trend(p: Phrases, survey: SurveyFigures, prefix: str) -> tuple[str, list[Block]]:
    drawn = (
        pictures.trend(p, survey, f"{prefix}trend"),
        pictures.factor_trends(p, survey, f"{prefix}factortrends"),
    )
    return p.say("head.trend"), [Paragraph(sentences.trend(p, survey.trend)), *_some(*drawn)]


def _target(p: Phrases) -> Iterable[Block]:
    target = p.figures.target
    if target is not None:
        yield Paragraph(p.say("target.line", value=p.share(target.value), source=target.source))


def _cases(p: Phrases) -> Iterable[Block]:
    cases = p.figures.cases
    told = [sentences.cases(p, cases, "cases"), *case_words.joined(p, cases)]
    first = [*told, *case_words.ended(p, cases), sentences.top_category(p, cases)]
    yield from _body([*first, *time_words.on_time(p), *case_words.official(p)])
    yield from _some(
        case_pictures.flow(p, cases, "cases"),
        case_pictures.days(p, cases),
        tables.kinds(p, cases),
        tables.categories(p, cases),
        tables.case_villages(p, cases),
        case_words.works_table(p, cases),
        case_pictures.on_time(p),
        time_words.times_table(p),
        time_words.overdue_table(p),
    )


def _dialogues(p: Phrases) -> Iterable[Block]:
    dialogues = p.figures.dialogues
    yield from _body(session_words.held(p))
    yield from _some(session_words.sessions_table(p))
    yield from _body([sentences.cases(p, dialogues, "dialogues"), *case_words.ended(p, dialogues)])
    table = tables.categories(p, dialogues, "table.dialogues")
    yield from _some(case_pictures.flow(p, dialogues, "dialogues"), table)


def _promises(p: Phrases) -> Iterable[Block]:
    said = kept_sentences.promises(p)
    if said:
        yield Heading(2, p.say("head.promises", number=5 if mood.there_is(p) else 4))
        yield from _body(said)
        yield from _some(tables.promises(p, "kind"), tables.promises(p, "category"))
