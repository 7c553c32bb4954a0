"""Pages and files go out packed where the browser can unpack them: an office on a mobile stick waits for bytes.

What may be packed, and why nobody can guess what is on a page from its length, is in docs/decisions/0031: officers'
pages, which no other site can have a browser ask for (their cookie is SameSite=Strict), and files that are the same for
everybody. Not the pages of citizens, whose addresses may hold what is theirs alone.
"""

import gzip
import os
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

_LEAST = 1_000
"""Bytes: what fits into one packet comes no sooner for being packed."""
_PAGES_LEVEL, _FILES_LEVEL = 5, 9
_WORDS = frozenset({".css", ".js", ".svg", ".webmanifest"})
_PACKED_ALREADY = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "text/event-stream",
    "image/png",
    "image/jpeg",
    "audio/*",
    "application/zip",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


class PackedPages:
    """Plain ASGI: packs the answers under /can-bo, and lets everything else through as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._packing = GZipMiddleware(
            app, minimum_size=_LEAST, compresslevel=_PAGES_LEVEL, exclude_content_types=_PACKED_ALREADY
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, through the packing where the answer may be packed."""
        ours = scope["type"] == "http" and scope["path"].startswith("/can-bo")
        await (self._packing if ours else self.app)(scope, receive, send)


class PackedFiles(StaticFiles):
    """Static files, those of words packed once for each of their versions."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """See StaticFiles; a packed answer has a tag of its own."""
        plain = super().file_response(full_path, stat_result, scope, status_code)
        if Path(full_path).suffix not in _WORDS or status_code != 200 or plain.status_code != 200:
            return plain
        plain.headers.add_vary_header("accept-encoding")
        if "gzip" not in Headers(scope=scope).get("accept-encoding", "") or "range" in Headers(scope=scope):
            return plain
        body = _packed(str(full_path), stat_result.st_mtime_ns)
        kept = {name: plain.headers[name] for name in ("content-type", "last-modified") if name in plain.headers}
        tag = plain.headers.get("etag", "").rstrip('"') + '-gzip"'
        return Response(body, headers={**kept, "etag": tag, "content-encoding": "gzip", "vary": "Accept-Encoding"})


@lru_cache(maxsize=200)
def _packed(path: str, _changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), _FILES_LEVEL, mtime=0)
