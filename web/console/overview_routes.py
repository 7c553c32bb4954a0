"""Where the overview is, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import overview

routes: list[BaseRoute] = [
    Route("/tong-quan", overview.shown),
    Route("/tong-quan/ban-do.jpg", overview.picture),
]
