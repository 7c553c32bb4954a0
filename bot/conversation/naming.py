"""Who somebody is, as people write it in one line: the name, the telephone, and what else they put beside them."""

import re

from feedback.complaints import complaints
from feedback.session_acts import MAX_NAME
from vietnam.phones import read_phones
from vietnam.text import fold_words

_RUN = re.compile(r"\+?\d(?:[\s.\-()]*\d)*")
_APART = re.compile(r"(?<!\d)(\d{1,4})\s+(?=(?:\+?84|0)[35789](?:[\s.\-]?\d){8}(?!\d))")
"""The number of a house or thôn right before a telephone: together they would be neither."""
_MISTYPED = 5
"""Digits of a run that was surely meant as a telephone: the numbers of houses and thôn are shorter."""
_LONGEST = 8
"""Words of the longest name."""
_LABEL = re.compile(
    r"(?:(?i:\b(?:số điện thoại|điện thoại|so dien thoai|dien thoai|sđt|sdt|đt|dt|di động|zalo|tel|phone)\b)"
    r"|\b(?:số|so)\b|(?<=[,;.(])\s*Số\b|^\s*Số\b)[\s:.]*"
    r"(?:(?i:\bcủa (?:tôi|em|cháu|con)\b)[\s:]*)?(?:(?i:\blà\b)[\s:]*)?$"
)
"""What stands right before a number and belongs to it. "Số" with a capital is a name, unless it begins its part."""
_BEFORE = re.compile(
    r"(?i)^\W*(?:(?:dạ|vâng|xin|thưa|chào)\b\s*)*"
    r"(?:họ và tên|họ tên|ho va ten|ho ten|tên(?: của)? tôi là|ten toi la|tôi tên là|toi ten la|tôi tên|toi ten"
    r"|em tên là|em là|cháu tên là|cháu là|con tên là|tôi là|toi la|mình là|tên là|ten la|tên)\b\W*(?:(?i:là)\b)?\W*"
)
_PLACE = re.compile(
    r"(?<!(?i:hợp tác))(?<!(?i:hop tac))\s"
    r"(?:thôn|xóm|bản|ấp|khóm|làng|buôn|tổ|khu|đội|ngõ|đường|xã|phường|số nhà|nhà số|ở|thon|xom|ap|khom|so nha|o"
    r"|Thôn|Xóm|Ấp|Khóm|Xã|Phường|Số nhà)\s+\S.*$"
)
"""Where somebody lives, written behind the name without a comma."""
_IS_PLACE = frozenset(
    "thon xom ban ap khom lang buon to khu doi ngo duong xa phuong huyen tinh nha so".split()  # noqa: SIM905 - a list of words
)
_NO_NAME = frozenset(
    {
        "ok", "oke", "okay", "oki", "thôi", "thoi", "thôi ạ", "không", "khong", "ko", "k", "không có", "khong co", "có",
        "co", "được", "duoc", "vâng", "vang", "vâng ạ", "dạ", "da", "dạ vâng", "ừ", "u", "uh", "ừm", "xong", "rồi",
        "roi", "xin chào", "xin chao", "chào", "chao", "alo", "cảm ơn", "cam on", "cám ơn", "không biết", "khong biet",
        "để sau", "de sau", "chưa", "chua", "gì", "gi", "ẩn danh", "an danh", "không cần", "khong can", "test",
        "không cho", "khong cho", "không nói", "khong noi", "tôi", "toi", "đồng ý", "dong y", "hủy",
    }
)  # fmt: skip


def name_and_phone(text: str) -> tuple[str, str]:
    """What of a line is a name and what a telephone number; "" for what is not there. Of two numbers the first."""
    text = _APART.sub(r"\1, ", text)
    phone = next(iter(read_phones(text)), "")
    return _name_in(_without_numbers(text)), phone


def mistyped(text: str) -> bool:
    """Whether a number stands there that was surely meant as a telephone, and is none."""
    text = _APART.sub(r"\1, ", text)
    long = any(sum(sign.isdigit() for sign in run) >= _MISTYPED for run in _RUN.findall(text))
    return long and not read_phones(text)


def _without_numbers(text: str) -> str:
    """The line with a break where each telephone stood, without the words that name it."""
    left, at = "", 0
    for run in _RUN.finditer(text):
        if sum(sign.isdigit() for sign in run[0]) < _MISTYPED:
            continue
        left += _LABEL.sub("", text[at : run.start()]) + "\n"
        at = run.end()
    return left + text[at:]


def _name_in(text: str) -> str:
    """The first part of a line that can be a name."""
    parts = re.split(r"[,;\n|/()]|\s[-–—]\s|[.:](?=\s|$)", _BEFORE.sub("", text))
    return next((name for part in parts if (name := _as_name(part))), "")


def _as_name(part: str) -> str:
    """A part as a name; "" where it is none."""
    name = _PLACE.sub("", f" {_BEFORE.sub('', part)}").strip(" ,;.:-–_'\"")
    name = " ".join(name.split()).removesuffix(" ạ")
    words = fold_words(name).split()
    if not words or len(name) > MAX_NAME or len(words) > _LONGEST or any(sign.isdigit() for sign in name):
        return ""
    said = name.casefold()
    if said in _NO_NAME or all(word in _NO_NAME for word in said.split()) or not any(map(str.isalpha, name)):
        return ""
    if len(words) > 1 and words[0] in _IS_PLACE and not name[0].isupper():
        return ""
    return "" if complaints().read(name) is not None else name
