"""Invitations on paper: slips with a one-time code, eight on a page, to be cut and handed out."""

from datetime import date

import msgspec

from reports.texts import texts


class Letters(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the slips. `slips`: number, name, village, address, phone and code of each."""

    commune: str
    title: str
    address: str
    until: str
    slips: list[dict[str, str]]


def draw_letters(letters: Letters, made_on: date) -> bytes:
    """The PDF. typst.TypstError where it cannot be set."""
    # Typst: only whoever draws pays for it.
    from reports.typesetting import plain_faces, set_pages

    say = texts().say
    words = {
        "heading": say("letters.heading", commune=letters.commune[:1].upper() + letters.commune[1:]),
        "asked": say("letters.asked", title=letters.title),
        "how": say("letters.how", address=letters.address),
        "code": say("letters.code"),
        "until": say("letters.until", day=letters.until) if letters.until else "",
        "once": say("letters.once"),
    }
    return set_pages("letters.typ", {"words": words, "slips": letters.slips, "faces": plain_faces()}, {}, made_on)
