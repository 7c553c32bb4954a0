"""Documents of cases: looked at, named and kept."""

import asyncio

from app.documents import DocumentRefused, look
from app.runtime import Runtime
from feedback.attaching import Attached, safe_name
from web.services import PhotoRefused

_MB = 1024 * 1024


async def keep_file(runtime: Runtime, unit_id: int, name: str, data: bytes) -> Attached | PhotoRefused:
    """Keep a document under a name that is safe to save it by; why not, as a wording key."""
    found = await asyncio.to_thread(look, data, runtime.settings.limits.file_mb * _MB)
    if isinstance(found, DocumentRefused):
        return PhotoRefused(found.key)
    kept = safe_name(name, found.ending)
    return Attached(await runtime.blobs.put(unit_id, found.media_type, data, name=kept), kept, len(data))
