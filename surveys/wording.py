"""Labels that belong to every questionnaire of a language, not to the program: the scale, yes and no.

The five levels are those of the provinces' SIPAS forms (Bộ Nội vụ, Quyết định 1001/QĐ-BNV of 2023).
"""

import msgspec

FALLBACK = "vi"


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """The fixed labels of one language. `likert` are the levels 1 to 5, from the lowest."""

    likert: tuple[str, str, str, str, str]
    no_opinion: str
    yes: str
    no: str
    skipped: str
    between: str
    """Between the labels of several choices (labels themselves may hold commas)."""


LABELS = {
    "vi": Labels(
        likert=("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"),
        no_opinion="Không có ý kiến",
        yes="Có",
        no="Không",
        skipped="Bỏ qua",
        between="; ",
    ),
}


def labels(language: str) -> Labels:
    """The labels of a language tag, of its base language, else Vietnamese."""
    return LABELS.get(language) or LABELS.get(language.split("-", 1)[0]) or LABELS[FALLBACK]
