"""The survey that is open in one step: read once, in the person's language, with the walk of surveys/ over it."""

from dataclasses import dataclass, field

from bot.conversation.context import Context
from bot.conversation.state import Answering
from surveys import walking
from surveys.definition import TELLING, Answer, Kind, Question, Survey
from surveys.languages import best_language, localised
from surveys.piping import filled


@dataclass(slots=True)
class Sheet:
    """`survey` is in `language`: the person's, else the survey's own where it is not written in that."""

    ctx: Context
    doing: Answering
    survey: Survey
    language: str
    _shown: list[Question] | None = field(default=None)

    @property
    def shown(self) -> list[Question]:
        """The questions of this survey that are shown with the answers so far, notes included."""
        if self._shown is None:
            self._shown = self._filled(walking.shown(self.survey, self.doing.answers, today=self.ctx.today))
        return self._shown

    def _filled(self, questions: list[Question]) -> list[Question]:
        """With what was answered so far where their texts show it."""
        return filled(self.survey, questions, self.doing.answers, self.language, self.ctx.today)

    def question(self, id: str) -> Question:
        """A question with the choices that are offered with the answers so far."""
        offered = walking.offered(self.survey, self.survey.question(id), self.doing.answers, today=self.ctx.today)
        return self._filled([offered])[0]

    def accepts(self, question: Question, answer: Answer) -> bool:
        """Whether the question's own constraint takes the answer."""
        if not question.constraint:
            return True
        return walking.accepts(self.survey, question, answer, self.doing.answers, today=self.ctx.today)

    def keep(self, id: str, answer: Answer) -> None:
        """Keep an answer; what an earlier answer no longer allows goes."""
        doing = self.doing
        doing.answers[id] = answer
        doing.wordy = doing.wordy or self.survey.question(id).kind is Kind.TEXT
        shown, doing.answers = walking.pruned(self.survey, doing.answers, today=self.ctx.today)
        self._shown = self._filled(shown)
        doing.tries, doing.picked, doing.media, doing.doubted = 0, [], "", ""

    def forget(self, *ids: str) -> None:
        """Take answers back, so that they are asked for again."""
        self.doing.answers = {id: answer for id, answer in self.doing.answers.items() if id not in ids}
        self._shown = None

    def ahead(self) -> tuple[list[Question], Question | None]:
        """The notes on the way and the first question that was not asked yet; None at the end."""
        notes: list[Question] = []
        for question in self.shown:
            if question.kind is Kind.NOTE:
                notes.append(question)
            elif question.id in self.doing.answers:
                notes.clear()
            else:
                return notes, question
        return notes, None

    def before(self, id: str) -> Question | None:
        """The question that was answered before this one; before "" the last of all."""
        earlier: Question | None = None
        for question in self.shown:
            if question.id == id:
                break
            if question.kind is not Kind.NOTE and question.id in self.doing.answers:
                earlier = question
        return earlier

    def progress(self, id: str) -> tuple[int, int]:
        """Which question of how many; the words behind "Khác (ghi rõ)" belong to the question before them."""
        number = total = 0
        for question in self.shown:
            if question.kind is not Kind.NOTE and not question.other_of:
                total += 1
            if question.id == id:
                number = total
        return number, total

    def numbered(self, number: int) -> Question | None:
        """The question that was shown as "Câu 2/9" and has its answer; None where there is none."""
        return next((one for one in self.given() if not one.other_of and self.progress(one.id)[0] == number), None)

    def opens_section(self, id: str) -> bool:
        """Whether the question is the first shown one of its section."""
        section = ""
        for question in self.shown:
            if question.id == id:
                return question.section != section
            section = question.section
        return False

    def given(self) -> list[Question]:
        """The questions that the person has answered or skipped, in their order."""
        return [question for question in self.shown if question.id in self.doing.answers]

    def telling(self) -> list[str]:
        """Which kinds of answers were given that tell who gave them: photo, voice, place."""
        answers = self.doing.answers
        return [str(question.kind) for question in self.given() if question.kind in TELLING and answers[question.id]]

    def settled(self) -> dict[str, Answer]:
        """What is handed in."""
        return dict(walking.settled(self.survey, self.doing.answers, today=self.ctx.today))


def open_sheet(ctx: Context, doing: Answering) -> Sheet:
    """The survey of an answering, as it is shown to this person."""
    survey = ctx.desk.survey(doing.version)
    if not survey.translations:
        return Sheet(ctx, doing, survey, survey.language)
    return Sheet(ctx, doing, localised(survey, ctx.language), best_language(survey, ctx.language))
