"""`nghedan province` and `report export`, as an operator runs them."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update

from reports.province_files import digest, pack
from storage.ids import new_id
from storage.opening import open_store
from storage.tables import acts, officers, reports, survey_versions, units, waves
from storage.tx import Tx
from storage.units import seed_commune
from surveys.ready import ready_file
from tests.unit.command_line import Run
from tests.unit.provinces import PROVINCE, asked, figures_of, lively_figures

T = TypeVar("T")
MONTH = "2026-10"
SURVEY = "chinh_quyen_than_thien"


def in_store(url: str, unit: Callable[[Tx], T]) -> T:
    """A unit of work of the test's own."""

    async def run() -> T:
        store = open_store(url)
        try:
            return await store.write(unit)
        finally:
            await store.close()

    return asyncio.run(run())


@pytest.fixture
def own(run: Run, config: Path, sqlite_url: str) -> int:
    """A store with the settings' commune (xã Vạn Linh, tỉnh Lạng Sơn) and one beside it; the id of the first."""
    assert run("officer", "add", "lanhdao", "--name", "Lãnh đạo", "--role", "leader", "--config", config).code == 0
    in_store(
        sqlite_url,
        lambda tx: seed_commune(tx, province=PROVINCE, commune="xã Chi Lăng", village_names=[], phone="", contact=""),
    )
    mine = select(units.c.id).where(units.c.slug == "van-linh")
    return in_store(sqlite_url, lambda tx: int(tx.conn.execute(mine).scalar_one()))


def file_of(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def with_report(url: str, unit: int, state: str) -> None:
    """A report of October in that state, as the desk keeps it."""
    body = lively_figures("xã Vạn Linh").encode().decode()
    values = {"unit_id": unit, "period": MONTH, "state": state, "figures": body, "made_by": "system", "asked_at": 1}
    in_store(url, lambda tx: tx.execute(insert(reports).values(id=new_id(), **values)).close())


def test_a_report_goes_from_one_store_to_the_province_of_another(
    run: Run, config: Path, own: int, sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "van-linh.json"
    none = run("report", "export", "--period", MONTH, "--out", file, "--config", config)
    assert none.code == 1
    assert "chưa có báo cáo" in none.err
    with_report(sqlite_url, own, "ready")
    draft = run("report", "export", "--period", MONTH, "--out", file, "--config", config)
    assert draft.code == 0
    assert "chưa duyệt" in draft.err
    with_report(sqlite_url, own, "approved")
    done = run("report", "export", "--period", MONTH, "--out", file, "--config", config)
    assert (done.code, done.err) == (0, "")
    assert json.loads(file.read_bytes())["approved"] is True

    # the same commune is of another store from now on
    in_store(sqlite_url, lambda tx: tx.execute(update(units).where(units.c.id == own).values(active=0)).close())
    taken = run("province", "import", file, "--config", config)
    assert taken.code == 0
    assert "đã nhận số liệu kỳ 2026-10 của xã Vạn Linh" in taken.out
    assert "không có gì thay đổi" in run("province", "import", file, "--config", config).out
    told = run("province", "status", MONTH, "--config", config)
    assert "xã Vạn Linh\tđã nhận tệp" in told.out
    assert "1/2" in told.out


def test_what_is_refused_is_named_and_holds_up_no_other_file(run: Run, config: Path, own: int, tmp_path: Path) -> None:
    right = lively_figures("xã Xa")
    whole = msgspec.json.decode(pack(right, approved=True))
    whole["sha256"] = digest(b"khac")
    files = [
        file_of(tmp_path, "dung.json", pack(right, approved=True)),
        file_of(tmp_path, "hong.json", b'{"format": "nghedan.rep'),
        file_of(tmp_path, "sua.json", msgspec.json.encode(whole)),
        file_of(tmp_path, "tinh-khac.json", pack(replace(right, province="tỉnh Khác"), approved=True)),
        file_of(tmp_path, "tai-cho.json", pack(replace(right, commune="xã Vạn Linh"), approved=True)),
        file_of(tmp_path, "lo.json", pack(figures_of("xã Lộ", asked(3, 0.5)), approved=True)),
        tmp_path / "khong-co.json",
    ]

    told = run("province", "import", *files, "--config", config)

    assert told.code == 1
    lines = dict(line.split(": ", 1) for line in told.out.splitlines())
    said = {Path(name).name: text for name, text in lines.items()}
    assert "đã nhận" in said["dung.json"]
    assert "không phải tệp số liệu" in said["hong.json"]
    assert "mã kiểm tra không khớp" in said["sua.json"]
    assert "tỉnh Khác" in said["tinh-khac.json"]
    assert "ngay trong kho này" in said["tai-cho.json"]
    assert "dưới 5 người" in said["lo.json"]
    assert "không đọc được" in said["khong-co.json"]
    known = json.loads(run("province", "status", MONTH, "--json", "--config", config).out)["communes"]
    assert [one["commune"] for one in known if one["submitted"]] == ["xã Xa"]


def test_files_of_another_period_and_two_of_one_commune(run: Run, config: Path, own: int, tmp_path: Path) -> None:
    one = file_of(tmp_path, "mot.json", pack(lively_figures("xã Xa"), approved=True))
    two = file_of(tmp_path, "hai.json", pack(figures_of("xã Xa"), approved=True))
    other = run("province", "import", one, "--period", "2026-09", "--config", config)
    assert other.code == 1
    assert "tệp của kỳ 2026-10, không phải kỳ 2026-09" in other.out
    both = run("province", "import", one, two, "--config", config)
    assert both.code == 1
    assert both.out.count("có hai tệp khác nhau") == 2
    assert "0/2" in run("province", "status", MONTH, "--config", config).out
    assert run("province", "import", one, "--config", config).code == 0
    assert "được thay bằng tệp này" in run("province", "import", two, "--config", config).out


def test_who_is_expected_and_reminded(run: Run, config: Path, own: int, sqlite_url: str, tmp_path: Path) -> None:
    listed = file_of(tmp_path, "ds.txt", "xã Thất Khê\r\n\r\n  xã   Đoàn Kết \n".encode())
    assert "2 xã" in run("province", "expect", listed, "--config", config).out
    with_report(sqlite_url, own, "handed")
    told = run("province", "remind", MONTH, "--config", config)
    assert told.out.splitlines() == ["xã Chi Lăng", "Đã nhắc 1 đơn vị."]
    assert "Đã nhắc 0 đơn vị" in run("province", "remind", MONTH, "--config", config).out
    said = json.loads(run("province", "status", MONTH, "--json", "--config", config).out)
    assert {one["commune"]: one["state"] for one in said["communes"]} == {
        "xã Chi Lăng": "none",
        "xã Đoàn Kết": "none",
        "xã Thất Khê": "none",
        "xã Vạn Linh": "approved",
    }
    assert run("province", "expect", file_of(tmp_path, "x.txt", b"x"), "--config", config).code == 1
    assert run("province", "expect", file_of(tmp_path, "b.txt", b"\xff"), "--config", config).code == 2


def test_one_survey_for_all_with_its_checksum(
    run: Run, config: Path, own: int, sqlite_url: str, tmp_path: Path
) -> None:
    checksum = hashlib.sha256(ready_file(SURVEY)).hexdigest()
    done = run("province", "hand-out", SURVEY, "--out", tmp_path / "phat", "--config", config)
    assert done.code == 0
    assert checksum in done.out
    assert (tmp_path / "phat" / f"{SURVEY}.toml").read_bytes() == ready_file(SURVEY)
    assert (tmp_path / "phat" / "SHA256SUMS").read_text() == f"{checksum}  {SURVEY}.toml\n"

    def found(tx: Tx) -> tuple[set[str], int, int]:
        sums = tx.conn.scalars(select(survey_versions.c.checksum)).all()
        handed = tx.conn.scalars(select(acts.c.id).where(acts.c.action == "hand_out")).all()
        return set(sums), len(tx.conn.scalars(select(waves.c.id)).all()), len(handed)

    assert in_store(sqlite_url, found) == ({checksum}, 2, 1)
    again = json.loads(run("province", "hand-out", SURVEY, "--json", "--config", config).out)
    assert (again["new"], again["same"]) == (0, 2)
    assert in_store(sqlite_url, found) == ({checksum}, 2, 1)

    foreign = file_of(tmp_path, "khac.json", pack(figures_of("xã Xa", asked(50, 0.5, id=SURVEY)), approved=True))
    told = run("province", "import", foreign, "--config", config)
    assert told.code == 0
    assert "dùng bản khác với bản tỉnh phát" in told.out


def test_an_officer_of_the_province(run: Run, config: Path, own: int, sqlite_url: str) -> None:
    add = ["officer", "add", "tinh", "--name", "Cán bộ tỉnh", "--province", "--config", config]
    assert run(*add).code == 0
    kind = in_store(
        sqlite_url,
        lambda tx: tx.conn.scalar(
            select(units.c.kind).join(officers, officers.c.unit_id == units.c.id).where(officers.c.login == "tinh")
        ),
    )
    assert kind == "province"
    assert (
        run("officer", "add", "mt", "--name", "Mặt trận", "--role", "front", "--province", "--config", config).code == 1
    )


@pytest.mark.parametrize(
    "words",
    [
        ["status", "2026-13"],
        ["remind", "thang-10"],
        ["status", MONTH, "--province", "khong-co"],
        ["make", "x", "--out", "o"],
        ["import", "x.json", "--period", "x"],
    ],
)
def test_wrong_use(run: Run, config: Path, own: int, words: list[str]) -> None:
    assert run("province", *words, "--config", config).code == 2


def test_how_the_roll_up_is_signed(run: Run, config: Path, own: int) -> None:
    assert "TM. ỦY BAN NHÂN DÂN; CHỦ TỊCH" in run("province", "sign", "--config", config).out
    nobody = run("province", "sign", "--signature", "giám đốc", "--config", config)
    assert nobody.code == 1
    done = run("province", "sign", "--to", "Ủy ban nhân dân tỉnh;", "--signature", "giám đốc", "--config", config)
    assert done.code == 0
    assert "GIÁM ĐỐC" in done.out
    assert "GIÁM ĐỐC" in run("province", "sign", "--config", config).out
