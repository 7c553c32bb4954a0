"""A citizen's sentence as it may be quoted: what tells who said it, or of whom, is proposed to be taken out.

Only a proposal: a name that nobody wrote with a capital letter is not found. The officer reads what will be printed.
"""

import re
import unicodedata

from vietnam.phones import read_phones
from vietnam.text import fold_words

GONE = "(...)"
"""What stands in the place of words that were taken out."""

_CAPITAL = r"[A-ZĐ][\w'’]*"
_NAME = rf"{_CAPITAL}(?:\s+{_CAPITAL}){{0,4}}"
_TITLES = (
    "ong|ba|anh|chi|co|chu|bac|em|chau|cu|thay|me|bo|vo|chong|dong chi|d/c|ho|gia dinh|ho gia dinh|ten|ten la|toi la|"
    "toi ten|toi ten la|truong thon|bi thu|chu tich|pho chu tich|can bo|bac si|ke toan|ve|cong an"
)
_PLACES = "thon|xom|ban|buon|lang|ap|plei|phum|soc|khu pho|to dan pho|khu|pho|duong|ngo|hem|kiet|cho|cau|doi|truong"
_NUMBERED = "so nha|nha so|ngo|ngach|hem|kiet|to|to dan pho|khu|ap|thua|thua so|thua dat so|to ban do so|lo|duong"
_FAMILIES = (
    "Nguyen|Tran|Le|Pham|Hoang|Huynh|Phan|Vu|Vo|Dang|Bui|Do|Ho|Ngo|Duong|Ly|Nong|Luong|Ha|Vi|Trieu|Lo|Thach|Dinh|Mai|"
    "Trinh|Doan|Lam|To|Cao|Dao|Chu|Hua|La|Luc|Ma|Quach|Sam|Ta|Thai|Tong|Truong|Tu|Vuong|Be|Chau|Dam|Lang|Lieu|Loc|Luu|"
    "Giang|Sung|Vang|Thao|Mua|Kim|Danh|Ro|Ksor|Siu|Kpa|Rah|Rmah|Nay|Dieu|Quan|Quang|Tong|Ton|Phung|Tang|Ninh|Hau|Tieu"
)
_KNOWN = (
    "Ha Noi|Lang Son|Ha Giang|Ha Nam|Ha Tinh|Cao Bang|Thai Nguyen|Thai Binh|Lam Dong|Ho Chi Minh|Ninh Binh|Ninh Thuan|"
    "Quang Ninh|Quang Nam|Quang Ngai|Quang Binh|Quang Tri|Ha Tang|Cao Toc|Dang Uy"
)
# Every one is looked for in the text without accents, which has the same places; group "out" goes, or the whole.
_FOUND = (
    re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)@\w{3,}", re.IGNORECASE),
    re.compile(r"(?<!\w)\d{2}[A-Z][A-Z0-9]?[\s-]?\d{3}[.]?\d{1,2}(?!\w)"),
    re.compile(
        r"(?<![\w/.])\+?\d(?:[\s.\-()]{0,2}\d){6,}(?![\d/])(?!\s*(?:d\b|dong\b|vnd\b|trieu\b|m2\b))", re.IGNORECASE
    ),
    re.compile(rf"(?<!\w)(?i:{_NUMBERED})\s+(?P<out>(?i:so\s+)?\d+[\w/-]*)"),
    re.compile(rf"(?<!\w)(?:so\s+)?(?P<out>\d+[\w/]*\s+(?i:duong|pho|ngo|hem)\s+{_NAME})"),
    re.compile(rf"(?<!\w)(?i:{_PLACES})\s+(?P<out>{_NAME}(?:\s+\d+\b)?)"),
    re.compile(rf"(?<!\w)(?i:{_TITLES})\s+(?P<out>{_NAME})"),
    re.compile(rf"(?<![\w(])(?P<out>(?:{_FAMILIES})(?:\s+{_CAPITAL}){{1,4}})"),
)
_SURE = _FOUND[:3]
_OF_PEOPLE = (*_SURE, *_FOUND[-2:])
_PROVINCES = re.compile(rf"(?<!\w)(?:{_KNOWN})(?!\w)")
_ACRONYM = re.compile(r"[A-ZĐ]{2,}")
_MARKS = re.compile(r"\(\s*(?:\.{3}|…)\s*\)|\[\s*(?:\.{3}|…)\s*\]|…|\.{3}")
_GLUED = re.compile(r"\(\.\.\.\)(?:[\s,;]*\(\.\.\.\))+")


def redacted(text: str) -> str:
    """The text with what looks like a name, a telephone, an address or a number of papers as GONE; on one line."""
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    kept, at = [], 0
    for first, last in _spans(whole):
        kept += [whole[at:first], GONE]
        at = last
    return _GLUED.sub(GONE, "".join([*kept, whole[at:]]))


def people(text: str) -> list[str]:
    """What looks like a name, a telephone or a number of papers, as it stands in the text; places are none."""
    whole = unicodedata.normalize("NFC", text)
    bare = _bare(whole)
    known = [one.span() for one in _PROVINCES.finditer(bare)]
    found = [
        one.span("out" if "out" in pattern.groupindex else 0)
        for pattern in _OF_PEOPLE
        for one in pattern.finditer(bare)
    ]
    found = [(first, last) for first, last in found if not any(a <= first and last <= b for a, b in known)]
    return [whole[first:last] for first, last in sorted(set(found)) if not _ACRONYM.fullmatch(bare[first:last])]


def still_tells(text: str) -> bool:
    """Whether a telephone, an address of the net or a long number is still there: that is never printed."""
    bare = _bare(unicodedata.normalize("NFC", text))
    return bool(read_phones(text)) or any(pattern.search(bare) for pattern in _SURE)


def faithful(quote: str, said: str) -> bool:
    """Whether a quotation says nothing but the person's own words in their order, some of them left out."""
    words = iter(fold_words(said).split())
    return all(word in words for word in fold_words(_MARKS.sub(" ", quote)).split())


def _spans(text: str) -> list[tuple[int, int]]:
    """Places that go, apart from each other and in order."""
    bare = _bare(text)
    known = [one.span() for one in _PROVINCES.finditer(bare)]
    found = [
        one.span("out" if "out" in pattern.groupindex else 0)
        for pattern in _FOUND
        for one in pattern.finditer(bare)
        if _ACRONYM.fullmatch(one.groupdict().get("out", "")) is None
    ]
    found = [(first, last) for first, last in found if not any(a <= first and last <= b for a, b in known)]
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _bare(text: str) -> str:
    """The text without accents, every letter in its place."""
    return "".join(
        unicodedata.normalize("NFD", sign)[0] if sign not in "đĐ" else "dD"["đĐ".index(sign)] for sign in text
    )
