"""The figures of one wave, as `nghedan wave results` gives them; what is shown here is remembered as published."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from storage import wave_acts
from storage.wave_acts import WaveRow
from storage.waves import takes_answers
from surveys.definition import Question, Survey
from surveys.statistics import MINIMUM
from surveys.waves import Owner, WaveKind, WaveState
from vietnam.text import sort_key
from web.console.access import Desk, signed_in
from web.console.wave_one import wave_of
from web.console.waves import side_of
from web.wave_door import Changes, NoChange, WaveFigures

if TYPE_CHECKING:
    from surveys.results import QuestionResult

_LONGEST_CODE = 40


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question beside its figures; `linked`: withheld because of what was published before."""

    number: int
    question: Question
    found: "QuestionResult"
    linked: bool


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A village and the answers of its people to the question marked overall."""

    name: str
    found: "QuestionResult"
    linked: bool


def readable(wave: WaveRow, side: Owner, *, over: bool) -> bool:
    """Whether an officer of that side reads the figures of a wave at all.

    The Front reads its own; what the Front asks is open to the People's Committee once it is over.
    """
    return wave.owner is side or (side is Owner.COMMITTEE and over)


@signed_in("wave.see")
async def results(desk: Desk) -> Response:
    """Each question, each village; with ?truoc=CODE what changed since an earlier wave."""
    wave, side, now = await wave_of(desk), side_of(desk), desk.services.now()
    if wave.state is WaveState.CANCELLED:
        raise HTTPException(404)

    def look(conn: Connection) -> tuple[bool, list[WaveRow]]:
        over = not takes_answers(conn, wave.id, now, begun=True)
        rows = wave_acts.listed(conn, desk.unit)
        return over, [one for one in rows if _comparable(one, wave)]

    over, earlier = await desk.services.store.read(look)
    if not readable(wave, side, over=over):
        raise HTTPException(403)
    found = await desk.services.waves.figures(wave)
    before = desk.request.query_params.get("truoc", "")[:_LONGEST_CODE]
    changed: Changes | NoChange | None = None
    if before and isinstance(found, WaveFigures) and any(one.code == before for one in earlier):
        changed = await desk.services.waves.compared(desk.unit, wave.code, before)
    return await desk.show(
        "console/wave_results.html",
        lambda _conn: {},
        wave=wave,
        held=found if isinstance(found, str) else "",
        figures=None if isinstance(found, str) else found,
        asked=[] if isinstance(found, str) else asked(found),
        places=[] if isinstance(found, str) else places(found),
        earlier=sorted({one.code for one in earlier}),
        before=before,
        changed=changed if isinstance(changed, Changes) else None,
        unchanged=changed if isinstance(changed, NoChange) else None,
        fewest=MINIMUM,
    )


def _comparable(one: WaveRow, wave: WaveRow) -> bool:
    """Whether a wave is an earlier one of random invitations to the same survey, of the same side."""
    return (
        wave.kind is WaveKind.INVITED is one.kind
        and (one.slug, one.owner) == (wave.slug, wave.owner)
        and one.state is WaveState.CLOSED
        and one.opens_at < wave.opens_at
    )


def asked(figures: WaveFigures) -> list[Asked]:
    """The questions that have figures, in the order of the survey; what stands beside "Khác" is read elsewhere."""
    known = _numbered(figures.survey)
    return [
        Asked(number=number, question=question, found=one, linked=one.id in figures.linked)
        for one in figures.results.questions
        for number, question in [known[one.id]]
        if not question.other_of
    ]


def _numbered(survey: Survey) -> Mapping[str, tuple[int, Question]]:
    return {question.id: (number, question) for number, question in enumerate(survey.questions, start=1)}


def places(figures: WaveFigures) -> list[Place]:
    """The villages by name, those who named none last."""
    found: dict[int, Any] = dict(figures.results.villages)
    rows = [
        Place(name=figures.villages.get(id, ""), found=one, linked=f"village:{id}" in figures.linked)
        for id, one in found.items()
    ]
    return sorted(rows, key=lambda place: (not place.name, sort_key(place.name)))
