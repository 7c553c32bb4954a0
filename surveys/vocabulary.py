"""The words that people type for an answer, beside the printed labels: data for `surveys.understanding`.

Only what is surely meant stands here. What is lukewarm or two-sided ("tốt", "cũng được", "không hài lòng lắm",
"tạm") is left out on purpose: the person is asked again rather than misunderstood.
Phrases are written with accents; typed without any they match as well.
"""

import msgspec

from surveys.wording import FALLBACK


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """Typed phrases of one language. Keys of `likert` are scale values, keys of `numbers` words for small numbers."""

    likert: dict[int, tuple[str, ...]]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    skip: tuple[str, ...]
    short: dict[str, str]
    """Short forms of one word, read as the words they stand for (where the question is no yes/no question)."""
    before: tuple[str, ...]
    """Polite words that may stand before an answer and change nothing."""
    after: tuple[str, ...]
    """Polite words that may stand after an answer and change nothing."""
    number_before: tuple[str, ...]
    number_after: tuple[str, ...]
    both: str
    """The word between two choices ("1 và 3")."""
    weighty: tuple[str, ...]
    """Words that turn a meaning round or change its degree: typed and label must hold the same ones."""
    numbers: dict[str, int]
    unsure: tuple[str, ...]
    """Unaccented words that could be a number or something else ("tam": tám or tạm)."""


VOCABULARIES = {
    "vi": Vocabulary(
        likert={
            1: ("hoàn toàn không hài lòng", "rất chưa hài lòng", "cực kỳ không hài lòng", "vô cùng không hài lòng"),
            2: ("chưa hài lòng",),
            3: ("bình thường thôi", "cũng bình thường"),
            5: (
                "rất rất hài lòng",
                "hoàn toàn hài lòng",
                "vô cùng hài lòng",
                "cực kỳ hài lòng",
                "hết sức hài lòng",
                "rất là hài lòng",
                "rất hài lòng lắm",
            ),
            0: ("không ý kiến", "chưa có ý kiến", "không biết", "không rõ"),
            9: ("không áp dụng",),
        },
        yes=(
            "có",
            "vâng",
            "dạ",
            "ừ",
            "ừm",
            "ok",
            "oke",
            "okay",
            "đúng",
            "đúng vậy",
            "đúng rồi",
            "được",
            "dc",
            "đc",
            "phải",
            "có chứ",
            "có rồi",
            "rồi",
            "yes",
        ),
        no=(
            "không",
            "ko",
            "k",
            "kg",
            "kh",
            "hk",
            "hông",
            "hổng",
            "không có",
            "ko có",
            "k có",
            "không phải",
            "không đúng",
            "không được",
            "ko được",
            "ko dc",
            "k dc",
            "ko đc",
            "k đc",
            "chưa",
            "chưa có",
            "no",
        ),
        skip=(
            "bỏ qua",
            "bỏ qua câu này",
            "skip",
            "không trả lời",
            "không muốn trả lời",
            "miễn trả lời",
            "câu khác",
            "qua câu khác",
        ),
        short={
            "ko": "không",
            "k": "không",
            "kg": "không",
            "kh": "không",
            "hk": "không",
            "hông": "không",
            "hổng": "không",
            "khg": "không",
            "hl": "hài lòng",
            "rhl": "rất hài lòng",
            "khl": "không hài lòng",
            "rkhl": "rất không hài lòng",
            "bt": "bình thường",
            "bth": "bình thường",
            "yk": "ý kiến",
            "dc": "được",
            "đc": "được",
        },
        before=(
            "dạ",
            "vâng",
            "thưa",
            "tôi",
            "tui",
            "em",
            "con",
            "cháu",
            "bác",
            "mình",
            "là",
            "thì",
            "thấy",
            "cảm thấy",
        ),
        after=("ạ", "nhé", "nha", "nghe", "em ạ", "cháu ạ"),
        number_before=("số", "mức", "điểm", "chọn", "chọn số", "câu trả lời"),
        number_after=("điểm", "sao"),
        both="và",
        weighty=(
            *("không", "chưa", "chẳng", "chả", "đừng", "hết", "thiếu", "bất", "trừ", "ngoài"),
            *("rất", "quá", "hơn", "kém", "hơi", "khá", "cực", "trên", "dưới", "ít", "nhiều", "trước", "sau", "cả"),
        ),
        numbers={
            "một": 1,
            "hai": 2,
            "ba": 3,
            "bốn": 4,
            "năm": 5,
            "sáu": 6,
            "bảy": 7,
            "bẩy": 7,
            "tám": 8,
            "chín": 9,
            "mười": 10,
        },
        unsure=("tam",),
    ),
}


def vocabulary(language: str) -> Vocabulary:
    """The words of a language tag, of its base language, else Vietnamese."""
    return VOCABULARIES.get(language) or VOCABULARIES.get(language.split("-", 1)[0]) or VOCABULARIES[FALLBACK]
