"""The words that people type for an answer, beside the printed labels: what `surveys.understanding` looks for.

One file per language (`vocabulary_vi`); a language without one is read with the Vietnamese words.
"""

from surveys.vocabulary_vi import VIETNAMESE
from surveys.vocabulary_words import DayWords, TimeWords, Vocabulary
from surveys.wording import FALLBACK

__all__ = ["DayWords", "TimeWords", "Vocabulary", "vocabulary"]

VOCABULARIES: dict[str, Vocabulary] = {"vi": VIETNAMESE}


def vocabulary(language: str) -> Vocabulary:
    """The words of a language tag, of its base language, else Vietnamese."""
    return VOCABULARIES.get(language) or VOCABULARIES.get(language.split("-", 1)[0]) or VOCABULARIES[FALLBACK]
