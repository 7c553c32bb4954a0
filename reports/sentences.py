"""Sentences made from figures by rule. None says more than who answered: no sentence speaks for those who did not."""

from reports import sample_sentences
from reports.case_figures import CaseFigures
from reports.figures import Span
from reports.phrases import Phrases
from reports.question_counting import together
from reports.source import NO_FIELD
from reports.survey_figures import FactorFigures, QuestionFigures, SurveyFigures, TrendPoint, VillageCut
from surveys.statistics import MINIMUM

FEW = 30
"""Under this many answers a share is only for orientation."""


def general(p: Phrases) -> list[str]:
    """Section I: what was asked and brought, and what is not counted here."""
    figures = p.figures
    found = [_general_surveys(p), _general_cases(p)]
    if figures.dialogues.received:
        found.append(p.say("general.dialogues", received=p.count(figures.dialogues.received)))
    else:
        found.append(p.say("general.dialogues.zero"))
    paragraphs = [" ".join(found)]
    if figures.cut_off is not None and figures.issue_by is not None and figures.until == figures.cut_off:
        days = {"last": figures.cut_off, "issue_by": figures.issue_by, "end": figures.period.last}
        paragraphs.append(p.say("general.cut_off", **{name: p.day(day) for name, day in days.items()}))
    elif figures.until < figures.period.last:
        paragraphs.append(p.say("general.partial", last=p.day(figures.until)))
    paragraphs.append(p.say("general.not_counted"))
    return paragraphs


def _general_surveys(p: Phrases) -> str:
    answered = [survey for survey in p.figures.surveys if survey.responses]
    n = sum(survey.responses for survey in answered)
    key = "general.surveys.zero" if not n else "general.surveys" if len(answered) == 1 else "general.surveys.many"
    return p.say(key, commune=p.figures.commune, n=p.count(n), count=len(answered))


def _general_cases(p: Phrases) -> str:
    cases = p.figures.cases
    if not cases.received and not cases.carried:
        return p.say("general.cases.zero")
    key = "general.cases.only_carried" if not cases.received else "general.cases"
    if cases.received and cases.carried:
        key = "general.cases.carried"
    # A sentence begins with it.
    place = p.figures.commune[:1].upper() + p.figures.commune[1:]
    return p.say(
        key,
        Place=place,
        received=p.count(cases.received),
        carried=p.count(cases.carried),
        answered=p.count(cases.answered),
        open=p.count(cases.open),
        last=p.day(p.figures.until),
    )


def survey(p: Phrases, survey: SurveyFigures, *, explain: bool = True, brief: bool = False) -> list[str]:
    """How many answered, by which way, how far it may be taken, and with `explain` what the index is.

    `brief`: how many alone, where `wave` is said once for several surveys.
    """
    if not survey.responses:
        return [p.say("survey.none")]
    if survey.responses < MINIMUM:
        few = p.say("survey.few", n=p.count(survey.responses))
        return [few] if brief else [few, wave(p, survey)]
    channels = "; ".join(
        p.say("survey.channel", n=p.count(channel.n), channel=p.named("channel", channel.id or "other"))
        for channel in survey.channels
    )
    key = "survey.responses.before" if survey.responses_before else "survey.responses"
    first = p.say(
        key,
        n=p.count(survey.responses),
        channels=channels,
        before=p.figures.before.title,
        n_before=p.count(survey.responses_before),
    )
    if survey.responses < FEW:
        first += " " + p.say("survey.small")
    if brief:
        return _some(first, sample_sentences.reach(p, survey))
    written = p.say("survey.source", source=survey.source) if survey.source else ""
    about = " ".join(part for part in (written, survey.note) if part)
    how = p.say(f"index.{survey.index}.how") if explain else ""
    return [f"{first} {wave(p, survey)}", *_some(sample_sentences.reach(p, survey), how), about]


def _some(*texts: str) -> list[str]:
    return [text for text in texts if text]


def wave(p: Phrases, survey: SurveyFigures) -> str:
    """What an open or an invited wave may claim."""
    return p.say(f"wave.{'invited' if survey.kind == 'invited' else 'open'}", whole=p.whole)


def overall(p: Phrases, survey: SurveyFigures, question: QuestionFigures) -> list[str]:
    """The overall question, and the period before."""
    if question.n is None or question.index is None:
        return [p.say("survey.no_overall")]
    low, neutral = (together(question, levels, survey.index) for levels in ((0, 1), (2,)))
    found = [
        p.say(
            _overall_key(survey, question, low, neutral),
            question=p.asked(question),
            n=p.count(question.n),
            share=p.share(question.index),
            neutral=p.share((neutral or 0) / question.n),
            low=p.share((low or 0) / question.n),
        )
    ]
    # What is withheld of these is not spoken of, as what nobody chose is not.
    aside = "".join(
        f".{name}" for name in ("no_opinion", "not_applicable") if getattr(question, name) and not _both(question)
    )
    if question.no_opinion or question.not_applicable:
        params = {name: p.count(getattr(question, name) or 0) for name in ("no_opinion", "not_applicable")}
        found.append(p.say(f"overall.aside{aside}", **params))
    sentences = [" ".join(found), sample_sentences.overall(p, survey, question)]
    if question.before is not None and question.before.index is not None:
        sentences.append(_compared(p, survey, question.index, question.before.index, question.before.n))
    return [text for text in sentences if text]


def _both(question: QuestionFigures) -> bool:
    return bool(question.no_opinion and question.not_applicable)


def _overall_key(survey: SurveyFigures, question: QuestionFigures, low: int | None, neutral: int | None) -> str:
    if survey.index != "top2":
        return "overall.mean"
    if question.index == 1:
        return "overall.top2.all"
    if not question.index:
        return "overall.top2.neutral" if neutral == question.n else "overall.top2.nobody"
    if low is None or neutral is None:
        return "overall.top2.withheld"
    return "overall.top2" if low else "overall.top2.no_low"


def _compared(p: Phrases, survey: SurveyFigures, now: float, before: float, n: int) -> str:
    # From the printed shares: a reader who subtracts them finds the same number.
    points = round(now * 100, 1) - round(before * 100, 1)
    direction = "up" if points > 0 else "down" if points < 0 else "same"
    text = p.say(
        f"compare.{direction}",
        points=p.share(abs(points) / 100).removesuffix("%"),
        before=p.figures.before.title,
        share=p.share(before),
        n=p.count(n),
    )
    return f"{text} {sample_sentences.compared(p, survey)}"


def ranked(survey: SurveyFigures) -> list[FactorFigures]:
    """Factors that have an index, best first."""
    return sorted((f for f in survey.factors if f.index is not None), key=lambda f: (-(f.index or 0), f.text))


def factors(p: Phrases, survey: SurveyFigures) -> str:
    """The factor rated best and the one rated worst."""
    order = ranked(survey)
    if not order:
        return p.say("factors.none")
    best, worst = order[0], order[-1]
    if len(order) == 1:
        return p.say("factors.one", factor=best.text, share=p.share(best.index))
    if p.share(best.index) == p.share(worst.index):
        return p.say("factors.same", share=p.share(best.index))
    return p.say(
        "factors.range",
        best=best.text,
        best_share=p.share(best.index),
        worst=worst.text,
        worst_share=p.share(worst.index),
    )


def questions(p: Phrases, survey: SurveyFigures) -> str:
    """The question rated worst, and how many are hidden; "" where there is nothing to say."""
    shown = [question for question in survey.likert() if question.index is not None]
    found = []
    if len(shown) > 1:
        worst = min(shown, key=lambda question: (question.index or 0, question.text))
        found.append(
            p.say("questions.worst", question=p.asked(worst), share=p.share(worst.index), n=p.count(worst.n or 0))
        )
    hidden = len([question for question in survey.questions if question.hidden])
    if hidden:
        found.append(p.say("questions.hidden", count=hidden))
    return " ".join(found)


def spoken(p: Phrases, survey: SurveyFigures) -> list[str]:
    """Questions without choices: how many answered, with the mean of what are numbers, and every NPS score."""
    return [text for question in survey.others() if question.n is not None and (text := _spoken(p, question))]


def _spoken(p: Phrases, question: QuestionFigures) -> str:
    params = {"question": p.asked(question), "n": p.count(question.n or 0)}
    if question.kind == "text" and not question.stem and not question.n:
        return p.say("questions.text.zero", **params)
    if not question.n:
        return ""
    if question.mean is not None:
        key = "questions.calculated" if question.kind == "calculated" else "questions.number"
        return p.say(key, mean=p.decimal(round(question.mean, 1)), **params)
    if question.nps is not None:
        return p.say("questions.nps", score=p.decimal(round(question.nps, 1)), **params)
    key = f"questions.{question.kind}"
    return p.say(key, **params) if key in p.texts else ""


def villages(p: Phrases, cut: VillageCut | None, period: Span | str) -> list[str]:
    """Which days the cut by village covers, and what it leaves out."""
    if cut is None:
        return [p.say("villages.none", period=period if isinstance(period, str) else period.title)]
    named = [row for row in cut.rows if row.name]
    shown = [row for row in named if row.n is not None]
    params = {"first": p.day(cut.first), "last": p.day(cut.last), "shown": len(shown), "count": len(named)}
    if not shown:
        return [p.say("villages.all_hidden", **params)]
    key = "villages.own" if cut.period == p.figures.period.key else "villages.shown"
    text = p.say(key, **params)
    return [f"{text} {p.say('villages.hidden')}" if len(shown) < len(named) else text]


def trend(p: Phrases, points: tuple[TrendPoint, ...]) -> str:
    """The lowest and the highest month."""
    known = [point for point in points if point.index is not None]
    if len(known) < 2:
        return p.say("trend.none")
    low, high = min(known, key=lambda point: point.index or 0), max(known, key=lambda point: point.index or 0)
    if p.share(low.index) == p.share(high.index):
        text = p.say("trend.flat", share=p.share(low.index))
    else:
        text = p.say(
            "trend.range",
            low=p.share(low.index),
            low_month=low.title,
            high=p.share(high.index),
            high_month=high.title,
        )
    return f"{text} {p.say('trend.note')}"


def cases(p: Phrases, cases: CaseFigures, group: str) -> str:
    """Received, answered, still open; `group` is "cases" or "dialogues"."""
    if not cases.received and not cases.carried and not cases.reopened:
        return p.say(f"{group}.zero")
    key = "received" if cases.received else "zero"
    if cases.carried:
        key += ".carried"
    params = {
        "received": p.count(cases.received),
        "before": p.before(cases.received_before),
        "carried": p.count(cases.carried),
    }
    again = p.say("cases.reopened", n=p.count(cases.reopened)) if cases.reopened else ""
    said = (p.say(f"{group}.{key}", **params), _answered(p, cases, group), again, _open(p, cases, group))
    return " ".join(part for part in said if part)


def _answered(p: Phrases, cases: CaseFigures, group: str) -> str:
    if not cases.answered or cases.median_days is None:
        return p.say(f"{group}.answered.zero")
    key = "answered" if cases.median_days else "answered.same_day"
    return p.say(f"{group}.{key}", answered=p.count(cases.answered), days=p.decimal(cases.median_days))


def _open(p: Phrases, cases: CaseFigures, group: str) -> str:
    key = "open.zero" if not cases.open else "open" if cases.oldest_days else "open.today"
    return p.say(
        f"{group}.{key}",
        last=p.day(p.figures.until),
        open=p.count(cases.open),
        days=p.count(cases.oldest_days or 0),
    )


def top_category(p: Phrases, cases: CaseFigures) -> str:
    """The field that most was brought about; "" where one does not stand out."""
    # What fits no field is no field: it says nothing of where the trouble is.
    rest = sum(row.received for row in cases.categories if row.id == NO_FIELD)
    named = [row for row in cases.categories if row.id != NO_FIELD]
    if not named or named[0].received < 2 or (len(named) > 1 and named[1].received == named[0].received):
        return ""
    n, received = p.count(named[0].received), p.count(cases.received)
    name = p.named("category", named[0].id).lower()
    if rest > named[0].received:
        return p.say("cases.top.rest", category=name, n=n, received=received, rest=p.count(rest))
    return p.say("cases.top", category=name, n=n, received=received)
