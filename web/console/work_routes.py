"""Where the pages of work on a case are, under /can-bo: notes, joining two, the sheet, answers kept ready."""

from starlette.routing import BaseRoute, Route

from web.console import canned, case_print, merging, notes, presence

TOLD = presence.here
"""What the stream of open pages tells of cases besides: named here, so that it is there with the pages."""
routes: list[BaseRoute] = [
    Route("/cau-mau", canned.shown),
    Route("/cau-mau/{canned:int}", canned.edit, methods=["GET"]),
    Route("/cau-mau/{canned:int}", canned.save, methods=["POST"]),
    Route("/cau-mau/{canned:int}/bat-tat", canned.turn, methods=["POST"]),
    Route("/vu-viec/{code}/ghi-chu", notes.write, methods=["POST"]),
    Route("/vu-viec/{code}/gop", merging.merge, methods=["POST"]),
    Route("/vu-viec/{code}/tach", merging.part, methods=["POST"]),
    Route("/vu-viec/{code}/dua-mau", canned.insert, methods=["POST"]),
    Route("/vu-viec/{code}/in", case_print.sheet),
]
