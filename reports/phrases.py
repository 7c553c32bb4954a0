"""Small words of a report: shares, counts, dates and names, written the same way wherever they stand."""

from datetime import date

from reports.figures import Figures
from reports.survey_figures import Hidden, QuestionFigures, SurveyFigures
from reports.texts import Texts
from vietnam.numbers import date_vi, number_vi, percent_vi


class Phrases:
    """What every sentence and table of one report needs: the wording and how numbers are written."""

    def __init__(self, figures: Figures, texts: Texts) -> None:
        self.figures = figures
        self.texts = texts
        self.word, self.place = split_name(figures.commune, texts)
        self.whole = self.say("doc.whole", word=self.word)

    def say(self, key: str, **params: object) -> str:
        """A text of the catalogue."""
        return self.texts.say(key, **params)

    def share(self, value: float | None) -> str:
        """ "84,2%", or a dash where there is none."""
        return percent_vi(value) if value is not None else self.say("none")

    @staticmethod
    def count(n: float) -> str:
        """ "1.234"."""
        return number_vi(n)

    def shown(self, n: int | None) -> str:
        """A count, or the mark of one that is withheld."""
        return self.say("withheld") if n is None else self.count(n)

    def shown_share(self, value: float | None) -> str:
        """A share, or the mark of one that is withheld."""
        return self.say("withheld") if value is None else self.share(value)

    @staticmethod
    def decimal(value: float) -> str:
        """ "3" for what is whole, otherwise one decimal: "3,5"."""
        return number_vi(value, 0 if value == int(value) else 1)

    @staticmethod
    def day(day: date) -> str:
        """ "31/10/2026"."""
        return date_vi(day)

    def before(self, n: int) -> str:
        """ " (kỳ trước: 5)" as it follows a count; "" for a 0 of before anything was kept, which would be no count."""
        return f" {self.say('before.count', n=self.count(n))}" if n or self._something_before() else ""

    def _something_before(self) -> bool:
        figures, begin = self.figures, self.figures.period.first.strftime("%Y-%m")
        times, sessions = figures.times, figures.sessions
        counts = [times.answered_before, figures.promises.missed_before, sessions.promises.older]
        counts += [sessions.dialogues_before, sessions.receptions_before]
        counts += [survey.responses_before for survey in figures.surveys]
        for cases in (figures.cases, figures.dialogues):
            counts += [cases.carried, cases.received_before, cases.answered_before, cases.solved_before]
            counts += [month.received + month.answered for month in cases.months if month.period < begin]
        return any(counts)

    def hidden(self, why: Hidden) -> str:
        """In a table: why a number is not there."""
        return self.say("hidden.cell" if why == "small" else "hidden.cell.linked")

    def index(self, survey: SurveyFigures) -> str:
        """ "Tỷ lệ hài lòng" or "Chỉ số hài lòng"."""
        return self.say(f"index.{survey.index}")

    def title(self, survey: SurveyFigures) -> str:
        """The title of a survey; what a random sample answered is told apart from what anybody could."""
        return self.say("survey.title.invited", title=survey.title) if survey.kind == "invited" else survey.title

    def headed(self, survey: SurveyFigures) -> str:
        """The title of a survey with the number of its version, as it stands over its figures."""
        key = "head.survey.invited" if survey.kind == "invited" else "head.survey"
        return self.say(key, title=survey.title, number=survey.number)

    def asked(self, question: QuestionFigures) -> str:
        """A question as it is understood alone: an item of a matrix with what stands above it."""
        if not question.stem:
            return question.text
        key = "question.item.colon" if question.stem.endswith(":") else "question.item"
        return self.say(key, stem=question.stem, item=question.text)

    def named(self, group: str, id: str) -> str:
        """The name of a channel, kind or field; its id where the catalogue does not know it."""
        key = f"{group}.{id}"
        return self.say(key) if key in self.texts else id

    @staticmethod
    def within(title: str) -> str:
        """A title as it stands amid a sentence or a caption: "năm 2026"."""
        return title[:1].lower() + title[1:]

    def shorter(self, text: str, limit: int = 60) -> str:
        """A text cut at a word, with an ellipsis."""
        if len(text) <= limit:
            return text
        return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def split_name(name: str, texts: Texts) -> tuple[str, str]:
    """("xã", "Vạn Linh") of "xã Vạn Linh"."""
    for word in texts.say("doc.unit_words").split("|"):
        if name.casefold().startswith(f"{word} "):
            return word, name[len(word) + 1 :]
    first, _, rest = name.partition(" ")
    return (first, rest) if rest else ("", name)
