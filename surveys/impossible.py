"""Why a condition cannot be: it looks at a question that comes later or is gone, or at a choice that is gone."""

from typing import Literal as Word

import msgspec

from surveys.definition import Question, Survey
from surveys.expression import Binary, ExpressionFault, Literal, Name, Node, names, parse, walk

Reason = Word["later", "gone", "choice"]


class Impossible(msgspec.Struct, frozen=True, kw_only=True):
    """`number` is that of the question looked at, 0 where it is gone."""

    reason: Reason
    number: int = 0


def why_never(draft: Survey, id: str, expression: str) -> Impossible | None:
    """Why a question of that id can never be asked on that expression; None where nothing speaks against it."""
    try:
        node = parse(expression)
    except ExpressionFault:
        return None  # told by the check of the whole
    places = {one.id: at for at, one in enumerate(draft.questions)}
    own = _own_place(draft, id)
    for name in names(node):
        if name not in places:
            return Impossible(reason="gone")
        if places[name] >= own:
            return Impossible(reason="later", number=places[name] + 1)
    for part in walk(node):
        asked, chosen = _choice(part)
        if asked in places and not _has(draft.questions[places[asked]], chosen):
            return Impossible(reason="choice", number=places[asked] + 1)
    return None


def why_not_chosen(draft: Survey, id: str, asked: str, answer: str) -> Impossible:
    """Why a question cannot be asked on an answer that is not offered (`surveys.editing.conditions`)."""
    at = next((number for number, one in enumerate(draft.questions, start=1) if one.id == asked), 0)
    if not at:
        return Impossible(reason="gone")
    return Impossible(reason="later" if at > _own_place(draft, id) and answer else "choice", number=at)


def _own_place(draft: Survey, id: str) -> int:
    """The place of a question, or of the first row of a grid."""
    return next((at for at, one in enumerate(draft.questions) if id in (one.id, one.matrix)), len(draft.questions))


def _choice(node: Node) -> tuple[str, str]:
    """(question, choice) of a comparison with one; ("", "") of anything else."""
    match node:
        case Binary(sign="==" | "!=", left=Name(id=id), right=Literal(value=str(chosen))):
            return id, chosen
        case Binary(sign="in", left=Literal(value=str(chosen)), right=Name(id=id)):
            return id, chosen
        case _:
            return "", ""


def _has(question: Question, chosen: str) -> bool:
    return not question.choices or chosen in {choice.id for choice in question.choices}
