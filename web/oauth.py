"""Where a platform leads an administrator's browser back after a login (`nghedan channel login`)."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.pages import pages_of, services_of

_LONGEST = 1024


async def came_back(request: Request) -> Response:
    """The code is taken only with the state that this very login was given; the page says what came of it."""
    channel, account = request.path_params["channel"], request.path_params["account"]
    given = {name: request.query_params.get(name, "")[:_LONGEST] for name in ("code", "state", "oa_id")}
    finish = services_of(request).logins().get((channel, account))
    if finish is None:
        raise HTTPException(404)
    why = await finish(given["code"], given["state"], given["oa_id"]) if given["code"] else "denied"
    return pages_of(request).page(request, "oauth.html", status=400 if why else 200, why=why)


routes = [Route("/oauth/{channel}/{account:int}", came_back)]
