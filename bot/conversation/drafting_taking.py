"""What a draft takes whenever it comes: pictures, places, and the words below them."""

from bot.conversation.context import Context
from bot.conversation.effects import FetchMedia, t
from bot.conversation.messages import Media
from bot.conversation.state import Drafting
from feedback.acts import MAX_BLOBS, MAX_PLACE, MAX_TEXT


def done(draft: Drafting, name: str) -> None:
    """The question of that name is behind."""
    draft.tries = 0
    if draft.editing == name:
        draft.editing = ""
    if name not in draft.done:
        draft.done.append(name)


def take(ctx: Context, draft: Drafting) -> None:
    """Add a picture with the words below it, or a place, to what is being written."""
    words = ctx.inbound.text.strip()
    if ctx.inbound.kind == "location":
        draft.place, draft.where = ctx.inbound.place, words[:MAX_PLACE] if ctx.inbound.nonce else ""
        done(draft, "place")
        ctx.lead.append(t("draft.place_noted"))
        return
    if words and len(draft.text) + len(words) < MAX_TEXT:
        draft.text = f"{draft.text}\n{words}".strip()
        done(draft, "text")
    if len(draft.photos) == MAX_BLOBS:
        ctx.lead.append(t("draft.photos_full", most=MAX_BLOBS))
        return
    photo = ctx.inbound.media[0]
    draft.photos.append(photo)
    done(draft, "photo")
    if not photo.blob:
        ctx.want(FetchMedia(ref=photo.ref))
    many = len(draft.photos)
    ctx.lead.append(t("draft.photo_noted") if many == 1 else t("draft.photos_noted", many=many, most=MAX_BLOBS))


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
    if not left:
        draft.done = [name for name in draft.done if name != "photo"]
    return True
