"""Tâm tư, dư luận: what an officer may put down about one opinion, and what of it may be quoted."""

from typing import Literal

import msgspec

from feedback.complaints import denounced
from feedback.kinds import CATEGORIES
from feedback.redacting import faithful, still_tells

LONGEST_QUOTE = 400
"""Characters of a quotation."""

Thing = Literal["answer", "case"]
Fault = Literal["", "topic", "long", "tells", "words", "denounced", "gone", "changed"]
"""Why a mark is not taken: no such field · a quotation too long, with a telephone or address in it, in words that the
person did not use · what denounces somebody, counted nowhere · the opinion is gone · marked by somebody else since."""


class OpinionKey(msgspec.Struct, frozen=True):
    """One opinion: an answer to a question (the id of its response), or a case of kind góp ý (question "")."""

    thing: Thing
    id: int
    question: str = ""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer says of an opinion. `quote` "" quotes nothing.

    `seen`: when it had been marked as the officer saw it (UTC milliseconds, 0: not yet).
    """

    key: OpinionKey
    topic: str
    quote: str = ""
    seen: int = 0


def fault_of(mark: Mark, said: str) -> Fault:
    """What is wrong with a mark on these words; "" where nothing is."""
    if mark.topic not in CATEGORIES:
        return "topic"
    if denounced(said):
        return "denounced"
    quote = mark.quote.strip()
    if not quote:
        return ""
    if len(quote) > LONGEST_QUOTE:
        return "long"
    if still_tells(quote):
        return "tells"
    return "" if faithful(quote, said) else "words"
