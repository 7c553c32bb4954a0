"""What may come in a form or behind a question mark, of whoever means no good or only slipped: the same every time."""

import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from urllib.parse import quote_plus

from tests.web.asking import FORM
from tests.web.forms_on import BOUNDARY, FoundForm, multipart

SCRIPT = "<script>alert(1)</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">{SCRIPT}</svg>'.encode()
WORDS = {
    "nothing": "",
    "blanks": " \t\r\n　",
    "too much": "mười " * 20_000,
    "html": f'"><img src=x onerror=alert(1)>{SCRIPT}',
    "formula": "=cmd|' /C calc'!A0",
    "NUL": "a\0b",
    "four bytes": "😀👨‍👩‍👧‍👦𠮷",
    "from right to left": "\u202efdp.exe\u2066\u200f",
    "no text": "\ufffe\uffff\u0000\u001b[2J",
    "another folder": "../../../etc/passwd%00.png",
    "JSON": '{"a":[1,{"b":null}]}',
    "template": "{{7*7}}{% raw %}%(x)s %s {0}",
    "quote": "'; DROP TABLE officers; --",
    "zero": "0",
    "below": "-1",
    "too many bits": str(2**63),
    "far too many bits": "9" * 5_000,
    "broken": "1.5",
    "endless": "1e999",
    "no number": "NaN",
    "other digits": "٣１２",
    "digit of no number": "²",
    "underlined": "1_000",
    "no day": "2026-02-30",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no hour": "25:61",
    "no month": "2026-13",
    "first month": "0001-01",
    "on": "on",
}
ALWAYS = (
    "nothing",
    "too much",
    "html",
    "formula",
    "NUL",
    "four bytes",
    "from right to left",
    "no number",
    "of another commune",
)
"""What every form is sent, every time; the others are drawn."""
FILES: tuple[tuple[str, str, bytes], ...] = (
    ("../../x", "application/octet-stream", b"x"),
    ("anh.svg", "image/svg+xml", SVG),
    ("", "", b""),
    ("a\\..\\b.xlsx", "application/vnd.ms-excel", b"PK\x03\x04" + b"\0" * 60),
    ("mẫu 😀.toml", "text/plain", b"[[[\xff\xfe\0"),
    ("a.pdf", "application/pdf", b"%PDF-1.7\n" + b"\xff" * 500),
)
"""Names, kinds and contents of files that are none."""


@cache
def huge_picture() -> tuple[str, str, bytes]:
    """A PNG of 20,000 x 10,000 pixels, 200 million, in some 25 kB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    width, height = 20_000, 10_000
    head = chunk(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + bytes([1, 0, 0, 0, 0]))
    rows = zlib.compress(b"\0" * (height * (1 + width // 8)), 9)
    return "lon.png", "image/png", b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


Body = tuple[str, str, bytes, bool]
"""(what it is, content type, body, whether it breaks off)."""


def urlencoded(fields: Sequence[tuple[str, str]]) -> bytes:
    """A form as a browser sends it, but nothing is refused on the way."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields).encode()


def bodies(form: FoundForm, ids: Sequence[str], chance: Random, *, most: int) -> Iterator[Body]:
    """Bodies for a form: at most `most` that fill every field alike, some that spoil one field, and broken ones.

    `ids` are those of rows of another commune.
    """
    words = {**WORDS, "of another commune": chance.choice(ids)}
    names = [*form.names, "la"]
    others = sorted(set(words) - set(ALWAYS))
    for called in (*ALWAYS, *chance.sample(others, min(most, len(others)))):
        yield called, *_sent(form, [(name, words[called]) for name in names], chance)
    for called, kind, content in (*FILES, huge_picture()) if form.files else ():
        sent = multipart(form.fields, [(name, called, kind, content) for name in form.files])
        yield f"the file {called!r}", f"multipart/form-data; boundary={BOUNDARY}", sent, False
    for name in chance.sample(form.names, min(most // 2, len(form.names))):
        for called in (*chance.sample(sorted(words), 2), "of another commune"):
            spoiled = [(one, words[called] if one == name else value) for one, value in form.fields]
            yield f"{name}: {called}", *_sent(form, spoiled, chance)
    yield "as it stands", *_sent(form, form.fields, chance)
    yield "twice", *_sent(form, form.fields * 2, chance)
    yield "a thousand fields", *_sent(form, [(f"x{number}", "1") for number in range(1_000)], chance)
    yield "no bytes of a text", FORM, b"&".join(name.encode() + b"=%ff%ed%a0%80%00" for name in names), False
    yield "no form", "application/json", b'{"a": 1}', False
    yield "nothing at all", "", b"", False
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    files = [(name, *FILES[0]) for name in (form.files or names[:1])]
    whole = multipart(form.fields, files)
    yield "broken off", kind, whole[: len(whole) * 2 // 3], True
    yield "cut", kind, whole[: len(whole) // 2], False
    yield "without a boundary", "multipart/form-data", whole, False


def _sent(form: FoundForm, fields: list[tuple[str, str]], chance: Random) -> tuple[str, bytes, bool]:
    if form.multipart:
        files = [(name, *chance.choice(FILES)) for name in form.files]
        return f"multipart/form-data; boundary={BOUNDARY}", multipart(fields, files), False
    return FORM, urlencoded(fields), False


def questions(names: Sequence[str], ids: Sequence[str], chance: Random, *, most: int) -> Iterator[tuple[str, str]]:
    """(what it is, query string) for a page that is asked with such fields."""
    words = {**WORDS, "of another commune": chance.choice(ids)}
    short = {called: word for called, word in words.items() if len(word) < 10_000}
    asked = [*names, "la"]
    for called in chance.sample(sorted(short), min(most, len(short))):
        yield called, urlencoded([(name, short[called]) for name in asked]).decode()
    yield "twice", "&".join(f"{name}=1&{name}=2" for name in asked)
    yield "no text", "&".join(f"{name}=%ff%ed%a0%80%00" for name in asked)
    yield "much", f"{asked[0]}=" + "x" * 20_000
