"""One-time codes on invitations, such as K7M-2QX-4P9: eight random signs and a check sign, easy to read out and type.

Whoever brings a code may answer once, from wherever: it stands for a row of a frame, never for a chat.
"""

import re

from feedback.codes import ALPHABET
from vietnam.text import fold_words

SIGNS = 8
SPACE = len(ALPHABET) ** SIGNS
"""How many codes there are: one of a hundred thousand valid ones is guessed once in eight million tries."""
_BETWEEN = r"[\s.\-–]*"
_TYPED = re.compile(rf"(?:ma (?:moi |phieu |so )?:?\s*)?((?:[0-9a-z]{_BETWEEN}){{{SIGNS + 1}}})")
_BREAK = 3


def make_code(number: int) -> str | None:
    """The code of a random number (taken modulo SPACE), or None for one that could be a word: another is drawn then."""
    signs = []
    for _ in range(SIGNS):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    body = "".join(signs)
    whole = body + _check(body)
    return _broken(whole) if _could_be_no_word(whole) else None


def read_code(text: str) -> str | None:
    """The code that a person typed (any case, with or without dashes and "mã"), None where it is none or has a slip."""
    found = _TYPED.fullmatch(fold_words(text).strip())
    if found is None:
        return None
    signs = re.sub(r"[^0-9A-Z]", "", found[1].upper())
    if any(sign not in ALPHABET for sign in signs) or _check(signs[:SIGNS]) != signs[SIGNS]:
        return None
    return _broken(signs) if _could_be_no_word(signs) else None


def _could_be_no_word(signs: str) -> bool:
    return any(sign.isdigit() for sign in signs)


def _broken(signs: str) -> str:
    return "-".join(signs[at : at + _BREAK] for at in range(0, len(signs), _BREAK))


def _check(body: str) -> str:
    # Weights that differ by position: any one wrong sign and any two neighbours swapped change the sum modulo a prime.
    total = sum(ALPHABET.index(sign) * weight for weight, sign in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]
