"""What stands around every answer: security headers, counting without personal data, and no copy in any cache."""

import time

from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("nghedan_http_requests", "Answers by part of the site and status", ["area", "status"])
SECONDS = Histogram("nghedan_http_seconds", "Time to the first byte of an answer", ["area"])

# Scripts, styles and pictures only from here, nothing inline: a citizen's words can never become a script.
POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    "script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not "no-referrer": a browser then says "Origin: null" on our own forms, and web/origin.py could not tell.
    "referrer-policy": "same-origin",
    "permissions-policy": (
        "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), interest-cohort=()"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_AREAS = {"static": "static", "can-bo": "officers", "webhook": "webhook", "health": "health", "ready": "health"}
_LONG = "public, max-age=31536000, immutable"


class Headers:
    """Plain ASGI, so that event streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.monotonic()
        area = _area(scope["path"])

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                SECONDS.labels(area).observe(time.monotonic() - begun)
                REQUESTS.labels(area, str(message["status"])).inc()
                _dress(MutableHeaders(scope=message), scope, area, message["status"])
            await send(message)

        await self.app(scope, receive, dressed)


def _dress(headers: MutableHeaders, scope: Scope, area: str, status: int) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers.setdefault("strict-transport-security", "max-age=31536000")
    kept = area == "static" and status == 200 and b"v=" in scope["query_string"]
    headers.setdefault("cache-control", _LONG if kept else "no-store")


def _area(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return _AREAS.get(first, "chat")
