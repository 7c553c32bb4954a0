""" "Báo cáo kết quả thực hiện công tác dân vận chính quyền": a draft with the plan's own sections.

Sections with figures are written by the program, the rest by an officer; what still has to be written carries a mark
over the text of the period before, and a draft with a mark is never final.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from reports import case_words, mood, outlook, sentences, session_words, sheets, tables, time_words
from reports.composing import framed
from reports.document import Block, Document, Heading, Paragraph
from reports.figures import Figures
from reports.late import late_sentences
from reports.phrases import Phrases
from reports.plans import YEARLY, Plan, Section
from reports.texts import Texts, texts
from reports.written import NOTHING, Written


def drafted(figures: Figures, plan: Plan) -> bool:
    """Whether a report on these figures has such a draft: where plans ask for one, and this one says how."""
    return figures.period.kind in YEARLY and bool(plan.outline)


def compose_danvan(
    figures: Figures, plan: Plan, written: Written = NOTHING, before: Written = NOTHING, wording: Texts | None = None
) -> Document:
    """The draft on the figures' period. `before` is what was written for the period before it."""
    p = Phrases(figures, wording or texts())
    annexes = sheets.annexes(p, plan, written)
    draft = _Draft(p, written, before, tuple(one.title for one in annexes))
    framed_draft = framed(p, plan, p.say("danvan.about"), draft.blocks(plan), written=written)
    return replace(framed_draft, annexes=annexes)


def marks(document: Document) -> list[str]:
    """What an officer still has to write; a report with any of these cannot be approved."""
    said = [block.text for block in document.blocks if isinstance(block, Paragraph) and block.style == "mark"]
    return [*said, *sheets.marks(document)]


class _Draft:
    """The parts of one draft, with what was written into it and into the one before."""

    def __init__(self, p: Phrases, written: Written, before: Written, annexes: tuple[str, ...]) -> None:
        self.p = p
        self.annexes = annexes
        self.written = written
        self.before = before
        self.apart = False
        """Whether receptions have a section of their own."""
        self.told: dict[str, int] = {}
        """In which section figures stand already."""

    def blocks(self, plan: Plan) -> Iterable[Block]:
        p = self.p
        commune, period = p.figures.commune, p.figures.period.title
        yield Paragraph(p.say("danvan.opening", commune=commune, period=period))
        yield Heading(1, p.say("head.general"))
        yield from _body([*sentences.general(p), *late_sentences(p)])
        yield from self._own("general", p.say("danvan.add.general"))
        yield Heading(1, p.say("danvan.head.results"))
        self.apart = any("receptions" in section.fills for section in plan.outline)
        for number, section in enumerate(plan.outline, start=1):
            yield Heading(2, f"{number}. {section.heading}")
            yield from self._section(number, section)
        yield Heading(1, p.say("head.limits"))
        yield from _body(outlook.limits(p))
        yield from self._own("limits", p.say("add.limits"))
        yield Heading(1, p.say("head.next"))
        yield from _body(outlook.directions(p))
        yield from self._own("next", p.say("add.next"))
        yield from self._own("ask", p.say("add.ask"))
        if self.annexes:
            yield Paragraph(p.say("sheet.attached", names=p.say("sheet.and").join(self.annexes)))
        yield Paragraph(p.say("danvan.closing", commune=commune, period=period))

    def _section(self, number: int, section: Section) -> Iterable[Block]:
        for what in section.fills:
            if what in self.told:
                yield Paragraph(self.p.say(f"danvan.above.{what}", number=self.told[what]))
            else:
                self.told[what] = number
                yield from self._filled(what)
        if section.add or not section.fills:
            yield from self._own(f"section.{number}", section.add or section.heading)

    def _filled(self, what: str) -> Iterable[Block]:
        p, figures = self.p, self.p.figures
        if what == "surveys":
            yield from _body(_surveys(p) or [p.say("survey.none")])
        elif what == "cases":
            told = [sentences.cases(p, figures.cases, "cases"), *case_words.joined(p, figures.cases)]
            said = [*told, *case_words.ended(p, figures.cases)]
            yield from _body([*said, sentences.top_category(p, figures.cases), *time_words.on_time(p, listed=False)])
            table = tables.categories(p, figures.cases)
            if table is not None:
                yield table
        elif what == "conduct":
            yield from _body([case_words.conduct(p, figures.cases)])
        elif what == "receptions":
            yield from _body([" ".join(session_words.receptions(p))])
        elif what == "dialogues":
            held = session_words.held(p, with_receptions=not self.apart)
            yield from _body([*held, sentences.cases(p, figures.dialogues, "dialogues")])
            table = session_words.sessions_table(p)
            if table is not None:
                yield table
        else:
            yield from mood.mood_blocks(p)
            yield from self._own("mood", p.say("danvan.add.mood"))

    def _own(self, place: str, what: str) -> Iterable[Block]:
        words = self.written.words.get(place, "").strip()
        if words:
            yield from _body(words.splitlines())
            return
        yield Paragraph(self.p.say("doc.add", what=what), "mark", place)
        yield from (Paragraph(line, "words") for line in self.before.words.get(place, "").splitlines() if line.strip())


def _surveys(p: Phrases) -> list[str]:
    """A paragraph for each survey: how many answered and what they said of the whole; what that may claim, once."""
    found, asked = [], [survey for survey in p.figures.surveys if survey.responses]
    alike = len(asked) > 1 and {survey.kind for survey in asked} == {"open"}
    for survey in asked:
        said = [*sentences.survey(p, survey, brief=True), *(() if alike else (sentences.wave(p, survey),))]
        overall = sentences.overall(p, survey, survey.overall) if survey.overall is not None else []
        found.append(" ".join((f"{p.headed(survey)}.", *(text for text in (*said, *overall) if text))))
    return [*found, p.say("wave.open.many", whole=p.whole)] if alike else found


def _body(found: Iterable[str]) -> Iterable[Block]:
    return (Paragraph(text) for text in found if text.strip())
