"""The rules of a survey file, each looked at on its own so that one fault never hides another."""

import re
from difflib import get_close_matches
from math import isfinite
from typing import Any

from surveys.condition import find_faults
from surveys.definition import Choice, Factor, Kind, Privacy, Question
from surveys.expression import KEYWORDS, ExpressionFault, parse
from surveys.faults import Fault, Place
from surveys.lines import Block, Lines
from surveys.typed import words_of
from vietnam.text import fold_words

MAX_QUESTIONS = 200
MAX_TEXT = 1000
MAX_CHOICES = 50
_ID = re.compile(r"[a-z][a-z0-9_]{0,23}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_RESERVED_CHOICES = frozenset({"n", "sum"})  # the other keys of a tally
_LEAST_CHOICES = 2
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("id", "title", "language", "intro", "thanks", "source", "privacy", "kind", "text"), str),
    **dict.fromkeys(("factor", "show_if", "not_applicable"), str),
    **dict.fromkeys(("required", "no_opinion", "overall", "exclusive"), bool),
    **dict.fromkeys(("min", "max"), (int, float)),
    **dict.fromkeys(("questions", "factors", "choices"), list),
}
_TYPE_NAMES = {str: "text", bool: "boolean", list: "tables", (int, float): "number"}
_SURVEY_KEYS = ("id", "title", "language", "intro", "thanks", "source", "privacy", "factors", "questions")
_LONG = frozenset({"title", "intro", "thanks", "source", "text", "not_applicable"})
_CHOOSING = frozenset({Kind.SINGLE, Kind.MULTIPLE})
_KEYS_OF_KIND: dict[str, frozenset[Kind]] = {
    "choices": _CHOOSING,
    "factor": frozenset({Kind.LIKERT5}),
    "overall": frozenset({Kind.LIKERT5}),
    "no_opinion": frozenset({Kind.LIKERT5}),
    "not_applicable": frozenset({Kind.LIKERT5}),
    "min": frozenset({Kind.NUMBER, Kind.MULTIPLE, Kind.TEXT}),
    "max": frozenset({Kind.NUMBER, Kind.MULTIPLE, Kind.TEXT}),
    "required": frozenset(Kind) - {Kind.NOTE},
}

Table = dict[str, Any]


class Findings:
    """Gathers faults, and knows the line of every place."""

    def __init__(self, lines: Lines) -> None:
        self.faults: list[Fault] = []
        self._lines = lines

    def add(self, code: str, block: Block, key: str = "", *, id: object = "", column: int = 0, **params: str) -> None:
        name, number, choice = block
        place = Place(
            question=number if name.startswith("questions") else 0,
            id=id if isinstance(id, str) and _ID.fullmatch(id) else "",
            choice=choice,
            factor=number if name == "factors" else 0,
            key=key,
            line=self._lines.of(block, key),
            column=column,
        )
        self.faults.append(Fault(code, place, params))


def check_survey(table: Table, findings: Findings) -> None:
    """Enters every fault of a parsed file."""
    top: Block = ("", 0, 0)
    _keys(table, _SURVEY_KEYS, ("id", "title", "questions"), top, findings)
    _texts(table, top, findings)
    _language_and_privacy(table, top, findings)
    factors = _factors(table, findings)
    questions = _tables(table, "questions", top, findings)
    if isinstance(table.get("questions"), list) and not table["questions"]:
        findings.add("questions.none", top, "questions")
    if len(questions) > MAX_QUESTIONS:
        findings.add("questions.too_many", top, "questions", count=str(len(questions)), most=str(MAX_QUESTIONS))
    _duplicates([("questions", n, 0) for n in range(1, len(questions) + 1)], questions, findings)
    overall = ""
    for number, question in enumerate(questions, start=1):
        block: Block = ("questions", number, 0)
        _question(question, block, factors, findings)
        if question.get("overall") is True:
            if overall:
                findings.add("overall.twice", block, "overall", id=question.get("id"), first=overall)
            overall = overall or str(number)
    _conditions(questions, findings)


def _keys(table: Table, known: tuple[str, ...], needed: tuple[str, ...], block: Block, findings: Findings) -> None:
    """Unknown, missing and wrongly typed keys."""
    own = table.get("id")
    for key, value in table.items():
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.6)
            code = "key.unknown.near" if near else "key.unknown"
            findings.add(code, block, key, id=own, near=near[0] if near else "", known=", ".join(known))
        elif not _has_type(value, _TYPES[key]):
            findings.add(f"type.{_TYPE_NAMES[_TYPES[key]]}", block, key, id=own)
    for key in needed:
        if key not in table:
            findings.add("key.missing", block, id=own, missing=key)


def _has_type(value: object, wanted: type | tuple[type, ...]) -> bool:
    if wanted is bool:
        return isinstance(value, bool)
    return isinstance(value, wanted) and not isinstance(value, bool)


def _texts(table: Table, block: Block, findings: Findings) -> None:
    """Ids in their form; texts neither empty, nor too long, nor with control characters."""
    own = table.get("id")
    if isinstance(own, str) and not _ID.fullmatch(own):
        findings.add("id.form", block, "id", found=own[:40])
    for key in _LONG & table.keys():
        text = table[key]
        if not isinstance(text, str):
            continue
        if not text.strip() and key in {"title", "text"}:
            findings.add("text.empty", block, key, id=own)
        if len(text) > MAX_TEXT:
            findings.add("text.too_long", block, key, id=own, length=str(len(text)), most=str(MAX_TEXT))
        if _CONTROL.search(text):
            findings.add("text.control", block, key, id=own)


def _language_and_privacy(table: Table, top: Block, findings: Findings) -> None:
    language, privacy = table.get("language", "vi"), table.get("privacy", Privacy.ANONYMOUS.value)
    if isinstance(language, str) and not _LANGUAGE.fullmatch(language):
        findings.add("language", top, "language", found=language[:40])
    if isinstance(privacy, str) and privacy not in set(Privacy):
        findings.add("privacy", top, "privacy", found=privacy[:40], known=", ".join(Privacy))


def _factors(table: Table, findings: Findings) -> set[str]:
    factors = _tables(table, "factors", ("", 0, 0), findings)
    blocks: list[Block] = [("factors", number, 0) for number in range(1, len(factors) + 1)]
    for block, factor in zip(blocks, factors, strict=True):
        _keys(factor, Factor.__struct_fields__, ("id", "text"), block, findings)
        _texts(factor, block, findings)
    _duplicates(blocks, factors, findings)
    return {factor["id"] for factor in factors if isinstance(factor.get("id"), str)}


def _tables(table: Table, key: str, block: Block, findings: Findings) -> list[Table]:
    """The tables of a list; what is no table is a fault, and an empty table stands for it to keep the numbers."""
    entries = table.get(key, [])
    if not isinstance(entries, list):
        return []
    if not all(isinstance(entry, dict) for entry in entries):
        findings.add("type.tables", block, key, id=table.get("id"))
        return []
    return entries


def _duplicates(blocks: list[Block], tables: list[Table], findings: Findings) -> None:
    first: dict[str, int] = {}
    for position, (block, table) in enumerate(zip(blocks, tables, strict=True), start=1):
        own = table.get("id")
        if not isinstance(own, str):
            continue
        if own in first:
            findings.add("id.twice", block, "id", id=own, found=own[:40], first=str(first[own]))
        first.setdefault(own, position)


def _question(question: Table, block: Block, factors: set[str], findings: Findings) -> None:
    own = question.get("id")
    _keys(question, Question.__struct_fields__, ("id", "kind", "text"), block, findings)
    _texts(question, block, findings)
    if own in KEYWORDS:
        findings.add("id.reserved", block, "id", id=own, found=str(own))
    kind = _kind(question, block, findings)
    factor = question.get("factor", "")
    if isinstance(factor, str) and factor and factor not in factors:
        near = get_close_matches(factor, factors, n=1, cutoff=0.6)
        code = "factor.unknown.near" if near else "factor.unknown"
        findings.add(code, block, "factor", id=own, found=factor[:40], near=near[0] if near else "")
    _choices(question, kind, block, findings)
    if kind is not None:
        for key, kinds in _KEYS_OF_KIND.items():
            if key in question and kind not in kinds:
                findings.add("key.not_for_kind", block, key, id=own, kind=kind.value, kinds=", ".join(sorted(kinds)))
    _limits(question, kind, block, findings)


def _kind(question: Table, block: Block, findings: Findings) -> Kind | None:
    kind = question.get("kind")
    if not isinstance(kind, str):
        return None
    if kind in set(Kind):
        return Kind(kind)
    near = get_close_matches(kind, list(Kind), n=1, cutoff=0.6)
    code = "kind.unknown.near" if near else "kind.unknown"
    own = question.get("id")
    findings.add(code, block, "kind", id=own, found=kind[:40], near=near[0] if near else "", known=", ".join(Kind))
    return None


def _choices(question: Table, kind: Kind | None, block: Block, findings: Findings) -> None:
    own = question.get("id")
    choices = _tables(question, "choices", block, findings)
    if kind in _CHOOSING and len(choices) < _LEAST_CHOICES:
        findings.add("choices.too_few", block, "choices", id=own, count=str(len(choices)))
    if len(choices) > MAX_CHOICES:
        findings.add("choices.too_many", block, "choices", id=own, count=str(len(choices)), most=str(MAX_CHOICES))
    blocks: list[Block] = [("questions.choices", block[1], n) for n in range(1, len(choices) + 1)]
    _duplicates(blocks, choices, findings)
    labels: dict[str, int] = {}
    for number, (at, choice) in enumerate(zip(blocks, choices, strict=True), start=1):
        _keys(choice, Choice.__struct_fields__, ("id", "text"), at, findings)
        _texts(choice, at, findings)
        if choice.get("id") in _RESERVED_CHOICES:
            findings.add("id.reserved", at, "id", id=own, found=str(choice["id"]))
        if choice.get("exclusive") is True and kind is Kind.SINGLE:
            findings.add("exclusive.single", at, "exclusive", id=own)
        text = choice.get("text")
        if not isinstance(text, str):
            continue
        same = labels.setdefault(fold_words(text), number)
        if same != number:
            findings.add("choices.same_text", at, "text", id=own, first=str(same))
        # A person who types "2" means the printed number, so a label that is a number must be its own.
        words = words_of(text)
        if len(words) == 1 and words[0].isdecimal() and words[0] != str(number):
            findings.add("choices.number_text", at, "text", id=own, found=text[:40], number=str(number))


def _limits(question: Table, kind: Kind | None, block: Block, findings: Findings) -> None:
    own = question.get("id")
    limits = {key: question[key] for key in ("min", "max") if _has_type(question.get(key), (int, float))}
    for key, value in limits.items():
        if not isfinite(value) or (kind in {Kind.MULTIPLE, Kind.TEXT} and (value < 0 or value != int(value))):
            findings.add("limit.form", block, key, id=own, found=str(value))
    if len(limits) > 1 and limits["min"] > limits["max"]:
        findings.add("limit.order", block, "min", id=own, min=str(limits["min"]), max=str(limits["max"]))
    choices = question.get("choices")
    if kind is Kind.MULTIPLE and isinstance(choices, list) and limits.get("min", 0) > len(choices):
        findings.add("limit.choices", block, "min", id=own, min=str(limits["min"]), count=str(len(choices)))


def _conditions(tables: list[Table], findings: Findings) -> None:
    """Every show_if against the questions before it; questions that are themselves unreadable count by their id."""
    stand_ins = [_stand_in(table) for table in tables]
    for position, table in enumerate(tables):
        text = table.get("show_if", "")
        if not isinstance(text, str) or not text.strip():
            continue
        try:
            later = [q for q in stand_ins[position:] if q]
            faults = find_faults(parse(text), [q for q in stand_ins[:position] if q], later)
        except ExpressionFault as unreadable:
            faults = [unreadable]
        for fault in faults:
            at: Block = ("questions", position + 1, 0)
            findings.add(fault.code, at, "show_if", id=table.get("id"), column=fault.column, **fault.params)


def _stand_in(table: Table) -> Question | None:
    """What a condition needs to know of a question, as far as it can be read."""
    own, kind = table.get("id"), table.get("kind")
    if not isinstance(own, str):
        return None
    choices = table.get("choices")
    readable = choices if isinstance(choices, list) else []
    texts = [c for c in readable if isinstance(c, dict) and isinstance(c.get("id"), str)]
    return Question(
        id=own,
        kind=Kind(kind) if isinstance(kind, str) and kind in set(Kind) else Kind.TEXT,
        text="",
        choices=tuple(Choice(id=c["id"], text="") for c in texts),
        no_opinion=table.get("no_opinion") is not False,
        not_applicable=str(table.get("not_applicable", "")),
    )
