"""What the province's page may ask: see web.province_door.ProvinceDoor."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app import handing_out
from app.logs import get_logger
from app.province import read_bytes, take_in
from app.province_making import rolled_up, write_roll_up
from app.report_pool import pool
from app.reporting import ReportFailed
from app.runtime import Runtime
from feedback.roles import Actor, may
from reports.periods import parse
from reports.province import Province
from storage.handing_out import Kind
from storage.units import unit
from web.province_door import HandedOut, Offered, Received

log = get_logger()


class ProvinceDesk:
    """For the officers of a province; one roll-up at a time, so that two of them do not fill both cores."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._busy = asyncio.Lock()

    async def take_in(self, actor: Actor, files: Sequence[tuple[str, bytes]], period: str) -> list[Received]:
        """See ProvinceDoor."""
        read = [(name, await asyncio.to_thread(read_bytes, raw)) for name, raw in files]
        return await take_in(self._runtime, await self._province(actor), read, actor, period)

    async def figures(self, actor: Actor, period: str) -> Province:
        """See ProvinceDoor."""
        if not may(actor, "province.see", actor.unit):
            raise PermissionError("province.see")
        wanted = parse(period, month=self._runtime.settings.report.month)
        async with self._busy:  # a hundred communes' figures are read for it
            return await rolled_up(self._runtime, await self._province(actor), wanted)

    async def roll_up(self, actor: Actor, period: str) -> dict[str, bytes] | None:
        """See ProvinceDoor."""
        if not may(actor, "province.see", actor.unit):
            raise PermissionError("province.see")
        wanted = parse(period, month=self._runtime.settings.report.month)
        province = await self._province(actor)
        async with self._busy:
            rolled = await rolled_up(self._runtime, province, wanted)
            try:
                with tempfile.TemporaryDirectory(prefix="nghedan-province-") as folder:
                    async with pool(1) as children:
                        made = await write_roll_up(self._runtime, province[0], rolled, Path(folder) / "out", children)
                    return {one.name: one.path.read_bytes() for one in made}
            except ReportFailed as fault:
                log.error("province.roll_up_failed", fault=str(fault))
                return None

    async def offer(self, actor: Actor, kind: Kind, name: str, raw: bytes) -> Offered:
        """See ProvinceDoor."""
        return await handing_out.offer(self._runtime, actor, kind, name, raw)

    async def hand_out(self, actor: Actor, kind: Kind, raw: bytes, *, opens: bool) -> HandedOut | Offered:
        """See ProvinceDoor."""
        async with self._busy:  # a second press waits, and finds that all have it
            return await handing_out.hand_out(self._runtime, actor, kind, raw, opens=opens)

    async def _province(self, actor: Actor) -> tuple[int, str]:
        found = await self._runtime.store.read(lambda conn: unit(conn, actor.unit))
        return found.id, found.name
