"""A frame as officers keep it, a spreadsheet of households or people, read into plain lines or refused by cell."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import msgspec

from surveys.faults import Fault, SurveyFaults
from surveys.sheets.grid import Sheet, Workbook
from vietnam.text import fold_words

_HEADINGS = {
    "number": ("stt", "so thu tu", "tt"),
    "name": ("ho ten", "ho va ten", "ho ten chu ho", "ho va ten chu ho", "chu ho", "ten chu ho", "ten", "nguoi nop"),
    "village": ("thon", "ban", "ap", "khom", "buon", "khu", "to dan pho", "thon ban", "thon to dan pho"),
    "address": ("dia chi", "cho o", "noi o"),
    "phone": ("dien thoai", "so dien thoai", "sdt", "dt"),
    "group": ("nhom", "doi tuong", "loai ho"),
    "channel": ("kenh", "kenh lien lac"),
    "account": ("ma tai khoan", "tai khoan", "id", "ma nguoi dung"),
}
_COLUMN = {word: column for column, words in _HEADINGS.items() for word in words}
_LOOK = 20
"""Rows in which the headings are looked for: above them officers write the name of the commune and of the list."""
_KINDS = ("thon", "ban", "ap", "khom", "buon", "khu pho", "khu", "to dan pho", "to", "xom", "pho")
_CHANNELS = {"telegram": "telegram", "tele": "telegram", "web": "webchat", "webchat": "webchat", "trang web": "webchat"}
_PAPER = frozenset({"", "giay", "thu", "thu giay", "phieu giay"})
MOST_FAULTS = 50
"""More than these are not listed: the file as a whole is not what it should be."""


class FrameLine(msgspec.Struct, frozen=True, kw_only=True):
    """One household or person of a frame. `number` counts from 1 in the order of the file.

    `account` is the platform's own id of a chat on `channel` ("" where only paper reaches them).
    """

    number: int
    village: int | None
    name: str
    address: str = ""
    phone: str = ""
    group: str = ""
    channel: str = ""
    account: str = ""


def read_frame(book: Workbook, villages: Iterable[tuple[int, str]]) -> list[FrameLine]:
    """The lines of the first sheet that has a column of names; `villages` are (id, name) of the commune.

    SurveyFaults names every cell that cannot be used (the first fifty): then nothing is to be imported.
    """
    for sheet in book.sheets:
        found = _heading(sheet)
        if found is not None:
            row, columns = found
            reading = _Reading(sheet, columns, villages)
            lines = reading.lines(number for number in sheet.rows if number > row)
            if not lines and not reading.faults:
                reading.faults.append(Fault("frame.no_rows", sheet.place(row)))
            if reading.faults:
                raise SurveyFaults(book.name, reading.faults[:MOST_FAULTS])
            return lines
    raise SurveyFaults(book.name, [Fault("frame.no_heading")])


def _heading(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of the headings, and the column (from 1) of each that is known; without a name it is none."""
    for row in list(sheet.rows)[:_LOOK]:
        columns: dict[str, int] = {}
        for place, text in enumerate(sheet.rows[row], start=1):
            known = _COLUMN.get(fold_words(text))
            if known is not None:
                columns.setdefault(known, place)
        if "name" in columns and len(columns) > 1:
            return row, columns
    return None


class _Reading:
    """One sheet, line by line, gathering what is wrong with it."""

    def __init__(self, sheet: Sheet, columns: dict[str, int], villages: Iterable[tuple[int, str]]) -> None:
        self.sheet = sheet
        self.columns = columns
        self.faults: list[Fault] = []
        known = list(villages)
        self._villages = {fold_words(name): id for id, name in known}
        self._names = {fold_words(name): name for _, name in known}
        for id, name in known:
            self._villages.setdefault(_bare(name), id)
            self._names.setdefault(_bare(name), name)
        self._strange: dict[str, list[int]] = {}
        self._people: dict[tuple[str, ...], int] = {}
        self._accounts: dict[tuple[str, str], int] = {}

    def lines(self, rows: Iterable[int]) -> list[FrameLine]:
        lines = list(self._lines(rows))
        self.faults[:0] = [self._strange_village(text, places) for text, places in self._strange.items()]
        return lines

    def _strange_village(self, text: str, rows: list[int]) -> Fault:
        """A name that is no village's: said once, however many rows have it."""
        near = get_close_matches(_bare(text), self._names, n=1, cutoff=0.6)
        params = {"village": text, "count": str(len(rows))}
        place = self.sheet.place(rows[0], self.columns["village"])
        if not near:
            return Fault("frame.village_unknown", place, params)
        return Fault("frame.village_near", place, params | {"near": self._names[near[0]]})

    def _lines(self, rows: Iterable[int]) -> Iterator[FrameLine]:
        number = 0
        for row in rows:
            said = {name: self.sheet.cell(row, column) for name, column in self.columns.items()}
            if not any(text for name, text in said.items() if name != "number"):
                continue  # a numbered line that nobody filled in, as at the end of a form
            number += 1
            yield self._line(row, number, said)

    def _line(self, row: int, number: int, said: dict[str, str]) -> FrameLine:
        if not said["name"]:
            self._fault("frame.name_empty", row, "name")
        village = self._village(row, said.get("village", ""))
        channel, account = self._chat(row, said.get("channel", ""), said.get("account", ""))
        line = FrameLine(
            number=number,
            village=village,
            name=said["name"],
            address=said.get("address", ""),
            phone=said.get("phone", ""),
            group=said.get("group", ""),
            channel=channel,
            account=account,
        )
        same = (fold_words(line.name), str(village), fold_words(line.address), fold_words(line.phone))
        first = self._people.setdefault(same, row)
        if first != row and line.name:
            self._fault("frame.duplicate", row, "name", name=line.name, row=str(first))
        return line

    def _village(self, row: int, text: str) -> int | None:
        if not text:
            return None
        found = self._villages.get(fold_words(text), self._villages.get(_bare(text)))
        if found is None:
            self._strange.setdefault(text, []).append(row)
        return found

    def _chat(self, row: int, channel: str, account: str) -> tuple[str, str]:
        word = fold_words(channel)
        if word in _PAPER and not account:
            return "", ""
        known = _CHANNELS.get(word)
        if known is None:
            self._fault("frame.channel_unknown", row, "channel" if channel else "account", channel=channel)
            return "", ""
        if not account:
            return "", ""
        first = self._accounts.setdefault((known, account), row)
        if first != row:
            self._fault("frame.account_twice", row, "account", row=str(first))
        return known, account

    def _fault(self, code: str, row: int, column: str, /, **params: str) -> None:
        place = self.sheet.place(row, self.columns.get(column, 1))
        if len(self.faults) <= MOST_FAULTS:
            self.faults.append(Fault(code, place, params))


def _bare(name: str) -> str:
    """A village's name without its own word: "Thôn Nà Sèn" and "Nà Sèn" are one."""
    folded = fold_words(name)
    for kind in _KINDS:
        if folded.startswith(kind + " "):
            return folded.removeprefix(kind + " ")
    return folded
