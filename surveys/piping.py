"""An earlier answer shown inside a text: "${ten}" in a question, its hint, a choice.

A survey is stored with "…" where an answer stands, and beside it (`Survey.inserted`) the text as it was written: so
every page, report and printed form that shows a survey shows "…", and only who puts a question to a person fills it.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from surveys.definition import Answer, Choice, Question, Survey
from surveys.options import label
from surveys.walking import settled

GAP = "…"
"""What stands for an answer where there is none, and wherever a survey is shown to others."""
MOST = 10
"""Answers in one text."""
LONGEST = 80
"""Characters shown of one answer."""
KEYS = ("text", "hint", "not_applicable", "constraint_message", "section", "stem")
_INSERTED = re.compile(r"\$\{\s*([^{}]*?)\s*\}")

Texts = dict[str, dict[str, str]]
Change = Callable[[str, str], str]
"""(place, text) as another text, or the same."""


def named(text: str) -> list[str]:
    """What a text names between "${" and "}", in order."""
    return _INSERTED.findall(text) if "${" in text else []


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with other names between "${" and "}"; one that is not in `names` stays."""
    return _INSERTED.sub(lambda found: f"${{{names.get(found[1], found[1])}}}", text)


def set_apart(survey: Survey) -> Survey:
    """The survey as it is stored, of one whose texts hold "${id}"; itself where none does."""
    inserted: Texts = {}

    def hushed(tag: str, place: str, text: str) -> str:
        if not named(text):
            return text
        inserted.setdefault(tag, {})[place] = renamed(text, {})  # one way of writing, without spaces in the braces
        return _INSERTED.sub(GAP, text)

    questions = tuple(_with_texts(one, lambda place, text: hushed(survey.language, place, text))
                      for one in survey.questions)  # fmt: skip
    translations = {
        tag: {
            place: hushed(tag, place, text) if place.startswith("questions.") else text for place, text in texts.items()
        }
        for tag, texts in survey.translations.items()
    }
    if not inserted:
        return survey
    return msgspec.structs.replace(survey, questions=questions, translations=translations, inserted=inserted)


def put_back(survey: Survey) -> Survey:
    """The survey as an author writes it: the inverse of `set_apart`."""
    if not survey.inserted:
        return survey
    own = survey.inserted.get(survey.language, {})
    return msgspec.structs.replace(
        survey,
        questions=tuple(_with_texts(one, own.get) for one in survey.questions),
        translations={tag: texts | survey.inserted.get(tag, {}) for tag, texts in survey.translations.items()},
        inserted={},
    )


def filled(
    survey: Survey, questions: Iterable[Question], answers: Mapping[str, Answer], language: str, today: str = ""
) -> list[Question]:
    """The questions with what this person answered so far in their texts, "…" where nothing was answered.

    `survey` is in `language` (`surveys.languages.localised`), and so are the labels of the answers.
    """
    if not survey.inserted:
        return list(questions)
    texts = survey.inserted.get(language, {})
    own = {} if language == survey.language else survey.inserted.get(survey.language, {})
    said = survey.translations.get(language, {})
    known = {question.id: question for question in survey.questions}
    values = settled(survey, answers, today)

    def shown(id: str) -> str:
        answer = values.get(id)
        return GAP if answer is None or id not in known else _short(label(known[id], answer, language))

    def fill(place: str, text: str) -> str:
        # A text that the language lacks is shown in the survey's own, with the answers of that.
        written = texts.get(place) or ("" if said.get(place) else own.get(place, ""))
        return _INSERTED.sub(lambda found: shown(found[1]), written) if written else text

    return [_with_texts(question, fill) for question in questions]


def _with_texts(question: Question, change: Change) -> Question:
    front = f"questions.{question.id}."
    changed = {
        key: new for key in KEYS if (old := getattr(question, key)) and (new := change(front + key, old)) is not old
    }
    choices = tuple(_with_text(one, change(f"{front}choices.{one.id}", one.text)) for one in question.choices)
    if not changed and all(new is old for new, old in zip(choices, question.choices, strict=True)):
        return question
    return msgspec.structs.replace(question, **changed, choices=choices)


def _with_text(choice: Choice, text: str) -> Choice:
    return choice if text is choice.text else msgspec.structs.replace(choice, text=text)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + GAP
