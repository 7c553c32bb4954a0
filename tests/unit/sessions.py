"""Sessions for tests: a plan to change, people with a chat, and officers."""

from datetime import datetime
from typing import Any

from app.runtime import Runtime
from app.sessions import act_on_session, plan
from feedback.acts import Refusal
from feedback.codes import make_code
from feedback.roles import OFFICER, Actor, Role
from feedback.session_acts import Announce, Book, Plan
from feedback.sessions import Host, Meeting, SessionKind
from storage import conversations
from storage.store import Store
from storage.vault import Vault
from tests.stores import SampleCommune
from vietnam.time import TZ, to_ms

NOW = to_ms(datetime(2026, 10, 3, 9, tzinfo=TZ))
WEDNESDAY = to_ms(datetime(2026, 10, 21, 7, 30, tzinfo=TZ))
LEADER = Actor(kind=OFFICER, unit=1, id=8, role=Role.LEADER)


def meeting(**other: Any) -> Meeting:
    """A reception of four turns of half an hour, on a Wednesday in more than two weeks."""
    values: dict[str, Any] = {
        "kind": SessionKind.RECEPTION,
        "host": Host.CHAIRMAN,
        "title": "Tiếp công dân",
        "place": "trụ sở UBND xã",
        "starts_at": WEDNESDAY,
        "minutes": 120,
        "seats": 4,
        "slot_minutes": 30,
    }
    return Meeting(**{**values, **other})


def booking(number: int, **other: Any) -> Book:
    """What somebody wants; its code is that of the number."""
    values: dict[str, Any] = {
        "code": make_code("M", 2026, number),
        "topic": "land",
        "question": f"Câu hỏi số {number}",
        "name": f"Người {number}",
        "phone": "0912345678",
        "wait": True,
    }
    return Book(**{**values, **other})


def leader(commune: SampleCommune) -> Actor:
    return Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)


async def announced(runtime: Runtime, commune: SampleCommune, **other: Any) -> int:
    """An announced session; its id."""
    id = await plan(runtime, Plan(meeting(**other), sure=True), leader(commune))
    assert isinstance(id, int), id
    done = await act_on_session(runtime, id, Announce(late_reason="gấp"), leader(commune))
    assert not isinstance(done, Refusal), done
    return id


async def people(store: Store, vault: Vault, commune: SampleCommune, many: int) -> list[int]:
    """So many accounts of the web chat."""
    on = await store.read(lambda conn: conversations.channel_account(conn, commune.webchat))
    assert on is not None
    return [
        (await store.write(lambda tx, name=f"{n:064x}": conversations.lock(tx, vault, on, name, NOW))).account_id  # type: ignore[misc]  # a default binds what the loop changes
        for n in range(many)
    ]
