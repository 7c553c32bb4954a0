"""A poster with the QR code of a survey: for a counter, a thôn or a wall, A4 or A5, as PDF or PNG."""

from datetime import date
from io import BytesIO
from typing import Any, Final, Literal

import msgspec

from reports.texts import Texts, texts
from vietnam.numbers import date_vi

Size = Literal["A4", "A5"]
Format = Literal["pdf", "png"]
_ERROR: Final = "q"
"""A quarter of the code may be torn or dirty."""
_QUIET: Final = 4
"""Modules of white around the code (ISO/IEC 18004)."""
_WIDTHS: Final = {"A4": 1.0, "A5": 0.7071}


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Another way in, with a small code of its own. `note` says what to do there ("gửi: KS 12")."""

    name: str
    url: str
    note: str = ""


class Poster(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on one poster.

    `issuer` is whose survey it is ("UBND xã Vạn Linh"), `above` the province; `place` where it hangs; `url` what the
    code opens, `address` what is typed by hand; `until` the last day, None where there is none.
    """

    issuer: str
    above: str
    title: str
    url: str
    address: str
    place: str = ""
    until: date | None = None
    anonymous: bool = True
    doors: tuple[Door, ...] = ()


def draw_poster(poster: Poster, size: Size, format: Format, made_on: date) -> bytes:
    """The poster. segno.DataOverflowError for an address longer than any code can hold."""
    # Typst and matplotlib: only whoever draws pays for them.
    from reports.typesetting import plain_faces, set_pages

    said = texts()
    files = {"qr.svg": qr_svg(poster.url)}
    doors = []
    for number, door in enumerate(poster.doors):
        files[f"door{number}.svg"] = qr_svg(door.url)
        doors.append({"name": door.name, "note": door.note, "file": f"door{number}.svg"})
    data = {
        **_words(poster, said),
        "doors": doors,
        "size": size.lower(),
        "k": _WIDTHS[size],
        "fonts": plain_faces(),
    }
    return set_pages("posters.typ", data, files, made_on, format)


def qr_svg(url: str) -> bytes:
    """The QR code of an address, as SVG with its quiet zone."""
    import segno

    drawn = BytesIO()
    segno.make(url, error=_ERROR, micro=False, boost_error=False).save(
        drawn, kind="svg", border=_QUIET, light="#ffffff", scale=4, xmldecl=False
    )
    return drawn.getvalue()


def _words(poster: Poster, said: Texts) -> dict[str, Any]:
    say = said.say
    return {
        "issuer": poster.issuer.upper(),
        "above": poster.above,
        "question": say("poster.question").split("|"),
        "title": poster.title,
        "place": poster.place,
        "steps": say("poster.steps").split("|"),
        "typed": say("poster.typed"),
        "address": poster.address,
        "note": say("poster.note" if poster.anonymous else "poster.note_named").split("|"),
        "until": say("poster.until", day=date_vi(poster.until)) if poster.until else "",
        "alt": say("poster.alt", url=poster.url),
        "document": say("poster.document", title=poster.title, issuer=poster.issuer),
    }
