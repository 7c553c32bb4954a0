"""Cases that one helper entered in nearly the same words: something to look at again, not a verdict.

Twenty households of one road say the same of it, and an officer who writes it down twenty times is right to. But who
makes up cases copies them too (Bredl, Storfinger and Menold, 2011, A literature review of methods to detect fabricated
survey data, Universität Giessen, ZEU 56). Compared are syllables and their pairs, as for what may be one matter
(feedback.nearness).
"""

from collections.abc import Sequence
from itertools import combinations

from feedback.nearness import closeness, words_of

FEWEST = 5
"""So many nearly the same, and half of all, before anybody is asked to look."""
ALIKE = 0.8
"""closeness of two texts that are nearly the same: of twenty syllables one or two are others."""
_WORDS = 5
"""Texts of fewer syllables and pairs are alike by being short."""
_READ = 400
"""Characters that are compared, from the beginning."""


def alike(texts: Sequence[str]) -> list[int]:
    """Places of one helper's texts (folded) that are nearly another of them; [] where that is nothing to look at."""
    words = [words_of(text[:_READ]) for text in texts]
    near: set[int] = set()
    for one, other in combinations(range(len(words)), 2):
        if min(len(words[one]), len(words[other])) < _WORDS or {one, other} <= near:
            continue
        if closeness(words[one], words[other]) >= ALIKE:
            near |= {one, other}
    return sorted(near) if len(near) >= FEWEST and 2 * len(near) >= len(texts) else []
