"""A citizen's letter made in a child process: in by one pipe, out by another, and nothing is written down."""

import asyncio
import sys

import msgspec

from reports.petitions import Letter

TIMEOUT = 30.0
"""Seconds; it takes half a second."""
_AT_ONCE = asyncio.Semaphore(2)
"""Each child takes a core for its half second: a flood of letters must not slow the chat down."""


class LetterFailed(Exception):
    """The file could not be made; what was in it is in no message of this."""


async def write_letter(letter: Letter) -> bytes:
    """The letter as DOCX. LetterFailed."""
    async with _AT_ONCE:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "reports.petition_docx",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            made, _ = await asyncio.wait_for(child.communicate(msgspec.json.encode(letter)), TIMEOUT)
        except TimeoutError:
            raise LetterFailed from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode:
        raise LetterFailed
    return made
