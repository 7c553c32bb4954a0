"""A citizen at a terminal whose pictures and voices are named first and brought afterwards, as platforms do it."""

from dataclasses import dataclass, field

from app.photo_jobs import fetch_photo
from app.runtime import Runtime
from app.transcripts import Player
from app.worker import take_jobs
from bot.conversation.messages import Bubble, Inbound, Media, MediaKind
from storage.jobs import Job


@dataclass(slots=True)
class FetchingPlayer(Player):
    """See app.transcripts.Player; the web chat has a picture in hand at once, platforms only its address."""

    files: dict[str, bytes] = field(default_factory=dict)

    async def photo(self, data: bytes) -> list[Bubble]:
        return await self._named("photo", data)

    async def voice(self, data: bytes) -> list[Bubble]:
        return await self._named("voice", data)

    async def _named(self, kind: MediaKind, data: bytes) -> list[Bubble]:
        ref = f"f{len(self.files)}"
        self.files[ref] = data
        heard = await self._send(Inbound(kind=kind, media=(Media(ref=ref, kind=kind),), **self._who()))
        while await take_jobs(self.runtime, self._fetch):
            pass
        return heard + await self.hear()

    async def _fetch(self, runtime: Runtime, job: Job) -> None:
        await fetch_photo(runtime, job, {self.account: self._download})

    async def _download(self, ref: str, limit: int) -> bytes:
        if len(self.files[ref]) > limit:
            raise ValueError("too big")
        return self.files[ref]
