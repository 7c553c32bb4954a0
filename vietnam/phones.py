"""Vietnamese telephone numbers, as people type them."""

import re
import unicodedata

# Ten digits for a mobile telephone (03, 05, 07, 08, 09: the plan in force since 2018), ten or eleven for a
# landline (02 and the area code).
_NATIONAL = re.compile(r"0[35789]\d{8}|02\d{8,9}")
_CANDIDATE = re.compile(r"\+?\d(?:[\s.\-()]*\d)*")
_COUNTRY = re.compile(r"(?:\+|00)840?|84(?=[235789]\d{8,9}$)")


def read_phone(text: str) -> str | None:
    """The one telephone number in a text, as "0912345678"; None where there is none, or more than one.

    Understands "0912 345 678", "+84 912.345.678", "0084...", and words around ("số của tôi là ...").
    A longer run of digits (an identity card, a date) is not a telephone number.
    """
    found = read_phones(text)
    return found[0] if len(found) == 1 else None


def read_phones(text: str) -> list[str]:
    """Every telephone number in a text in their order, each once, as `read_phone` gives it."""
    found = (_national(run) for run in _CANDIDATE.findall(_ascii_digits(text)))
    return list(dict.fromkeys(number for number in found if number))


def _national(run: str) -> str | None:
    digits = re.sub(r"[^\d+]", "", run)
    national = _COUNTRY.sub("0", digits, count=1) if _COUNTRY.match(digits) else digits
    return national if _NATIONAL.fullmatch(national) else None


def _ascii_digits(text: str) -> str:
    """Digits of any script (Khmer, full width) as 0-9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
