"""A survey in one of its languages: the same questions with their texts exchanged, and a list of what is missing."""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from surveys.definition import Choice, Question, Survey
from surveys.faults import Fault, Place
from surveys.wording import LABELS

_TEXTS = ("text", "hint", "not_applicable", "constraint_message", "section", "stem", "audio")


def best_language(survey: Survey, wanted: str) -> str:
    """The survey's language for a BCP-47 tag: itself, its base language, else the survey's own."""
    for tag in (wanted, wanted.split("-", 1)[0]):
        if tag in survey.languages:
            return tag
    return survey.language


@lru_cache(maxsize=256)
def _localised(survey: "_Held", language: str) -> Survey:
    return _exchange(survey.survey, survey.survey.translations.get(language, {}))


class _Held:
    """A survey as a key: the same object is the same survey (a frozen version is read once a process)."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    def __hash__(self) -> int:
        return id(self.survey)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.survey is self.survey


def localised(survey: Survey, language: str) -> Survey:
    """The survey with its texts in that language where it has them, else in its own; ids, order and logic stay."""
    tag = best_language(survey, language)
    return survey if tag == survey.language else _localised(_Held(survey), tag)


def _exchange(survey: Survey, texts: dict[str, str]) -> Survey:
    def said(place: str, own: str) -> str:
        return texts.get(place) or own

    def choice(question: Question, one: Choice) -> Choice:
        return msgspec.structs.replace(one, text=said(f"questions.{question.id}.choices.{one.id}", one.text))

    def exchanged(question: Question) -> Question:
        own = {key: said(f"questions.{question.id}.{key}", getattr(question, key)) for key in _TEXTS}
        return msgspec.structs.replace(
            question, **own, choices=tuple(choice(question, one) for one in question.choices)
        )

    return msgspec.structs.replace(
        survey,
        title=said("title", survey.title),
        intro=said("intro", survey.intro),
        thanks=said("thanks", survey.thanks),
        factors=tuple(
            msgspec.structs.replace(factor, text=said(f"factors.{factor.id}", factor.text)) for factor in survey.factors
        ),
        questions=tuple(exchanged(question) for question in survey.questions),
    )


def places(survey: Survey) -> Iterator[str]:
    """Every place of the survey that has a text in its own language, in the order of the file."""
    yield from (key for key in ("title", "intro", "thanks") if getattr(survey, key))
    yield from (f"factors.{factor.id}" for factor in survey.factors)
    for question in survey.questions:
        yield from (f"questions.{question.id}.{key}" for key in _TEXTS if getattr(question, key))
        yield from (f"questions.{question.id}.choices.{one.id}" for one in question.choices)


def missing(survey: Survey) -> list[tuple[str, str]]:
    """(language, place) of every text that a language of the survey lacks, language by language."""
    return [
        (tag, place)
        for tag in survey.languages[1:]
        for place in places(survey)
        if not survey.translations[tag].get(place)
    ]


def remarks(survey: Survey) -> list[Fault]:
    """What a survey lacks without being wrong: for every language, the questions that are said in the survey's own.

    One remark for each question and language, one for title, intro, thanks and factors, and one where the program
    itself has no labels of the scale in a language. They are worded by `surveys.faults.describe` like faults; questions
    are numbered as they stand in the survey.
    """
    number = {question.id: at for at, question in enumerate(survey.questions, start=1)}
    lacking: dict[tuple[str, str], int] = {}
    for tag, place in missing(survey):
        part, _, rest = place.partition(".")
        key = (tag, rest.partition(".")[0] if part == "questions" else "")
        lacking[key] = lacking.get(key, 0) + 1
    told = [
        Fault(
            "remark.language" if id else "remark.language.frame",
            Place(question=number[id], id=id) if id else Place(),
            {"language": tag, "count": str(count)},
        )
        for (tag, id), count in lacking.items()
    ]
    unlabelled = [tag for tag in survey.languages if tag not in LABELS and tag.split("-", 1)[0] not in LABELS]
    return told + [Fault("remark.labels", params={"language": tag}) for tag in unlabelled]
