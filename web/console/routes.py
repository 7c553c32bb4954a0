"""Where the officers' pages are."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from web.console import calls, cases, entry, forms, login, preview, reports, results, second


async def home(_request: Request) -> Response:
    """/can-bo -> /can-bo/."""
    return RedirectResponse("/can-bo/", 308)


routes = [
    Route("/can-bo", home),
    Mount(
        "/can-bo",
        routes=[
            Route("/", cases.queue),
            Route("/dang-nhap", login.ask, methods=["GET"]),
            Route("/dang-nhap", login.enter, methods=["POST"]),
            Route("/dang-xuat", login.leave, methods=["POST"]),
            Route("/vu-viec/{code}", cases.one),
            Route("/vu-viec/{code}/nhan", cases.take, methods=["POST"]),
            Route("/vu-viec/{code}/tiep-nhan", cases.receive, methods=["POST"]),
            Route("/vu-viec/{code}/tra-loi", cases.reply, methods=["POST"]),
            Route("/vu-viec/{code}/gia-han", cases.extend, methods=["POST"]),
            Route("/vu-viec/{code}/hoi", cases.ask, methods=["POST"]),
            Route("/vu-viec/{code}/chuyen", cases.forward, methods=["POST"]),
            Route("/vu-viec/{code}/anh/{blob:int}", cases.photo),
            Route("/khao-sat", results.results),
            Route("/phieu", preview.surveys, methods=["GET"]),
            Route("/phieu", preview.upload, methods=["POST"]),
            Route("/phieu/xem-thu", preview.walk, methods=["GET", "POST"]),
            Route("/phieu/ca-phieu", preview.whole, methods=["GET", "POST"]),
            Route("/bao-cao", reports.reports, methods=["GET"]),
            Route("/bao-cao", reports.ask, methods=["POST"]),
            Route("/bao-cao/{report:int}/{name}", reports.fetch),
            Route("/nhap-phieu", entry.batches, methods=["GET"]),
            Route("/nhap-phieu", entry.open_one, methods=["POST"]),
            Route("/doi-chieu", entry.review),
            Route("/nhap-phieu/{batch:int}", entry.batch),
            Route("/nhap-phieu/{batch:int}/dong", entry.close, methods=["POST"]),
            Route("/nhap-phieu/{batch:int}/huy", entry.discard, methods=["POST"]),
            Route("/nhap-phieu/{batch:int}/rut", entry.draw, methods=["POST"]),
            Route("/nhap-phieu/{batch:int}/phieu", forms.form, methods=["GET"]),
            Route("/nhap-phieu/{batch:int}/phieu", forms.save, methods=["POST"]),
            Route("/nhap-phieu/{batch:int}/bo", forms.remove, methods=["POST"]),
            Route("/nhap-phieu/{batch:int}/hien", forms.shown_now, methods=["POST"]),
            Route("/nhap-phieu/{batch:int}/kiem-tra", second.second, methods=["GET"]),
            Route("/nhap-phieu/{batch:int}/kiem-tra", second.check, methods=["POST"]),
            Route("/nhap-phieu/{batch:int}/lech/{number}", second.differing, methods=["GET"]),
            Route("/nhap-phieu/{batch:int}/lech/{number}", second.settle, methods=["POST"]),
            Route("/can-goi", calls.calls),
            Route("/can-goi/{call:int}", calls.done, methods=["POST"]),
            Route("/can-goi/{call:int}/phieu", calls.slip),
            Route("/tin-chua-gui", cases.unsent),
            Route("/tin-chua-gui/{letter:int}/gui-lai", cases.resend, methods=["POST"]),
            Route("/thong-bao/{notice:int}", cases.put_away, methods=["POST"]),
        ],
    ),
]
