"""What an invitation or a reminder says, worded for one letter."""

from collections.abc import Callable

import msgspec

from app.runtime import Runtime
from bot.conversation.messages import Bubble, Button
from storage.sending import Letter
from surveys.definition import Privacy, Survey
from surveys.languages import localised
from surveys.waves import Owner
from vietnam.time import local


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What all letters of a wave have in common. `title` "" where the survey's own is said."""

    commune: str
    owner: Owner
    code: str
    title: str
    survey: Survey
    closes_at: int | None


def words(runtime: Runtime, wave: Invitation) -> Callable[[Letter], bytes]:
    """A letter -> its message as the outbox keeps it. Without a code in it, it is worded once for each language."""
    known: dict[tuple[str, bool], bytes] = {}

    def worded(letter: Letter) -> bytes:
        if letter.code:
            return msgspec.json.encode(_bubble(runtime, wave, letter))
        key = (letter.language, letter.reminder)
        if key not in known:
            known[key] = msgspec.json.encode(_bubble(runtime, wave, letter))
        return known[key]

    return worded


def _bubble(runtime: Runtime, wave: Invitation, letter: Letter) -> Bubble:
    say = runtime.wording.spoken(letter.language)
    title = wave.title or (localised(wave.survey, letter.language).title if letter.language else wave.survey.title)
    kind = "reminder" if letter.reminder else "code" if letter.code else "open"
    sender = say("invite.front", commune=wave.commune) if wave.owner is Owner.FRONT else wave.commune
    parts = [say(f"invite.{kind}", Commune=sender[:1].upper() + sender[1:], commune=sender, title=title)]
    if letter.code:
        parts.append(say("invite.your_code", code=letter.code))
    if wave.closes_at is not None:
        # The last whole day: a wave that ends at midnight ends with the day before.
        parts.append(say("invite.until", day=local(wave.closes_at - 1).date()))
    anonymous = wave.survey.privacy is Privacy.ANONYMOUS
    parts.append(say("invite.voluntary" if anonymous else "invite.voluntary_only"))
    start = f"go:code.{letter.code}" if letter.code else f"go:survey.{wave.code}"
    return Bubble(
        text="\n\n".join(parts),
        buttons=(
            Button(id=start, label=say("invite.start")),
            Button(id="go:optout", label=say("invite.optout")),
        ),
    )
