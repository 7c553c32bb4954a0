"""What a question may say and must say, by its kind: choices, limits, files, a value."""

from collections.abc import Iterable

from surveys.definition import SILENT, Kind
from surveys.findings import ID, Findings, Table, duplicates
from surveys.lines import Block
from surveys.typed import words_of
from vietnam.text import fold_words

MAX_CHOICES = 100
MAX_CHOICE_NUMBER = 999
MOST_LIMIT = 10**15
"""The largest `min`, `max` or `step`; up to here a float tells every whole number from the next."""
AUDIO = ("ogg", "oga", "opus", "mp3", "m4a", "wav")
_RESERVED_CHOICES = frozenset({"n", "sum"})  # the other keys of a tally
_LEAST_CHOICES = 2
_MOST_STEPS = 1000
_LONGEST_FILE_NAME = 100
_CHOOSING = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANK})
_BOUNDED = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.RANGE, Kind.MULTIPLE, Kind.TEXT})
_JUDGED = frozenset(Kind) - SILENT - {Kind.RANK, Kind.PHOTO, Kind.VOICE, Kind.PLACE, Kind.ACKNOWLEDGE}
KEYS_OF_KIND: dict[str, frozenset[Kind]] = {
    "choices": _CHOOSING,
    **dict.fromkeys(("factor", "overall", "no_opinion", "not_applicable"), frozenset({Kind.LIKERT5})),
    "min": _BOUNDED,
    "max": _BOUNDED,
    "step": frozenset({Kind.RANGE}),
    "constraint": _JUDGED,
    "value": frozenset({Kind.CALCULATED}),
    "required": frozenset(Kind) - SILENT,
    "audio": frozenset(Kind) - {Kind.CALCULATED},
}
"""The keys that not every kind of question has; a key with its default counts as not written."""
_DEFAULTS = {"no_opinion": True, "required": False, "overall": False}


def check_question(question: Table, block: Block, factors: set[str], findings: Findings) -> None:
    """Enters the faults of one question, except those of its expressions and of its id."""
    id = question.get("id")
    kind = _kind(question, block, findings)
    factor = question.get("factor", "")
    if factor and factor not in factors:
        findings.near("factor.unknown", block, "factor", factor, sorted(factors), id=id)
    _choices(question, kind, block, findings)
    if kind is not None:
        for key, kinds in KEYS_OF_KIND.items():
            if key in question and kind not in kinds and question[key] != _DEFAULTS.get(key, ""):
                findings.add("key.not_for_kind", block, key, id=id, kind=kind.value, kinds=", ".join(sorted(kinds)))
    if kind is Kind.CALCULATED and not question.get("value", "").strip():
        findings.add("key.missing", block, "value", id=id, missing="value")
    if question.get("constraint_message") and not question.get("constraint"):
        findings.add("constraint.message_alone", block, "constraint_message", id=id)
    if question.get("audio"):
        check_file_name(question["audio"], AUDIO, block, "audio", findings, id=id)
    _limits(question, kind, block, findings)
    if kind is Kind.RANGE:
        _range(question, block, findings)


def check_file_name(
    name: str, endings: Iterable[str], block: Block, key: str, findings: Findings, *, id: object = ""
) -> None:
    """A file that stands beside the survey file: a plain name with one of the endings, no path."""
    path = any(sign in name for sign in "/\\:\0") or name.startswith(".") or name != name.strip()
    if path or not 0 < len(name) <= _LONGEST_FILE_NAME:
        findings.add("file.path", block, key, id=id, found=name[:_LONGEST_FILE_NAME])
    elif not name.lower().endswith(tuple(f".{ending}" for ending in endings)):
        known = ", ".join(f".{ending}" for ending in endings)
        findings.add("file.ending", block, key, id=id, found=name, known=known)


def _kind(question: Table, block: Block, findings: Findings) -> Kind | None:
    kind = question.get("kind")
    if kind is None:
        return None
    if kind in set(Kind):
        return Kind(kind)
    findings.near("kind.unknown", block, "kind", kind, [*Kind, "matrix"], id=question.get("id"))
    return None


def _choices(question: Table, kind: Kind | None, block: Block, findings: Findings) -> None:
    id = question.get("id")
    choices = question.get("choices", ())
    if kind in _CHOOSING and len(choices) < _LEAST_CHOICES:
        findings.add("choices.too_few", block, "choices", id=id, count=str(len(choices)))
    if len(choices) > MAX_CHOICES:
        findings.add("choices.too_many", block, "choices", id=id, count=str(len(choices)), most=str(MAX_CHOICES))
    blocks: list[Block] = [("questions.choices", block[1], number) for number in range(1, len(choices) + 1)]
    placed = list(zip(blocks, choices, strict=True))[:MAX_CHOICES]
    duplicates([(at, choice.get("id"), at[2]) for at, choice in placed], findings, of=id)
    _numbers(placed, id, findings)
    others = [at for at, choice in placed if choice.get("other")]
    for at in others[1:]:
        findings.add("other.twice", at, "other", id=id, first=str(others[0][2]))
    for at, choice in placed:
        own = choice.get("id")
        if isinstance(own, str) and not ID.fullmatch(own):
            findings.add("id.form", at, "id", id=id, found=own[:40])
        if own in _RESERVED_CHOICES:
            findings.add("id.reserved", at, "id", id=id, found=str(own))
        for key, kinds in (("exclusive", {Kind.MULTIPLE}), ("other", {Kind.SINGLE, Kind.MULTIPLE})):
            if choice.get(key) and kind in _CHOOSING - kinds:
                findings.add(f"{key}.{kind}", at, key, id=id)
    _labels(placed, id, findings)


def _numbers(placed: list[tuple[Block, Table]], id: object, findings: Findings) -> None:
    """Printed numbers: all given or none, each once, from 1."""
    if not any(choice.get("number") for _, choice in placed):
        return  # made elsewhere than in a file: each has the number of its place
    duplicates([(at, choice.get("number"), at[2]) for at, choice in placed], findings, key="number", of=id)
    for at, choice in placed:
        number = choice.get("number")
        if number is None:
            findings.add("number.missing", at, id=id)
        elif not 1 <= number <= MAX_CHOICE_NUMBER:
            findings.add("number.form", at, "number", id=id, found=str(number)[:40], most=str(MAX_CHOICE_NUMBER))


def _labels(placed: list[tuple[Block, Table]], id: object, findings: Findings) -> None:
    """Choices that a person who types could not tell apart."""
    labels: dict[str, list[tuple[int, str]]] = {}
    for at, choice in placed:
        text, show_if = choice.get("text"), choice.get("show_if", "")
        if text is None:
            continue
        same = labels.setdefault(fold_words(text), [])
        # Two of the same text under two conditions are one name in two places ("Tân Lập" of two communes).
        together = [place for place, condition in same if not show_if or not condition or condition == show_if]
        if together:
            findings.add("choices.same_text", at, "text", id=id, first=str(together[0]))
        same.append((at[2], show_if))
        # A person who types "2" means the printed number, so a label that is a number must be its own.
        words = words_of(text)
        number = str(choice.get("number", at[2]))
        if len(words) == 1 and words[0].isdecimal() and words[0] != number:
            findings.add("choices.number_text", at, "text", id=id, found=text[:40], number=number)


def _limits(question: Table, kind: Kind | None, block: Block, findings: Findings) -> None:
    id = question.get("id")
    limits = {key: question[key] for key in ("min", "max") if question.get(key) is not None}
    for key, value in limits.items():
        if not abs(value) <= MOST_LIMIT or (kind in {Kind.MULTIPLE, Kind.TEXT} and (value < 0 or value != int(value))):
            findings.add("limit.form", block, key, id=id, found=str(value)[:40])
    if len(limits) > 1 and limits["min"] > limits["max"]:
        findings.add("limit.order", block, "min", id=id, min=str(limits["min"])[:40], max=str(limits["max"])[:40])
    choices = question.get("choices", ())
    if kind is Kind.MULTIPLE and limits.get("min", 0) > len(choices):
        findings.add("limit.choices", block, "min", id=id, min=str(limits["min"])[:40], count=str(len(choices)))


def _range(question: Table, block: Block, findings: Findings) -> None:
    """A range has two ends, and steps that lead from one to the other."""
    id = question.get("id")
    for key in ("min", "max"):
        if question.get(key) is None:
            findings.add("range.ends", block, id=id, missing=key)
    step = question.get("step")
    if step is None:
        step = 1
    if not 0 < step <= MOST_LIMIT:
        findings.add("range.step", block, "step", id=id, found=str(step)[:40])
        return
    least, most = question.get("min"), question.get("max")
    if least is None or most is None or not -MOST_LIMIT <= least <= most <= MOST_LIMIT:
        return
    steps = (most - least) / step
    if steps > _MOST_STEPS:
        findings.add("range.many", block, "step", id=id, most=str(_MOST_STEPS))
    elif abs(steps - round(steps)) > 1e-9 or steps < 1:  # 0.1 has no exact float
        findings.add("range.steps", block, "step", id=id, step=str(step), min=str(least), max=str(most))
