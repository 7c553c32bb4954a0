"""`nghedan` as it will be: `python later.py MINUTES serve ...` runs it with its clock that much ahead."""

import sys
import time

from app.cli import main

MINUTE = 60 * 1_000_000_000


def shift(minutes: int) -> None:
    """From now on the clock of this process is ahead."""
    real = time.time_ns
    time.time_ns = lambda: real() + minutes * MINUTE


if __name__ == "__main__":
    shift(int(sys.argv.pop(1)))
    main()
