"""What a draft takes whenever it comes: pictures, places, and the words below them."""

import msgspec

from bot.conversation.context import Context
from bot.conversation.effects import FetchMedia, t
from bot.conversation.messages import Media
from bot.conversation.state import Drafting
from feedback.acts import MAX_BLOBS, MAX_PLACE, MAX_TEXT
from feedback.complaints import complaints
from vietnam.time import SECOND

_TYPED = frozenset({"name", "phone"})
"""Questions to which nobody can listen: what is said there aloud goes along, and the answer is still to be typed."""
_ALBUM = 30 * SECOND
"""Milliseconds between two pictures that were sent together."""
_STORY = 6
"""Words from which on an answer to a list is no choice that was mistyped, but what the person came to say."""


def done(draft: Drafting, name: str) -> None:
    """The question of that name is behind."""
    draft.tries = 0
    if draft.editing == name:
        draft.editing = ""
    if name not in draft.done:
        draft.done.append(name)


def take(ctx: Context, draft: Drafting) -> bool:
    """Add a picture with the words below it, or a place, to what is being written.

    False where nothing more is to be said: of an album of forty the first that is too many is told of, not each.
    """
    words = ctx.inbound.text.strip()
    if ctx.inbound.kind == "location":
        draft.place, draft.where = ctx.inbound.place, words[:MAX_PLACE] if ctx.inbound.nonce else ""
        done(draft, "place")
        ctx.lead.append(t("draft.place_noted"))
        return True
    if not ctx.inbound.media:
        ctx.lead.append(t("nav.cannot_read"))
        return True
    if words and len(draft.text) + len(words) < MAX_TEXT:
        draft.text = f"{draft.text}\n{words}".strip()
        done(draft, "text")
    if len(draft.photos) == MAX_BLOBS:
        told, draft.full_at = draft.full_at, ctx.inbound.at
        ctx.lead.append(t("draft.photos_full", most=MAX_BLOBS))
        return ctx.inbound.at - told >= _ALBUM or bool(words)
    photo = ctx.inbound.media[0]
    if ctx.inbound.kind == "voice":
        _take_voice(ctx, draft, msgspec.structs.replace(photo, kind="voice"))
        return True
    draft.photos.append(photo)
    done(draft, "photo")
    if not photo.blob:
        ctx.want(FetchMedia(ref=photo.ref))
    many = len(pictures(draft))
    ctx.lead.append(t("draft.photo_noted") if many == 1 else t("draft.photos_noted", many=many, most=MAX_BLOBS))
    return True


def take_story(ctx: Context, draft: Drafting) -> bool:
    """What somebody tells at a list of choices, before they were asked what it is about: they need not write it again.

    A khiếu nại or tố cáo is heard however short it is, since it is to be explained.
    """
    words = ctx.inbound.text.strip()
    if ctx.choice or ctx.inbound.kind != "text" or tells(draft) or len(words) > MAX_TEXT:
        return False
    if len(words.split()) < _STORY and complaints().read(words) is None:
        return False
    draft.text = words
    done(draft, "text")
    ctx.lead.append(t("draft.text_noted"))
    return True


def _take_voice(ctx: Context, draft: Drafting, voice: Media) -> None:
    """What is said aloud tells what it is about as well as words do; at any other question it stands beside them."""
    asked = draft.step == "text" or not draft.step
    draft.photos.append(voice)
    done(draft, "text")
    if not voice.blob:
        ctx.want(FetchMedia(ref=voice.ref, kind="voice"))
    if draft.case and voice.blob:
        return  # it goes at once, and the person is told where
    typed = not asked and draft.step in _TYPED
    ctx.lead.append(t("draft.voice_beside" if typed else "draft.voice_noted"))


def pictures(draft: Drafting) -> list[Media]:
    """What was sent to be looked at."""
    return [one for one in draft.photos if one.kind != "voice"]


def voices(draft: Drafting) -> list[Media]:
    """What was sent to be listened to."""
    return [one for one in draft.photos if one.kind == "voice"]


def tells(draft: Drafting) -> bool:
    """Whether there is anything that says what it is about."""
    return bool(draft.text or voices(draft))


def put_aside(ctx: Context, draft: Drafting) -> None:
    """Keep what was begun, so that it can be finished later; nothing written is lost to a wrong button."""
    if draft.text or draft.photos:
        ctx.state.kept = draft
        ctx.lead.append(t("draft.kept"))


def bring(draft: Drafting, arrived: Media) -> bool:
    """Put a picture that has come over in the place of its reference; False where it is none of the case."""
    for at, photo in enumerate(draft.photos):
        if arrived.ref and photo.ref == arrived.ref:
            draft.photos[at] = arrived
            return True
    return False


def lose_photo(draft: Drafting, ref: str) -> bool:
    """A picture that will never come: without any, it is asked for again. False where it is none of the case."""
    left = [photo for photo in draft.photos if not ref or photo.ref != ref]
    if len(left) == len(draft.photos):
        return False
    draft.photos, draft.waiting = left, False
    if not pictures(draft):
        draft.done = [name for name in draft.done if name != "photo"]
    if not tells(draft):
        draft.done = [name for name in draft.done if name != "text"]
    return True
