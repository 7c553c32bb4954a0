"""Where the pages of surveys and of what is typed in are, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import entry, forms, preview, results, second

routes: list[BaseRoute] = [
    Route("/khao-sat", results.results),
    Route("/phieu", preview.surveys, methods=["GET"]),
    Route("/phieu", preview.upload, methods=["POST"]),
    Route("/phieu/xem-thu", preview.walk, methods=["GET", "POST"]),
    Route("/phieu/ca-phieu", preview.whole, methods=["GET", "POST"]),
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
]
