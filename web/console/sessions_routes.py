"""Where the pages of sessions are, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import (
    promises,
    sessions,
    sessions_busy,
    sessions_change,
    sessions_moving,
    sessions_one,
    sessions_papers,
    sessions_received,
    sessions_seats,
)
from web.console import sessions_requests as requests

_ONE = "/lich/{session:int}"
routes: list[BaseRoute] = [
    Route("/lich", sessions.calendar),
    Route("/lich/moi", sessions.new, methods=["GET"]),
    Route("/lich/moi", sessions.plan, methods=["POST"]),
    Route("/lich/ngay-ban", sessions_busy.busy, methods=["POST"]),
    Route("/lich/ngay-ban/{busy:int}/bo", sessions_busy.free, methods=["POST"]),
    Route("/lich/thon", sessions_received.papers),
    Route(_ONE, sessions_one.one),
    Route(f"{_ONE}/niem-yet", sessions_papers.poster),
    Route(f"{_ONE}/truyen-thanh", sessions_papers.loudspeaker),
    Route(f"{_ONE}/truyen-thanh.txt", sessions_papers.loudspeaker_file),
    Route(f"{_ONE}/phieu-truc", sessions_papers.day_sheet),
    Route(f"{_ONE}/lich.ics", sessions_papers.host_file),
    Route(f"{_ONE}/doi", sessions_change.change, methods=["GET", "POST"]),
    Route(f"{_ONE}/cong-bo", sessions_one.announce, methods=["POST"]),
    Route(f"{_ONE}/dung-lap", sessions_one.stop_series, methods=["POST"]),
    Route(f"{_ONE}/huy", sessions_one.cancel, methods=["POST"]),
    Route(f"{_ONE}/ket-thuc", sessions_one.hold, methods=["POST"]),
    Route(f"{_ONE}/bien-ban", sessions_one.minutes, methods=["POST"]),
    Route(f"{_ONE}/hoi", sessions_one.ask, methods=["POST"]),
    Route(f"{_ONE}/tra-loi/{{question:int}}", sessions_one.answer, methods=["POST"]),
    Route(f"{_ONE}/hua", sessions_one.promise, methods=["POST"]),
    Route(f"{_ONE}/ket-qua", sessions_one.publish, methods=["POST"]),
    Route(f"{_ONE}/dat-cho", sessions_seats.book, methods=["POST"]),
    Route(f"{_ONE}/{{what}}", sessions_seats.check_in, methods=["POST"]),
    Route(f"{_ONE}/khach/{{code}}/doi-cho", sessions_moving.choose, methods=["GET"]),
    Route(f"{_ONE}/khach/{{code}}/doi-cho", sessions_moving.move, methods=["POST"]),
    Route(f"{_ONE}/khach/{{code}}/{{what}}", sessions_seats.check_in, methods=["POST"]),
    Route(f"{_ONE}/thon/{{village:int}}/{{kind}}", sessions_seats.received, methods=["POST"]),
    Route("/loi-hua", promises.promises),
    Route("/loi-hua/{promise:int}/xong", promises.keep, methods=["POST"]),
    Route("/loi-hua/{promise:int}/bo", promises.drop, methods=["POST"]),
    Route("/de-nghi-doi-thoai", requests.requests, methods=["GET"]),
    Route("/de-nghi-doi-thoai", requests.enter, methods=["POST"]),
    Route("/de-nghi-doi-thoai/{list:int}/gach", requests.strike, methods=["POST"]),
]
