"""The rules of a survey, each looked at on its own so that one fault never hides another."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from surveys.checking_expressions import check_expressions
from surveys.checking_piping import check_piping
from surveys.checking_questions import check_file_name, check_question
from surveys.definition import TELLING, Privacy, Survey
from surveys.expression import KEYWORDS
from surveys.faults import Fault
from surveys.findings import ID, Findings, Table, check_language, check_text, duplicates
from surveys.languages import places
from surveys.lines import TOP, Block, Lines
from surveys.writing_out import OTHER, Written

MAX_QUESTIONS = 500


def check_survey(written: Written, findings: Findings) -> None:
    """Enters every fault of a survey that is written out."""
    table, questions = written.table, written.table["questions"]
    _id(table.get("id"), TOP, findings)
    check_language(table.get("language", "vi"), TOP, "language", findings)
    _privacy(table, written, findings)
    if "document" in table:
        check_file_name(table["document"], ("pdf",), TOP, "document", findings)
    factors = _factors(table, findings)
    if not questions and not written.matrices and not findings.faults:
        findings.add("questions.none", TOP, "questions")
    if len(questions) > MAX_QUESTIONS:
        findings.add("questions.too_many", TOP, "questions", count=str(len(questions)), most=str(MAX_QUESTIONS))
    _ids(written, findings)
    overall = 0
    for block, question in zip(written.blocks, questions, strict=True):
        check_question(question, block, factors, findings)
        if question.get("overall"):
            if overall:
                findings.add("overall.twice", block, "overall", id=question.get("id"), first=str(overall))
            overall = overall or block[1]
    if len(questions) <= MAX_QUESTIONS:
        check_expressions(questions, written.blocks, findings)
        check_piping(table, written.blocks, findings)
    _translations(table, findings)


def check_written(survey: Survey) -> list[Fault]:
    """Every fault of a survey that was made elsewhere than in a TOML file (a spreadsheet), by question and choice.

    Questions are numbered as they stand in the survey; the question of a "Khác (ghi rõ)" is one of them.
    """
    table: Table = msgspec.to_builtins(survey)
    table.setdefault("factors", [])
    for question in table["questions"]:
        question.setdefault("text", "")
    blocks: list[Block] = [("questions", number, 0) for number in range(1, len(survey.questions) + 1)]
    findings = Findings(Lines(""))
    _written_texts(survey, findings)
    check_survey(Written(table, blocks, []), findings)
    return findings.faults


def _written_texts(survey: Survey, findings: Findings) -> None:
    for key in ("title", "intro", "thanks", "source", "index", "print_note"):
        if key == "title" or getattr(survey, key):
            check_text(getattr(survey, key), TOP, key, findings)
    for number, factor in enumerate(survey.factors, start=1):
        check_text(factor.text, ("factors", number, 0), "text", findings)
    for number, question in enumerate(survey.questions, start=1):
        block: Block = ("questions", number, 0)
        for key in ("text", "hint", "not_applicable", "constraint_message", "section", "stem"):
            text = getattr(question, key)
            if text or (key == "text" and not question.value):
                check_text(text, block, key, findings, id=question.id)
        for part, choice in enumerate(question.choices, start=1):
            check_text(choice.text, ("questions.choices", number, part), "text", findings, id=question.id)
    for tag, texts in survey.translations.items():
        check_language(tag, TOP, f"translations.{tag}", findings)
        if tag == survey.language:
            findings.add("translations.own", TOP, f"translations.{tag}", language=tag)
        for place, text in texts.items():
            check_text(text, TOP, f"translations.{tag}.{place}", findings)


def _id(id: object, block: Block, findings: Findings) -> None:
    if isinstance(id, str) and not ID.fullmatch(id):
        findings.add("id.form", block, "id", found=id[:40])


def _ids(written: Written, findings: Findings) -> None:
    entries: list[tuple[Block, object, int]] = [(block, id, block[1]) for block, id in written.matrices]
    for block, question in zip(written.blocks, written.table["questions"], strict=True):
        id = question.get("id")
        entries.append((block, id, block[1]))
        of = question.get("other_of")
        if not of or id != f"{of}{OTHER}":
            _id(id, block, findings)
    for block, id in written.matrices:
        _id(id, block, findings)
    for block, id, _ in entries:
        if id in KEYWORDS:
            findings.add("id.reserved", block, "id", id=id, found=str(id))
    duplicates(sorted(entries, key=lambda entry: entry[0][1]), findings)


def _privacy(table: Table, written: Written, findings: Findings) -> None:
    privacy = table.get("privacy", Privacy.ANONYMOUS.value)
    if privacy not in set(Privacy):
        findings.add("privacy", TOP, "privacy", found=str(privacy)[:40], known=", ".join(Privacy))
    if privacy != Privacy.ANONYMOUS.value:
        return
    for block, question in zip(written.blocks, table["questions"], strict=True):
        if question.get("kind") in set(TELLING):
            findings.add("privacy.telling", block, "kind", id=question.get("id"), kind=question["kind"])


def _factors(table: Table, findings: Findings) -> set[str]:
    ids: list[tuple[Block, object, int]] = []
    for number, factor in enumerate(table["factors"], start=1):
        block: Block = ("factors", number, 0)
        _id(factor.get("id"), block, findings)
        ids.append((block, factor.get("id"), number))
    duplicates(ids, findings)
    return {id for _, id, _ in ids if isinstance(id, str)}


def _translations(table: Table, findings: Findings) -> None:
    """Every translated text belongs to a text that the survey has in its own language."""
    languages = table.get("translations", {})
    if not languages:
        return
    known = dict.fromkeys(_places(table))
    for tag, texts in languages.items():
        for place in texts:
            if place not in known:
                findings.near("translations.place", TOP, f"translations.{tag}.{place}", place, list(known))


def _places(table: Table) -> Iterable[str]:
    """What `surveys.languages.places` gives for a Survey, of a table that may still have faults."""
    with suppress(msgspec.ValidationError):
        return places(msgspec.convert(table, Survey))
    return _places_of_tables(table)


def _places_of_tables(table: Table) -> Iterator[str]:
    yield from ("title", "intro", "thanks")
    yield from (f"factors.{factor.get('id', '')}" for factor in table["factors"])
    for question in table["questions"]:
        id = question.get("id", "")
        yield from (f"questions.{id}.{key}" for key in question if isinstance(question[key], str))
        yield from (f"questions.{id}.choices.{choice.get('id', '')}" for choice in question.get("choices", ()))
