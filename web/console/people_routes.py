"""Where the pages of the officers' accounts, and of the boards of the people, are, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import boards, people, people_leaving

_ONE = "/can-bo/{officer:int}"
routes: list[BaseRoute] = [
    Route("/can-bo", people.shown, methods=["GET"]),
    Route("/can-bo", people.add, methods=["POST"]),
    Route(_ONE, people.one, methods=["GET"]),
    Route(_ONE, people.save, methods=["POST"]),
    Route(f"{_ONE}/bat", people.switch_on, methods=["POST"]),
    Route(f"{_ONE}/tat", people_leaving.shown, methods=["GET"]),
    Route(f"{_ONE}/tat", people_leaving.switch_off, methods=["POST"]),
    Route(f"{_ONE}/mat-khau", people.reset, methods=["POST"]),
    Route(f"{_ONE}/buoc-hai", people.forget_second, methods=["POST"]),
    Route("/giam-sat", boards.shown),
    Route("/giam-sat/{code}", boards.one),
    Route("/giam-sat/{code}/anh/{blob:int}", boards.photo),
]
