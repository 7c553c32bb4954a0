"""Where the pages of the door, and of what a commune sets up and tells its people are, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import bulletins, knowledge, login, rights, second_step, settings, units

routes: list[BaseRoute] = [
    Route("/dang-nhap", login.ask, methods=["GET"]),
    Route("/dang-nhap", login.enter, methods=["POST"]),
    Route("/dang-nhap/buoc-hai", second_step.ask, methods=["GET"]),
    Route("/dang-nhap/buoc-hai", second_step.enter, methods=["POST"]),
    Route("/dang-xuat", login.leave, methods=["POST"]),
    Route("/cai-dat", settings.shown),
    Route("/tat-ca", settings.everything),
    Route("/phan-cong", units.shown, methods=["GET"]),
    Route("/phan-cong", units.put, methods=["POST"]),
    Route("/phan-cong/{line:int}/bo", units.remove, methods=["POST"]),
    Route("/phan-cong/dung", units.switch, methods=["POST"]),
    Route("/cong-trinh", units.add_works, methods=["POST"]),
    Route("/cong-trinh/{works:int}", units.turn_works, methods=["POST"]),
    Route("/thong-bao-dan", bulletins.shown, methods=["GET"]),
    Route("/thong-bao-dan", bulletins.send, methods=["POST"]),
    Route("/thong-bao-dan/{bulletin:int}/dung", bulletins.stop, methods=["POST"]),
    Route("/du-lieu", rights.shown),
    Route("/du-lieu/{asked:int}", rights.close, methods=["POST"]),
    Route("/hoi-xa", knowledge.shown),
    Route("/hoi-xa/{fact:int}", knowledge.edit, methods=["GET"]),
    Route("/hoi-xa/{fact:int}", knowledge.save, methods=["POST"]),
]
