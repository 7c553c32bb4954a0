"""The reports' own process: one job as JSON on stdin, the names of the files made as JSON on stdout.

    python -m reports < job.json

The job is {"figures": ..., "plan": ..., "out": "folder"}, `plan` the name of a plan or the whole of one.
Exit 0 and [{"name", "media_type"}, ...]; or exit 1 and one line on stderr that says why, 28 where the disk is full.
"""

import errno
import sys
from pathlib import Path

import msgspec

from reports.figures import Figures
from reports.make import AS_IT_COMES, Made, make, media_type
from reports.plans import Plan, plan
from reports.written import Writing

FULL = errno.ENOSPC
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Job(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be made. `out` is a folder, created where it is missing; `writing` what officers wrote into it."""

    figures: Figures
    plan: str | Plan
    out: str
    writing: Writing = AS_IT_COMES


def main() -> int:
    """Read, make, tell; 0 when all files stand in the folder."""
    try:
        job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
        chosen = plan(job.plan) if isinstance(job.plan, str) else job.plan
        paths = make(job.figures, chosen, Path(job.out), job.writing)
    except Exception as error:  # noqa: BLE001 - whatever it was, the parent wants one line and an exit code
        line = " ".join(str(error).split())
        print(f"{type(error).__name__}: {line}", file=sys.stderr)  # noqa: T201 - the process speaks by its streams
        return FULL if isinstance(error, OSError) and error.errno in _FULL else 1
    made = [Made(name=path.name, media_type=media_type(path)) for path in paths]
    sys.stdout.buffer.write(msgspec.json.encode(made) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
