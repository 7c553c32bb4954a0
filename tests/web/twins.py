"""Two communes alike to the letter, but for one case that was marked as tố cáo in the first of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from feedback.acts import Ask, Decision, Open, Reply
from feedback.confidential import MarkDenunciation
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from storage import confidential, deliveries, outbox, threads
from storage.ids import new_id
from storage.postgres import PostgresStore
from storage.tables import blobs, calls, case_blobs, cases, officers
from storage.tables import outbox as letters
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, _hashed, browser_of, build, furnish, look, outside
from vietnam.time import DAY

MARKERS = ("kumquatoza", "Vuphimarker", "0987654321", "zanzibarplace")
"""Words, name, telephone and place of the secret case, which stand nowhere else."""
LOGINS = ("tiepnhan", "lanhdao", "quantri", "matran", "truongthon", "xakhac", "")
"""Every role but the keeper, an officer of another commune, and nobody ("")."""
OPEN_CASE = Open(code="M-2026-AAAAAA-A", kind=Kind.FEEDBACK, category="roads", text="Đèn đường hỏng ba hôm nay")
SECRET_CODE = "M-2026-SECRET-A"
_SEALS = re.compile(r'<span class="seal"[^<]*</span>|data-tu="[^"]*"')
_KNOWN = re.compile(r"[A-Z]{1,5}-\d{4}-[A-Z0-9]{6}-[A-Z0-9]")
_IDS = re.compile(r"\d{12,}")
_TOKENS = re.compile(r"[0-9a-f]{16,}")


@dataclass
class Twin:
    """A commune; `codes`, `ids` are the secret case's, or such as no case has."""

    house: House
    code: str = "M-2026-K7M2QX-5"
    ids: Mapping[str, int] = field(default_factory=dict)
    token: str = "x" * 32

    def normal(self, text: str) -> str:
        """A page without what differs from store to store: codes, ids, hashes, places in the chain of acts."""
        return _IDS.sub("ID", _TOKENS.sub("HEX", _KNOWN.sub("CODE", _SEALS.sub("SEAL", text))))

    def path(self, path: str) -> str:
        """The address of a route, with what the secret case would be found by in every place."""
        given = {"slug": "mau", "code": self.code, "token": self.token, "channel": "telegram", "name": self.code}
        given |= {"number": "1", "kind": "khieu-nai", "way": "x"}

        def fill(found: re.Match[str]) -> str:
            name, _, convertor = found.group(1).partition(":")
            return str(self.ids.get(name, self.ids["case"])) if convertor == "int" else given.get(name, self.code)

        return re.sub(r"\{([^}]*)\}", fill, path)


def housed(url: str, vault: Vault, now: int, folder: Path) -> House:
    """A furnished house of either engine; every connection is a new one, since tests and pages have loops apart."""
    house = build(url, vault, now, folder)
    if isinstance(house.store, PostgresStore):
        house.store._engine = create_async_engine(house.store.url, poolclass=NullPool)
    house.sample = outside(house, lambda tx: furnish(tx, now, _hashed()))
    return house


def opens(house: House, person: str, act: Open) -> None:
    """A citizen has sent a case on Telegram; how the talk went does not matter here."""
    on = run_apart(house.runtime.account(house.commune.telegram))
    actor = Actor(kind=CITIZEN, unit=house.commune.commune)
    decision = decide(None, act, actor, now=house.at, office=house.runtime.ledger.office)
    assert isinstance(decision, Decision)

    def unit(tx: Tx) -> None:
        chat = house.runtime.ledger.chat(tx, on, person, house.at)
        chat.open_case(act, decision, actor)
        chat.save(None)

    outside(house, unit)


def begins(house: House, person: str) -> None:
    """A citizen has a conversation, and nothing came of it."""
    on = run_apart(house.runtime.account(house.commune.telegram))
    outside(house, lambda tx: house.runtime.ledger.chat(tx, on, person, house.at).save(None))


def settle(house: House, *, secret: bool) -> Twin:
    """One of the two: everything that is not of the secret case is done in both, in the same order."""
    people = outside(house, lambda tx: _people(tx, house))
    leader = Actor(kind=OFFICER, unit=house.commune.commune, id=people["lanhdao"], role=Role.LEADER)
    assert outside(house, lambda tx: confidential.name_keeper(tx, leader, people["giudon"], house.at))
    opens(house, "71", OPEN_CASE)
    twin = Twin(house=house, ids={"case": 12345678901234567})
    if secret:
        twin = _secret(house, people)
    else:
        begins(house, "81")
    house.at += 20 * DAY
    return twin


def _people(tx: Tx, house: House) -> dict[str, int]:
    """Officers of every role; ids by log-in."""
    rows = (("giudon", "reception", house.commune.commune), ("matran", "front", house.commune.commune))
    for login, role, unit in (*rows, ("truongthon", "village_head", house.commune.villages[0])):
        values = {"id": new_id(), "unit_id": unit, "login": login, "name": f"Mẫu {login}", "role": role}
        tx.execute(insert(officers).values(**values, password_hash=_hashed(), created_at=house.at))
    return {row.login: row.id for row in tx.execute(select(officers.c.login, officers.c.id))}


def _secret(house: House, people: Mapping[str, int]) -> Twin:
    """A case with a picture, marked by the reception officer, answered by the keeper; the answers do not arrive."""
    text = f"Ông trưởng thôn {MARKERS[0]} lấy tiền của dân"
    name, phone, place = MARKERS[1:]
    opens(
        house,
        "81",
        Open(
            code=SECRET_CODE, kind=Kind.PETITION, category="conduct", text=text, anonymous=False, name=name,
            phone=phone, where=place, point=(21.8, 106.5), village=house.commune.villages[0],
        ),
    )  # fmt: skip
    code = SECRET_CODE
    id = look(house, lambda conn: int(conn.execute(select(cases.c.id).where(cases.c.code == code)).scalar_one()))
    blob = run_apart(house.runtime.blobs.put(house.commune.commune, "image/png", b"not a picture"))

    def fill(tx: Tx) -> None:
        tx.execute(insert(case_blobs).values(case_id=id, blob_id=blob))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))
        confidential.saw(tx, house.commune.commune, code, people["tiepnhan"], house.at)

    outside(house, fill)
    unit = house.commune.commune
    marker = Actor(kind=OFFICER, unit=unit, id=people["tiepnhan"], role=Role.RECEPTION)
    keeper = Actor(kind=OFFICER, unit=unit, id=people["giudon"], role=Role.RECEPTION, keeper=True)
    for actor, act in (
        (marker, MarkDenunciation()),
        (keeper, Ask(f"Hỏi {MARKERS[0]}")),
        (keeper, Reply(f"Đáp {MARKERS[0]}")),
    ):
        assert isinstance(run_apart(house.runtime.act(id, act, actor)), Decision)
    mine = select(letters.c.id).where(letters.c.case_id == id).order_by(letters.c.seq)
    held, dead = look(house, lambda conn: list(conn.scalars(mine)))[-2:]

    def undeliverable(tx: Tx) -> None:
        deliveries.hold(tx, held, "window", "window", house.at)
        outbox.dead(tx, dead, "blocked")
        deliveries.lost(tx, dead, "blocked", house.at)

    outside(house, undeliverable)
    call = look(house, lambda conn: conn.scalar(select(calls.c.id).where(calls.c.case_id == id).limit(1)))
    token = threads.make(house.runtime.vault, "thread", id, house.at + threads.LIFE)
    return Twin(house=house, code=code, ids={"case": id, "blob": blob, "call": call or id, "letter": dead}, token=token)


def routes(app: Starlette) -> list[str]:
    """Every address that can be got, as its pattern; streams, which never end, and files of ours left out."""
    return sorted(set(_gets(app.routes, "")))


def _gets(of: list[BaseRoute], before: str) -> Iterator[str]:
    for route in of:
        if isinstance(route, Mount) and route.path != "/static":
            yield from _gets(list(route.routes), before + route.path)
        elif isinstance(route, Route) and "GET" in (route.methods or ()) and not route.path.endswith("/luong"):
            yield before + route.path


def visit(twin: Twin, login: str) -> Iterator[tuple[str, str, str]]:
    """(pattern, page as it came, page without what differs from store to store) of every route, as that officer."""
    with browser_of(twin.house) as client:
        if login:
            entered = client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})
            assert entered.status_code == 200, login
        for pattern in routes(twin.house.app):
            for query in _queries(pattern, twin.code):
                page = _got(client, twin.path(pattern) + query)
                yield pattern + query.replace(twin.code, "CODE"), page, twin.normal(page)


def _queries(pattern: str, code: str) -> tuple[str, ...]:
    if pattern == "/can-bo/":
        tabs = ("moi", "dang-xu-ly", "cho-dan", "da-tra-loi")
        return ("", *(f"?muc={tab}" for tab in tabs), *(f"?tim={word}&muc={tab}" for word in MARKERS for tab in tabs))
    if pattern == "/{slug}/tra-cuu":
        return ("", f"?ma={code}")
    return ("",)


def _got(client: TestClient, address: str) -> str:
    answer = client.get(address)
    # What the words of the question alone bring back is no find.
    text = answer.content.decode("utf-8", "replace")
    asked = address.partition("?tim=")[2].partition("&")[0]
    return f"{answer.status_code}\n" + (text.replace(asked, "WORD") if asked else text)
