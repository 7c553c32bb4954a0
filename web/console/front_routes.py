"""Where officers link their chat, and where the Front and the village heads begin, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import front, officer_chat, village

routes: list[BaseRoute] = [
    Route("/mat-tran", front.shown),
    Route("/kien-nghi-giam-sat", front.requests, methods=["GET"]),
    Route("/kien-nghi-giam-sat", front.recommend, methods=["POST"]),
    Route("/kien-nghi-giam-sat/{request:int}/tra-loi", front.answer, methods=["POST"]),
    Route("/kien-nghi-giam-sat/{request:int}/rut", front.withdraw, methods=["POST"]),
    Route("/thon", village.shown),
    Route("/nhan-tin", officer_chat.shown, methods=["GET"]),
    Route("/nhan-tin", officer_chat.code, methods=["POST"]),
    Route("/nhan-tin/{link:int}/thoi", officer_chat.unlink, methods=["POST"]),
]
