"""Where the officers' pages are."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from web.console import (
    account_routes,
    admin_routes,
    case_routes,
    front_routes,
    office_routes,
    overview_routes,
    people_routes,
    report_routes,
    sessions_routes,
    survey_routes,
    wave_routes,
    work_routes,
)


async def home(_request: Request) -> Response:
    """/can-bo -> /can-bo/."""
    return RedirectResponse("/can-bo/", 308)


pages: list[BaseRoute] = [
    *account_routes.routes,
    *case_routes.routes,
    *work_routes.routes,
    *sessions_routes.routes,
    *survey_routes.routes,
    *wave_routes.routes,
    *report_routes.routes,
    *office_routes.routes,
    *people_routes.routes,
    *overview_routes.routes,
    *admin_routes.routes,
    *front_routes.routes,
]
routes = [Route("/can-bo", home), Mount("/can-bo", routes=pages)]
