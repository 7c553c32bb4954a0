"""Labels that belong to every questionnaire of a language, not to the program: the scale, yes and no.

The five levels are those of the provinces' SIPAS forms (Bộ Nội vụ, Quyết định 1001/QĐ-BNV of 2023). Only languages
whose wording somebody answers for stand here; a survey in another language is shown with the Vietnamese ones.
"""

import msgspec

FALLBACK = "vi"


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """The fixed labels of one language. `likert` are the levels 1 to 5, from the lowest."""

    likert: tuple[str, str, str, str, str]
    no_opinion: str
    yes: str
    no: str
    acknowledge: str
    """The one button of a question that is only to be read."""
    other: str
    """The choice that asks for words."""
    specify: str
    """The question after that choice."""
    skipped: str
    photo: str
    voice: str
    place: str
    """What is shown of an answer that is no text; coordinates stand behind `place`."""
    between: str
    """Between the labels of several choices (labels themselves may hold commas)."""


LABELS = {
    "vi": Labels(
        likert=("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"),
        no_opinion="Không có ý kiến",
        yes="Có",
        no="Không",
        acknowledge="Tôi đã đọc",
        other="Khác (ghi rõ)",
        specify="Xin Ông/Bà ghi rõ",
        skipped="Bỏ qua",
        photo="Đã nhận ảnh",
        voice="Đã nhận đoạn ghi âm",
        place="Vị trí",
        between="; ",
    ),
}


def labels(language: str) -> Labels:
    """The labels of a language tag, of its base language, else Vietnamese."""
    return LABELS.get(language) or LABELS.get(language.split("-", 1)[0]) or LABELS[FALLBACK]
