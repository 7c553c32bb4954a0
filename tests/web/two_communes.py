"""Two communes that have a row of everything, and an officer of every role in the first: for tests made of the routes.

A route's parameter is filled with the row it is called after ("bulletin" is a row of `bulletins`); what is called
otherwise stands in ROWS or WORDS. A new table needs no line here, unless its rows must mean something to be shown.
"""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Double, Integer, LargeBinary, Table, insert, select, update
from starlette.routing import BaseRoute, Mount, Route

from feedback.codes import make_code
from feedback.register import Enter, Kind, Line
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from storage import act_rows, register
from storage import officers as at_door
from storage.ids import new_id
from storage.tables import metadata, officer_sessions, officers, survey_versions, units, waves
from storage.tx import Tx
from storage.waves import publish
from surveys.paper_numbers import form_number
from tests.stores import sample_survey
from tests.web.house import House, outside
from tests.web.two_communes_shown import OF_PAGES, QUESTIONS, show_all
from vietnam.time import DAY, day_of
from web.console.access import ACTIONS

MARKER = "zanzibarkhac"
"""Stands in every text of the other commune's rows."""
OURS = "hàng của xã Mẫu"
NOBODY = "nobody"
ROLES = (*(str(role) for role in Role), "keeper", "province", NOBODY)
FORM = form_number(b"forms of the test", 1)

_PART = 24
"""Pages that a part has at least."""
VALUES: dict[str, dict[str, object]] = {
    "cases": {"kind": "feedback", "category": "roads", "state": "in_progress", "channel": "telegram"},
    "sessions": {"kind": "reception", "host": "chairman", "state": "announced", "seats": 5},
    "session_series": {
        "kind": "reception", "host": "chairman", "rule": "FREQ=WEEKLY", "state": "open", "seats": 5, "minutes": 60,
        "first_day": "2026-10-03", "starts": "07:30",
    },
    "bookings": {"state": "booked", "topic": "roads", "seat": 1, "place": 1},
    "session_questions": {"topic": "roads"},
    "session_promises": {"state": "open", "due_day": "2026-11-30"},
    "host_busy": {"host": "chairman", "first_day": "2026-11-02", "last_day": "2026-11-03"},
    "dialogue_lists": {"day": "2026-10-03"},
    "reports": {"period": "2026-09", "state": "ready"},
    "data_requests": {"what": "correct"},
    "calls": {"why": "gone"},
    "notices": {"key": "notice.report_failed", "params": '{"period": "2026-09"}'},
    "outbox": {"lane": 0, "state": "dead"},
    "paper_batches": {"source": "paper", "expected": 3},
    "paper_forms": {"number": FORM},
    "routing_rules": {"kind": "feedback", "category": "roads", "role": "reception"},
    "blobs": {"media_type": "image/png", "size": 3},
    "unit_days": {"day": "2026-11-20", "kind": "off"},
    "oversight_requests": {"state": "open", "due_on": "2026-11-30"},
    "published_cells": {"first_day": "2026-09-01", "last_day": "2026-09-30", "cut": "all"},
    "responses": {"day": "2026-10-01"},
    "invitations": {"state": "planned"},
    "frames": {"kind": "person"},
    "survey_drafts": {"body": msgspec.json.encode(sample_survey()).decode()},
    "plans": {"slug": "mau", "body": (Path(__file__).parents[2] / "reports" / "plans" / "mau.toml").read_text("utf-8")},
}  # fmt: skip
"""table -> what its columns must hold for its rows to be shown at all; everything else is filled in by kind."""

ROWS = {
    ("phan-cong", "line"): "routing_rules",
    ("so-don", "line"): "register_lines",
    ("", "letter"): "outbox",
    ("", "asked"): "data_requests",
    ("", "busy"): "host_busy",
    ("", "batch"): "paper_batches",
    ("", "question"): "session_questions",
    ("", "promise"): "session_promises",
    ("", "list"): "dialogue_lists",
    ("", "dossier"): "dossiers",
    ("", "works"): "works",
    ("", "canned"): "canned_replies",
    ("", "draft"): "survey_drafts",
    ("", "day"): "unit_days",
    ("", "request"): "oversight_requests",
    ("", "link"): "officer_accounts",
}
"""(first word of the address, or "", and parameter) -> table, where it is not called after it."""

WORDS = {
    ("so-don", "way"): "ket-qua",
    ("don-bao-mat", "way"): "tra-loi",
    ("vu-viec", "way"): "cho-xem",
    ("vu-viec", "name"): "phieu-tiep-nhan.docx",
    ("lich", "what"): "co-mat",
    ("lich", "kind"): "nhan",
    ("bao-cao", "name"): "bao-cao.docx",
    ("so-sach", "name"): "danh-sach.docx",
    ("tinh", "ending"): "xlsx",
    ("nhap-phieu", "number"): FORM,
    ("tai-khoan", "key"): "0" * 24,
    ("dia-ban", "way"): "len",
    ("ngay-nghi", "year"): "2027",
}
"""(first word of the address, parameter) -> a word that the page knows."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One page of the console: how it is asked for, and what for. `action` is "" where anybody may ask."""

    method: str
    pattern: str
    action: str

    def __str__(self) -> str:
        return f"{self.method} {self.pattern}"

    @property
    def asked(self) -> str:
        """Its address with what it must be asked besides, to be filled in like the address itself."""
        besides = QUESTIONS.get(self.pattern, "") if self.method == "GET" else ""
        return f"{self.pattern}?{besides}" if besides else self.pattern


def endpoints(of: list[BaseRoute], before: str = "") -> list[Endpoint]:
    """Every page of a table of routes, once for each method."""
    found: list[Endpoint] = []
    for route in of:
        if isinstance(route, Mount):
            found += endpoints(list(route.routes), before + route.path)
        elif isinstance(route, Route):
            methods = sorted((route.methods or {"GET"}) - {"HEAD"})
            found += [Endpoint(one, before + route.path, ACTIONS.get(route.endpoint, "")) for one in methods]
    return found


def areas(of: list[Endpoint]) -> dict[str, list[Endpoint]]:
    """The same pages in parts of some size, what lies under one address together; each is called after its first."""
    by_area: dict[str, list[Endpoint]] = {}
    for page in sorted(of, key=str):
        by_area.setdefault(page.pattern.split("/")[2] if page.pattern.count("/") > 1 else "", []).append(page)
    parts: dict[str, list[Endpoint]] = {}
    name = ""
    for area in sorted(by_area):
        if len(parts.get(name, [])) >= _PART or not parts:
            name = area or "first"
        parts.setdefault(name, []).extend(by_area[area])
    return parts


@dataclass
class Commune:
    """Ids of one commune's rows by table; codes of its cases and bookings."""

    unit: int
    word: str
    rows: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """A house (of SQLite) with both communes; `people` are the officers of the first by role."""

    house: House
    home: Commune
    other: Commune
    people: dict[str, int]
    copy: Path

    @property
    def _file(self) -> str:
        return self.house.runtime.settings.storage.url.removeprefix("sqlite:///")

    def keep(self) -> None:
        """Keep a copy of the store as it is now."""
        with closing(sqlite3.connect(self._file)) as live, closing(sqlite3.connect(self.copy)) as kept:
            live.backup(kept)

    def go_back(self) -> None:
        """The store as it was when it was kept: what one form has changed stands in nobody's way."""
        with closing(sqlite3.connect(self.copy)) as kept, closing(sqlite3.connect(self._file, timeout=30)) as live:
            kept.backup(live)

    def fill(self, pattern: str, whose: Commune, but: Mapping[str, Commune] | None = None) -> str:
        """The address of a route with a commune's rows; those named in `but` are of another. KeyError: no row."""
        first = pattern.split("/")[2] if pattern.count("/") > 1 else ""

        def one(found: re.Match[str]) -> str:
            name, _, kind = found.group(1).partition(":")
            return self._value(first, name, kind, (but or {}).get(name, whose), pattern)

        return re.sub(r"\{([^}]*)\}", one, pattern)

    def _value(self, first: str, name: str, kind: str, of: Commune, pattern: str) -> str:
        page = pattern.partition("?")[0]
        if (page, name) in OF_PAGES:
            word = OF_PAGES[page, name]
            return str(of.rows[word]) if kind == "int" else word
        if (first, name) in WORDS:
            return WORDS[first, name]
        if name == "code":
            return of.codes["bookings" if "/khach/" in pattern else "kept" if first == "don-bao-mat" else "cases"]
        if kind != "int":
            raise KeyError(f"{pattern}: what {{{name}}} may be belongs into WORDS")
        if name == "village":
            return str(of.rows["villages"])
        table = ROWS.get((first, name)) or ROWS.get(("", name)) or f"{name}s"
        if table not in of.rows:
            raise KeyError(f"{pattern}: which table {{{name}}} is of belongs into ROWS")
        return str(of.rows[table])


def rows_named(pattern: str) -> list[str]:
    """Names of what an address is filled with that is a row of somebody's: words such as "xlsx" are nobody's."""
    found = [one.partition(":") for one in re.findall(r"\{([^}]*)\}", pattern)]
    return [name for name, _, kind in found if (kind == "int" and name != "year") or name == "code"]


# --- a row of everything ----------------------------------------------------------------------------------------------


def settled(house: House, folder: Path) -> World:
    """A furnished house with everything in it; every officer is signed in, the role's name being the token."""
    world = outside(house, lambda tx: settle(tx, house, folder / "before.db"))
    show_all(house, (world.home, world.other))
    outside(house, lambda tx: signed_in_as(tx, world))
    world.keep()
    return world


def settle(tx: Tx, house: House, copy: Path) -> World:
    """Fill the two communes of a furnished house."""
    home = Commune(house.commune.commune, OURS)
    there = (units.c.kind == "commune") & (units.c.id != home.unit)
    other = Commune(tx.execute(select(units.c.id).where(there)).scalar_one(), MARKER)
    people = _people(tx, house, home)
    for commune in (home, other):
        _everything(tx, commune, house)
    tx.execute(update(waves).where(waves.c.unit_id == other.unit).values(title=MARKER))
    return World(house, home, other, people, copy)


def _people(tx: Tx, house: House, home: Commune) -> dict[str, int]:
    """An officer of every role; the keeper is named."""
    found = {}
    for role in ROLES[:-1]:
        id = new_id()
        unit = home.unit
        if role == "province":
            unit = house.commune.province
        elif role == Role.VILLAGE_HEAD:
            unit = house.commune.villages[0]
        works_as = role if role in set(Role) else "leader" if role == "province" else "reception"
        values = {"id": id, "unit_id": unit, "login": f"vai.{role}", "name": f"Vai {role}", "role": works_as}
        tx.execute(insert(officers).values(**values, password_hash="none", created_at=house.at))
        found[role] = id
    keeper = {"unit_id": home.unit, "officer_id": found["keeper"], "at": house.at}
    tx.execute(insert(metadata.tables["keepers"]).values(**keeper))
    return found


def _everything(tx: Tx, of: Commune, house: House) -> None:
    at = house.at
    village = (units.c.parent_id == of.unit) & (units.c.kind == "village")
    of.rows["villages"] = tx.execute(select(units.c.id).where(village).order_by(units.c.id).limit(1)).scalar_one()
    of.rows["units"] = of.unit
    of.rows["officers"] = _row(tx, of, metadata.tables["officers"], at, 0)
    _survey(tx, of, at)
    _line(tx, of, house)
    numbers = count(1)
    # Those that others point to come first.
    for table in metadata.sorted_tables:
        if _is_a_thing(table) and table.name not in of.rows:
            _row(tx, of, table, at, next(numbers))
    _case_that_is_kept(tx, of, at, next(numbers))
    citizen = Actor(kind=CITIZEN, unit=of.unit)
    act_rows.record(
        tx, citizen, "open", thing="case", thing_id=of.rows["cases"], unit=of.unit, now=at, version=1, to="new"
    )
    booking, case = metadata.tables["bookings"], metadata.tables["cases"]
    of.codes["bookings"] = tx.execute(select(booking.c.code).where(booking.c.id == of.rows["bookings"])).scalar_one()
    of.codes["cases"] = tx.execute(select(case.c.code).where(case.c.id == of.rows["cases"])).scalar_one()


def _is_a_thing(table: Table) -> bool:
    """Whether a page may be asked for one row of it by its id."""
    chain = {"units", "acts", "jobs", "inbox", "officer_sessions"}
    return "id" in table.c and table.name not in chain


def _row(tx: Tx, of: Commune, table: Table, at: int, number: int, **but: object) -> int:
    """A row that belongs to the commune, with its word in every text."""
    values: dict[str, object] = {"id": new_id(), **VALUES.get(table.name, {})}
    for column in table.c:
        if column.name in values or (column.nullable and not column.foreign_keys) or column.server_default is not None:
            continue
        target = next(iter(column.foreign_keys)).column.table.name if column.foreign_keys else ""
        if column.name == "village_id":
            values[column.name] = of.rows["villages"]
        elif target:
            if target in of.rows and target != table.name:
                values[column.name] = of.rows[target]
        elif isinstance(column.type, Double):
            values[column.name] = 1.0
        elif isinstance(column.type, LargeBinary):
            values[column.name] = b"%d" % of.unit
        elif isinstance(column.type, BigInteger):
            values[column.name] = at
        elif isinstance(column.type, Integer):
            values[column.name] = number
        else:
            values[column.name] = _text(of, column.name, number)
    values |= but
    tx.execute(insert(table).values(**values))
    of.rows.setdefault(table.name, int(str(values["id"])))
    return int(str(values["id"]))


def _text(of: Commune, name: str, number: int) -> str:
    if name == "code":
        return make_code("M" if of.word == OURS else "K", 2026, number)
    if name == "login":
        return f"{'mau' if of.word == OURS else 'khac'}.{number}"
    return "reception" if name == "role" else of.word


def _survey(tx: Tx, of: Commune, at: int) -> None:
    """The open wave that the first commune has from the start, and one like it in the other."""
    mine = waves.c.unit_id == of.unit
    if tx.execute(select(waves.c.id).where(mine)).first() is None:
        publish(tx, of.unit, msgspec.structs.replace(sample_survey(), title=of.word), "checksum", at - DAY)
    wave = tx.execute(select(waves.c.id, waves.c.version_id).where(mine)).first()
    assert wave is not None
    version = survey_versions.c.id == wave.version_id
    survey = tx.execute(select(survey_versions.c.survey_id).where(version)).scalar_one()
    of.rows |= {"waves": wave.id, "survey_versions": wave.version_id, "surveys": survey}


def _line(tx: Tx, of: Commune, house: House) -> None:
    """A đơn in the register."""
    clerk = Actor(kind=OFFICER, unit=of.unit, id=of.rows["officers"], role=Role.RECEPTION)
    entered = Enter(kind=Kind.LETTER, received=day_of(house.at), summary=of.word)
    line = register.change(tx, clerk, 0, entered, house.services.office, house.at)
    assert isinstance(line, Line)
    of.rows["register_lines"] = line.id


def _case_that_is_kept(tx: Tx, of: Commune, at: int, number: int) -> None:
    table = metadata.tables["cases"]
    id = _row(tx, of, table, at, number, confidential=1)
    of.codes["kept"] = tx.execute(select(table.c.code).where(table.c.id == id)).scalar_one()


def signed_in_as(tx: Tx, world: World) -> None:
    """A session of every officer, whose token is the role's name."""
    at = world.house.at
    for role, id in world.people.items():
        times = {"created_at": at, "seen_at": at, "expires_at": at + DAY}
        tx.execute(insert(officer_sessions).values(token_hash=sha256(role.encode()).digest(), officer_id=id, **times))


def officers_of(conn: Connection, world: World) -> dict[str, at_door.Officer]:
    """The officers by role, as their sessions know them."""
    found = {role: at_door.by_session(conn, sha256(role.encode()).digest(), world.house.at) for role in world.people}
    return {role: one[0] for role, one in found.items() if one is not None}


def rows_of(conn: Connection, commune: Commune) -> dict[str, list[Any]]:
    """Everything in the store that says it is of a commune, as it is now."""
    found = {}
    for table in metadata.sorted_tables:
        mine = table.c.get("unit_id")
        if mine is None:
            continue
        units = [commune.unit, commune.rows["villages"]]
        rows = conn.execute(select(table).where(mine.in_(units))).all()
        found[table.name] = sorted((tuple(row) for row in rows), key=str)
    return found
