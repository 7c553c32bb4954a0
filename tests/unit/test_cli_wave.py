"""An officer's wave from the command line: a list, a sample, letters, the end; and how each refusal reads."""

import csv
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from app import cli
from feedback.invitation_codes import read_code

Run = Callable[..., tuple[int, str, str]]
SURVEY = "chinh_quyen_than_thien"
CODE = f"{SURVEY}-m1"


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str, tmp_path: Path
) -> Iterator[Run]:
    """Run `nghedan` with these words over a store of its own; exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    handlers = list(logging.root.handlers)
    (tmp_path / "nghedan.toml").write_text(
        f'[storage]\nurl = "{sqlite_url}"\n[privacy]\nkey_file = "{tmp_path / "xa.key"}"\n'
        '[commune]\nunits = ["thôn Nà Sèn", "thôn Nà Lìa", "thôn Phố Cũ"]\n'
    )

    def ran(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nghedan", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return ended.value.code if isinstance(ended.value.code, int) else 0, said.out, said.err

    yield ran
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers


@pytest.fixture
def town(run: Run, tmp_path: Path) -> Run:
    """A published survey and a list of 90 households."""
    assert run("survey", "publish", SURVEY)[0] == 0
    villages = ("Nà Sèn", "thôn Nà Lìa", "phố cũ")
    lines = [f"{n},Chủ hộ số {n},{villages[n % 3]},Số {n}" for n in range(1, 91)]
    (tmp_path / "ho.csv").write_text("STT,Họ tên,Thôn,Địa chỉ\n" + "\n".join(lines), encoding="utf-8-sig")
    code, out, err = run("frame", "import", "ho.csv", "--name", "Hộ", "--kind", "household")
    assert (code, err) == (0, "")
    assert "90" in out
    return run


def opened(run: Run, *more: object) -> tuple[int, str, str]:
    return run("wave", "open", SURVEY, "--kind", "invited", "--frame", "Hộ", *more)


def test_a_wave_is_opened_printed_closed_and_told(town: Run, tmp_path: Path) -> None:
    # given a sample of 30, one a household
    code, out, err = opened(town, "--sample", 30, "--per", "household", "--seed", "quay số", "--to", "2999-12-31")
    assert (code, err) == (0, "")
    assert CODE in out
    shown = town("wave", "show", CODE)[1]
    assert "Mỗi hộ một phiếu" in shown
    assert "Chọn 30 trong 90" in shown
    assert "quay số" in shown
    assert "31/12/2999" in shown
    # when the letters are written, then each has a name and a code of its own, the same in every form
    for name in ("thu.csv", "thu.xlsx", "thu.pdf"):
        assert "30" in town("wave", "letters", CODE, "--out", name)[1]
    rows = list(csv.reader((tmp_path / "thu.csv").read_text(encoding="utf-8-sig").splitlines()))
    codes = {row[-1] for row in rows[1:]}
    assert len(codes) == 30
    assert all(read_code(one) == one for one in codes)
    # and the figures say that there are none yet, and after the close that the last ones are still awaited
    told = town("wave", "results", CODE)[1]
    assert "Mời ngẫu nhiên" in told
    assert "Dưới 5 phiếu" in told
    assert town("wave", "close", CODE)[0] == 0
    assert "không có gì thay đổi" in town("wave", "close", CODE)[1]
    code, out, err = town("wave", "results", CODE)
    assert (code, out) == (1, "")
    assert "xem lại sau" in err


def test_days_are_typed_as_people_write_them_and_a_wave_to_come_is_told_as_one(town: Run) -> None:
    code, out, err = opened(town, "--from", "01/12/2998", "--to", "31/12/2998")
    assert (code, err) == (0, "")
    for said in (out, town("wave", "list")[1], town("wave", "show", CODE)[1]):
        assert "01/12/2998 - 31/12/2998" in said
        assert "chưa đến ngày mở" in said


def test_lists_and_progress_as_json(town: Run) -> None:
    opened(town)
    waves = json.loads(town("wave", "list", "--json")[1])
    assert {(wave["code"], wave["kind"]) for wave in waves} == {(SURVEY, "open"), (CODE, "invited")}
    assert json.loads(town("frame", "list", "--json")[1])[0]["size"] == 90
    stand = json.loads(town("wave", "progress", CODE, "--json")[1])
    assert (stand["paper"], stand["percent"], stand["remaining_ms"]) == (90, 100.0, 0)
    results = json.loads(town("wave", "results", SURVEY, "--json")[1])
    assert results["results"]["withheld"]


def test_waves_that_cannot_be_compared_are_refused_with_the_reason(town: Run) -> None:
    opened(town)
    for code, before, why in (
        (CODE, SURVEY, "ai cũng trả lời được"),
        (CODE, CODE, "chưa đóng"),
        (CODE, "khong-co", "Không có đợt nào"),
    ):
        status, out, err = town("wave", "results", code, "--before", before, "--json")
        assert (status, out) == (1, "")
        assert why in err


def test_a_sample_by_the_formula_and_one_of_a_village(town: Run) -> None:
    opened(town, "--sample", "auto")
    opened(town, "--villages", "Na Lia", "--code", "mot-thon")
    waves = {wave["code"]: wave["sample"] for wave in json.loads(town("wave", "list", "--json")[1])}
    # n = N / (1 + N e²) of 90 at 5 %: 73.47, rounded up
    assert (waves[CODE], waves["mot-thon"]) == (74, 30)


REFUSED = {
    "chỉ có 90": ("--sample", 91),
    "Tổng thể 50 nhỏ hơn": ("--population", 50),
    "Không có ai thuộc diện": ("--groups", "hộ giàu"),
    "Không có danh sách Khác": ("--frame", "Khác"),
    "Ngày kết thúc": ("--to", "2020-01-01"),
    "nhiều nhất 2 lần": ("--remind-times", 3),
    "đang dùng cho một đợt khác": ("--code", SURVEY),
    "chỉ dùng cho đợt mời ngẫu nhiên": ("--kind", "open", "--code", "nham"),
}


@pytest.mark.parametrize(("said", "words"), REFUSED.items())
def test_every_refusal_says_what_is_wrong(town: Run, said: str, words: tuple[object, ...]) -> None:
    code, out, err = opened(town, *words)
    assert (code, out) == (1, "")
    assert said in err
    assert len(json.loads(town("wave", "list", "--json")[1])) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--to", "cuối năm"),
        ("--sample", "nhiều"),
        ("--villages", "Khe Lạ"),
        ("--channels", "telgram"),
        ("--code", "Đợt 1"),
        ("--kind", "kín"),
    ],
)
def test_wrong_words_are_2(town: Run, words: tuple[object, ...]) -> None:
    assert opened(town, *words)[0] == 2


def test_a_list_with_faults_names_the_cells_and_keeps_nothing(town: Run, tmp_path: Path) -> None:
    (tmp_path / "sai.csv").write_text("Họ tên,Thôn\nA,Nà Sèm\n,Nà Sèn\n", encoding="utf-8")
    code, out, err = town("frame", "import", "sai.csv", "--name", "Sai", "--kind", "person")
    assert (code, out) == (1, "")
    assert re.search(r"B2.*Nà Sèm.*thôn Nà Sèn", err)
    assert "A3" in err
    assert len(json.loads(town("frame", "list", "--json")[1])) == 1
    assert town("frame", "import", "khong-co.csv", "--name", "x", "--kind", "person")[0] == 2
    other = town("frame", "import", "nghedan.toml", "--name", "x", "--kind", "person")
    assert other[0] == 1


def test_the_same_opening_twice_is_refused_and_the_next_after_the_end_gets_its_own_word(town: Run) -> None:
    assert opened(town)[0] == 0
    assert "đang dùng cho một đợt khác" in opened(town)[2]
    town("wave", "close", CODE)
    assert opened(town)[0] == 0
    codes = {wave["code"]: wave["state"] for wave in json.loads(town("wave", "list", "--json")[1])}
    assert codes == {SURVEY: "open", CODE: "closed", f"{SURVEY}-m2": "open"}


def test_a_monthly_wave_that_is_closed_says_that_it_goes_on_and_how_to_stop_it(town: Run) -> None:
    opened(town, "--every", "month", "--owner", "front")
    assert f"nghedan wave cancel {CODE}" in town("wave", "close", CODE)[1]
    # its figures are awaited then, sealed or not
    assert "xem lại sau" in town("wave", "results", CODE)[2]
    assert "không tự mở hằng tháng nữa" in town("wave", "cancel", CODE, "--yes")[1]
    assert town("wave", "cancel", CODE, "--yes")[0] == 1


def test_a_cancelled_wave_needs_a_word(town: Run) -> None:
    opened(town)
    assert town("wave", "cancel", CODE)[0] == 1
    assert town("wave", "cancel", CODE, "--yes")[0] == 0
    assert f"đợt {CODE} đã hủy" in town("survey", "list")[1]
    assert "đã hủy" in town("wave", "show", CODE)[1]
    assert town("wave", "remind", CODE)[0] == 1
    assert town("wave", "show", "khong-co")[0] == 1
