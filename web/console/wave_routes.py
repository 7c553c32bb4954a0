"""Where the pages of waves, their lists and the publishing of surveys are, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import editor, frames, opinions, posters, publishing, survey_files, wave_one, wave_results, waves

routes: list[BaseRoute] = [
    Route("/dot", waves.listed),
    Route("/dot/moi", waves.new, methods=["GET"]),
    Route("/dot/moi", waves.opened, methods=["POST"]),
    Route("/dot/{wave:int}", wave_one.one),
    Route("/dot/{wave:int}/ket-qua", wave_results.results),
    Route("/dot/{wave:int}/ma.svg", wave_one.code),
    Route("/dot/{wave:int}/y-kien", opinions.shown, methods=["GET"]),
    Route("/dot/{wave:int}/y-kien", opinions.answer, methods=["POST"]),
    Route("/dot/{wave:int}/to-dan", posters.poster, methods=["POST"]),
    Route("/dot/{wave:int}/thu-moi", posters.letters, methods=["POST"]),
    Route("/dot/{wave:int}/dong", wave_one.close, methods=["POST"]),
    Route("/dot/{wave:int}/huy", wave_one.cancel, methods=["POST"]),
    Route("/dot/{wave:int}/moi", wave_one.invite, methods=["POST"]),
    Route("/dot/{wave:int}/dung", wave_one.pause, methods=["POST"]),
    Route("/dot/{wave:int}/tiep", wave_one.resume, methods=["POST"]),
    Route("/dot/{wave:int}/nhac", wave_one.remind, methods=["POST"]),
    Route("/danh-sach", frames.listed, methods=["GET"]),
    Route("/danh-sach", frames.brought, methods=["POST"]),
    Route("/phieu/cong-bo", publishing.publish, methods=["GET", "POST"]),
    Route("/phieu/thay-doi", publishing.changed),
    Route("/phieu/mau.xlsx", survey_files.template),
    Route("/phieu/tai", survey_files.written),
    Route("/phieu/soan", editor.begin, methods=["POST"]),
    Route("/phieu/soan/{draft:int}", editor.edit, methods=["GET"]),
    Route("/phieu/soan/{draft:int}", editor.save, methods=["POST"]),
]
