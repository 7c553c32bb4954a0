"""A report of a quarter at a million responses: CPU and memory of a warm process, part by part.

    python -m benchmarks.report [--short] [--json FILE]

The store holds the rollups of 1,000,000 responses to the ready questionnaire of 17 questions over half a year (12
villages, 2 channels), counted in as the releasing job does. Every round counts some more in, so that no round makes the
document of the one before, then asks the store for the figures and makes DOCX, PDF, XLSX, CSV, and every chart as PNG
of 200 dpi and as SVG, at least 8 of them. Cases come from a list: a commune has hundreds of them, not millions.
Wanted 2.5 s of CPU once warm, at most 4.0, and under 250 MB. Printed beside it: what the first one in a new process
costs, and what more reports add to the memory of a process that makes many (caches must end somewhere).
"""

import asyncio
import multiprocessing
import resource
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from typing import Any

from benchmarks.result import Measured, Outcome, hand_over, options
from reports.figures import Figures
from reports.plans import plan

PLAN, MADE = plan("y_tich_2024"), date(2026, 10, 1)
CHARTS = 8
CPU_MOST, CPU_WANTED, MEMORY_MOST = 4.0, 2.5, 250.0


def memory(*, peak: bool) -> float:
    """MB of this process now, or at most so far."""
    if peak:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with open("/proc/self/statm") as file:  # noqa: PTH123 - a line of the system, not a file of ours
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def documents(figures: Figures, spent: dict[str, float]) -> int:
    """Every file of a report; CPU seconds by part go into `spent`. The number of charts."""
    from reports.charts import draw
    from reports.composing import compose
    from reports.docx import write_docx
    from reports.open_data import data_csv, data_json
    from reports.pdf import write_pdf
    from reports.xlsx import write_xlsx

    start = time.process_time()

    def lap(part: str) -> None:
        nonlocal start
        now = time.process_time()
        spent[part], start = now - start, now

    document = compose(figures, PLAN)
    lap("compose")
    pictures = {chart.name: draw(chart).png for chart in document.charts()}
    lap("charts")
    write_docx(document, pictures, MADE)
    lap("docx")
    write_pdf(document, pictures, MADE)
    lap("pdf")
    write_xlsx(figures, MADE)
    lap("xlsx")
    for audience in ("internal", "public"):
        data_csv(figures, audience)
        data_json(figures, audience)
    figures.encode()
    lap("data")
    return len(pictures)


def in_one_process(made: list[bytes]) -> dict[str, Any]:
    """The documents of one report after the other; CPU seconds by part, and MB. As in use it knows no store."""
    found: dict[str, Any] = {"rounds": [], "memory": []}
    for at, raw in enumerate(made):
        spent: dict[str, float] = {}
        found["charts"] = documents(Figures.decode(raw), spent)
        found["rounds"].append(spent)
        found["memory"].append(memory(peak=False))
        if at == 1:
            found["peak"] = memory(peak=True)
    return found


def main() -> int:
    """0; whether promises are kept says benchmarks/__main__.py."""
    asked = options("report")
    # Only here: the process that makes the documents has none of it in its memory.
    from benchmarks.report_store import figures_of

    count, rounds = (20_000, 4) if asked.short else (1_000_000, 14)
    asking, total = asyncio.run(figures_of(count, rounds))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        found = one.submit(in_one_process, [raw for raw, _ in asking]).result()
    for spent, (_, seconds) in zip(found["rounds"], asking, strict=True):
        spent["figures"] = seconds
    if found["charts"] < CHARTS:
        raise SystemExit(f"{found['charts']} charts in the report, {CHARTS} promised")
    warm = found["rounds"][2:]
    parts = {part: statistics.median(spent[part] for spent in warm) for part in warm[0]}
    outcome = Outcome(
        name="report",
        short=asked.short,
        figures=[
            Measured(
                name=f"CPU of one report, warm, {total:,} responses, {found['charts']} charts",
                value=statistics.median(sum(spent.values()) for spent in warm),
                unit="s",
                most=CPU_MOST,
                wanted=CPU_WANTED,
            ),
            *(Measured(name=f"  of these: {part}", value=value, unit="s") for part, value in parts.items()),
            Measured(name="CPU of the first in a new process", value=sum(found["rounds"][0].values()), unit="s"),
            Measured(name="most memory after two reports", value=found["peak"], unit="MB", most=MEMORY_MOST),
            Measured(
                name=f"memory after {rounds} reports",
                value=found["memory"][-1],
                unit="MB",
                most=MEMORY_MOST,
            ),
        ],
        details={"rounds": found["rounds"], "memory": found["memory"]},
    )
    hand_over(outcome, asked.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
