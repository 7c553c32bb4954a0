"""Several processes that make documents, one job after the other, so that each imports what it needs only once."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from app.reporting import TIMEOUT, Made, ReportFailed
from reports.figures import Figures
from reports.plans import Plan, Profile
from reports.province import Province
from reports.written import Writing

WORKER = "reports.province_make"
JOBS = 64
"""A process makes so many reports and is then replaced: what its libraries keep never adds up."""
_LONGEST_LINE = 1 << 20


class Pool:
    """Processes that wait for a job. `paths` of finished jobs come back as Made; a job that fails ends only itself."""

    def __init__(self, workers: int, *, seconds: float = TIMEOUT) -> None:
        self._free: asyncio.Queue[_Child] = asyncio.Queue()
        self._children = [_Child(seconds) for _ in range(max(1, workers))]
        for child in self._children:
            self._free.put_nowait(child)

    async def write(self, figures: Figures, plan: Plan, out: Path, words: Writing) -> list[Made]:
        """Every document of a commune's report; see app.reporting.WriteDocuments. ReportFailed."""
        return await self._do({"figures": figures, "plan": plan, "out": str(out), "writing": words}, out)

    async def roll_up(self, province: Province, profile: Profile, out: Path) -> list[Made]:
        """The province's own documents. ReportFailed."""
        return await self._do({"province": province, "profile": profile, "out": str(out)}, out)

    async def _do(self, job: dict[str, object], out: Path) -> list[Made]:
        child = await self._free.get()
        try:
            answer = await child.do(msgspec.json.encode(job))
        finally:
            self._free.put_nowait(child)
        return [Made(one.name, one.media_type, out / one.name) for one in answer]

    async def close(self) -> None:
        """End every process, whatever it is doing."""
        await asyncio.gather(*(child.end() for child in self._children))


@asynccontextmanager
async def pool(workers: int) -> AsyncIterator[Pool]:
    """A pool for the length of the block; nothing of it is left behind, also where the block is broken off."""
    found = Pool(workers)
    try:
        yield found
    finally:
        await asyncio.shield(found.close())


class _Done(msgspec.Struct, frozen=True):
    name: str
    media_type: str


class _Answer(msgspec.Struct, frozen=True):
    made: tuple[_Done, ...] = ()
    fault: str = ""


class _Child:
    """One process, started with its first job and again after `JOBS` of them or where it has died."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: asyncio.subprocess.Process | None = None
        self._done = 0

    async def do(self, job: bytes) -> tuple[_Done, ...]:
        """The files of one job; ReportFailed with one line that says why there are none."""
        if self._done >= JOBS:
            await self.end()
        process = self._process or await self._start()
        self._done += 1
        try:
            line = await asyncio.wait_for(self._ask(process, job), self._seconds)
        except TimeoutError:
            await self.end()
            raise ReportFailed(f"not done after {self._seconds:.0f} s") from None
        except BaseException:
            # Broken off in the middle of a job: its answer would be taken for the next one's.
            await asyncio.shield(self.end())
            raise
        if not line:
            await self.end()
            raise ReportFailed("its process ended")
        answer = msgspec.json.decode(line, type=_Answer)
        if answer.fault:
            raise ReportFailed(answer.fault)
        return answer.made

    @staticmethod
    async def _ask(process: asyncio.subprocess.Process, job: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("started with pipes")
        try:
            process.stdin.write(job + b"\n")
            await process.stdin.drain()
            return await process.stdout.readline()
        except (BrokenPipeError, ConnectionResetError):
            return b""

    async def _start(self) -> asyncio.subprocess.Process:
        self._done = 0
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            WORKER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
            limit=_LONGEST_LINE,
            # A Ctrl-C on the terminal is for the command, which then ends its processes itself.
            start_new_session=True,
        )
        return self._process

    async def end(self) -> None:
        """Nothing of it runs any more; its pipes closed, so that a command that is killed leaves none behind."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
