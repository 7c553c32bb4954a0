"""The queue: what to do now, what is late, who waits. Everything that is asked of it stands in the address."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.codes import read_code
from feedback.kinds import CATEGORIES, Kind
from feedback.roles import Role
from feedback.states import OPEN, State
from storage import following, reading_cases, reading_queue, units, voices
from storage.reading_queue import PAGE, Sort, Wanted
from vietnam.text import clean
from vietnam.time import day_of
from web.console.access import Desk, signed_in

TABS: dict[str, tuple[State, ...]] = {
    "moi": (State.NEW, State.REOPENED),
    "dang-xu-ly": (State.RECEIVED, State.IN_PROGRESS),
    "cho-dan": (State.WAITING,),
    "da-chuyen": (State.FORWARDED,),
    "da-tra-loi": (State.ANSWERED, State.CLOSED),
}
"""The name of a tab in addresses -> the states it shows; every state stands in one of them."""
OPEN_TAB, ALL_TAB = "chua-xong", "tat-ca"
ALL_TABS = {OPEN_TAB: tuple(OPEN), **TABS, ALL_TAB: tuple(State)}
FILTERS = ("loai", "linh-vuc", "thon", "ai", "han", "nhan", "kenh", "ho")
CHANNELS = ("webchat", "telegram", "zalo_oa", "zalo_bot", "terminal", "paper", "phone", "visit")
_SORTS: dict[str, Sort] = {"": "due", "moi": "newest", "lau": "longest"}
_MINE, _FREE = "toi", "chua"
_LONGEST_SEARCH = 200
_LONGEST_ID = 20
_LAST_PAGE = -(-reading_queue.MOST_COUNTED // PAGE)


class Address(NamedTuple):
    """What is asked of the queue, as it stands in the address; only what is known and not empty."""

    said: Mapping[str, str]

    def but(self, **changes: object) -> str:
        """The address with something else in it ("" takes out), of the first page; "linh_vuc" stands for "linh-vuc"."""
        changed = {name.replace("_", "-"): str(value) for name, value in changes.items()}
        rest = {name: value for name, value in {**self.said, "trang": "", **changed}.items() if value}
        return f"/can-bo/?{urlencode(rest)}"

    def get(self, name: str) -> str:
        """One part of it, "" where it is not there."""
        return self.said.get(name, "")


def _read(desk: Desk) -> Address:
    """The parts of the address that mean something; everything else is passed over."""
    query = desk.request.query_params
    known: dict[str, Collection[str]] = {
        "muc": set(ALL_TABS), "loai": set(Kind), "linh-vuc": set(CATEGORIES), "ai": {_MINE, _FREE},
        "han": {"qua"}, "nhan": {"1"}, "kenh": set(CHANNELS), "ho": {"1"}, "xep": set(_SORTS),
    }  # fmt: skip
    said = {name: query.get(name, "") for name in ("muc", *FILTERS, "xep")}
    for name, values in known.items():
        if said[name] not in values and not (name == "ai" and _id(said[name])):
            said[name] = ""
    said["thon"] = str(_id(said["thon"]) or "")
    said["tim"] = clean(query.get("tim", "")[: 2 * _LONGEST_SEARCH])[0].strip()[:_LONGEST_SEARCH]
    if not said["muc"]:
        said |= _first_look(desk, said)
    return Address({name: value for name, value in said.items() if value})


def _first_look(desk: Desk, said: Mapping[str, str]) -> dict[str, str]:
    """Where no tab is named: a search goes through all; leaders begin with all that is open, others with what is new.

    Who handles what is given to them begins with that.
    """
    if said["tim"]:
        return {"muc": ALL_TAB}
    if any(said[name] for name in FILTERS):
        return {"muc": OPEN_TAB}
    if desk.officer.role is Role.SPECIALIST:
        return {"muc": OPEN_TAB, "ai": _MINE}
    return {"muc": OPEN_TAB if desk.officer.role is Role.LEADER else "moi"}


def _wanted(address: Address) -> Wanted:
    who = address.get("ai")
    return Wanted(
        states=ALL_TABS[address.get("muc")],
        kind=address.get("loai"),
        category=address.get("linh-vuc"),
        village=_id(address.get("thon")),
        holder=_id(who),
        mine=who == _MINE,
        free=who == _FREE,
        late=bool(address.get("han")),
        news=bool(address.get("nhan")),
        channel=address.get("kenh"),
        helped=bool(address.get("ho")),
        search=address.get("tim"),
        sort=_SORTS[address.get("xep")],
    )


def _id(said: str) -> int:
    known = said.isascii() and said.isdecimal() and len(said) < _LONGEST_ID
    return int(said) if known and int(said) < 1 << 63 else 0


@signed_in("case.see")
async def queue(desk: Desk) -> Response:
    """A page of the queue; a whole code leads straight to its case."""
    address = _read(desk)
    if (code := read_code(address.get("tim"))) and await _is_there(desk, code):
        return RedirectResponse(f"/can-bo/vu-viec/{code}", 303)
    number = min(_id(desk.request.query_params.get("trang", "")) or 1, _LAST_PAGE)
    wanted, now, me = _wanted(address), desk.services.now(), desk.actor

    def look(conn: Connection) -> dict[str, Any]:
        found = reading_queue.queue(conn, desk.unit, wanted, now=now, by=me, page=number)
        return {
            "found": found,
            "urgent": reading_cases.most_urgent(conn, desk.unit, me),
            "late": reading_cases.late(conn, desk.unit, now, me),
            "spoken": voices.how_many(conn, desk.unit, me),
            "following": following.counts(conn, desk.unit, [row.code for row in found.rows]),
            "owed": [due for due in desk.services.plans.due(conn, desk.unit, day_of(now)) if due.late or due.soon],
            "villages": units.villages(conn, desk.unit),
            "holders": reading_queue.holders(conn, desk.unit),
        }

    return await desk.show(
        "console/queue.html",
        look,
        address=address,
        tab=address.get("muc"),
        tabs=ALL_TABS,
        filters=[name for name in FILTERS if address.get(name)],
        kinds=tuple(Kind),
        fields=CATEGORIES,
        channels=CHANNELS,
        page_number=number,
        first=(number - 1) * PAGE,
        most=reading_queue.MOST_COUNTED,
        last_page=_LAST_PAGE,
        per_page=PAGE,
    )


async def _is_there(desk: Desk, code: str) -> bool:
    def look(conn: Connection) -> bool:
        return reading_cases.one(conn, desk.unit, code, by=desk.actor) is not None

    return await desk.services.store.read(look)


@signed_in("account.own")
async def keys(desk: Desk) -> Response:
    """The shortcuts, as a page for whoever has no scripts."""
    return await desk.show("console/keys_page.html", lambda _conn: {})
