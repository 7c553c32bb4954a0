"""A file that is only ever saved: never shown by the browser in a page of ours, whatever is in it."""

from urllib.parse import quote

from starlette.responses import Response

from vietnam.text import fold

_QUIET = "default-src 'none'; sandbox"


def saved(data: bytes, name: str, media_type: str) -> Response:
    """The bytes as a download under this name (RFC 6266: plain letters for old browsers, the whole name for others)."""
    plain = "".join(one if one.isascii() and one.isprintable() and one not in '"\\%' else "_" for one in fold(name))
    headers = {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": _QUIET,
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
    return Response(data, media_type=media_type, headers=headers)
