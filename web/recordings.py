"""Recordings of a survey's questions, for chats that can only show where they are played."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage import recordings
from web.pages import services_of


async def recording(request: Request) -> Response:
    """One recording, to whoever was given its address: it was published with its survey."""
    services = services_of(request)
    blob = recordings.read(services.vault, request.path_params["token"])
    media_type = None if blob is None else await services.store.read(lambda conn: recordings.type_of(conn, blob))
    data = None if blob is None or media_type is None else await services.blob(blob)
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type=media_type)


routes = [Route("/nghe/{token}", recording)]
