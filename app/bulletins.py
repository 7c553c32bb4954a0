"""Notices of the commune: worded, and queued a chunk at a time."""

from functools import partial

import msgspec

from app.runtime import Runtime
from bot.conversation.messages import Bubble, Button
from storage import bulletins, units
from surveys.quiet import clock, quiet_until


async def bulletin_round(runtime: Runtime) -> bool:
    """A chunk of every notice that is on its way; whether there was any. Nothing in quiet hours."""
    now, settings = runtime.now(), runtime.settings.waves
    if quiet_until(now, clock(settings.quiet_from), clock(settings.quiet_to)) is not None:
        return False
    busy = False
    for id, unit, text in await runtime.store.read(bulletins.going):
        commune = await runtime.store.read(partial(units.unit, id=unit))
        send = partial(bulletins.send_some, vault=runtime.vault, id=id, words=_words(runtime, commune.name, text))
        busy = await runtime.store.write(lambda tx, send=send: send(tx, now=now)) > 0 or busy  # type: ignore[misc]  # a default binds what the loop changes
    return busy


def _words(runtime: Runtime, commune: str, text: str) -> "partial[bytes]":
    return partial(_worded, runtime, commune, text)


def _worded(runtime: Runtime, commune: str, text: str, language: str) -> bytes:
    say = runtime.wording.spoken(language)
    parts = (say("notices.sent", unit=commune), text, say("notices.stop"))
    return msgspec.json.encode(
        Bubble(text="\n\n".join(parts), buttons=(Button(id="go:optout", label=say("notice.optout")),))
    )
