"""Case codes such as VL-2026-K7M2QX-4: random, so that no gap tells anything, with a check character against slips."""

import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs, a prime, without 0 O 1 I L that a farmer on the telephone would mix up."""
LENGTH = 6
_MODULUS = len(ALPHABET)
_SHAPE = re.compile(rf"^([A-Z]{{1,4}})(\d{{4}})([{ALPHABET}]{{{LENGTH}}})([{ALPHABET}])$")


def make_code(prefix: str, year: int, number: int) -> str:
    """The code of a random `number` (any size; taken modulo 31^6)."""
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, _MODULUS)
        signs.append(ALPHABET[rest])
    body = "".join(signs)
    return f"{prefix}-{year}-{body}-{_check(prefix, year, body)}"


def read_code(text: str) -> str | None:
    """The code a person typed (any case, spaces or dashes anywhere), or None where it is none or has a slip."""
    bare = re.sub(r"[^0-9A-Z]", "", text.upper())
    match = _SHAPE.match(bare)
    if match is None:
        return None
    prefix, year, body, check = match.groups()
    if _check(prefix, int(year), body) != check:
        return None
    return f"{prefix}-{year}-{body}-{check}"


def looks_like_code(text: str) -> bool:
    """Whether a person probably meant a code, right or wrong."""
    return re.search(r"\b[A-Za-z]{1,4}[\s-]*20\d\d[\s-]*[0-9A-Za-z]{4,}", text) is not None


def _check(prefix: str, year: int, body: str) -> str:
    # Weights that differ by position: any one wrong sign and any two neighbours swapped change the sum modulo a prime.
    total = sum(ord(sign) * (weight % _MODULUS) for weight, sign in enumerate(f"{prefix}{year}", start=11))
    total += sum(ALPHABET.index(sign) * weight for weight, sign in enumerate(body, start=2))
    return ALPHABET[total % _MODULUS]
