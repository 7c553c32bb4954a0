"""The answers that texts show ("${ten}"): each is that of a question asked before."""

from collections.abc import Iterator

from surveys.definition import SILENT, TELLING, Kind
from surveys.findings import Findings, Table
from surveys.lines import Block
from surveys.piping import KEYS, MOST, named

_UNSHOWN = (SILENT | TELLING) - {Kind.CALCULATED}


def check_piping(table: Table, blocks: list[Block], findings: Findings) -> None:
    """Enters every name in a text that is no question before it, or one without an answer to show."""
    order = {question.get("id"): at for at, question in reversed(list(enumerate(table["questions"])))}
    told: set[tuple[Block, str, str]] = set()
    for at, (question, own) in enumerate(zip(table["questions"], blocks, strict=True)):
        for block, key, text in _texts(table, question, own):
            found = named(text)
            if len(found) > MOST:
                findings.add("inserted.many", block, key, id=question.get("id"), count=str(len(found)), most=str(MOST))
            for name in found:
                if (block, key, name) not in told:
                    told.add((block, key, name))
                    _name(name, at, order, table["questions"], (block, key, question.get("id")), findings)


def _name(
    name: str,
    at: int,
    order: dict[object, int],
    questions: list[Table],
    place: tuple[Block, str, object],
    findings: Findings,
) -> None:
    block, key, id = place
    where = order.get(name)
    if where is None:
        known = [str(known) for known, there in order.items() if there < at and known]
        findings.near("inserted.unknown", block, key, name, known, id=id)
    elif where >= at:
        findings.add("inserted.later", block, key, id=id, found=name)
    elif questions[where].get("kind") in set(_UNSHOWN):
        findings.add("inserted.silent", block, key, id=id, found=name)


def _texts(table: Table, question: Table, own: Block) -> Iterator[tuple[Block, str, str]]:
    """(place, key, text) of every text of a question, in every language."""
    others = [texts for texts in table.get("translations", {}).values() if isinstance(texts, dict)]
    front = f"questions.{question.get('id')}."
    for key in KEYS:
        # The text of a matrix is that of the table which its items are written out of.
        block, written = (("questions", own[1], 0), "text") if key == "stem" and own[2] else (own, key)
        for text in (question.get(key, ""), *(texts.get(front + key, "") for texts in others)):
            if isinstance(text, str):
                yield block, written, text
    for number, choice in enumerate(question.get("choices", ()), start=1):
        place = f"{front}choices.{choice.get('id')}"
        for text in (choice.get("text", ""), *(texts.get(place, "") for texts in others)):
            if isinstance(text, str):
                yield ("questions.choices", own[1], number), "text", text
