"""Whether a form comes from our own pages: the browser says so itself, no token is needed."""

from urllib.parse import urlsplit

from starlette.requests import Request

from web.services import Services

_OURS = {"same-origin", "none"}


def is_ours(request: Request, services: Services) -> bool:
    """Sec-Fetch-Site where the browser sends it, else Origin; a client that sends neither is no browser.

    Browsers that know neither are older than SameSite cookies are young: theirs never come along from elsewhere
    with Lax or Strict, so nothing is done in anybody's name.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        named = urlsplit(origin).netloc
    except ValueError:
        return False  # no browser writes "http://["
    return named in {request.headers.get("host", ""), urlsplit(services.public_url).netloc} - {""}


def is_https(request: Request, services: Services) -> bool:
    """Whether cookies may be marked Secure: behind a proxy only the public address knows."""
    return request.url.scheme == "https" or services.public_url.startswith("https://")
