"""`nghedan plan check`: what is owed under a plan, and what is wrong with its file."""

import json
from pathlib import Path

import pytest

from reports.plans import FOLDER
from tests.unit.command_line import Run


def test_what_is_owed_is_listed_with_its_last_day(run: Run) -> None:
    told = run("plan", "check", "vinh_cuu_2024")

    assert told.code == 0
    assert "gửi chậm nhất 04/05/2024 (trước ngày 05/05/2024)" in told.out
    assert "Ủy ban nhân dân tỉnh (qua Sở Nội vụ)" in told.out
    assert "--year" in told.out


def test_a_plan_of_another_year_is_read_for_the_year_that_is_asked_for(run: Run) -> None:
    told = run("plan", "check", "gia_lai_2024", "--year", 2026)

    assert "gửi chậm nhất 08/05/2026" in told.out
    assert "Kế hoạch ban hành cho năm 2024" in told.out


def test_the_same_as_data(run: Run) -> None:
    told = json.loads(run("plan", "check", "cau_ngang_2022_2026", "--json").out)

    assert told["year"] == 2026
    assert [one["deadline"]["issue_by"] for one in told["owed"]] == ["2026-06-09", "2026-11-23"]


def test_every_fault_of_a_file_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mau.toml"
    text = (FOLDER / "mau.toml").read_text("utf-8")
    file.write_text(text.replace('before = "25/11"', 'before = "31/11"').replace('"Như trên"', '"Như trên;"'), "utf-8")

    told = run("plan", "check", file)

    assert told.code == 1
    assert "owed[1].before: '31/11'" in told.err
    assert "profile.copies[0]" in told.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["khong-co"], "vinh_cuu_2024"),
        (["khong-co.toml"], "khong-co.toml"),
        (["vinh_cuu_2024", "--year", "99999"], "--year"),
        (["../mau"], "mau"),
    ],
)
def test_wrong_use(run: Run, words: list[str], told: str) -> None:
    ran = run("plan", "check", *words)

    assert ran.code == 2
    assert told in ran.err


def test_a_file_that_is_no_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mau.toml").write_bytes(b"\xff\xfe\x00")

    assert run("plan", "check", "mau.toml").code == 2


def test_a_plan_whose_day_comes_before_its_period(run: Run, tmp_path: Path) -> None:
    text = (FOLDER / "mau.toml").read_text("utf-8")
    (tmp_path / "mau.toml").write_text(text.replace('before = "10/6"', 'before = "01/1"'), "utf-8")

    told = run("plan", "check", "mau.toml")

    assert told.code == 1
    assert "owed[0].before" in told.err
    assert "year_after" in told.err


def test_plans_are_kept_listed_and_taken_away(run: Run, config: Path) -> None:
    told = run("plan", "add", "mau.toml", "--config", config)
    assert (told.code, "mau.toml" in told.err) == (2, True)
    # a plan of 2024 asks which year it is used in, naming the choices
    told = run("plan", "add", "gia_lai_2024", "--config", config)
    assert told.code == 2
    assert "ban hành cho năm 2024. Dùng cho năm nào?" in told.err
    assert "--year 2024, --year " in told.err
    year = json.loads(run("plan", "list", "--json", "--config", config).out)["plans"][0]["years"][0] + 2
    assert run("plan", "add", "gia_lai_2024", "--year", year, "--config", config).code == 0
    assert "Đã thay" in run("plan", "add", "gia_lai_2024", "--year", year, "--config", config).out
    listed = run("plan", "list", "--config", config).out
    assert f"gia_lai_2024 (năm {year})" in listed
    assert json.loads(run("plan", "list", "--json", "--config", config).out)["plans"][0]["slug"] == "gia_lai_2024"
    assert run("plan", "remove", "gia_lai_2024", "--config", config).code == 0
    told = run("plan", "remove", "gia_lai_2024", "--config", config)
    assert (told.code, "Xã không có kế hoạch nào tên gia_lai_2024" in told.err) == (1, True)
    # without one, that of the settings is worked by again
    assert "theo tệp cấu hình" in run("plan", "list", "--config", config).out


def test_a_file_with_faults_is_not_kept(run: Run, config: Path, tmp_path: Path) -> None:
    text = (FOLDER / "mau.toml").read_text("utf-8").replace('id = "mau"', 'id = "xa_ta"')
    (tmp_path / "xa_ta.toml").write_text(text.replace('before = "10/6"', 'before = "31/6"'), "utf-8")

    told = run("plan", "add", "xa_ta.toml", "--year", 2026, "--config", config)

    assert told.code == 1
    assert "xa_ta.toml: dòng 30, owed[0].before: '31/6'" in told.err
    # the template itself is nobody's plan
    told = run("plan", "add", "mau", "--year", 2026, "--config", config)
    assert (told.code, "tệp mẫu" in told.err) == (1, True)


def test_how_a_commune_signs(run: Run, config: Path) -> None:
    assert run("profile", "set", "--config", config).code == 2
    lines = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    words = [word for line in lines for word in ("--signature", line)]
    assert run("profile", "set", *words, "--signer", "Nguyễn Văn Mẫu", "--config", config).code == 0
    shown = run("profile", "show", "--config", config).out
    assert "Ký: TM. ỦY BAN NHÂN DÂN; KT. CHỦ TỊCH; PHÓ CHỦ TỊCH" in shown
    assert "Nơi nhận: Như trên; TT Đảng ủy" in shown  # what was not named stays
    found = json.loads(run("profile", "show", "--json", "--config", config).out)
    assert (found["own"], found["profile"]["signer"]) == (True, "Nguyễn Văn Mẫu")
    told = run("profile", "set", "--to", "UBND huyện", "--config", config)
    assert (told.code, "addressed[0]" in told.err) == (1, True)
    assert run("profile", "clear", "--config", config).code == 0
    assert "Xã chưa ghi hồ sơ" in run("profile", "clear", "--config", config).out


def test_a_report_that_no_plan_asks_for(run: Run, config: Path, tmp_path: Path) -> None:
    run("plan", "add", "gia_lai_2024", "--year", 2026, "--config", config)

    for period in ("2026-9m", "2025-12m", "khi-khac"):
        told = run(
            "report", "make", "--period", period, "--plan", "gia_lai_2024", "--out", tmp_path, "--config", config
        )
        assert (told.code, "gia_lai_2024 asks for no report" in told.err) == (2, True)


def test_doctor_says_who_has_no_plan_of_this_year_and_no_profile(run: Run, config: Path) -> None:
    run("plan", "add", "gia_lai_2024", "--year", 2024, "--config", config)
    run("plan", "remove", "gia_lai_2024", "--config", config)
    found = {one["check"]: one for one in json.loads(run("doctor", "--json", "--config", config).out)}

    assert (found["plan"]["well"], "nghedan plan add" in found["plan"]["todo"]) == (True, True)
    assert (found["profile of papers"]["well"], "nghedan profile set" in found["profile of papers"]["todo"]) == (
        True, True
    )  # fmt: skip
