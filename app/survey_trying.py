"""A survey file that an officer tries out in the console: read, told what is wrong with it, and forgotten.

A child process does it (`python -m app.survey_trying NAME`: bytes on stdin, JSON on stdout), with little memory and
little time: readers of spreadsheets are big, and the file is whatever somebody sends.
"""

import asyncio
import sys
from weakref import WeakKeyDictionary

import msgspec

from web.services import SurveyFile

SECONDS = 30
AT_ONCE = 2
_MEMORY = 1024 * 1024 * 1024
_NAME = 100
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def read_survey(name: str, data: bytes) -> SurveyFile:
    """The survey in a file's bytes; of its name the ending counts. At most AT_ONCE are read at a time."""
    async with _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        output = await _in_child(name.replace("\0", "")[-_NAME:], data)
    try:
        return msgspec.json.decode(output, type=SurveyFile)
    except msgspec.DecodeError:
        return SurveyFile()


async def _in_child(name: str, data: bytes) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.survey_trying",
        name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # an error's text could carry what is in the file
    )
    try:
        async with asyncio.timeout(SECONDS):
            output, _ = await child.communicate(data)
    except TimeoutError:
        return b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return output if child.returncode == 0 else b""


# --- the child ---


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read a file from stdin, write a SurveyFile to stdout."""
    _limit()
    # Only the child needs the readers.
    from app.fault_places import placed
    from app.survey_files import read_data
    from app.wording import survey_wording
    from surveys.faults import describe

    reading = read_data(sys.argv[1], sys.stdin.buffer.read())
    texts = survey_wording().texts
    found = SurveyFile(
        survey=reading.survey,
        faults=tuple(describe(fault, texts.__getitem__) for fault in reading.faults),
        remarks=tuple(describe(remark, texts.__getitem__) for remark in reading.remarks),
        placed=placed(reading.faults, reading.data, sys.argv[1]),
    )
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
