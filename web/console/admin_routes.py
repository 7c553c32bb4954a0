"""Where the pages are on which a commune sets up its office and reads what was done, under /can-bo."""

from starlette.routing import BaseRoute, Route

from web.console import audit, channels, days, days_year, places, places_merging, retention

routes: list[BaseRoute] = [
    Route("/dia-ban", places.shown, methods=["GET"]),
    Route("/dia-ban", places.contact, methods=["POST"]),
    Route("/dia-ban/xep", places.sort, methods=["POST"]),
    Route("/dia-ban/thon", places.add, methods=["POST"]),
    Route("/dia-ban/thon/{village:int}", places.change, methods=["POST"]),
    Route("/dia-ban/thon/{village:int}/sap-nhap", places_merging.shown, methods=["GET"]),
    Route("/dia-ban/thon/{village:int}/sap-nhap", places_merging.merge, methods=["POST"]),
    Route("/dia-ban/thon/{village:int}/{way}", places.turn, methods=["POST"]),
    Route("/ngay-nghi", days.shown, methods=["GET"]),
    Route("/ngay-nghi", days.add, methods=["POST"]),
    Route("/ngay-nghi/{day:int}/bo", days.take_back, methods=["POST"]),
    Route("/ngay-nghi/nam/{year:int}", days_year.shown, methods=["GET"]),
    Route("/ngay-nghi/nam/{year:int}", days_year.declare, methods=["POST"]),
    Route("/ngay-nghi/nam/{year:int}/bo", days_year.take_back, methods=["POST"]),
    Route("/kenh", channels.shown),
    Route("/luu-giu", retention.shown),
    Route("/nhat-ky", audit.shown),
    Route("/nhat-ky/kiem-tra", audit.check, methods=["POST"]),
]
