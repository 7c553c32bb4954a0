"""Whether a person opens a page, or a machine that looks at every address before it shows it in a chat."""

from starlette.requests import Request


def by_a_person(request: Request) -> bool:
    """Whether the browser says that somebody pressed or typed the address.

    Chat services fetch what is behind an address to draw a picture of it, and send none of these headers; nor do old
    browsers, nor a window inside a chat that was opened without a press: those have a button on the page.
    Source: Fetch Metadata Request Headers, W3C: Sec-Fetch-User is sent for navigations by user activation only.
    """
    said = request.headers.get
    ahead = said("sec-purpose", "") + said("purpose", "") + said("x-moz", "")
    return said("sec-fetch-dest") == "document" and said("sec-fetch-user") == "?1" and not ahead
