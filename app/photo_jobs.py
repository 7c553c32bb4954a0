"""A picture or voice from a platform: downloaded, checked, kept, and fed back to the same conversation."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import msgspec

from app import voices
from app.ledger import PHOTO_CONTEXT, PHOTO_JOB, PhotoJob
from app.photos import MAX_BYTES, PhotoRefused, keep
from app.runtime import Runtime
from bot.conversation.messages import Inbound, Media, MediaKind
from storage import jobs
from storage.conversations import platform_of
from storage.jobs import TRIES, Job

Download = Callable[[str, int], Awaitable[bytes]]
"""(platform's reference, most bytes) -> the file. ValueError where it is larger, PermissionError where it may never be
fetched, any other OSError where another try can help."""

_FAILED: dict[MediaKind, str] = {"photo": "photo.failed", "voice": "voice.failed"}
_TOO_BIG: dict[MediaKind, str] = {"photo": "photo.too_big", "voice": "voice.too_big"}


async def keep_photo(runtime: Runtime, unit_id: int, data: bytes) -> int | PhotoRefused:
    """Check and re-encode a picture in a child process and keep it; the id of its blob."""
    photo = await keep(data)
    if isinstance(photo, PhotoRefused):
        return photo
    return await runtime.blobs.put(unit_id, "image/jpeg", photo.data, width=photo.width, height=photo.height)


async def keep_voice(runtime: Runtime, unit_id: int, data: bytes) -> int | voices.VoiceRefused:
    """Check a recording and keep it; the id of its blob."""
    voice = voices.keep(data)
    if isinstance(voice, voices.VoiceRefused):
        return voice
    return await runtime.blobs.put(unit_id, voice.media_type, voice.data)


async def fetch_photo(runtime: Runtime, job: Job, downloads: Mapping[int, Download]) -> None:
    """Do the job of a picture or voice; `downloads` by channel account. The last failed try tells the person."""
    wanted = _wanted(runtime, job)
    channel_account, _ = await runtime.store.read(lambda conn: platform_of(conn, wanted.account))
    await _feed_back(runtime, job, wanted, await _media(runtime, job, wanted, downloads.get(channel_account)))


async def give_up_killed(runtime: Runtime) -> None:
    """Tell whoever still waits for a picture or voice at which the process was killed time after time."""
    for job in await runtime.store.read(lambda conn: jobs.killed(conn, PHOTO_JOB)):
        wanted = _wanted(runtime, job)
        await _feed_back(runtime, job, wanted, Media(ref=wanted.ref, reason=_FAILED[wanted.kind], kind=wanted.kind))
        await runtime.store.write(partial(jobs.bury, job=job))


def _wanted(runtime: Runtime, job: Job) -> PhotoJob:
    return msgspec.json.decode(runtime.vault.open(job.body or b"", PHOTO_CONTEXT), type=PhotoJob)


async def _feed_back(runtime: Runtime, job: Job, wanted: PhotoJob, media: Media) -> None:
    channel_account, person = await runtime.store.read(lambda conn: platform_of(conn, wanted.account))
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
    most = voices.MAX_BYTES if wanted.kind == "voice" else MAX_BYTES

    def refused(why: str) -> Media:
        return Media(ref=wanted.ref, reason=why, kind=wanted.kind)

    if download is None:
        return refused(_FAILED[wanted.kind])
    try:
        data = await download(wanted.ref, most)
    except ValueError:
        return refused(_TOO_BIG[wanted.kind])
    except PermissionError:
        return refused(_FAILED[wanted.kind])
    except OSError:
        if job.tries < TRIES:
            raise
        return refused(_FAILED[wanted.kind])
    keeping = keep_voice if wanted.kind == "voice" else keep_photo
    kept = await keeping(runtime, job.unit, data)
    return Media(ref=wanted.ref, blob=kept, kind=wanted.kind) if isinstance(kept, int) else refused(kept.key)
