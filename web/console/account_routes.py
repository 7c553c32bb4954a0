"""Where the pages of an officer's own account are, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import account, account_second

routes: list[BaseRoute] = [
    Route("/tai-khoan", account.shown, methods=["GET"]),
    Route("/tai-khoan/mat-khau", account.change, methods=["POST"]),
    Route("/tai-khoan/phien", account.end_others, methods=["POST"]),
    Route("/tai-khoan/phien/{key}", account.end_one, methods=["POST"]),
    Route("/tai-khoan/buoc-hai", account_second.picture, methods=["GET"]),
    Route("/tai-khoan/buoc-hai", account_second.begin, methods=["POST"]),
    Route("/tai-khoan/buoc-hai/bat", account_second.turn_on, methods=["POST"]),
    Route("/tai-khoan/buoc-hai/tat", account_second.turn_off, methods=["POST"]),
    Route("/tai-khoan/buoc-hai/ma-du-phong", account_second.renew, methods=["POST"]),
]
