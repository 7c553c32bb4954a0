"""Reports of communes and machines that are not as one would wish: each is made whole, or fails whole."""

import json
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import matplotlib as mpl
import msgspec
import pytest
from PIL import Image
from pypdf import PdfReader

from reports import faces as faces_room
from reports.charts import DPI, draw
from reports.composing import compose
from reports.document import Chart, Dots, Likert
from reports.docx import write_docx
from reports.figures import Figures, build
from reports.make import make
from reports.pdf import write_pdf
from reports.periods import parse
from reports.written import Written
from tests.e2e.odd_communes import ENDLESS, LONG_NAME, WORDS_OF_3000, commune
from tests.e2e.report_folder import MADE, PLAN, ROOT, Report, bare, figures_of
from tests.unit.report_source import MemorySource

QUARTER = parse("2026-Q3")
TALLEST = 257 / 25.4
"""Inches between the margins of a page."""


def made_of(source: MemorySource) -> Figures:
    return build(source, QUARTER, PLAN, sample=False, made_on=MADE)


def named(report: Report, name: str) -> list[Chart]:
    return [chart for chart in report.document.charts() if chart.name.startswith(name)]


def test_sixty_villages_stand_in_pictures_that_fit_a_page_each(tmp_path: Path) -> None:
    names = [f"thôn Nà Phạ {number}" for number in range(1, 61)]

    made = Report(tmp_path, made_of(commune(names)))

    charts = named(made, "villages")
    shown = [row.label for chart in charts if isinstance(chart.spec, Dots) for row in chart.spec.rows]
    assert shown == names
    assert [chart.caption.rsplit(" (", 1)[-1] for chart in charts] == ["phần 1/2)", "phần 2/2)"]
    assert len({chart.name for chart in charts}) == 2
    for chart in charts:
        with Image.open(BytesIO(draw(chart).png)) as picture:
            assert picture.height / DPI < TALLEST - 1, "no room for the caption"
    said = made.pdf_text()
    assert all(bare(name) in said for name in names)


@pytest.mark.parametrize("names", [["thôn Độc Nhất"], ["thôn Một", "thôn Hai"]])
def test_a_commune_of_one_or_two_villages_has_its_report(tmp_path: Path, names: list[str]) -> None:
    made = Report(tmp_path, made_of(commune(names, per_village=30)))

    assert named(made, "villages")
    assert all(bare(name) in made.pdf_text() for name in names)


def test_all_neutral_answers_are_drawn_in_the_middle(tmp_path: Path) -> None:
    made = Report(tmp_path, made_of(commune(["thôn A", "thôn B"], per_village=20, level=3)))

    (factors,) = named(made, "factors")
    assert isinstance(factors.spec, Likert)
    assert {(part.level, part.share) for row in factors.spec.rows for part in row.parts if part.share} == {(2, 1.0)}
    assert bare("0,0%") in made.pdf_text()
    assert bare("nan") not in made.pdf_text()


def test_long_names_fold_and_stay_within_the_picture_and_the_page(tmp_path: Path) -> None:
    names = [LONG_NAME, ENDLESS, "thôn $x^2$ \\frac <b>&", "thôn Ngắn"]

    made = Report(tmp_path, made_of(commune(names)))

    assert all(bare(name) in made.pdf_text().replace("\u200b", "") for name in names)
    for chart in made.document.charts():
        assert edges(draw(chart).png) == [], chart.name
    for name in ("villages", "factors"):
        (chart,) = named(made, name)
        assert "Nghĩa" not in chart.alt or ENDLESS in chart.alt


def edges(png: bytes) -> list[str]:
    """At which edges of a picture something is cut off: ink in its outermost line."""
    with Image.open(BytesIO(png)) as picture:
        grey = picture.convert("L")
        wide, high = grey.size
        lines = {"left": (0, 0, 1, high), "right": (wide - 1, 0, wide, high), "top": (0, 0, wide, 1)}
        return [name for name, box in lines.items() if min(grey.crop(box).tobytes()) < 128]


def test_three_thousand_words_of_an_officer_run_over_the_pages_of_both() -> None:
    document = compose(figures_of(), PLAN, written=Written(words={"general": WORDS_OF_3000, "limits": "Ngắn."}))
    pictures = {chart.name: draw(chart).png for chart in document.charts()}

    paper, pages = docx.Document(BytesIO(write_docx(document, pictures, MADE))), write_pdf(document, pictures, MADE)

    assert WORDS_OF_3000 in [paragraph.text for paragraph in paper.paragraphs]
    read = [page.extract_text() for page in PdfReader(BytesIO(pages)).pages]
    assert bare(WORDS_OF_3000)[-200:] in bare("".join(read))
    assert sum(bare(text).count(bare("bà con đề nghị")) for text in read) >= 298, "some stand over a break"


# --- the machine ------------------------------------------------------------------------------------------------------


def test_without_any_font_of_the_machine_every_letter_is_still_there(report: Report) -> None:
    # Given a machine on which no font is installed: Typst and matplotlib have what they bring along
    alone = faces_room.faces(machine=False)
    assert alone.names == (faces_room.CARRIED,)
    pictures = {chart.name: draw(chart).png for chart in report.document.charts()}

    pages = PdfReader(BytesIO(write_pdf(report.document, pictures, MADE, alone)))

    # Libertinus has no ơ in bold italic: it is drawn as o with a horn, and read back as two.
    said = bare("\n".join(page.extract_text() for page in pages.pages)).replace("Nơơi", "Nơi")
    lost = [words.text for words in report.paragraphs() if words.text.strip() and bare(words.text)[:40] not in said]
    assert lost == []
    assert "□" not in said
    assert all("Libertinus" in name for page in pages.pages for name in fonts_of(page))


def fonts_of(page: Any) -> list[str]:
    return [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]


def test_half_a_face_is_left_out_where_the_whole_one_is_installed_too(tmp_path: Path) -> None:
    # Given the same family twice, the older one without most Vietnamese letters, as Debian has it
    face = Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    whole, half = tmp_path / "whole", tmp_path / "half"
    for folder in (whole, half):
        folder.mkdir()
    (whole / "a.ttf").write_bytes(face.read_bytes())
    subset(face, half / "b.ttf")

    found = faces_room.faces(("DejaVu Sans",), (str(whole), str(half)), machine=False)

    assert found.names[0] == "DejaVu Sans"
    assert {Path(font.path).parent for font in found.fonts.fonts() if font.path} == {whole}
    assert faces_room.faces(("DejaVu Sans",), (str(half),), machine=False).names == (faces_room.CARRIED,)


def subset(whole: Path, half: Path) -> None:
    """The face with ASCII alone."""
    from fontTools import subset as cutting  # type: ignore[import-untyped]  # it has no types
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no types

    font = TTFont(whole)
    cutter = cutting.Subsetter()
    cutter.populate(unicodes=range(32, 127))
    cutter.subset(font)
    font.save(half)


def job(out: Path) -> bytes:
    return msgspec.json.encode({"figures": figures_of(), "plan": PLAN, "out": str(out)})


def small_disk() -> None:
    """No file may grow over 100 KB: what a write then does is what it does on a full disk (OSError)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_full_disk_leaves_the_old_files_whole_and_nothing_beside_them(tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(figures_of(), PLAN, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (tmp_path / "tmp").mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "reports"],
        input=job(out),
        capture_output=True,
        cwd=ROOT,
        timeout=120,
        check=False,
        preexec_fn=small_disk,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path / "tmp")},
    )

    assert done.returncode == 28, done.stderr
    assert len(done.stderr.decode().strip().splitlines()) == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []
    assert list((tmp_path / "tmp").glob("nghedan-*")) == []


def test_two_at_once_both_leave_one_whole_report(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def once(_: int) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "reports"], input=job(out), capture_output=True, cwd=ROOT, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return sorted(file["name"] for file in json.loads(done.stdout))

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(once, range(2))

    assert first == second == sorted(path.name for path in out.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert PdfReader(out / "bao-cao-2026-10.pdf").pages
    docx.Document(str(out / "bao-cao-2026-10.docx"))
    assert Figures.decode((out / "figures.json").read_bytes()) == figures_of()
