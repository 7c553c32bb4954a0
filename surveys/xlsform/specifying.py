""" "Khác (ghi rõ)" of a form: the choice that or_other adds, and the question for its words."""

import msgspec

from surveys.definition import Choice, Kind, Question
from surveys.wording import LABELS, labels
from surveys.writing_out import OTHER
from surveys.xlsform import xpath
from surveys.xlsform.texts import Languages
from surveys.xlsform.xpath import XPathFault

OTHER_NAME = "other"
"""How or_other names the choice that it adds."""

Said = dict[str, str]


def with_other(question: Question, chosen: str, language: str) -> Question:
    """The question with that choice asking for words; where it has none of that id, one of ours is put last."""
    choices = question.choices
    if all(choice.id != chosen for choice in choices):
        free = max((choice.number for choice in choices), default=0) + 1
        choices = (*choices, Choice(id=chosen, text=labels(language).other, number=free))
    marked = tuple(msgspec.structs.replace(choice, other=choice.id == chosen) for choice in choices)
    return msgspec.structs.replace(question, choices=marked)


def words_of(question: Question, chosen: str, languages: Languages) -> tuple[Question, Said]:
    """The question for the words, as a survey file writes it out, and its text in the other languages."""
    show_if = f'{question.id} == "{chosen}"' if question.kind is Kind.SINGLE else f'"{chosen}" in {question.id}'
    known = {tag: LABELS.get(tag) or LABELS.get(tag.split("-", 1)[0]) for tag in languages.others}
    asking = Question(
        id=question.id + OTHER,
        kind=Kind.TEXT,
        text=labels(languages.own).specify,
        show_if=show_if,
        section=question.section,
        other_of=question.id,
    )
    return asking, {tag: words.specify for tag, words in known.items() if words}


def choice_asked_for(relevant: str, name: str) -> str:
    """The choice of ${name} that alone the condition asks for, or ""."""
    try:
        node = xpath.parse(relevant) if relevant else None
    except XPathFault:
        return ""
    match node:
        case xpath.Pair(sign="=", left=xpath.Ref(name=found), right=xpath.Text(value=value)) if found == name:
            return value
        case xpath.Call(function="selected", arguments=(xpath.Ref(name=found), xpath.Text(value=value))) if (
            found == name
        ):
            return value
        case _:
            return ""
