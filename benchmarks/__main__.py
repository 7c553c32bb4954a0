"""Every benchmark, each in a process of its own, and one summary: `python -m benchmarks [--short] [NAME ...]`.

A promise that is missed ends with exit 1. The short form lets each bound out by a factor of 2, because a small
run on a busy machine says less; it is there to notice what is grossly off. A time that is over its bound there is
told and fails nothing, since it says as much of the machine as of the program; the full form holds to it.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from benchmarks.result import Outcome

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = {
    "turn": "a whole turn against the same statements through aiosqlite, raw sqlite3 and PostgreSQL",
    "engine": "answers a second through the pure step against SurveyJS restored around each; flat to 100 surveys",
    "figures": "a month's figures at 4,000,000 responses against 100,000 and DuckDB, and what the upkeep costs",
    "report": "CPU and memory of a warm process that makes a report on 1,000,000 responses, with its charts",
    "serve": "seconds until ready and resident memory of an idle process, without and with Telegram",
    "weights": "raking 100,000 answers to four margins against ipfn, and that both give the same weights",
    "suppress": "withholding the small cells of a 100 x 40 table with its sums, and what would give them away",
    "invite": "seconds to queue 100,000 invitations on SQLite, and whether memory stays flat",
    "case": "opening a case with a picture through a whole turn against the same rows by the same writer alone",
    "duplicate": "candidates for the same matter among 200,000 open cases, along an index",
    "deadline": "counting 100,000 deadlines of cases anew after an edit of the table of days off",
    "booking": "200 citizens for 20 seats at once on both engines: exactly 20 seats, the waiting list in exact order",
    "province": "a month's reports of 100 communes and their roll-up, by two processes against one",
    "parse": "a raw event to an Inbound, every kind, against aiogram's own parsing",
    "webhook": "durable turns a second through the webhook against aiogram's handler with a store and without",
    "broadcast": "a message to 100,000 people at the allowed rate, and how long a citizen who writes meanwhile waits",
    "console": "officers' pages over 100,000 cases and 1,000,000 answers: queue, search and one case, on both engines",
    "public": "200 requests a second for public pages at one core, and what the first visitor of a page waits",
    "crowd": "64 citizens writing at once: none lost, none locked, p99 against the median",
}
"""Name of a module in this folder -> what it measures. Each takes --short and --json (benchmarks/result.py)."""

SHORT_SLACK = 2.0


def run(name: str, *, short: bool, folder: Path) -> Outcome:
    """One benchmark in its own process; SystemExit with its name where it breaks."""
    result = folder / f"{name}.json"
    command = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(result)]
    sys.stdout.write(f"\n{name}: {BENCHMARKS[name]}\n")
    sys.stdout.flush()
    done = subprocess.run([*command, "--short"] if short else command, cwd=ROOT, check=False)
    if done.returncode or not result.exists():
        raise SystemExit(f"benchmark {name} broke (exit {done.returncode})")
    return msgspec.json.decode(result.read_bytes(), type=Outcome)


def summary(outcomes: list[Outcome], slack: float) -> tuple[list[str], int]:
    """Lines of one table, and how many promises were missed."""
    lines, missed = [], 0
    for outcome in outcomes:
        for figure in outcome.figures:
            kept, told = figure.kept(slack), slack > 1 and not figure.travels
            missed += not kept and not told
            mark = "" if figure.least is figure.most is None else "kept" if kept else "over" if told else "MISSED"
            lines.append(f"{outcome.line(figure):<118} {mark}".rstrip())
    return lines, missed


def main() -> int:
    """Exit code 1 where a promise is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--short", action="store_true", help="small forms that end in seconds")
    parser.add_argument("--json", type=Path, help="write every outcome to this file")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [run(name, short=asked.short, folder=Path(folder)) for name in asked.names or BENCHMARKS]
    lines, missed = summary(outcomes, SHORT_SLACK if asked.short else 1.0)
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    if asked.json:
        asked.json.write_bytes(msgspec.json.format(msgspec.json.encode(outcomes)) + b"\n")
    if missed:
        sys.stdout.write(f"\n{missed} promise{'s' if missed > 1 else ''} missed\n")
    return bool(missed)


if __name__ == "__main__":
    raise SystemExit(main())
