"""Public: a draft that the commune asks opinions on, and afterwards what was said and what was answered."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage import opinions
from storage.opinions import Consultation
from surveys.opinions import LABELS
from surveys.statistics import MINIMUM, suppressed
from web.page_cache import kept
from web.pages import pages_of, services_of
from web.visitors import guest_of


class Vote(msgspec.Struct, frozen=True):
    """A choice and how many took it; None where so few did that it is not said."""

    label: str
    count: int | None


@kept()
async def page(request: Request) -> Response:
    """What is asked, until when, the draft itself; after the close the votes and the table."""
    guest = await guest_of(request)
    services = services_of(request)
    code = request.path_params["code"]

    def look(conn: Connection) -> dict[str, Any] | None:
        asked = opinions.consultation(conn, guest.commune.id, code, services.now())
        if asked is None:
            return None
        return {
            "asked": asked,
            "votes": _votes(asked, opinions.votes(conn, asked)),
            "rows": opinions.table(conn, asked),
            "texts": {question.id: question.text for question in asked.survey.questions},
        }

    found = await services.store.read(look)
    if found is None:
        raise HTTPException(404)
    labels = {verdict.value: label for verdict, label in LABELS.items()}
    return pages_of(request).page(request, "opinions.html", commune=guest.commune, labels=labels, **found)


def _votes(asked: Consultation, counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, int, list[Vote]]]:
    """(question, n, votes) of the questions that were answered often enough to be shown."""
    shown = []
    for question in asked.survey.questions:
        of_question = counts.get(question.id)
        n = sum(of_question.values()) if of_question else 0
        if not of_question or n < MINIMUM:
            continue
        cells = {choice.id: of_question.get(choice.id, 0) for choice in question.choices}
        # Nobody is no answer of anybody: a zero may be said, one to four may not.
        gone = suppressed({id: count for id, count in cells.items() if count})
        votes = [Vote(choice.text, None if choice.id in gone else cells[choice.id]) for choice in question.choices]
        shown.append((question.text, n, votes))
    return shown


async def document(request: Request) -> Response:
    """The draft itself."""
    guest = await guest_of(request)
    services = services_of(request)
    code = request.path_params["code"]
    asked = await services.store.read(lambda conn: opinions.consultation(conn, guest.commune.id, code, services.now()))
    data = None if asked is None or not asked.document else await services.blob(asked.document)
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": "inline"})


routes = [
    Route("/{slug}/lay-y-kien/{code}", page),
    Route("/{slug}/lay-y-kien/{code}/du-thao.pdf", document),
]
