"""Where in the documents of a report an officer writes, and what the figures say there."""

import hashlib

import msgspec

from reports.bases import BASES
from reports.composing import compose
from reports.danvan import compose_danvan, drafted
from reports.document import Document, Heading, Paragraph, Table
from reports.figures import Figures
from reports.plans import Plan
from reports.texts import Texts
from reports.written import Writing, Written

SURVEY, DANVAN = "survey", "danvan"
"""The report that makes itself, and the draft on dân vận: what the ids of places begin with."""
_LEAST = 3
_SECTION = "section."
_SHARED = ("limits", "next", "ask", BASES)
"""What is written once for both: words of the draft stand in the other report where nothing else was written there."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One place of a document, in the order in which they stand.

    `id` is "survey:limits", or of a section of the plan "danvan:section.1:5f3a91c0", where the signs at the end are of
    the section's own heading: what was written there is never taken for another section of another plan. `heading` is
    that of its section, `asks` what is wanted there. `shown` are the sentences that the section has from the figures,
    `digest` the SHA-256 of everything that it has from them. `required`: the document is never final without it.
    `start` is what the words may begin with.
    """

    id: str
    heading: str
    asks: str
    shown: tuple[str, ...]
    digest: str
    required: bool
    start: str = ""

    @property
    def document(self) -> str:
        """ "survey" or "danvan"."""
        return self.id.partition(":")[0]


def places(figures: Figures, plan: Plan, wording: Texts | None = None) -> list[Place]:
    """Every place of both documents. The same figures and plan give the same digests."""
    found = _of(compose(figures, plan, wording), SURVEY, plan, required=False)
    if drafted(figures, plan):
        found += _of(compose_danvan(figures, plan, wording=wording), DANVAN, plan, required=True)
        # Both cite the same, and it is written once.
        found = [one for one in found if not one.id.startswith(f"{SURVEY}:{BASES}:")]
    return list({place.id: place for place in reversed(found)}.values())[::-1]


def _of(document: Document, prefix: str, plan: Plan, *, required: bool) -> list[Place]:
    found: list[Place] = []
    heading, shown, said = "", list[str](), list[str]()
    for block in document.blocks:
        match block:
            case Heading() if block.level < _LEAST:
                heading, shown, said = block.text, [], []
            case Paragraph(style="mark") if block.place == BASES:
                found.append(_bases(document, block, f"{prefix}:{BASES}{_mark(BASES, plan)}"))
            case Paragraph(style="mark") if block.place:
                found.append(
                    Place(
                        id=f"{prefix}:{block.place}{_mark(block.place, plan)}",
                        heading=heading,
                        # "[cán bộ bổ sung: what is wanted]": on a page of what officers add, that goes without saying.
                        asks=block.text.strip("[]").partition(": ")[2] or block.text,
                        shown=tuple(shown),
                        digest=_digest(said),
                        required=required,
                    )
                )
            case Paragraph(style="body"):
                shown.append(block.text)
                said.append(block.text)
            case Table():
                said += [block.caption, *("\t".join(row) for row in block.rows)]
            case _:
                pass
    return found


def _bases(document: Document, mark: Paragraph, id: str) -> Place:
    """Whatever the document, it is not final before somebody has looked at what it cites."""
    about, _, asks = mark.text.strip("[]").partition(": ")
    return Place(
        id=id,
        heading=about.removeprefix("cán bộ ").capitalize(),
        asks=asks,
        shown=(),
        digest=_digest([asks, *document.bases]),
        required=True,
        start="\n".join(document.bases),
    )


def _digest(said: list[str]) -> str:
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _mark(place: str, plan: Plan) -> str:
    """What makes the id of a section that of its heading, and of căn cứ that of their plan; "" where any plan's is."""
    if place == BASES:
        return f":{hashlib.sha256(plan.id.encode()).hexdigest()[:8]}"
    number = place.removeprefix(_SECTION)
    if number == place or not 1 <= int(number) <= len(plan.outline):
        return ""
    return f":{hashlib.sha256(plan.outline[int(number) - 1].heading.encode()).hexdigest()[:8]}"


def writing_of(words: dict[str, str], before: dict[str, str], plan: Plan, *, agreed: bool) -> Writing:
    """What was written, by ids of places, as the documents take it; without what was for sections of other plans."""

    def of(document: str, some: dict[str, str]) -> Written:
        mine = {}
        for id, text in some.items():
            belongs, _, rest = id.partition(":")
            place = rest.partition(":")[0]
            if belongs == document and rest == f"{place}{_mark(place, plan)}":
                mine[place] = text
        return Written(words=mine)

    danvan, survey = of(DANVAN, words), of(SURVEY, words)
    shared = {place: danvan.words[place] for place in _SHARED if place in danvan.words}
    survey = msgspec.structs.replace(survey, words={**shared, **survey.words})
    return Writing(survey=survey, danvan=danvan, before=of(DANVAN, before), agreed=agreed)
