"""Sixty-four citizens write at once, each event twice as platforms do: none lost, none locked, no answer doubled."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from bot.conversation.messages import Inbound
from bot.conversation.state import State, load
from storage.blobs import open_blobs
from storage.opening import open_store
from storage.tables import accounts, conversations, inbox, outbox, participations, sealed_responses, seen_events
from storage.vault import Vault
from storage.waves import publish
from surveys.ready import ready
from tests.stores import UNHURRIED, SampleCommune, seed_sample

CITIZENS = 64
SURVEY = "sau_thu_tuc"
CHANNELS = ("webchat", "telegram")
WALK = (
    "start",
    f"choice go:survey.{SURVEY}",
    "choice 2:=4",
    "choice 3:=5",
    "text Trả kết quả sớm hơn",
    "choice 5:skip",
)
"""From hello to thank you; the number before the colon is that of the question which the button stood under."""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may make sixty-four wait longer than a platform would; here nothing is to be set aside for it."""
    monkeypatch.setattr("app.runtime.PATIENCE", 60.0)


@pytest.fixture
async def runtime(store_url: str, vault: Vault, now: int, tmp_path: Path) -> AsyncIterator[Runtime]:
    """A runtime over an empty store of either engine, with a clock that stands still."""
    settings = Settings.model_validate({"storage": {"url": store_url}, "privacy": {"key_file": str(tmp_path / "key")}})
    store = open_store(store_url)
    opened = Runtime(
        settings, store, vault, bot_wording(), open_blobs(store_url, store), now=lambda: now, patience=UNHURRIED
    )
    yield opened
    await opened.close()


@pytest.fixture
async def commune(runtime: Runtime, now: int) -> SampleCommune:
    """A commune of twelve villages that asks the three questions."""
    sample = await runtime.store.write(lambda tx: seed_sample(tx, now))
    await runtime.store.write(lambda tx: publish(tx, sample.commune, ready(SURVEY), "ready", now))
    return sample


def account_of(commune: SampleCommune, channel: str) -> int:
    return commune.webchat if channel == "webchat" else commune.telegram


def event(commune: SampleCommune, channel: str, person: str, place: int, now: int) -> Inbound:
    kind, _, words = WALK[place].partition(" ")
    return Inbound(
        channel=channel,
        channel_account=account_of(commune, channel),
        dedupe_key=f"{person}:{place}",
        person=person,
        kind="start" if kind == "start" else "choice" if kind == "choice" else "text",
        at=now,
        choice=words if kind == "choice" else "",
        text=words if kind == "text" else "",
    )


async def walk(runtime: Runtime, commune: SampleCommune, channel: str, person: str, *, twice: bool) -> None:
    """Everything one citizen does, one after the other; `twice`: the platform delivers each event two times at once."""
    for place in range(len(WALK)):
        inbound = event(commune, channel, person, place, runtime.now())
        await asyncio.gather(*(runtime.receive(inbound) for _ in range(1 + twice)))


async def state_of(runtime: Runtime, commune: SampleCommune, channel: str, person: str) -> State:
    on = await runtime.account(account_of(commune, channel))
    state = load(await runtime.store.write(lambda tx: runtime.ledger.chat(tx, on, person, 0).state()))
    state.asked = 0  # the id of a message: another one each time
    return state


def rows_of(conn: Connection) -> dict[str, int]:
    tables = (conversations, participations, sealed_responses, seen_events, inbox)
    return {table.name: conn.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def numbers_by_person(conn: Connection) -> dict[str, list[int]]:
    query = (
        select(accounts.c.platform_id, outbox.c.seq)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .join(outbox, outbox.c.conversation_id == conversations.c.id)
        .order_by(outbox.c.seq)
    )
    found: dict[str, list[int]] = {}
    for person, seq in conn.execute(query):
        found.setdefault(person, []).append(seq)
    return found


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_crowd_ends_where_one_alone_ends(runtime: Runtime, commune: SampleCommune, channel: str) -> None:
    # Given one citizen who had the house for herself
    await walk(runtime, commune, channel, "alone", twice=False)
    alone = await state_of(runtime, commune, channel, "alone")
    assert alone.dialogue is None
    assert len(alone.answered) == 1

    # When sixty-four write at once, and every event comes twice
    crowd = [f"citizen-{number}" for number in range(CITIZENS)]
    await asyncio.gather(*(walk(runtime, commune, channel, person, twice=True) for person in crowd))

    # Then each conversation stands where hers does, with as many messages under the same numbers
    for person in crowd:
        assert await state_of(runtime, commune, channel, person) == alone
    numbers = await runtime.store.read(numbers_by_person)
    assert len(set(numbers["alone"])) == len(numbers["alone"])
    assert all(numbers[person] == numbers["alone"] for person in crowd)

    # And every answer is in once, every event was seen once, and none was set aside
    rows = await runtime.store.read(rows_of)
    everybody = CITIZENS + 1
    assert rows == {
        "conversations": everybody,
        "participations": everybody,
        "sealed_responses": everybody,
        "seen_events": everybody * len(WALK),
        "inbox": 0,
    }


async def test_one_person_at_two_windows_answers_once(runtime: Runtime, commune: SampleCommune) -> None:
    # Given somebody with the last question open
    person, last = "citizen", len(WALK) - 1
    for place in range(last):
        await runtime.receive(event(commune, "webchat", person, place, runtime.now()))

    # When the same button is pressed in sixteen windows at once, each press an event of its own
    press = event(commune, "webchat", person, last, runtime.now())
    presses = [
        Inbound(
            channel=press.channel,
            channel_account=press.channel_account,
            dedupe_key=f"window-{number}",
            person=person,
            kind="choice",
            at=press.at,
            choice=press.choice,
        )
        for number in range(16)
    ]
    await asyncio.gather(*(runtime.receive(inbound) for inbound in presses))

    # Then the first one counts, and the others were for a question that is past
    rows = await runtime.store.read(rows_of)
    assert (rows["participations"], rows["sealed_responses"], rows["inbox"]) == (1, 1, 0)
    assert (await state_of(runtime, commune, "webchat", person)).dialogue is None
