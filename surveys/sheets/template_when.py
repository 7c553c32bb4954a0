""" "Chỉ hỏi khi câu ... chọn ...": the two cells of a row made into one show_if.

Several questions ("3, 5") must all be answered so; with "hoặc" between them one is enough. "trừ ..." asks everyone but
those, and so also whoever skipped that question. What is chosen is named by its label, its number, or a comparison.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

import msgspec

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Choice, Kind
from surveys.sheets.template_words import folded
from surveys.wording import LABELS

_EXCEPT = re.compile(
    r"(?:trừ|tru|ngoại trừ|ngoai tru|khác với|khac voi|khác|khac|không phải|khong phai|không chọn|khong chon)\b[\s:]*",
    re.IGNORECASE,
)
_OR = re.compile(r"\s+(?:hoặc|hoac|hay)\s+", re.IGNORECASE)
_AND = re.compile(r"\s*[,;\n&+]\s*|\s+(?:và|va)\s+", re.IGNORECASE)
_QUESTION = re.compile(r"^(?:câu|cau)?\s*(?:số|so)?\s*", re.IGNORECASE)
_VALUE = r"(-?[0-9]{1,15}(?:[.,][0-9]{1,6})?)"
_SIGNS = {
    "<=": "<=", ">=": ">=", "<": "<", ">": ">", "=": "==", "≤": "<=", "≥": ">=", "dưới": "<", "duoi": "<",
    "nhỏ hơn": "<", "nho hon": "<", "trên": ">", "tren": ">", "lớn hơn": ">", "lon hon": ">", "từ": ">=", "tu": ">=",
    "ít nhất": ">=", "it nhat": ">=", "nhiều nhất": "<=", "nhieu nhat": "<=", "không quá": "<=", "khong qua": "<=",
}  # fmt: skip
_COMPARED = re.compile(rf"({'|'.join(_SIGNS)})\s*{_VALUE}", re.IGNORECASE)
_ONWARDS = re.compile(rf"(?:(?:từ|tu)\s+)?{_VALUE}\s*(?:trở|tro)\s+(lên|len|xuống|xuong)", re.IGNORECASE)
_SPAN = re.compile(r"(?:từ\s+|tu\s+)?([0-9]{1,15})\s*(?:-|–|đến|den|tới|toi)\s*([0-9]{1,15})", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""What a spreadsheet program makes of "1-2" in a cell that is not text."""
_ANSWERED = frozenset({"co tra loi", "da tra loi", "bat ky", "co y kien", "da chon"})
_NUMBERS = frozenset({Kind.LIKERT5, Kind.NPS, Kind.NUMBER, Kind.DECIMAL})
_MOST = {Kind.LIKERT5: 5, Kind.NPS: 10}


class WhenFault(Exception):
    """What cannot be understood: `code` and params of the fault, and whether it stands in the cell of the numbers."""

    def __init__(self, code: str, *, numbers: bool = False, **params: str) -> None:
        self.code = code
        self.numbers = numbers
        self.params = params
        super().__init__(code)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier question as far as a condition needs it."""

    number: str
    """As the STT column says it."""
    id: str
    kind: Kind | None
    """None of a table of items, and where it could not be read."""
    items: int = 0
    choices: tuple[Choice, ...] = ()
    not_applicable: str = ""


def show_if(when: str, chosen: str, earlier: Mapping[str, Asked], later: set[str]) -> str:
    """The expression for the two cells; "" where it looks at a question that could not be read. WhenFault.

    Keys of `earlier`, and `later`, are STT as `stt` compares them.
    """
    if when and not chosen:
        raise WhenFault("template.when.chosen_missing")
    if _DATE.fullmatch(when) or _DATE.fullmatch(chosen):
        raise WhenFault("template.when.date", numbers=_DATE.fullmatch(when) is not None)
    if chosen and not when:
        raise WhenFault("template.when.number_missing", numbers=True)
    parts = _OR.split(when)
    either = len(parts) > 1
    numbers = parts if either else [part for part in _AND.split(when) if part]
    if either and any(len([p for p in _AND.split(part) if p]) > 1 for part in parts):
        raise WhenFault("template.when.mixed", numbers=True)
    asked = [_asked(number, earlier, later) for number in numbers]
    if any(question.kind is None for question in asked):
        return ""
    lines = [line for line in chosen.split("\n") if line.strip()]
    own = lines if len(lines) == len(asked) > 1 else [chosen] * len(asked)
    tests = [_test(question, text) for question, text in zip(asked, own, strict=True)]
    if len(tests) == 1:
        return tests[0]
    return (" or " if either else " and ").join(f"({test})" if " or " in test else test for test in tests)


def stt(text: str) -> str:
    """A number of a question as it is compared: "Câu 3." is "3"."""
    return folded(_QUESTION.sub("", text.strip()).rstrip(".):")).replace(" ", "_")


def shown(text: str) -> str:
    """A number of a question as a sentence says it behind "câu": "Câu 3." is "3"."""
    return _QUESTION.sub("", text.strip()).rstrip(".):")[:20]


def _asked(number: str, earlier: Mapping[str, Asked], later: set[str]) -> Asked:
    key = stt(number)
    if key in earlier:
        if earlier[key].items:
            raise WhenFault("template.when.matrix", numbers=True, number=shown(number))
        return earlier[key]
    code = "template.when.later" if key in later else "template.when.unknown"
    raise WhenFault(code, numbers=True, number=shown(number))


def _test(asked: Asked, chosen: str) -> str:
    """The condition on one question."""
    text = chosen.strip()
    if folded(text) in _ANSWERED:
        return f"answered({asked.id})"
    known = _answers(asked)
    excepted = _EXCEPT.match(text)
    # "Khác" may be a choice of the question; then it is meant as such.
    if excepted and folded(text) not in known and text[excepted.end() :]:
        return _denied(_positive(asked, text[excepted.end() :], known))
    return _positive(asked, text, known)


def _denied(test: str) -> str:
    return f"not ({test})" if " and " in test or " or " in test else f"not {test}"


def _positive(asked: Asked, text: str, known: dict[str, int | str]) -> str:
    if asked.kind in _NUMBERS:
        if compared := _COMPARED.fullmatch(text.strip()):
            return _comparison(asked, _SIGNS[compared[1].lower()], compared[2])
        if onwards := _ONWARDS.fullmatch(text.strip()):
            return _comparison(asked, ">=" if folded(onwards[2]) == "len" else "<=", onwards[1])
        if span := _SPAN.fullmatch(text.strip()):
            return f"{_comparison(asked, '>=', span[1])} and {_comparison(asked, '<=', span[2])}"
    if asked.kind in {Kind.NUMBER, Kind.DECIMAL}:
        return _one_of(asked, _pieces(text, lambda piece: _number(piece) is not None, asked), _number)
    if not known:
        raise WhenFault("template.when.kind", number=shown(asked.number))
    return _one_of(
        asked, _pieces(text, lambda piece: folded(piece) in known, asked), lambda piece: known[folded(piece)]
    )


def _comparison(asked: Asked, sign: str, written: str) -> str:
    value = written.replace(",", ".")
    most = _MOST.get(asked.kind or Kind.NUMBER)
    if most is not None and not 0 <= float(value) <= most:
        raise WhenFault("template.when.unknown_answer", number=shown(asked.number), found=written, offered=f"0-{most}")
    return f"{asked.id} {sign} {value}"


def _pieces(text: str, is_known: Callable[[str], bool], asked: Asked) -> list[str]:
    """The answers named in a text. A label may hold commas, so these cut only what is not known otherwise."""
    text = text.strip()
    if is_known(text):
        return [text]
    for cut in (r"\s*[;\n]\s*|\s+(?:hoặc|hoac)\s+", r"\s*[;\n,]\s*|\s+(?:hoặc|hoac|hay|và|va)\s+"):
        pieces = [piece for piece in re.split(cut, text, flags=re.IGNORECASE) if piece]
        if pieces and all(map(is_known, pieces)):
            return list(dict.fromkeys(pieces))
    pieces = [piece for piece in re.split(r"\s*[;\n]\s*", text) if piece]
    wrong = next((piece for piece in pieces if not is_known(piece)), text)
    offered = [label for label in _labels(asked) if label]
    index = {folded(label): label for label in offered}
    near = get_close_matches(folded(wrong), index, n=1, cutoff=0.7)
    raise WhenFault(
        "template.when.unknown_answer.near" if near else "template.when.unknown_answer",
        number=shown(asked.number),
        found=wrong[:60],
        near=index[near[0]] if near else "",
        offered="; ".join(offered),
    )


def _one_of(asked: Asked, pieces: list[str], value: Callable[[str], int | str | float | None]) -> str:
    values = list(dict.fromkeys(_literal(value(piece)) for piece in pieces))
    if asked.kind is Kind.MULTIPLE:
        return " or ".join(f"{one} in {asked.id}" for one in values)
    return f"{asked.id} == {values[0]}" if len(values) == 1 else f"{asked.id} in [{', '.join(values)}]"


def _literal(value: str | float | None) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:.15g}"


def _number(text: str) -> float | None:
    found = re.fullmatch(_VALUE, text.strip())
    return float(found[0].replace(",", ".")) if found else None


def _answers(asked: Asked) -> dict[str, int | str]:
    """Every answer of a question by what may stand for it: its folded label, its printed number."""
    words = LABELS["vi"]
    if asked.kind in {Kind.SINGLE, Kind.MULTIPLE}:
        numbers = {str(place): one.id for place, one in enumerate(asked.choices, start=1)}
        return {**numbers, **{folded(one.text): one.id for one in asked.choices}}
    if asked.kind is Kind.YESNO:
        return {folded(words.yes): "yes", folded(words.no): "no"}
    if asked.kind is Kind.ACKNOWLEDGE:
        return {folded(words.acknowledge): "yes"}
    if asked.kind is Kind.NPS:
        return {str(value): value for value in range(_MOST[Kind.NPS] + 1)}
    if asked.kind is Kind.LIKERT5:
        scale = {str(value): value for value in range(6)} | {folded(words.no_opinion): NO_OPINION}
        scale |= {folded(label): value for value, label in enumerate(words.likert, start=1)}
        if asked.not_applicable:
            scale |= {str(NOT_APPLICABLE): NOT_APPLICABLE, folded(asked.not_applicable): NOT_APPLICABLE}
        return dict(scale)
    return {}


def _labels(asked: Asked) -> list[str]:
    words = LABELS["vi"]
    if asked.kind is Kind.YESNO:
        return [words.yes, words.no]
    if asked.kind is Kind.NPS:
        return ["0-10"]
    if asked.kind is Kind.LIKERT5:
        return [*words.likert, words.no_opinion, asked.not_applicable]
    return [one.text for one in asked.choices]
