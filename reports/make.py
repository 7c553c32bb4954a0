"""All the files of one report, written at once: either every one of them stands in the folder, or none."""

import os
import secrets
import shutil
from pathlib import Path

import msgspec

from reports.composing import compose
from reports.figures import Figures
from reports.plans import Plan

MEDIA_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".json": "application/json",
}


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a report."""

    name: str
    media_type: str


def make(figures: Figures, plan: Plan, out: Path) -> list[Path]:
    """Write the report into the folder `out` and return its files: DOCX, PDF, XLSX, the charts, figures.json.

    The files are made beside `out` first and moved in at the end; the folder is created where it is missing, and
    files of an earlier making are replaced. OSError where it cannot be written.
    """
    files = render(figures, plan)
    out.mkdir(parents=True, exist_ok=True)
    # Beside it, so that the move stays within one file system; a random name, so that two at once do not meet.
    place = out.parent / f".{out.name}.{secrets.token_hex(4)}"
    place.mkdir()
    try:
        for name, body in files.items():
            with (place / name).open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
        for name in files:
            (place / name).replace(out / name)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return [out / name for name in files]


def render(figures: Figures, plan: Plan) -> dict[str, bytes]:
    """The bytes of every file by its name. ValueError where the figures were made for another plan."""
    if figures.plan != plan.id:
        raise ValueError(f"figures of plan {figures.plan}, not of {plan.id}")
    # Heavy libraries: only whoever makes documents pays for them.
    from reports.charts import draw
    from reports.docx import write_docx
    from reports.pdf import write_pdf
    from reports.xlsx import write_xlsx

    document = compose(figures, plan)
    pictures = {chart.name: draw(chart) for chart in document.charts()}
    stem = f"bao-cao-{figures.period.key.lower()}"
    return {
        f"{stem}.docx": write_docx(document, pictures, figures.made_on),
        f"{stem}.pdf": write_pdf(document, pictures, figures.made_on),
        f"{stem}.xlsx": write_xlsx(figures, figures.made_on),
        **{f"{stem}-{name}.png": picture for name, picture in pictures.items()},
        "figures.json": figures.encode(),
    }


def media_type(path: Path) -> str:
    """The media type of a file of a report."""
    return MEDIA_TYPES[path.suffix]
