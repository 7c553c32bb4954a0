"""A picture from a platform: downloaded, checked and re-encoded, kept, and fed back to the same conversation."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from app.ledger import PHOTO_CONTEXT, PhotoJob
from app.photos import MAX_BYTES, PhotoRefused, keep
from app.runtime import Runtime
from bot.conversation.messages import Inbound, Media
from storage.conversations import platform_of
from storage.jobs import TRIES, Job

Download = Callable[[str, int], Awaitable[bytes]]
"""(platform's reference, most bytes) -> the picture; ValueError where it is larger."""


async def keep_photo(runtime: Runtime, unit_id: int, data: bytes) -> int | PhotoRefused:
    """Check and re-encode a picture in a child process and keep it; the id of its blob."""
    photo = await keep(data)
    if isinstance(photo, PhotoRefused):
        return photo
    return await runtime.blobs.put(unit_id, "image/jpeg", photo.data, width=photo.width, height=photo.height)


async def fetch_photo(runtime: Runtime, job: Job, downloads: Mapping[int, Download]) -> None:
    """Do a photo job; `downloads` by channel account. The last failed try tells the person."""
    wanted = msgspec.json.decode(runtime.vault.open(job.body or b"", PHOTO_CONTEXT), type=PhotoJob)
    channel_account, person = await runtime.store.read(lambda conn: platform_of(conn, wanted.account))
    media = await _media(runtime, job, wanted, downloads.get(channel_account))
    on = await runtime.account(channel_account)
    await runtime.receive(
        Inbound(
            channel=on.channel,
            channel_account=on.id,
            dedupe_key=f"photo:{job.id}",
            person=person,
            kind="media_ready" if media.blob else "media_refused",
            media=(media,),
            at=runtime.now(),
        )
    )


async def _media(runtime: Runtime, job: Job, wanted: PhotoJob, download: Download | None) -> Media:
    if download is None:
        return Media(ref=wanted.ref, reason="photo.failed")
    try:
        data = await download(wanted.ref, MAX_BYTES)
    except ValueError:
        return Media(ref=wanted.ref, reason="photo.too_big")
    except OSError:
        if job.tries < TRIES:
            raise
        return Media(ref=wanted.ref, reason="photo.failed")
    kept = await keep_photo(runtime, job.unit, data)
    if isinstance(kept, PhotoRefused):
        return Media(ref=wanted.ref, reason=kept.key)
    return Media(ref=wanted.ref, blob=kept)
