"""A real process is killed again and again, between any two steps of a turn or a send: nothing is lost or doubled."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, select

from app.runtime import Runtime, clock
from app.settings import Settings
from app.wording import bot_wording
from storage.blobs import open_blobs
from storage.migrate import upgrade
from storage.opening import open_store
from storage.store import Store
from storage.tables import inbox, outbox
from storage.vault import Vault, make_key_file
from tests.chaos.aftermath import Aftermath, Row, aftermath, heard_of, outbox_rows, without_codes
from tests.chaos.child import Order
from tests.chaos.killing import Chaos
from tests.chaos.script import events
from tests.fakes.telegram import FakeTelegram, Person
from tests.stores import SampleCommune, seed_sample
from tests.unit.desk import WORDING
from vietnam.time import DAY

PEOPLE, MANY_PEOPLE = 7, 40
KILLS = 50
"""In every run and on either engine; `make test-long` has several hundred."""
MANY_KILLS = 400
KILLS_BESIDE = 25


@dataclass(frozen=True)
class Story:
    """The citizens, a store with their commune, and the key."""

    url: str
    store: Store
    vault: Vault
    key_file: Path
    sample: SampleCommune
    people: list[Person]
    begun: int

    @property
    def persons(self) -> list[str]:
        """Their platform ids."""
        return [str(person.id) for person in self.people]


@dataclass(frozen=True)
class Undisturbed:
    """What a run leaves in which nobody is killed, and every text that was written for each chat, by its number."""

    left: Aftermath
    texts: dict[str, dict[int, str]]


async def undisturbed(folder: Path, persons: list[str], now: int) -> Undisturbed:
    """The same story, in this process and without an accident."""
    url = f"sqlite:///{folder / 'undisturbed.db'}"
    upgrade(url)
    vault = make_key_file(folder / "undisturbed.key")
    store = open_store(url)
    settings = Settings.model_validate({"storage": {"url": url}, "privacy": {"key_file": str(folder / "none")}})
    runtime = Runtime(settings, store, vault, bot_wording(), open_blobs(url, store), now=lambda: now)
    said: dict[str, dict[int, str]] = {person: {} for person in persons}
    try:
        sample = await store.write(lambda tx: seed_sample(tx, now - DAY))
        for event in events(persons, sample.telegram, now):
            await runtime.receive(event)
            # Looked at after every turn: the words of a survey are erased when it is handed in.
            rows = await store.read(lambda conn: outbox_rows(conn, vault))
            said[event.person] |= {row.seq: row.text for row in rows[event.person] if row.text is not None}
        left = await store.read(lambda conn: aftermath(conn, vault))
    finally:
        await runtime.close()
    return Undisturbed(left, said)


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        # The limits have tests of their own; here as much as possible should be under way when a kill comes.
        running.flood(chat_per_second=10_000, chat_burst=10_000, per_second=10_000)
        yield running


@pytest.fixture
async def story(
    request: pytest.FixtureRequest, store_url: str, fake: FakeTelegram, tmp_path: Path
) -> AsyncIterator[Story]:
    """A commune with an open survey and citizens who have pressed Start."""
    vault = make_key_file(tmp_path / "nghedan.key")
    many = request.node.get_closest_marker("long") is not None
    people = [fake.user(f"Người {number}") for number in range(MANY_PEOPLE if many else PEOPLE)]
    for person in people:
        person.starts("ks_mau")
    begun = clock()
    store = open_store(store_url)
    sample = await store.write(lambda tx: seed_sample(tx, begun - DAY))
    yield Story(store_url, store, vault, tmp_path / "nghedan.key", sample, people, begun)
    await store.close()


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled_however_often_the_process_is_killed(
    story: Story, fake: FakeTelegram, tmp_path: Path
) -> None:
    expected = await undisturbed(tmp_path, story.persons, story.begun)
    chaos = _chaos(story, fake, tmp_path)

    await chaos.play(KILLS)

    await _compare(story, expected, chaos)


@pytest.mark.long
async def test_several_hundred_kills(story: Story, fake: FakeTelegram, tmp_path: Path) -> None:
    expected = await undisturbed(tmp_path, story.persons, story.begun)
    chaos = _chaos(story, fake, tmp_path)

    await chaos.play(MANY_KILLS)

    await _compare(story, expected, chaos)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
async def test_a_process_is_killed_again_and_again_beside_another_that_goes_on(
    story: Story, fake: FakeTelegram, tmp_path: Path
) -> None:
    # given two processes of one clock on one database, each with citizens of its own; both send for all
    expected = await undisturbed(tmp_path, story.persons, story.begun)
    chaos = _chaos(story, fake, tmp_path)
    chaos.order = replace(chaos.order, rate=40, leap=0, patience=1)
    other = replace(chaos.order, events=str(tmp_path / "events beside"))
    told = events(story.persons, story.sample.telegram, story.begun)
    beside = [event for event in told if event.person in story.persons[1::2]]
    Path(other.events).write_bytes(b"\n".join(msgspec.json.encode(event) for event in beside))
    chaos.events = [event for event in told if event.person in story.persons[::2]]

    # when one of them is killed again and again
    await chaos.play_beside(KILLS_BESIDE, other)

    await _compare(story, expected, chaos)


def _chaos(story: Story, fake: FakeTelegram, folder: Path) -> Chaos:
    told = events(story.persons, story.sample.telegram, story.begun)
    return Chaos(
        order=Order(
            url=story.url,
            key_file=str(story.key_file),
            telegram=story.sample.telegram,
            token=fake.token,
            api_base=fake.api_base,
            events=str(folder / "events"),
            begun=story.begun,
        ),
        events=told,
        fake=fake,
        random=Random(story.begun),
        seen=lambda: story.store.read(lambda conn: heard_of(conn, story.vault, told)),
        waiting=lambda: story.store.read(_waiting),
    )


async def _compare(story: Story, expected: Undisturbed, chaos: Chaos) -> None:
    """The same is left as when nobody was killed, and everything has arrived."""
    assert expected.left.participations == len(story.people)
    assert sum(expected.left.cases.values()) == 2 * len(story.people)
    left = await story.store.read(lambda conn: aftermath(conn, story.vault))
    assert left.decided() == expected.left.decided()
    assert left.waiting == 0
    for person, rows in left.rows.items():
        assert [row.seq for row in rows] == [row.seq for row in expected.left.rows[person]], "a gap or a double"
    doubled = sum(
        _delivered(
            left.rows[str(person.id)],
            expected.texts[str(person.id)],
            [without_codes(PAGE.sub("", seen.text)) for seen in person.heard if seen.text not in BESIDE],
        )
        for person in story.people
    )
    uncertain = sum(row.uncertain for rows in left.rows.values() for row in rows)
    print(
        f"{chaos.tally.kills} kills (seed {story.begun}), {len(chaos.events)} turns; "
        f"{chaos.tally.committed_unheard} times a turn was committed and not yet acknowledged when the kill came; "
        f"{uncertain} sends uncertain, {doubled} messages came again"
    )
    assert chaos.tally.committed_unheard > 0, "no kill fell between a commit and its acknowledgement"
    assert uncertain > 0, "no kill fell between a send and its record"


PAGE = re.compile(r"\n[^\n]*: \S+/them/\S+")
"""The address of a page below a question: signed anew each time."""
BESIDE = {WORDING.texts[f"keyboard.{key}"] for key in ("place", "contact", "gone")}
"""What Telegram is sent beside a question, for a button in place of the letters; no row of its own."""


def _delivered(rows: list[Row], texts: dict[int, str], heard: list[str]) -> int:
    """How many messages of a chat came more than once; AssertionError for one lost, out of order or doubled silently.

    `texts` is what was to be said, by its number; `heard` what stands in the chat. Of a survey handed in no row
    is left: its messages may have come not at all, or again, as far as the store can tell.
    """
    kept = {row.seq: row for row in rows}
    came = list(heard)
    doubled = 0
    for seq, text in sorted(texts.items()):
        row = kept.get(seq)
        times = 0
        while came and came[0] == text and (row is None or times <= row.uncertain):
            came.pop(0)
            times += 1
        if row is not None:
            assert row.state == "sent", row
            assert row.text in {None, text}
            assert times, f"lost or out of order: {row}, next came {came[:1]}"
        doubled += max(0, times - 1)
    assert came == [], "doubled though no send was uncertain, or out of order"
    return doubled


def _waiting(conn: Connection) -> list[tuple[Any, ...]]:
    """Messages not sent and events not taken yet."""
    columns = (outbox.c.conversation_id, outbox.c.seq, outbox.c.state, outbox.c.tries, outbox.c.fault)
    unsent = conn.execute(select(*columns).where(outbox.c.state.in_(["ready", "leased"])))
    kept = conn.execute(select(inbox.c.chat, inbox.c.tries, inbox.c.dead, inbox.c.fault))
    return [tuple(row) for row in (*unsent, *kept)]
