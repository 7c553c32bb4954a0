"""`nghedan poster`, `nghedan phieu` and the officers of a village, as an operator meets them."""

import json
from pathlib import Path

import pypdf
import pytest

from tests.unit.command_line import Run

SURVEY = "sau_thu_tuc"


@pytest.fixture
def commune(config: Path, run: Run) -> Path:
    """Settings of a commune of two villages where a survey is asked."""
    lines = '[commune]\nunits = ["thôn Na", "thôn Nà Sèn"]\n[web]\npublic_url = "https://xa.example.vn"\n'
    config.write_text(config.read_text() + lines)
    assert run("survey", "publish", SURVEY, "--config", config).code == 0
    return config


def test_one_poster_and_how_many_it_brought(commune: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "quay.pdf"
    told = run("poster", "--survey", SURVEY, "--counter", "Quầy 3", "--out", out, "--config", commune)
    assert (told.code, told.out) == (0, f"{out}\n")
    said = " ".join(pypdf.PdfReader(out).pages[0].extract_text().split())
    assert "Quầy 3" in said
    assert "xa.example.vn/van-linh" in said
    counted = run("poster", "sources", SURVEY, "--config", commune)
    assert counted.out == "quay_3\tdưới 5 lượt\n"
    assert json.loads(run("poster", "sources", SURVEY, "--json", "--config", commune).out) == {"quay_3": None}


def test_a_poster_for_every_village(commune: Path, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "to-dan"
    told = run("poster", "--wave", SURVEY, "--size", "A5", "--out-dir", folder, "--json", "--config", commune)
    names = [Path(path).name for path in json.loads(told.out)]
    assert names == [f"to-dan_{SURVEY}_thon_na_A5.pdf", f"to-dan_{SURVEY}_thon_na_sen_A5.pdf"]
    assert sorted(path.name for path in folder.iterdir()) == names


@pytest.mark.parametrize(
    ("words", "code", "fault"),
    [
        ((), 2, "--survey or --wave"),
        (("--wave", "x", "--survey", "y", "--out", "a.pdf"), 2, "--survey or --wave"),
        (("--wave", SURVEY), 2, "--out FILE or --out-dir FOLDER"),
        (("--wave", SURVEY, "--all-villages", "--out", "a.pdf"), 2, "needs --out-dir"),
        (("--wave", "khac", "--out", "a.pdf"), 1, f"running: {SURVEY}"),
        (("--wave", SURVEY, "--village", "thôn Xa", "--out", "a.pdf"), 1, "thôn Na"),
        (("--wave", SURVEY, "--place", "x", "--out", "nowhere/a.pdf"), 2, "No such file"),
        (("--wave", SURVEY, "--size", "A3", "--out", "a.pdf"), 2, "A3"),
    ],
)
def test_a_poster_that_cannot_be_made(commune: Path, run: Run, words: tuple[str, ...], code: int, fault: str) -> None:
    told = run("poster", *words, "--config", commune)
    assert told.code == code
    assert fault in told.err


def test_forms_go_on_where_the_last_print_ended(commune: Path, run: Run, tmp_path: Path) -> None:
    def numbers(first: int, copies: int) -> set[str]:
        out = tmp_path / f"{first}.pdf"
        words = ("--wave", SURVEY, "--copies", copies, "--first-number", first, "--one-sided", "--out", out)
        told = run("phieu", "print", *words, "--config", commune)
        assert (told.code, told.out) == (0, f"{out}: {copies} phiếu\n")
        pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(out).pages]
        assert len(pages) == copies
        return {page.split("Số phiếu ")[1].split()[0] for page in pages}

    first, again, more = numbers(1, 3), numbers(1, 3), numbers(4, 2)
    assert first == again
    assert len(first | more) == 5


def test_a_survey_that_nobody_asks_yet_is_printed_too(commune: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "phieu.pdf"
    words = ("phieu", "print", "--survey", "mot_cua", "--village", "na sen", "--out", out)
    assert run(*words, "--config", commune).code == 0
    assert "Nơi ở: thôn Nà Sèn" in pypdf.PdfReader(out).pages[0].extract_text()


@pytest.mark.parametrize(
    ("words", "code", "fault"),
    [
        (("--out", "a.pdf"), 2, "--survey or --wave"),
        (("--wave", "khac", "--out", "a.pdf"), 1, "not the code of a running wave"),
        (("--survey", "khac.toml", "--out", "a.pdf"), 2, "cannot be read"),
        (("--survey", "hong.toml", "--out", "a.pdf"), 1, "hong.toml: "),
        (("--wave", SURVEY, "--copies", "0", "--out", "a.pdf"), 2, "--copies"),
        (("--wave", SURVEY, "--first-number", "90001", "--out", "a.pdf"), 2, "--first-number"),
        (("--wave", SURVEY, "--language", "km", "--out", "a.pdf"), 1, "--language"),
        (("--wave", SURVEY, "--out", "nowhere/a.pdf"), 2, "No such file"),
    ],
)
def test_forms_that_cannot_be_printed(
    commune: Path, run: Run, tmp_path: Path, words: tuple[str, ...], code: int, fault: str
) -> None:
    (tmp_path / "hong.toml").write_text('id = "hỏng"\n')
    told = run("phieu", "print", *words, "--config", commune)
    assert told.code == code
    assert fault in told.err


def test_nothing_typed_yet(commune: Path, run: Run) -> None:
    told = run("phieu", "check", "--wave", SURVEY, "--config", commune)
    assert (told.code, told.out) == (0, f"Đợt {SURVEY}: chưa có chồng phiếu nào được nhập và đóng.\n")
    found = json.loads(run("phieu", "check", "--wave", SURVEY, "--json", "--config", commune).out)
    assert found == {"piles": [], "findings": []}


def test_the_head_of_a_village_is_added_with_the_village(commune: Path, run: Run) -> None:
    told = run("officer", "add", "na", "--name", "Nông Văn Mẫu", "--role", "village_head", "--config", commune)
    assert told.code == 1
    assert "--village" in told.err
    told = run("officer", "add", "na", "--name", "B", "--role", "front", "--village", "thôn Na", "--config", commune)
    assert told.code == 1
    words = ("officer", "add", "na", "--name", "Nông Văn Mẫu", "--role", "village_head", "--village", "thôn Na")
    assert run(*words, "--config", commune).code == 0
    assert run("officer", "add", "mt", "--name", "Bà Mẫu", "--role", "front", "--config", commune).code == 0
    listed = run("officer", "list", "--config", commune).out
    assert listed == "mt\tfront\tBà Mẫu\nna\tvillage_head\tNông Văn Mẫu\tthôn Na\n"
