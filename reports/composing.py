"""From figures to the document: which heading, sentence, table and picture stands where."""

from collections.abc import Iterable

from msgspec.structs import replace

from reports import outlook, pictures, sentences, tables
from reports.document import Block, Chart, Document, Heading, Paragraph, Table
from reports.figures import Figures
from reports.periods import parse, village_period
from reports.phrases import Phrases
from reports.plans import Plan
from reports.survey_figures import SurveyFigures
from reports.texts import Texts, texts
from surveys.statistics import MINIMUM

# As Vietnamese documents count: đ after d, no f.
_LETTERS = "abcdđeghik"


def compose(figures: Figures, plan: Plan, wording: Texts | None = None) -> Document:
    """The whole report. Deterministic: the same figures and plan make the same document."""
    p = Phrases(figures, wording or texts())
    profile, period = plan.profile, figures.period.title
    about = (p.say("doc.about"), period)
    return Document(
        title=" ".join((p.say("doc.name"), *about)),
        subject=p.say("doc.subject", commune=figures.commune, province=figures.province),
        nation=p.say("doc.nation"),
        motto=p.say("doc.motto"),
        issuer=(p.say("doc.issuer"), figures.commune.upper()),
        number=p.say("doc.number", mark=profile.mark),
        place_date=p.say("doc.place_date", place=p.place, year=figures.made_on.year),
        name=p.say("doc.name"),
        about=about,
        dates=p.say("doc.dates", first=p.day(figures.period.first), last=p.day(figures.until)),
        sample=p.say("doc.sample") if figures.sample else "",
        sample_note=p.say("doc.sample.note") if figures.sample else "",
        to_head=p.say("doc.to.many") if len(profile.addressed) > 1 else p.say("doc.to", to=profile.addressed[0]),
        to=profile.addressed,
        bases=tuple(basis.report for basis in plan.bases if basis.report),
        blocks=tuple(_numbered(p, _blocks(p))),
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


def _blocks(p: Phrases) -> Iterable[Block]:
    yield Paragraph(p.say("doc.opening", commune=p.figures.commune, period=p.figures.period.title))
    yield Heading(1, p.say("head.general"))
    yield from _body(sentences.general(p))
    yield _mark(p, "general")
    yield Heading(1, p.say("head.results"))
    yield Heading(2, p.say("head.surveys"))
    yield from _surveys(p)
    yield Heading(2, p.say("head.cases"))
    yield from _cases(p)
    yield Heading(2, p.say("head.dialogues"))
    yield from _dialogues(p)
    yield Heading(1, p.say("head.limits"))
    yield from _body(outlook.limits(p))
    yield _mark(p, "limits")
    yield Heading(1, p.say("head.next"))
    yield from _body(outlook.directions(p))
    yield _mark(p, "next")
    yield _mark(p, "ask")
    yield Paragraph(p.say("doc.closing", commune=p.figures.commune, period=p.figures.period.title))


def _body(texts: Iterable[str]) -> Iterable[Block]:
    return (Paragraph(text) for text in texts if text)


def _mark(p: Phrases, what: str) -> Paragraph:
    return Paragraph(p.say("doc.add", what=p.say(f"add.{what}")), "mark")


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
            *_some(pictures.overall(p, survey, f"{prefix}overall")),
        ]
        found.append((p.say("head.overall"), blocks))
    if survey.factors:
        picture = pictures.factors(p, survey, f"{prefix}factors")
        blocks = [Paragraph(sentences.factors(p, survey)), *_some(picture, tables.factors(p, survey))]
        found.append((p.say("head.factors"), blocks))
    table = tables.questions(p, survey)
    if table is not None:
        found.append((p.say("head.questions"), [*_body([sentences.questions(p, survey)]), table]))
    found += _other_parts(p, survey)
    if question is not None:
        found += [_villages(p, survey, prefix), _trend(p, survey, prefix)]
    return found


def _other_parts(p: Phrases, survey: SurveyFigures) -> list[tuple[str, list[Block]]]:
    blocks = [*_body(sentences.spoken(p, survey)), *_some(tables.others(p, survey), tables.ranks(p, survey))]
    return [(p.say("head.others"), blocks)] if blocks else []


def _villages(p: Phrases, survey: SurveyFigures, prefix: str) -> tuple[str, list[Block]]:
    span = p.figures.period
    short = village_period(parse(span.key, month=span.month)).short
    blocks = [
        *_body(sentences.villages(p, survey.villages, short)),
        *_some(tables.villages(p, survey), pictures.villages(p, survey, f"{prefix}villages")),
    ]
    return p.say("head.villages", period=short), blocks


def _trend(p: Phrases, survey: SurveyFigures, prefix: str) -> tuple[str, list[Block]]:
    picture = pictures.trend(p, survey, f"{prefix}trend")
    return p.say("head.trend"), [Paragraph(sentences.trend(p, survey.trend)), *_some(picture)]


def _target(p: Phrases) -> Iterable[Block]:
    target = p.figures.target
    if target is not None:
        yield Paragraph(p.say("target.line", value=p.share(target.value), source=target.source))


def _cases(p: Phrases) -> Iterable[Block]:
    cases = p.figures.cases
    yield from _body([sentences.cases(p, cases, "cases"), sentences.top_category(p, cases)])
    yield from _some(
        pictures.cases(p, cases, "cases"),
        tables.kinds(p, cases),
        tables.categories(p, cases),
        tables.case_villages(p, cases),
    )


def _dialogues(p: Phrases) -> Iterable[Block]:
    dialogues = p.figures.dialogues
    yield Paragraph(sentences.cases(p, dialogues, "dialogues"))
    table = tables.categories(p, dialogues, "table.dialogues")
    yield from _some(pictures.cases(p, dialogues, "dialogues"), table)
