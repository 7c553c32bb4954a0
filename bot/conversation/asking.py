"""How a question is put: its heading, its words, its choices with their printed numbers, and what else it invites."""

from collections.abc import Sequence

from bot.conversation.context import BACK, Context, nav
from bot.conversation.effects import Option, Text, plain, t
from bot.conversation.messages import Wants
from bot.conversation.sheet import Sheet
from bot.conversation.state import Answering
from surveys.definition import Kind, Question
from surveys.understanding import Misread, from_token, label, options, shown_number

TOKEN = "="  # noqa: S105  (no secret: what the button of an answer begins with)
DONE = "done"
UNDO = "undo"
KEEP = "keep"
_SHORT_STEM = 60
"""Characters of a matrix's text above its second and later items: an old phone shows three lines of a message."""
_HOW: dict[Kind, str] = {
    Kind.MULTIPLE: "survey.several",
    Kind.RANK: "survey.rank",
    Kind.NUMBER: "survey.write_number",
    Kind.DECIMAL: "survey.write_decimal",
    Kind.RANGE: "survey.write_number",
    Kind.DATE: "survey.write_date",
    Kind.TIME: "survey.write_time",
    Kind.PHOTO: "survey.send_photo",
    Kind.VOICE: "survey.send_voice",
    Kind.PLACE: "survey.send_place",
}
_WANTS: dict[Kind, Wants] = {Kind.PHOTO: "photo", Kind.VOICE: "voice", Kind.PLACE: "place"}


def ask(
    sheet: Sheet,
    question: Question,
    *,
    fresh: bool = True,
    only: Sequence[str] = (),
    doubted: Sequence[Option] = (),
) -> None:
    """Put a question. `fresh`: the person comes to it now; `only`: the tokens of the few answers it could have been.

    `doubted`: what words could be that were written here and are perhaps no answer; else such words are forgotten.
    """
    ctx, doing = sheet.ctx, sheet.doing
    doing.doubted = doing.doubted if doubted else ""
    doing.at, doing.stage = question.id, "question"
    number, total = sheet.progress(question.id)
    parts = [*_heading(sheet, question, fresh=fresh), _words(sheet, question, number, total)]
    if question.hint:
        parts.append(plain(question.hint))
    rows = _few(sheet, question, only) if only else [*doubted, *_rows(sheet, question)]
    how = "" if only or doubted else _how(question, rows, fresh=fresh, begun=bool(doing.picked))
    if how:
        parts.append(bounds(question, t(how)) if question.kind is Kind.RANGE else t(how))
    if doing.picked and question.kind is Kind.RANK:
        parts.append(t("survey.ranked", order=label(question, tuple(doing.picked), sheet.language)))
    if doing.answers.get(question.id) is not None and not only:
        rows.append(Option(KEEP, t("survey.keep")))
    back = "nav.back" if doing.editing else "nav.edit_last" if sheet.before(question.id) else ""
    if any(option.id == BACK for option in doubted):
        back = ""
    ctx.ask(
        *parts,
        options=rows + nav(back=back, skip=not question.required),
        wide=question.kind not in {Kind.NPS, Kind.RANGE} or bool(only),
        wants=_WANTS.get(question.kind, ""),
        audio=_audio(ctx, doing, question),
        topic=doing.topic,
    )


def ask_waiting(sheet: Sheet, question: Question) -> None:
    """The picture or voice is on its way."""
    sheet.ctx.ask(
        t(f"survey.coming_{question.kind}"),
        options=nav(back="nav.back", skip=not question.required),
        topic=sheet.doing.topic,
    )


def _heading(sheet: Sheet, question: Question, *, fresh: bool) -> list[Text]:
    return [plain(question.section)] if fresh and question.section and sheet.opens_section(question.id) else []


def _words(sheet: Sheet, question: Question, number: int, total: int) -> Text:
    if question.other_of:
        return plain(question.text)
    if not question.stem:
        return t("survey.question", number=number, total=total, text=question.text)
    before = sheet.before(question.id)
    again = before is not None and before.matrix == question.matrix
    stem = shortened(question.stem, _SHORT_STEM) if again else question.stem
    return t("survey.item", number=number, total=total, stem=stem, text=question.text)


def shortened(text: str, most: int) -> str:
    """The beginning of a text, at most so many characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head, _, rest = text[: most - 1].rpartition(" ")
    return f"{head or rest}…"


def ending(text: str, most: int) -> str:
    """The end of a text, at most so many characters: questions begin alike and end with what they are about."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    rest, _, tail = text[1 - most :].partition(" ")
    return f"…{tail or rest}"


def _how(question: Question, rows: Sequence[Option], *, fresh: bool, begun: bool) -> str:
    """What to do, where neither the buttons nor what was said just now tell it."""
    if question.kind is Kind.TEXT:
        return "" if question.other_of else "survey.write"
    told = question.kind in _WANTS and not fresh
    clear = (question.kind is Kind.RANGE and rows) or (question.kind is Kind.RANK and begun)
    return "" if told or clear else _HOW.get(question.kind, "")


def bounds(question: Question, otherwise: Text) -> Text:
    """From where to where a number is wanted; `otherwise` where the question does not say."""
    low, high = (None if end is None else shown_number(end) for end in (question.min, question.max))
    if low is None and high is None:
        return otherwise
    key = "survey.between" if low and high else "survey.at_least" if low else "survey.at_most"
    return t(key, low=low, high=high)


def _rows(sheet: Sheet, question: Question) -> list[Option]:
    picked = sheet.doing.picked
    if question.kind is Kind.RANK:
        rows = [_row(row) for row in options(question, sheet.language) if row[0] not in picked]
        return [*rows, Option(UNDO, t("survey.undo"))] if picked else rows
    if question.kind is Kind.MULTIPLE:
        offered = options(question, sheet.language)
        rows = [_row(row, ticked=row[0] in picked) for row in offered]
        return [*rows, Option(DONE, t("survey.done_ticking"))]
    return [_row(row) for row in options(question, sheet.language)]


def _row(row: tuple[str, str, str], *, ticked: bool = False) -> Option:
    token, text, digit = row
    return Option(TOKEN + token, t("survey.ticked", label=text) if ticked else plain(text), digit)


def _few(sheet: Sheet, question: Question, only: Sequence[str]) -> list[Option]:
    """The answers that were perhaps meant, with their own printed numbers where they have one."""
    known = {row[0]: row for row in options(question, sheet.language)}
    return [_row(known.get(token) or (token, label_of(sheet, question, token), "")) for token in only]


def label_of(sheet: Sheet, question: Question, token: str) -> str:
    """An answer as people read it, by the token of its button."""
    answer = from_token(question, token)
    return token if isinstance(answer, Misread) else label(question, answer, sheet.language)


def _audio(ctx: Context, doing: Answering, question: Question) -> tuple[int, str]:
    return (ctx.desk.file(doing.version, question.audio), question.audio) if question.audio else (0, "")
