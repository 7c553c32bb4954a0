"""What a citizen may bring: kinds and fields, as ids that the wording catalogue names."""

from enum import StrEnum


class Kind(StrEnum):
    """feedback: phản ánh · petition: kiến nghị · dialogue: đề nghị đối thoại, gặp lãnh đạo."""

    FEEDBACK = "feedback"
    PETITION = "petition"
    DIALOGUE = "dialogue"


CATEGORIES = (
    "land",
    "environment",
    "roads",
    "social_policy",
    "security",
    "procedures",
    "conduct",
    "other",
)
"""Fields of a case (lĩnh vực), in the order a menu shows them; wording keys are "category.<id>"."""
