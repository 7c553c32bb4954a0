"""What an officer types for one question of a paper form: the printed digits, a date, a number or the words.

Strict, and nothing is guessed: the form lies beside the keyboard. Nothing typed is a question left blank, also where
the chat would insist: paper cannot.
"""

import re
from datetime import date

from surveys.definition import Answer, Kind, Question
from surveys.options import CHOOSING, NUMERIC, SKIP, Misread, checked_number, from_token, options, settle
from vietnam.text import clean

LONGEST = 4_000
"""Characters of an answer in words."""
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})|(\d{2})(\d{2})(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:hg. ](\d{2})|(\d{2})(\d{2})|(\d{1,2})[hg]?")


def read_keys(question: Question, typed: str) -> Answer | Misread:
    """The answer that was typed; None for a blank. Misread as surveys.options names it."""
    text = clean(typed)[0].strip()
    if not text:
        return SKIP
    if question.kind is Kind.TEXT:
        most = LONGEST if question.max is None else int(question.max)
        return text if len(text) <= most else Misread("too_long")
    if question.kind in NUMERIC:
        return _number(question, text)
    if question.kind is Kind.DATE:
        return _day(text)
    if question.kind is Kind.TIME:
        return _time(text)
    return _ticked(question, text)


def write_keys(question: Question, answer: Answer) -> str:
    """What would be typed for an answer."""
    if answer is None:
        return ""
    digits = {token: digit for token, _, digit in options(question)}
    if isinstance(answer, tuple):
        return " ".join(digits.get(choice, "") for choice in answer)
    if question.kind in NUMERIC and isinstance(answer, int | float):
        return f"{answer:f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(answer, float) else str(answer)
    if question.kind is Kind.DATE:
        return "/".join(reversed(str(answer).split("-")))
    return str(answer) if question.kind in {Kind.TEXT, Kind.TIME} else digits.get(str(answer), "")


def jumps(question: Question) -> tuple[str, ...]:
    """What, once typed, is surely the whole answer: then the cursor may go on by itself. () where a key must end it."""
    if question.kind not in {Kind.LIKERT5, Kind.NPS, Kind.SINGLE, Kind.YESNO, Kind.ACKNOWLEDGE}:
        return ()
    codes = [digit for _, _, digit in options(question)]
    return tuple(code for code in codes if not any(one != code and one.startswith(code) for one in codes))


def _ticked(question: Question, text: str) -> Answer | Misread:
    tokens = {digit: token for token, _, digit in options(question)}
    if question.kind not in CHOOSING - {Kind.SINGLE}:
        return from_token(question, tokens[text]) if text in tokens else Misread("unknown")
    parts = re.split(r"[\s,;.+-]+", text.strip(" ,;.+-"))
    if len(parts) == 1 and max(map(len, tokens)) == 1:
        parts = list(text)
    if any(part not in tokens for part in parts):
        return Misread("unknown")
    chosen = tuple(tokens[part] for part in parts)
    return settle(question, chosen if question.kind is Kind.RANK else tuple(dict.fromkeys(chosen)))


def _number(question: Question, text: str) -> Answer | Misread:
    if not (_NUMBER.fullmatch(text) and text.isascii()):
        return Misread("unclear")
    return checked_number(question, float(text.replace(".", "").replace(",", ".")))


def _day(text: str) -> Answer | Misread:
    found = _DAY.fullmatch(text) if text.isascii() else None
    if found is None:
        return Misread("unclear")
    day, month, year = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return Misread("no_such_day")


def _time(text: str) -> Answer | Misread:
    found = _CLOCK.fullmatch(text) if text.isascii() else None
    if found is None:
        return Misread("unclear")
    hour, minute = ([int(part) for part in found.groups() if part is not None] + [0])[:2]
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else Misread("no_such_time")
