"""Case codes such as VL-2026-K7M2QX-4: random, so that no gap tells anything, with a check character against slips."""

import re
from typing import NamedTuple

from vietnam.text import fold_words

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs, a prime, without 0 O 1 I L that a farmer on the telephone would mix up."""
LENGTH = 6
_MODULUS = len(ALPHABET)
_SHAPE = re.compile(rf"([A-Z]{{1,4}})(\d{{4}})([{ALPHABET}]{{{LENGTH}}})([{ALPHABET}])")
_BETWEEN = r"[\s.\-–]*"
_TYPED = re.compile(rf"(?<!\w)[A-Z]{{1,4}}{_BETWEEN}20\d\d(?:{_BETWEEN}[0-9A-Z]){{{LENGTH + 1}}}(?!\w)")
_PARTS = re.compile(rf"[A-Z]{{1,4}}{_BETWEEN}20\d\d((?:{_BETWEEN}[0-9A-Z])+)$")
_MEANT = re.compile(rf"(?:ma (?:so |tra cuu )?)?[a-z]{{1,4}}{_BETWEEN}20\d\d{_BETWEEN}(?:[0-9a-z]{_BETWEEN}){{4,9}}")

_CUT_SHORT = re.compile(r"\s*[A-Za-z]{1,4}[-.–]20\d\d(?:[-.–][0-9A-Za-z]{0,3})?[-.–]?\s*")
"""Of fewer signs only where they stand as in a code: "năm 2026 ..." is none."""


def make_code(prefix: str, year: int, number: int) -> str:
    """The code of a random `number` (any size; taken modulo 31^6)."""
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, _MODULUS)
        signs.append(ALPHABET[rest])
    body = "".join(signs)
    return f"{prefix}-{year}-{body}-{_check(prefix, year, body)}"


def read_code(text: str) -> str | None:
    """The code in what a person typed (any case, spaces or dashes anywhere), or None where it is none or has a slip."""
    for typed in _TYPED.findall(text.upper()):
        match = _SHAPE.fullmatch(re.sub(r"[^0-9A-Z]", "", typed))
        if match is None:
            continue
        prefix, year, body, check = match.groups()
        if _check(prefix, int(year), body) == check:
            return f"{prefix}-{year}-{body}-{check}"
    return None


def looks_like_code(text: str) -> bool:
    """Whether a person probably meant a code and nothing else, right or wrong."""
    return _MEANT.fullmatch(fold_words(text)) is not None or _CUT_SHORT.fullmatch(text) is not None


class Slip(NamedTuple):
    """What is wrong with a mistyped code, told by its shape alone: whether any code is there is never looked up.

    `kind`: "sign" (`what` stands in no code), "length" (`many` signs follow the year), or "check" (the shape is right,
    so one sign is wrong or two have changed places).
    """

    kind: str
    what: str = ""
    many: int = 0


def slip_in(text: str) -> Slip | None:
    """What is wrong with what was meant for a code; None for a right one, and for what is none at all."""
    meant = _PARTS.search(fold_words(text).upper())
    if meant is None or read_code(text) is not None:
        return None
    rest = re.sub(r"[^0-9A-Z]", "", meant[1])
    strange = next((sign for sign in rest if sign not in ALPHABET), "")
    if strange:
        return Slip("sign", what=strange)
    if len(rest) != LENGTH + 1:
        return Slip("length", many=len(rest))
    return Slip("check")


def _check(prefix: str, year: int, body: str) -> str:
    # Weights that differ by position: any one wrong sign and any two neighbours swapped change the sum modulo a prime.
    total = sum(ord(sign) * (weight % _MODULUS) for weight, sign in enumerate(f"{prefix}{year}", start=11))
    total += sum(ALPHABET.index(sign) * weight for weight, sign in enumerate(body, start=2))
    return ALPHABET[total % _MODULUS]
