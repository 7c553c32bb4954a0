"""What changed from one version of a survey to the next, as values that a page puts into words."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from surveys.definition import Question, Survey

Kind = Literal[
    "title",
    "intro",
    "thanks",
    "privacy",
    "tongue_added",
    "tongue_gone",
    "translated",
    "added",
    "gone",
    "moved",
    "reworded",
    "kind",
    "choice_added",
    "choice_gone",
    "choice_reworded",
    "required",
    "optional",
    "condition",
    "details",
]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as it was. `number` counts from 1 in the new version, of what is `gone` in the old one.

    `before` and `after` are its texts, "" where there is none; `question` is the text of the question that it is about.
    """

    kind: Kind
    number: int = 0
    question: str = ""
    before: str = ""
    after: str = ""


def differences(before: Survey, after: Survey) -> list[Difference]:
    """Everything that differs, what concerns the whole first, then question by question in the new order.

    Questions are the same where their ids are: one whose id was changed is gone, and another was added.
    """
    found = [*_of_the_whole(before, after)]
    old = {question.id: question for question in before.questions}
    new = {question.id: question for question in after.questions}
    moved = _moved(list(old), list(new))
    for number, question in enumerate(after.questions, start=1):
        was = old.get(question.id)
        if was is None:
            found.append(Difference(kind="added", number=number, question=question.text, after=question.text))
        else:
            if question.id in moved:
                found.append(Difference(kind="moved", number=number, question=question.text))
            found += _of_question(was, question, number)
    found += [
        Difference(kind="gone", number=number, question=question.text, before=question.text)
        for number, question in enumerate(before.questions, start=1)
        if question.id not in new
    ]
    return found


def _of_the_whole(before: Survey, after: Survey) -> Iterator[Difference]:
    pairs: tuple[tuple[Kind, str, str], ...] = (
        ("title", before.title, after.title),
        ("intro", before.intro, after.intro),
        ("thanks", before.thanks, after.thanks),
        ("privacy", before.privacy.value, after.privacy.value),
    )
    for kind, was, now in pairs:
        if was != now:
            yield Difference(kind=kind, before=was, after=now)
    for tag in after.languages:
        if tag not in before.languages:
            yield Difference(kind="tongue_added", after=tag)
        elif before.translations.get(tag) != after.translations.get(tag):
            yield Difference(kind="translated", after=tag)
    for tag in before.languages:
        if tag not in after.languages:
            yield Difference(kind="tongue_gone", before=tag)


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Ids that stand elsewhere among those that both have."""
    here = [id for id in old if id in set(new)]
    there = [id for id in new if id in set(old)]
    matcher = SequenceMatcher(a=here, b=there, autojunk=False)
    kept = {here[at] for block in matcher.get_matching_blocks() for at in range(block.a, block.a + block.size)}
    return set(there) - kept


_WORDS = frozenset({"text", "kind", "choices", "required", "show_if"})


def _of_question(was: Question, now: Question, number: int) -> Iterator[Difference]:
    def about(kind: Kind, before: str = "", after: str = "") -> Difference:
        return Difference(kind=kind, number=number, question=now.text, before=before, after=after)

    if was.text != now.text:
        yield about("reworded", was.text, now.text)
    if was.kind is not now.kind:
        yield about("kind", was.kind.value, now.kind.value)
    old = {choice.id: choice for choice in was.choices}
    new = {choice.id: choice for choice in now.choices}
    for id, choice in new.items():
        if id not in old:
            yield about("choice_added", after=choice.text)
        elif old[id].text != choice.text:
            yield about("choice_reworded", old[id].text, choice.text)
    for id, choice in old.items():
        if id not in new:
            yield about("choice_gone", choice.text)
    if was.required is not now.required:
        yield about("required" if now.required else "optional")
    if was.show_if != now.show_if:
        yield about("condition", was.show_if, now.show_if)
    rest = [name for name in Question.__struct_fields__ if name not in _WORDS]
    same_choices = [old.get(id) for id in new] == list(new.values()) and list(old) == list(new)
    reworded = old.keys() != new.keys() or any(old[id].text != new[id].text for id in new if id in old)
    if any(getattr(was, name) != getattr(now, name) for name in rest) or not (same_choices or reworded):
        yield about("details")
