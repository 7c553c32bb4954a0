"""A survey printed as an A4 form ("phiếu"): large type, a number, boxes with the very digits of the chat, no name."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from reports.texts import Texts, texts
from surveys.definition import NOT_APPLICABLE, Kind, Privacy, Survey
from surveys.paper import Item, Jump, When, on_paper
from vietnam.numbers import number_vi

_SHORT = 16
"""Letters of a label that fits over a narrow column."""
_NUMBERS = {Kind.NUMBER, Kind.DECIMAL}
_MANY_VILLAGES = 36
"""More villages than this are not listed to be ticked: a line is there to write the name."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on every copy beside the questions.

    `numbers` make the copies, one each, as they are printed; "" leaves the box empty. `villages` are to be ticked;
    `village` is printed in advance instead. `two_sided`: every copy begins on a front page.
    """

    survey: Survey
    issuer: str
    above: str
    wave: str
    give_back: str
    numbers: tuple[str, ...]
    villages: tuple[str, ...] = ()
    village: str = ""
    two_sided: bool = True


def print_form(form: Form, made_on: date) -> bytes:
    """The PDF of all copies; typst.TypstError where the pages cannot be set."""
    # Typst and matplotlib: only whoever prints pays for them.
    from reports.faces import vietnamese_fonts
    from reports.typesetting import set_pages

    said = texts()
    survey = form.survey
    data = {
        "issuer": form.issuer.upper(),
        "above": form.above.upper(),
        "title": survey.title,
        "form": said.say("phieu.form"),
        "number": said.say("phieu.number"),
        "numbers": form.numbers,
        "wave": said.say("phieu.wave", wave=form.wave) if form.wave else "",
        "page": said.say("phieu.page").split("|"),
        "intro": survey.intro,
        "how": said.say("phieu.how"),
        "nameless": said.say("phieu.nameless") if survey.privacy is Privacy.ANONYMOUS else "",
        "village": _village(form, said),
        "blocks": blocks(survey, said),
        "give_back": form.give_back,
        "thanks": said.say("phieu.thanks"),
        "print_note": survey.print_note,
        "two_sided": form.two_sided,
        "fonts": vietnamese_fonts(),
        "lang": survey.language,
    }
    return set_pages("phieu.typ", data, {}, made_on)


def blocks(survey: Survey, said: Texts) -> list[dict[str, Any]]:
    """The questions as the template sets them: headings, conditions, notes, tables of likert5 items, questions."""
    found: list[dict[str, Any]] = []
    items = on_paper(survey)
    at = 0
    section = stem = ""
    when: When | None = None
    while at < len(items):
        item = items[at]
        if item.question.section and item.question.section != section:
            found.append({"type": "section", "text": item.question.section})
        section = item.question.section
        if item.when != when and item.when is not None and not _said_by_jump(items, at):
            found.append({"type": "when", "text": _condition(items, at, said)})
        when = item.when
        if item.question.stem and item.question.stem != stem:
            found.append({"type": "stem", "text": item.question.stem})
        stem = item.question.stem
        run = _run(items, at)
        if item.question.kind is Kind.LIKERT5:
            found.append(_grid(run, said))
        else:
            found.append(_single(item, said))
        at += len(run)
    return found


def _run(items: Sequence[Item], at: int) -> Sequence[Item]:
    """The likert5 questions that stand in one table; any other question stands alone."""
    first = items[at]
    end = at + 1
    while first.question.kind is Kind.LIKERT5 and end < len(items) and _same_table(first, items[end]):
        end += 1
    return items[at:end]


def _same_table(first: Item, item: Item) -> bool:
    one, other = first.question, item.question
    return (
        other.kind is Kind.LIKERT5
        and (item.when, other.section, other.matrix) == (first.when, one.section, one.matrix)
        and not first.jumps
    )


def _grid(run: Sequence[Item], said: Texts) -> dict[str, Any]:
    """A table of scale questions: one column a printed digit, whoever has it."""
    columns = {digit: label for item in run for _, label, digit in item.codes}
    nines = {label for item in run for _, label, digit in item.codes if digit == str(NOT_APPLICABLE)}
    # One word heads the column; what it stands for in a question is said there.
    apart = len(nines) > 1 or any(len(label) > _SHORT for label in nines)
    if apart:
        columns[str(NOT_APPLICABLE)] = said.say("phieu.not_applicable")
    order = sorted(columns, key="123450".find)  # 9, which is not there, comes first of all: it is moved to the end
    order = [digit for digit in order if digit != str(NOT_APPLICABLE)] + [d for d in order if d == str(NOT_APPLICABLE)]
    rows = []
    for item in run:
        own = {digit: label for _, label, digit in item.codes}
        nine = own.get(str(NOT_APPLICABLE), "") if apart else ""
        rows.append(
            {
                "number": item.number,
                "text": item.question.text,
                "hint": " ".join(
                    filter(None, (item.question.hint, said.say("phieu.nine", label=nine) if nine else ""))
                ),
                "digits": [digit if digit in own else "" for digit in order],
                "jumps": _jumps(item.jumps, said),
            }
        )
    return {"type": "grid", "head": [{"digit": digit, "label": columns[digit]} for digit in order], "rows": rows}


def _single(item: Item, said: Texts) -> dict[str, Any]:
    question = item.question
    if question.kind is Kind.NOTE:
        return {"type": "note", "text": question.text}
    jumps = {jump.digit: jump for jump in item.jumps}
    shape = {Kind.TEXT: "lines", Kind.DATE: "date", Kind.TIME: "time"}.get(question.kind, "choices")
    if question.kind in _NUMBERS or (question.kind is Kind.RANGE and not item.codes):
        shape = "digits"
    elif question.kind in {Kind.NPS, Kind.RANGE}:
        shape = "scale"
    elif question.kind is Kind.RANK:
        shape = "rank"
    return {
        "type": "ask",
        "number": item.number,
        "text": question.text,
        "hint": _hint(item, said),
        "shape": shape,
        "words": said.say(f"phieu.{shape}").split("|") if shape in {"date", "time"} else [],
        "choices": [
            {
                "digit": digit,
                "label": label,
                "line": token in item.words_of,
                "jump": _jumps([jumps[digit]], said) if digit in jumps else "",
            }
            for token, label, digit in item.codes
        ],
    }


def _hint(item: Item, said: Texts) -> str:
    question = item.question
    parts = [question.hint]
    low, high = (None if bound is None else number_vi(bound) for bound in (question.min, question.max))
    if question.kind is Kind.MULTIPLE:
        both = "between" if low and high else "at_least" if low else "at_most" if high else "any"
        parts.append(said.say(f"phieu.choose.{both}", low=low, high=high))
    elif question.kind is Kind.RANK:
        parts.append(said.say("phieu.choose.rank", n=len(question.choices)))
    elif question.kind in _NUMBERS | {Kind.RANGE} and not item.codes and low and high:
        parts.append(said.say("phieu.between", low=low, high=high))
    return " ".join(filter(None, parts))


def _jumps(jumps: Iterable[Jump], said: Texts) -> str:
    return " ".join(said.say("phieu.jump" if jump.to else "phieu.jump_end", to=jump.to) for jump in jumps)


def _said_by_jump(items: Sequence[Item], at: int) -> bool:
    """Whether the question before has just said who leaves out what follows."""
    when = items[at].when
    before = next((item for item in reversed(items[:at]) if item.number), None)
    return when is not None and before is not None and before.number == when.number and bool(before.jumps)


def _condition(items: Sequence[Item], at: int, said: Texts) -> str:
    """ "Câu 15 và câu 16: bỏ qua nếu câu 1 chọn 6"."""
    when = items[at].when
    assert when is not None  # noqa: S101 - asked only where there is one
    run = [items[at]]
    for item in items[at + 1 :]:
        if item.when != when:
            break
        run.append(item)
    numbers = [item.number for item in run if item.number]
    which = _which(numbers, said)
    if not when.number:
        return said.say("phieu.when.vague", which=which)
    if not when.digits:
        return said.say("phieu.when.blank", which=which, on=when.number)
    digits = said.say("phieu.or").join(when.digits)
    return said.say(
        "phieu.when.unless" if when.unless else "phieu.when.only", which=which, on=when.number, digits=digits
    )


def _which(numbers: Sequence[int], said: Texts) -> str:
    key = "phieu.one" if len(numbers) == 1 else "phieu.two" if len(numbers) == 2 else "phieu.several"
    return said.say(key, first=numbers[0], last=numbers[-1]) if numbers else said.say("phieu.note")


def _village(form: Form, said: Texts) -> dict[str, Any]:
    if form.village:
        return {"text": said.say("phieu.village", village=form.village), "choices": [], "line": False}
    if not form.villages:
        return {"text": "", "choices": [], "line": False}
    listed = form.villages if len(form.villages) <= _MANY_VILLAGES else ()
    return {"text": said.say("phieu.which_village"), "choices": listed, "line": not listed}
