"""All the files of one report, written at once: either every one of them stands in the folder, or none."""

import os
import secrets
import shutil
from pathlib import Path

import msgspec

from reports.composing import compose
from reports.danvan import compose_danvan, drafted
from reports.document import Document
from reports.figures import Figures
from reports.plans import Plan
from reports.written import Writing

MEDIA_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a report."""

    name: str
    media_type: str


AS_IT_COMES = Writing()
"""Nobody has written anything into it yet."""


def make(figures: Figures, plan: Plan, out: Path, writing: Writing = AS_IT_COMES) -> list[Path]:
    """Write the report into the folder `out` and return its files: DOCX, PDF, XLSX, the charts, figures.json.

    The files are made apart in `out` first and moved at the end; the folder is created where it is missing, and
    files of an earlier making are replaced. OSError where it cannot be written.
    """
    return write_whole(render(figures, plan, writing), out)


def write_whole(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write files by their names into a folder, every one or none; their paths. OSError where that cannot be done."""
    out.mkdir(parents=True, exist_ok=True)
    # Inside it, so that the move stays within one file system and whoever clears the folder after a kill clears this
    # too; a random name, so that two at once do not meet.
    place = out / f".{secrets.token_hex(8)}"
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


def render(figures: Figures, plan: Plan, writing: Writing = AS_IT_COMES) -> dict[str, bytes]:
    """The bytes of every file by its name. ValueError where the figures were made for another plan."""
    if figures.plan != plan.id:
        raise ValueError(f"figures of plan {figures.plan}, not of {plan.id}")
    # Heavy libraries: only whoever makes documents pays for them.
    from reports.charts import draw
    from reports.docx import write_docx
    from reports.open_data import data_csv, data_json, dictionary_csv
    from reports.pdf import write_pdf
    from reports.xlsx import write_xlsx

    document = compose(figures, plan, written=writing.survey, agreed=writing.agreed)
    drawn = {chart.name: draw(chart) for chart in document.charts()}
    pictures = {name: drawing.png for name, drawing in drawn.items()}
    key = figures.period.key.lower()
    stem = f"bao-cao-{key}"
    return {
        f"{stem}.docx": write_docx(document, pictures, figures.made_on),
        f"{stem}.pdf": write_pdf(document, pictures, figures.made_on),
        f"{stem}.xlsx": write_xlsx(figures, figures.made_on),
        **{f"{stem}-{name}.png": drawing.png for name, drawing in drawn.items()},
        **{f"{stem}-{name}.svg": drawing.svg for name, drawing in drawn.items()},
        **_described(document, stem),
        f"so-lieu-noi-bo-{key}.csv": data_csv(figures, "internal"),
        f"so-lieu-noi-bo-{key}.json": data_json(figures, "internal"),
        f"so-lieu-cong-bo-{key}.csv": data_csv(figures, "public"),
        f"so-lieu-cong-bo-{key}.json": data_json(figures, "public"),
        "tu-dien-du-lieu.csv": dictionary_csv(),
        "figures.json": figures.encode(),
        **_draft(figures, plan, f"du-thao-dan-van-{key}", writing),
    }


def _described(document: Document, stem: str) -> dict[str, bytes]:
    """What every picture shows, in words, for whoever takes the pictures out of the report."""
    told = [f"{stem}-{chart.name}\n{chart.caption}\n{chart.alt}\n" for chart in document.charts()]
    return {f"{stem}-bieu-do.txt": "\n".join(told).encode()} if told else {}


def _draft(figures: Figures, plan: Plan, stem: str, writing: Writing) -> dict[str, bytes]:
    """The draft on công tác dân vận chính quyền, for the periods that plans ask it for; it tells no other number."""
    from reports.docx import write_docx
    from reports.pdf import write_pdf
    from reports.sheets_xlsx import write_sheets

    if not drafted(figures, plan):
        return {}
    draft = compose_danvan(figures, plan, writing.danvan, writing.before)
    annexes = {f"{stem}-phu-luc.xlsx": write_sheets(draft, figures.made_on)} if draft.annexes else {}
    return {
        f"{stem}.docx": write_docx(draft, {}, figures.made_on),
        f"{stem}.pdf": write_pdf(draft, {}, figures.made_on),
        **annexes,
    }


def media_type(path: Path) -> str:
    """The media type of a file of a report."""
    return MEDIA_TYPES[path.suffix]
