"""Lists of households read from spreadsheets: what is wrong is named by cell, nothing half imported is ever seen."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from sqlalchemy import delete, func, select

from app.frames import import_frame
from storage import frames
from storage.frames import NameTaken
from storage.store import Store
from storage.tables import frame_rows
from storage.tables import frames as frame_table
from storage.vault import Vault
from surveys.faults import SurveyFaults
from surveys.frame_sheet import MOST_FAULTS, read_frame
from surveys.sheets.grid import read_workbook
from surveys.waves import FrameKind
from tests.stores import SampleCommune
from tests.unit.waving import Town, town_of

VILLAGES = [(1, "thôn Nà Sèn"), (2, "thôn Phố Cũ"), (3, "bản Nà Lìa")]
HEAD = ("STT", "Họ và tên chủ hộ", "Thôn", "Địa chỉ", "Điện thoại", "Nhóm", "Kênh", "Mã tài khoản")


def sheet(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD, above: tuple[str, ...] = ()) -> bytes:
    book = Book()
    page = book.active
    assert page is not None
    for text in above:
        page.append([text])
    for row in (head, *rows):
        page.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read(data: bytes) -> list[tuple[object, ...]]:
    lines = read_frame(read_workbook(data, "danh sách"), VILLAGES)
    return [(line.number, line.village, line.name, line.group, line.channel, line.account) for line in lines]


def faults(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(SurveyFaults) as refused:
        read(data)
    return [(fault.code, fault.place.cell) for fault in refused.value.faults]


def test_villages_are_known_with_and_without_their_word_and_accents() -> None:
    data = sheet(
        (1, "Hộ Một", "Nà Sèn", "", "", "hộ nghèo"),
        (2, "Hộ Hai", "Thôn Phố Cũ"),
        (3, "Hộ Ba", "pho cu", "", "", "", "Telegram", 12345),
        (4, "Hộ Bốn", "na lia", "", "", "", "giấy"),
        (5, "Hộ Năm", ""),
        above=("UBND XÃ MẪU", "DANH SÁCH HỘ DÂN"),
    )
    assert read(data) == [
        (1, 1, "Hộ Một", "hộ nghèo", "", ""),
        (2, 2, "Hộ Hai", "", "", ""),
        (3, 2, "Hộ Ba", "", "telegram", "12345"),
        (4, 3, "Hộ Bốn", "", "", ""),
        (5, None, "Hộ Năm", "", "", ""),
    ]


def test_columns_are_found_by_their_headings_wherever_they_stand() -> None:
    data = sheet(("Nà Sèn", "0912", "Hộ Một"), head=("thon", "SDT", "ho ten"))
    assert read(data) == [(1, 1, "Hộ Một", "", "", "")]


def test_every_cell_that_cannot_be_used_is_named() -> None:
    data = sheet(
        (1, "Hộ Một", "Nà Sèm", "Số 1"),
        (2, "", "Phố Cũ", "Số 2"),
        (3, "Hộ Ba", "Nà Sèn", "Số 3", "", "", "bồ câu", "x"),
        (4, "Hộ Ba", "Nà Sèn", "Số 3"),
        (5, "Hộ Năm", "Nà Sèm", "", "", "", "tele", "77"),
        (6, "Hộ Sáu", "Khe Lạ", "", "", "", "Telegram", "77"),
    )
    assert sorted(faults(data)) == [
        ("frame.account_twice", "H7"),
        ("frame.channel_unknown", "G4"),
        ("frame.duplicate", "B5"),
        ("frame.name_empty", "B3"),
        ("frame.village_near", "C2"),
        ("frame.village_unknown", "C7"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (sheet(head=("a", "b")), "frame.no_heading"),
        (sheet(), "frame.no_rows"),
        (sheet((1, "", ""), (2, "", "")), "frame.no_rows"),
    ],
)
def test_a_list_without_headings_or_people_is_refused(data: bytes, code: str) -> None:
    assert [found for found, _ in faults(data)] == [code]


def test_a_file_that_is_all_wrong_does_not_fill_the_screen() -> None:
    assert len(faults(sheet(*((number, "", "Nà Sèn", number) for number in range(200))))) == MOST_FAULTS


# --- stored -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path) -> Town:
    return town_of(store, store_url, tmp_path, vault, commune)


def households(count: int) -> bytes:
    rows = [(n, f"Hộ dân số {n}", f"Mẫu {n % 12 + 1}", f"Số nhà {n}", f"09{n:08d}") for n in range(1, count + 1)]
    return sheet(*rows)


async def bring(town: Town, data: bytes, name: str, tell: Callable[[int, int], None] | None = None) -> object:
    unit, kind = town.commune.commune, FrameKind.HOUSEHOLD
    more = (tell,) if tell else ()
    return await import_frame(town.runtime, town.actor, unit, data, name, kind, *more)


async def rows(town: Town) -> int:
    return await town.store.read(lambda conn: conn.scalar(select(func.count()).select_from(frame_rows))) or 0


async def test_the_same_file_again_is_the_same_frame(town: Town) -> None:
    data = households(1203)
    first = await bring(town, data, "Hộ")
    again = await bring(town, data, "Hộ, lần nữa")
    assert (first[1], again[1], first[0]) == (True, False, again[0])  # type: ignore[index]  # None fails the test
    assert await rows(town) == 1203
    with pytest.raises(NameTaken):
        await bring(town, households(7), "Hộ")
    assert await rows(town) == 1203


async def test_a_killed_import_is_never_seen_and_the_next_one_begins_anew(town: Town) -> None:
    class Killed(Exception):
        pass

    def kill(done: int, _of: int) -> None:
        if done > 500:
            raise Killed

    with pytest.raises(Killed):
        await bring(town, households(1203), "Hộ", kill)
    assert await town.store.read(lambda conn: frames.listed(conn, town.commune.commune)) == []
    assert await town.store.read(lambda conn: frames.by_name(conn, town.commune.commune, "Hộ")) is None
    await bring(town, households(700), "Hộ")
    assert await rows(town) == 700
    found = await town.store.read(lambda conn: frames.by_name(conn, town.commune.commune, "Hộ"))
    assert found is not None
    assert found.size == 700


async def test_names_and_telephones_are_in_no_file(town: Town) -> None:
    await bring(town, households(5), "Hộ")
    found = await town.store.read(lambda conn: list(conn.execute(select(frame_rows.c.id, frame_rows.c.body))))
    assert all("Hộ dân".encode() not in bytes(row.body) and b"09000" not in bytes(row.body) for row in found)
    people = {frames.who(town.runtime.vault, row.id, bytes(row.body)).name for row in found}
    assert people == {f"Hộ dân số {n}" for n in range(1, 6)}


async def test_a_chat_named_in_the_list_is_found(town: Town) -> None:
    (account,) = await town.people(1)
    await bring(
        town,
        sheet((1, "Hộ Một", "Mẫu 1", "", "", "", "telegram", "telegram-1"), (2, "Hộ Hai", "", "", "", "", "tele", "9")),
        "Hộ",
    )
    query = select(frame_rows.c.account_id).order_by(frame_rows.c.number)
    assert await town.store.read(lambda conn: list(conn.scalars(query))) == [account, None]
    await town.store.write(lambda tx: tx.execute(delete(frame_rows)).rowcount)
    await town.store.write(lambda tx: tx.execute(delete(frame_table)).rowcount)
