"""How many the một cửa served: read from whatever an officer pastes, kept by month, and refused in plain words."""

from contextlib import suppress
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from feedback.roles import OFFICER, SYSTEM, Actor, Role
from storage import served
from storage.store import Store
from storage.tables import acts
from surveys.faults import SurveyFaults
from surveys.served_sheet import month_of, number, pasted, read_served
from tests.stores import SampleCommune
from tests.unit.command_line import Run

MONTH = "2026-10"


def read(text: str, month: str = MONTH) -> dict[str, dict[str, int]]:
    return read_served(pasted(text), month)


def refused(text: str, month: str = MONTH) -> list[tuple[str, str]]:
    """Code and cell of every fault."""
    with pytest.raises(SurveyFaults) as found:
        read(text, month)
    return [(fault.code.removeprefix("served."), fault.place.cell) for fault in found.value.faults]


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Đất đai\t1.234\nHộ tịch\t56",
        "Lĩnh vực\tSố lượt\nĐất đai\t1234\nHộ tịch\t56\n",
        "STT\tLĩnh vực\tSố hồ sơ\n1\tĐất đai\t1,234\n2\tHộ tịch\t56\n\tTổng cộng\t1.290",
        "Đất đai: 1234\r\n\r\nHộ tịch  56\r\n",
        "\ufeffLĩnh vực \tSố lượt phục vụ\n Đất  đai\t1 234\nHộ tịch\t56",
        "UBND XÃ\nBảng số lượt tháng 10\nLĩnh vực\tSố lượt\nĐất đai\t1234\nHộ tịch\t56",
    ],
)
def test_a_table_is_read_as_offices_write_it(text: str) -> None:
    assert read(text) == {MONTH: {"Đất đai": 1234, "Hộ tịch": 56}}


def test_one_number_is_everybody() -> None:
    assert read("1.290") == {MONTH: {"": 1290}}
    assert read("Tổng cộng\t1290") == {MONTH: {"": 1290}}
    assert read("0") == {MONTH: {"": 0}}


def test_a_table_of_a_year_has_its_months() -> None:
    text = "Tháng\tLĩnh vực\tSố lượt\n9/2026\tĐất đai\t5\nTháng 10 năm 2026\tĐất đai\t7\n10/2026\tTổng\t7"

    assert read(text, "") == {"2026-09": {"Đất đai": 5}, "2026-10": {"Đất đai": 7}}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("empty", "")]),
        ("\n \n", [("empty", "")]),
        ("Lĩnh vực\tSố lượt\n", [("empty", "")]),
        ("Đất đai\tnhiều", [("count", "B1")]),
        ("Đất đai\t-3", [("count", "B1")]),
        ("Đất đai\t12,5", [("count", "B1")]),
        ("Đất đai\t99999999999", [("count", "B1")]),
        ("Đất đai\t٣", [("count", "B1")]),
        ("Đất đai\t5\nHộ tịch\t", [("count_empty", "B2")]),
        ("Đất đai\t5\nđất  ĐAI\t6", [("field_twice", "A2")]),
        ("Đất đai\t5\n\t6", [("field_none", "B2")]),
        ("5\n6", [("two_numbers", "A2")]),
        ("Đất đai\t5\nHộ tịch\t6\nTổng cộng\t12", [("total", "B3")]),
        ("Đất đai\t5\nHộ tịch\tx\n" + "a" * 130 + "\t6", [("count", "B2"), ("field_long", "A3")]),
        ("Tháng\tSố lượt\n13/2026\t5", [("month", "A2")]),
        ("Tháng\tSố lượt\n9/2026\t5", [("month_other", "A2")]),
    ],
)
def test_what_cannot_be_meant_is_named_by_its_cell_and_nothing_is_read(
    text: str, faults: list[tuple[str, str]]
) -> None:
    assert refused(text) == faults


def test_a_table_without_months_needs_one() -> None:
    assert refused("Đất đai\t5\nHộ tịch\t6", "") == [("month_none", "B1")]


@given(st.text(max_size=200))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    with suppress(SurveyFaults):
        found = read(text)
        assert found
        assert all(count >= 0 for fields in found.values() for count in fields.values())


def test_numbers_and_months_as_people_write_them() -> None:
    assert [number(text) for text in ("0", "1.234.567", "1,234", "1 234", "12.34", "1.2345", "", "2e3")] == [
        *(0, 1_234_567, 1234, 1234),
        *(None, None, None, None),
    ]
    said = ("2026-10", "10/2026", "10-2026", "2026-10-01", "Tháng 10/2026", "tháng 10 năm 2026", "2026-13", "thg 10")
    assert [month_of(text) for text in said] == ["2026-10"] * 6 + ["", ""]


# --- keeping ----------------------------------------------------------------------------------------------------------


def officer(commune: SampleCommune, role: Role, unit: int = 0) -> Actor:
    return Actor(kind=OFFICER, unit=unit or commune.commune, id=commune.officer, role=role)


async def test_a_month_is_replaced_and_every_writing_is_an_act(store: Store, commune: SampleCommune) -> None:
    clerk, unit = officer(commune, Role.RECEPTION), commune.commune

    await store.write(lambda tx: served.put(tx, clerk, unit, {MONTH: {"Đất đai": 5, "Hộ tịch": 6}}, 1_000, seen=0))
    await store.write(lambda tx: served.put(tx, clerk, unit, {MONTH: {"": 9}}, 2_000, seen=1_000))

    rows = await store.read(lambda conn: served.of_months(conn, unit, "2026-01", "2026-12"))
    assert rows == [served.ServedRow(MONTH, "", 9, clerk.label(), 2_000)]
    told = select(acts.c.action, acts.c.version).where(acts.c.thing == "served").order_by(acts.c.version)
    assert [tuple(row) for row in await store.read(lambda conn: conn.execute(told).all())] == [("put", 1), ("put", 2)]


async def test_nobody_writes_over_what_he_has_not_seen(store: Store, commune: SampleCommune) -> None:
    clerk, unit = officer(commune, Role.RECEPTION), commune.commune
    await store.write(lambda tx: served.put(tx, clerk, unit, {MONTH: {"": 5}}, 1_000, seen=0))

    with pytest.raises(served.Changed):
        await store.write(lambda tx: served.put(tx, clerk, unit, {MONTH: {"": 6}}, 2_000, seen=0))

    rows = await store.read(lambda conn: served.of_months(conn, unit, MONTH, MONTH))
    assert [row.people for row in rows] == [5]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FRONT, Role.VILLAGE_HEAD])
async def test_others_may_not_write_nor_may_another_commune(store: Store, commune: SampleCommune, role: Role) -> None:
    for actor in (officer(commune, role), officer(commune, Role.LEADER, commune.province)):
        with pytest.raises(PermissionError):
            await store.write(partial(served.put, actor=actor, unit=commune.commune, months={MONTH: {"": 6}}, now=1))


async def test_months_of_another_commune_are_not_seen(store: Store, commune: SampleCommune) -> None:
    actor = Actor(kind=SYSTEM, unit=commune.commune)
    await store.write(lambda tx: served.put(tx, actor, commune.commune, {MONTH: {"": 6}}, 1))

    assert await store.read(lambda conn: served.of_months(conn, commune.province, MONTH, MONTH)) == []


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(run: Run, config: Path) -> Run:
    """A commune that has its key already."""
    assert run("survey", "publish", "sau_thu_tuc", "--config", config).code == 0
    return run


def test_a_workbook_is_imported_and_told_back(house: Run, config: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Tháng", "Lĩnh vực", "Số lượt"], ["10/2026", "Hộ tịch", 56], ["10/2026", "Đất đai", 1234]):
        sheet.append(row)
    book.save(tmp_path / "luot.xlsx")

    made = house("served", "import", "luot.xlsx", "--config", config)
    listed = house("served", "list", "--config", config)

    assert (made.code, made.err) == (0, "")
    assert made.out == listed.out == "Tháng 10/2026: 1.290 lượt (Đất đai: 1.234; Hộ tịch: 56)\n"
    assert house("served", "list", "--json", "--config", config).out == '{"2026-10":{"Đất đai":1234,"Hộ tịch":56}}\n'


def test_a_table_without_months_is_asked_for_one_and_bad_cells_are_named(
    house: Run, config: Path, tmp_path: Path
) -> None:
    (tmp_path / "luot.csv").write_text("Lĩnh vực;Số lượt\nĐất đai;12,5\nHộ tịch;\n", encoding="utf-8-sig")

    asked = house("served", "import", "luot.csv", "--config", config)
    refused = house("served", "import", "luot.csv", "--month", "2026-10", "--config", config)
    odd = house("served", "import", "luot.csv", "--month", "tháng mười", "--config", config)

    assert (asked.code, refused.code, odd.code) == (1, 1, 2)
    assert "bảng không có cột tháng" in asked.err
    assert 'ô B2: "12,5" không phải số lượt' in refused.err
    assert "ô B3: chưa có số lượt" in refused.err
    assert "không phải tháng" in odd.err
    assert house("served", "list", "--config", config).out == "Chưa ghi số lượt phục vụ của tháng nào.\n"
    missing = house("served", "import", "khong-co.csv", "--config", config)
    assert (missing.code, "cannot be read" in missing.err) == (2, True)


def test_what_is_no_table_is_refused(house: Run, config: Path, tmp_path: Path) -> None:
    (tmp_path / "anh.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))

    assert house("served", "import", "anh.xlsx", "--config", config).code == 1
