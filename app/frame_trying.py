"""A list of households or people that somebody sends, read in a child process with little memory and little time.

`python -m app.frame_trying NAME`: on stdin a line of JSON, the villages as [[id, name], ...], and then the file; on
stdout JSON: its lines, or its faults with the rows they are about. What is in it stays in these two pipes.
"""

import asyncio
import sys
from collections.abc import Sequence

import msgspec

from surveys.frame_sheet import FrameLine
from web.wave_door import CellFault

SECONDS = 120
"""A list of 200,000 takes a minute."""
_MEMORY = 3 * 1024 * 1024 * 1024
_NAME = 100
_AT_ONCE = asyncio.Semaphore(1)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a list, or what is wrong with it; neither where it could not be read at all."""

    lines: tuple[FrameLine, ...] = ()
    faults: tuple[CellFault, ...] = ()


async def read_list(data: bytes, name: str, villages: Sequence[tuple[int, str]]) -> Listed:
    """The list in a file's bytes; of its name the ending counts."""
    async with _AT_ONCE:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app.frame_trying",
            name.replace("\0", "")[-_NAME:],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # an error's text could carry what is in the file
        )
        try:
            async with asyncio.timeout(SECONDS):
                output, _ = await child.communicate(msgspec.json.encode(list(villages)) + b"\n" + data)
        except TimeoutError:
            return Listed()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    return msgspec.json.decode(output, type=Listed) if child.returncode == 0 else Listed()


# --- the child ---


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def listed(data: bytes, name: str, villages: Sequence[tuple[int, str]]) -> Listed:
    """What the child does."""
    # Only the child needs the readers.
    from app.fault_places import placed
    from surveys.faults import SurveyFaults
    from surveys.frame_sheet import read_frame
    from surveys.sheets.grid import LISTING, read_workbook

    book = None
    try:
        book = read_workbook(data, name, LISTING)
        return Listed(lines=tuple(read_frame(book, villages)))
    except SurveyFaults as fault:
        return Listed(faults=placed(fault.faults, data, name, limits=LISTING, book=book))


def main() -> None:
    """Read villages and a file from stdin, write a Listed to stdout."""
    _limit()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    villages = msgspec.json.decode(head, type=list[tuple[int, str]])
    sys.stdout.buffer.write(msgspec.json.encode(listed(data, sys.argv[1], villages)))


if __name__ == "__main__":
    main()
