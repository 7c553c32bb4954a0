"""Of which field a few words are: a first guess, so that nobody is asked who only wants a seat; officers correct it."""

import re
from functools import lru_cache

from vietnam.text import fold_words

_WORDS: dict[str, tuple[str, ...]] = {
    "land": ("dat dai", "dat o", "lan dat", "do dat", "thua", "ranh gioi", "so do", "giay chung nhan", "xay nha"),
    "environment": ("moi truong", "rac", "o nhiem", "mui hoi", "khoi", "nuoc thai", "chan nuoi"),
    "roads": ("duong", "cay cau", "cong thoat nuoc", "mat dien", "dien luoi", "nuoc sach", "kenh muong"),
    "social_policy": ("ho ngheo", "can ngheo", "tro cap", "bao hiem", "nguoi co cong", "bao tro", "chinh sach"),
    "security": ("an ninh", "trat tu", "trom", "ma tuy", "danh bac", "gay roi", "danh nhau"),
    "procedures": ("thu tuc", "ho so", "giay to", "khai sinh", "ho khau", "mot cua", "chung thuc", "tach khau"),
    "conduct": ("thai do", "hach sach", "nhung nhieu", "phien ha"),
    "compensation": ("den bu", "boi thuong", "giai phong mat bang", "tai dinh cu", "thu hoi dat"),
    "ethnic_religion": ("dan toc", "ton giao", "le hoi", "nha tho", "nha chua"),
}
"""Folded words by field (feedback.kinds.CATEGORIES)."""


def topic_of(text: str) -> str:
    """The field most of whose words are in a text, "other" where none is, or two are alike."""
    folded = fold_words(text)
    found = {topic: len(pattern.findall(folded)) for topic, pattern in _patterns().items()}
    most = max(found.values())
    best = [topic for topic, many in found.items() if many == most]
    return best[0] if most and len(best) == 1 else "other"


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {topic: re.compile(rf"\b(?:{'|'.join(words)})\b") for topic, words in _WORDS.items()}
