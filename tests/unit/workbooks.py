"""Workbooks as officers send them, made on the spot: .xlsx by openpyxl, .xls byte by byte."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

Rows = Iterable[Sequence[object]]

INFO: Rows = (("Tên phiếu", "Khảo sát thử"), ("Mã phiếu", "thu"))
HEAD = (
    "STT", "Câu hỏi", "Loại", "Lựa chọn", "Bắt buộc", "Chỉ hỏi khi câu", "Chọn", "Gợi ý", "Nhóm", "Ít nhất",
    "Nhiều nhất", "Không áp dụng", "Câu chung",
)  # fmt: skip


def xlsx(sheets: Mapping[str, Rows], change: Callable[[Any], None] = lambda book: None) -> bytes:
    """A workbook of those sheets; `change` gets openpyxl's before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    change(book)
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


def template(
    *rows: Sequence[object], head: Sequence[object] = HEAD, change: Callable[[Any], None] | None = None
) -> bytes:
    """The officers' template with those questions."""
    return xlsx({"Phiếu": INFO, "Câu hỏi": [head, *rows]}, change or (lambda book: None))


def repacked(data: bytes, change: Mapping[str, bytes], drop: Iterable[str] = ()) -> bytes:
    """The archive with those members written anew, or left out."""
    raw = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(raw, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in change and name not in drop:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return raw.getvalue()


def member(data: bytes, name: str) -> bytes:
    """One member of the archive."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def xls(name: str, cells: Mapping[tuple[int, int], str | float | bool], extra: bytes = b"") -> bytes:
    """An Excel 97 workbook of one sheet, cells by (row, column) from 0; "#REF!" is a failed formula."""
    records = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))]
    for (row, column), value in cells.items():
        at = struct.pack("<HHH", row, column, 0)
        if value == "#REF!":
            records.append(_record(0x0205, at + bytes((0x17, 1))))
        elif isinstance(value, bool):
            records.append(_record(0x0205, at + bytes((value, 0))))
        elif isinstance(value, str):
            records.append(_record(0x0204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")))
        else:
            records.append(_record(0x0203, at + struct.pack("<d", value)))
    sheet = b"".join((*records, extra, _record(0x000A, b"")))
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + _record(
        0x0042, struct.pack("<H", 1200)
    )
    styles = _record(0x00E0, bytes(20)) * 16
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    length = len(start) + len(styles) + 4 + 6 + len(title) + 4
    bound = _record(0x0085, struct.pack("<IBB", length, 0, 0) + title)
    return ole({"Workbook": start + styles + bound + _record(0x000A, b"") + sheet})


def _record(code: int, body: bytes) -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) with those streams, each in sectors of its own."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat: list[int] = []
    body = b""
    entries = [_entry("Root Entry", 5, end, 0, 1 if streams else free)]
    for count, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(4096, b"\0")  # a shorter stream would stand in the small sectors
        padded += bytes(-len(padded) % 512)
        first = len(fat)
        sectors = len(padded) // 512
        fat += [*range(first + 1, first + sectors), end]
        body += padded
        entries.append(_entry(name, 2, first, len(padded), count + 1 if count < len(streams) else free, right=True))
    entries += [bytes(128)] * (-len(entries) % 4)
    directory = len(fat)
    fat += [*range(directory + 1, directory + len(entries) // 4), end]
    body += b"".join(entries)
    sectors = 1
    while (len(fat) + sectors) > sectors * 128:
        sectors += 1
    tables = range(len(fat), len(fat) + sectors)
    fat += [fat_mark] * sectors
    fat += [free] * (sectors * 128 - len(fat))
    body += struct.pack(f"<{len(fat)}I", *fat)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, sectors, directory, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *(*tables, *[free] * (109 - sectors)))
    return header + body


def _entry(name: str, kind: int, first: int, size: int, link: int, *, right: bool = False) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    free = 0xFFFFFFFF
    links = (free, link, free) if right else (free, free, link)
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, *links)
    return head + bytes(36) + struct.pack("<IQ", first, size)
