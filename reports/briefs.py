"""A report in a few lines for a chat among officers: marked "để biết", never in the place of the paper."""

from reports import sentences, time_words
from reports.figures import Figures
from reports.phrases import Phrases
from reports.survey_figures import SurveyFigures
from reports.texts import Texts, texts


def brief(figures: Figures, *, name: str = "", number: str = "", issued: str = "", wording: Texts | None = None) -> str:
    """Plain text. `name` is what a plan calls the report; `number` and `issued` (a day as it is written) of the paper.

    It holds nothing that the report does not: what is withheld there is withheld here.
    """
    p = Phrases(figures, wording or texts())
    period = figures.period
    lines = [
        p.say("brief.mark"),
        p.say("brief.sample") if figures.sample else "",
        p.say("brief.about", name=name or p.say("doc.about"), period=period.title, commune=figures.commune),
        p.say("doc.dates", first=p.day(period.first), last=p.day(figures.until)),
        *sentences.general(p)[:-1],
        *(" ".join((f"{p.headed(one)}.", *_said(p, one))) for one in figures.surveys),
        *time_words.on_time(p),
        p.say("brief.issued", number=number, day=issued) if number and issued else p.say("brief.draft"),
    ]
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _said(p: Phrases, survey: SurveyFigures) -> list[str]:
    overall = sentences.overall(p, survey, survey.overall) if survey.overall is not None else []
    # How many answered, and what that may claim, before what they said.
    return [text for text in (*sentences.survey(p, survey, explain=False)[:1], *overall) if text]
