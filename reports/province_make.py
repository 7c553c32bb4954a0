"""The files of a province's roll-up, and the worker that makes those of many communes one after the other.

    python -m reports.province_make

reads one job a line on stdin and answers each with one line on stdout, until stdin ends: what every report has to
import it imports once. A job is {"out": folder} with either "figures" and "plan" (a commune's report) or "province" and
"profile" (the roll-up); the answer {"made": [{"name", "media_type"}, ...]} or {"fault": "one line"}.
"""

import sys
from pathlib import Path

import msgspec

from reports.figures import Figures
from reports.make import AS_IT_COMES, Made, make, media_type, write_whole
from reports.plans import Plan, Profile, plan
from reports.province import Province
from reports.written import Writing


class Job(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be made in the folder `out`: a commune's report, or the roll-up of a province."""

    out: str
    figures: Figures | None = None
    plan: str | Plan | None = None
    writing: Writing = AS_IT_COMES
    province: Province | None = None
    profile: Profile | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of a job: its files, or why there are none."""

    made: tuple[Made, ...] = ()
    fault: str = ""


def render_province(province: Province, profile: Profile) -> dict[str, bytes]:
    """The bytes of every file by its name: DOCX, PDF, XLSX, the pictures, and the roll-up as JSON."""
    # Heavy libraries: only whoever makes documents pays for them.
    from reports.charts import draw
    from reports.docx import write_docx
    from reports.pdf import write_pdf
    from reports.province_document import compose_province
    from reports.province_xlsx import write_province

    document = compose_province(province, profile)
    pictures = {chart.name: draw(chart).png for chart in document.charts()}
    stem = f"tong-hop-{province.period.key.lower()}"
    return {
        f"{stem}.docx": write_docx(document, pictures, province.made_on),
        f"{stem}.pdf": write_pdf(document, pictures, province.made_on),
        f"{stem}.xlsx": write_province(province),
        f"{stem}.json": msgspec.json.format(msgspec.json.encode(province, order="deterministic"), indent=1),
    }


def make_province(province: Province, profile: Profile, out: Path) -> list[Path]:
    """Write the roll-up into a folder, every file whole; OSError where that cannot be done."""
    return write_whole(render_province(province, profile), out)


def do(raw: bytes) -> Answer:
    """One job; a fault of it is the answer, never the end of the worker."""
    try:
        job = msgspec.json.decode(raw, type=Job)
        out = Path(job.out)
        if job.province is not None and job.profile is not None:
            paths = make_province(job.province, job.profile, out)
        elif job.figures is not None and job.plan is not None:
            chosen = plan(job.plan) if isinstance(job.plan, str) else job.plan
            paths = make(job.figures, chosen, out, job.writing)
        else:
            raise ValueError("neither a commune's report nor a roll-up")  # noqa: TRY301 - answered like any other
    except Exception as error:  # noqa: BLE001 - whatever it was, the parent wants one line
        return Answer(fault=f"{type(error).__name__}: {' '.join(str(error).split())}")
    return Answer(made=tuple(Made(name=path.name, media_type=media_type(path)) for path in paths))


def main() -> int:
    """Jobs until there are no more."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(msgspec.json.encode(do(line)) + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
