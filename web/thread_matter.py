"""What somebody writes on the page of a case may be a khiếu nại or tố cáo, or a cry for help.

As in the chat: what is meant is asked before anything is kept, and the emergency numbers stand before all else.
"""

from typing import Literal
from zlib import crc32

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.matter import EXPLAINED, NO, YES
from feedback.complaints import Matter, complaints, denounced
from feedback.emergency import emergencies
from storage.threads import Public
from web.pages import pages_of, services_of
from web.visitors import Guest

_WORDS = ("tell", "not_done")
"""The forms that bring words."""


class Verdict(msgspec.Struct, frozen=True):
    """What is to be done with words: send them, ask what they are, or explain and keep nothing."""

    does: Literal["send", "ask", "explain"] = "send"
    matter: Matter = Matter.DENUNCIATION


def verdict(way: str, text: str, said: str, asked_of: str) -> Verdict:
    """`said` is the answer to the question that was asked of the text with the mark `asked_of`; of no other one."""
    reading = complaints().read(text) if way in _WORDS else None
    if reading is None or reading.matter not in EXPLAINED:
        return Verdict()
    answer = said if asked_of == mark(text) else ""
    grave = denounced(text) == Matter.ABOUT_CHAIRMAN
    if answer == NO and not grave:
        return Verdict()
    return Verdict("explain" if answer in (YES, NO) else "ask", reading.matter)


def lacks_petition(way: str, text: str) -> bool:
    """Whether what was sent on surely is a khiếu nại: a đơn is still wanted then, and its days run."""
    reading = complaints().read(text) if way in _WORDS else None
    return reading is not None and reading.sure and reading.matter is Matter.COMPLAINT


def mark(text: str) -> str:
    """What tells a text from another one."""
    return str(crc32(text.encode()))


def alarm(request: Request, text: str) -> str:
    """The emergency numbers as a sentence, where the words call for them; "" where they do not."""
    return _sentence(request, emergencies().called_for(text))


def alarm_of(request: Request, number: str) -> str:
    """The same, after a page that called for that number first."""
    known = emergencies().numbers
    return _sentence(request, (number, *(one for one in known if one != number)) if number in known else ())


def first_number(text: str) -> str:
    """The number that words call for first, "" for none."""
    return next(iter(emergencies().called_for(text)), "")


def _sentence(request: Request, numbers: tuple[str, ...]) -> str:
    if not numbers:
        return ""
    say = services_of(request).say
    places = ("first", "second", "third", "fourth")
    return say("emergency.line", **{place: say(f"emergency.{one}") for place, one in zip(places, numbers, strict=True)})


async def explained(request: Request, guest: Guest, case: Public, matter: Matter, text: str, said: str) -> Response:
    """Where it is brought. Of what was written nothing was kept, and the page does not repeat it."""
    services = services_of(request)
    return pages_of(request).page(
        request,
        "thread_matter.html",
        commune=guest.commune,
        case=case,
        paragraphs=await services.explain(guest.commune.id, matter),
        again=said == NO,
        alarm=alarm(request, text),
    )
