"""How far a survey reaches beyond those who answered, in words: the sample, its intervals, change, and the một cửa's N.

Of an open wave nothing is said here but of how many served those who answered are: an interval is for samples alone.
"""

from reports.phrases import Phrases
from reports.sample_figures import ChangeFigures, SampleFigures
from reports.served_figures import ServedFigures
from reports.survey_figures import QuestionFigures, SurveyFigures
from vietnam.numbers import number_vi


def reach(p: Phrases, survey: SurveyFigures) -> str:
    """N and the response rate, or why there is none; "" where nothing is known of either."""
    found = [_sample(p, survey.sample) if survey.sample is not None else ""]
    if survey.served is not None:
        found.append(_served(p, survey.served))
    return " ".join(text for text in found if text)


def _sample(p: Phrases, sample: SampleFigures) -> str:
    drawn = ""
    if sample.rate is not None:
        drawn = p.say(
            "sample.rate",
            size=p.count(sample.size),
            invited=p.count(sample.invited),
            n=p.count(sample.answered),
            rate=p.share(sample.rate),
        )
    if sample.why:
        return p.say(f"sample.why.{sample.why}")
    key = "sample.weighted" if sample.weighted else f"sample.unweighted.{sample.unweighted}"
    return f"{drawn} {p.say(key)}".strip()


def _served(p: Phrases, served: ServedFigures) -> str:
    if served.rate is None:
        months = ", ".join(p.say("served.month", month=int(one[5:]), year=one[:4]) for one in served.missing)
        size = p.count(served.size or 0)
        return p.say(f"served.{served.why}", months=months, size=size, n=p.count(served.answered))
    return p.say("served.rate", size=p.count(served.size or 0), n=p.count(served.answered), rate=p.share(served.rate))


def overall(p: Phrases, survey: SurveyFigures, question: QuestionFigures) -> str:
    """What the sample says of the whole list; "" of an open wave, or where it says nothing."""
    sample, found = survey.sample, question.estimate
    if sample is None or found is None:
        return ""
    if found.low is None or found.high is None:
        return p.say("sample.alike")
    if found.low == found.high and sample.answered == sample.size:
        return p.say("sample.whole", size=p.count(sample.size))
    return p.say(
        "sample.interval",
        size=p.count(sample.size),
        value=p.share(found.value),
        low=p.share(found.low),
        high=p.share(found.high),
    )


def compared(p: Phrases, survey: SurveyFigures) -> str:
    """What may be said of the difference against the period before."""
    if survey.kind != "invited":
        return p.say("compare.open")
    if survey.change is None:
        return p.say("compare.unsure")
    return _changed(p, survey.change)


def _changed(p: Phrases, change: ChangeFigures) -> str:
    bounds = {name: number_vi(getattr(change, name) * 100, 1) for name in ("difference", "low", "high")}
    return p.say(f"change.{change.statement}", **bounds)
