"""A survey changed step by step while it is written: values in, values out; what is wrong with it `checked` tells.

A draft is a Survey that nobody has checked. What its file would write short is not in it: texts that show an earlier
answer stand as they are written ("${ten}"), and questions that ask for the words of "Khác" are made when it is read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from surveys.definition import Choice, Kind, Question, Survey
from surveys.faults import Fault, SurveyFaults
from surveys.piping import put_back
from surveys.reading import read_survey
from surveys.sheets.template_conditions import same_condition
from surveys.waves import Owner
from surveys.writing import write_survey
from vietnam.text import clean, fold_words

USUAL = (
    Kind.LIKERT5,
    Kind.SINGLE,
    Kind.MULTIPLE,
    Kind.YESNO,
    Kind.TEXT,
    Kind.NUMBER,
    Kind.NPS,
    Kind.DATE,
    Kind.RANK,
    Kind.NOTE,
)
"""Kinds that a question can be made of, or into, in the editor; others that a file brought stay as they are."""
WITH_CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANK})
BOUNDED = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.TEXT, Kind.MULTIPLE})
FRONT_ENDS = "_mt"
"""What the names of the Front's surveys end with, so that they are never those of the People's Committee."""
MOST_QUESTIONS = 200
MOST_CHOICES = 60
_ID = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 24
"""Signs that a survey file allows an id (`surveys.findings.ID`)."""

change = msgspec.structs.replace


def begun(survey: Survey) -> Survey:
    """A survey as a draft."""
    plain = put_back(survey)
    return change(plain, inserted={}, questions=tuple(one for one in plain.questions if not one.other_of))


def checked(draft: Survey) -> tuple[Survey | None, list[Fault], str]:
    """The survey of a draft, or what is wrong with it, question by question; and its file."""
    text = write_survey(draft)
    try:
        return read_survey(text.encode(), draft.id), [], text
    except SurveyFaults as fault:
        return None, fault.faults, text


def of_side(survey: Survey, side: Owner) -> Survey:
    """A survey as that side asks it: it says whose it is, and the Front's has a name of the Front's."""
    id = survey.id
    if side is Owner.FRONT and not id.endswith(FRONT_ENDS):
        id = id[: _LONGEST_ID - len(FRONT_ENDS)].rstrip("_") + FRONT_ENDS
    return change(survey, owner=side, id=id)


def id_of(text: str, taken: Sequence[str], plain: str) -> str:
    """A name in small letters made of a text, which no other has; `plain` where nothing is left of the text."""
    base = _ID.sub("_", fold_words(text)).strip("_") or plain
    base = (base if base[0].isalpha() else f"{plain}_{base}")[:_LONGEST_ID].strip("_")
    found, number = base, 2
    while found in taken:
        end = f"_{number}"
        found, number = base[: _LONGEST_ID - len(end)].rstrip("_") + end, number + 1
    return found


def ids(draft: Survey) -> list[str]:
    """Names that questions and grids of a draft have: no other may have one of them."""
    return [name for one in draft.questions for name in (one.id, one.matrix) if name]


def added(draft: Survey, kind: Kind) -> tuple[Survey, str]:
    """With another question at the end, and its id."""
    id = numbered(draft, "cau")
    return change(draft, questions=(*draft.questions, Question(id=id, kind=kind, text=""))), id


def numbered(draft: Survey, word: str) -> str:
    """A name that no question and no grid has: "cau_7"."""
    taken, number = ids(draft), len(draft.questions) + 1
    while f"{word}_{number}" in taken:
        number += 1
    return f"{word}_{number}"


def removed(draft: Survey, id: str) -> Survey:
    """Without a question, or without a grid."""
    return _placed(draft, [[one for one in block if id not in (one.id, one.matrix)] for block in _blocks(draft)])


def moved(draft: Survey, id: str, by: int) -> Survey:
    """A question one place up (-1) or down (1); the items of a matrix go together. At the ends nothing changes."""
    blocks = _blocks(draft)
    at = next(place for place, block in enumerate(blocks) if any(id in (one.id, one.matrix) for one in block))
    to = at + by
    if 0 <= to < len(blocks):
        blocks[at], blocks[to] = blocks[to], blocks[at]
    return _placed(draft, blocks)


def copied(draft: Survey, id: str) -> tuple[Survey, str]:
    """With a question, or a grid, once more behind itself, and the id of the copy; translations go with it."""
    blocks = _blocks(draft)
    at = next(place for place, block in enumerate(blocks) if any(id in (one.id, one.matrix) for one in block))
    taken = ids(draft)
    matrix = id_of(f"{id} 2", taken, "bang") if blocks[at][0].matrix else ""
    new = [id_of(f"{one.id} 2", [*taken, matrix], "cau") for one in blocks[at]]
    copies = [change(one, id=named, overall=False, matrix=matrix) for one, named in zip(blocks[at], new, strict=True)]
    spoken = draft.translations
    for one, copy in zip(blocks[at], copies, strict=True):
        spoken = {tag: texts | _renamed(texts, one.id, copy.id) for tag, texts in spoken.items()}
    placed = _placed(draft, [*blocks[: at + 1], copies, *blocks[at + 1 :]])
    return change(placed, translations=spoken), matrix or copies[0].id


def _renamed(texts: Mapping[str, str], id: str, new: str) -> dict[str, str]:
    head = f"questions.{id}."
    return {f"questions.{new}.{key.removeprefix(head)}": text for key, text in texts.items() if key.startswith(head)}


def _blocks(draft: Survey) -> list[list[Question]]:
    found: list[list[Question]] = []
    for question in draft.questions:
        if question.matrix and found and found[-1][-1].matrix == question.matrix:
            found[-1].append(question)
        else:
            found.append([question])
    return found


def _placed(draft: Survey, blocks: Sequence[Sequence[Question]]) -> Survey:
    questions = tuple(question for block in blocks for question in block)
    gone = {one.id for one in draft.questions} - {one.id for one in questions}
    spoken = {
        tag: {place: text for place, text in texts.items() if not _of_one(place, gone)}
        for tag, texts in draft.translations.items()
    }
    return change(draft, questions=questions, translations=spoken)


def _of_one(place: str, gone: set[str]) -> bool:
    head, _, rest = place.partition(".")
    return head == "questions" and rest.partition(".")[0] in gone


def put(draft: Survey, question: Question, spoken: Mapping[str, Mapping[str, str]]) -> Survey:
    """With a question in place of the one of its id. `spoken`: by language, its texts ("text", "choices.<id>")."""
    questions = tuple(question if one.id == question.id else one for one in draft.questions)
    head = f"questions.{question.id}."
    known = {choice.id for choice in question.choices}
    translations = {}
    for tag, texts in draft.translations.items():
        kept = {place: text for place, text in texts.items() if not _old_choice(place, head, known)}
        for key, text in spoken.get(tag, {}).items():
            kept.pop(head + key, None)
            if text:
                kept[head + key] = text
        translations[tag] = kept
    return change(draft, questions=questions, translations=translations)


def _old_choice(place: str, head: str, known: set[str]) -> bool:
    return place.startswith(f"{head}choices.") and place.removeprefix(f"{head}choices.") not in known


def choices_of(lines: str, before: Sequence[Choice]) -> tuple[Choice, ...]:
    """Choices from one a line; those whose words stayed, or whose place did among as many, keep their id.

    A line that ends in "(ghi rõ)" asks for words.
    """
    texts = [text for line in lines.splitlines() if (text := " ".join(clean(line)[0].split()))][:MOST_CHOICES]
    by_text = {choice.text: choice for choice in before}
    left = [choice for choice in before if choice.text not in texts]
    in_place = len(texts) == len(before)
    found: list[Choice] = []
    for at, text in enumerate(texts):
        old = by_text.pop(text, None)
        if old is None and in_place and before[at] in left:
            old = before[at]
        taken = [choice.id for choice in (*found, *before)]
        id = old.id if old else id_of(text, taken, "chon")
        base = old or Choice(id=id, text=text)
        other = base.other if old and old.text == text else fold_words(text).endswith("ghi ro")
        # Numbers that were given for another order would not fit this one.
        found.append(change(base, text=text, other=other, number=base.number if texts == [*_texts(before)] else 0))
    return tuple(found)


def _texts(choices: Sequence[Choice]) -> Iterator[str]:
    return (choice.text for choice in choices)


class When(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that can be chosen: question `number` with `answer` (a choice id, "yes", "no", "low", "high")."""

    number: int
    question: Question
    answer: str
    text: str
    expression: str


def conditions(draft: Survey, id: str) -> list[When]:
    """What a question can be asked on: the answers to those before it."""
    found = []
    for number, one in enumerate(draft.questions, start=1):
        if one.id == id:
            break
        found += [
            When(number=number, question=one, answer=answer, text=text, expression=expression)
            for answer, text, expression in _answers(one)
        ]
    return found


def _answers(one: Question) -> list[tuple[str, str, str]]:
    match one.kind:
        case Kind.SINGLE:
            return [(choice.id, choice.text, f'{one.id} == "{choice.id}"') for choice in one.choices]
        case Kind.MULTIPLE:
            return [(choice.id, choice.text, f'"{choice.id}" in {one.id}') for choice in one.choices]
        case Kind.YESNO:
            return [("yes", "", f'{one.id} == "yes"'), ("no", "", f'{one.id} == "no"')]
        case Kind.LIKERT5:
            low, high = f"{one.id} >= 1 and {one.id} <= 2", f"{one.id} >= 4 and {one.id} <= 5"
            return [("low", "", low), ("high", "", high)]
        case _:
            return []


def chosen(expression: str, offered: Sequence[When]) -> When | None:
    """Which of the conditions an expression is; None where it is none of them."""
    return next((one for one in offered if same_condition(expression, one.expression)), None)
