"""A turn that throws: the event is kept, taken again in order, and after the last failure everybody is told."""

from collections import Counter

import msgspec
from sqlalchemy import select, update

from app import worker
from app.posts import StoredPost
from storage import inbox
from storage.tables import conversations, notices, outbox
from storage.tables import inbox as kept_events
from storage.tx import Tx
from tests.chaos.house import House
from vietnam.time import MINUTE


async def _spoil(house: House, person: str) -> bytes:
    """Make every turn of a person throw: a state of a version that nobody knows. The sound state is given back."""

    def unit(tx: Tx) -> bytes:
        account = house.runtime.known_account(house.sample.telegram)
        chat = house.runtime.ledger.chat(tx, account, person, house.at)
        sound = chat.state() or b""
        chat.save(b'{"v":999}')
        return sound

    return await house.store.write(unit)


async def _mend(house: House, person: str, sound: bytes) -> None:
    def unit(tx: Tx) -> None:
        account = house.runtime.known_account(house.sample.telegram)
        house.runtime.ledger.chat(tx, account, person, house.at).save(sound)

    await house.store.write(unit)


async def test_a_turn_that_throws_is_kept_and_taken_again_in_order(house: House) -> None:
    # given a person whose turns throw, who goes on writing
    await house.runtime.receive(house.events("1")[0])
    sound = await _spoil(house, "1")
    for number, text in enumerate(("5", "viec thu nhat", "1, 2"), start=1):
        await house.runtime.receive(house.says("1", text, number))
    await house.runtime.receive(house.says("2", "menu", 1))

    # then all of it is kept, the others are answered, and nothing was said to the one
    assert await house.count(kept_events) == 3
    assert len(await house.said("1")) == 1
    assert len(await house.said("2")) == 1
    assert await worker.take_inbox(house.runtime)
    assert await house.count(kept_events) == 3

    # when the cause is gone and the time of the next try has come
    await _mend(house, "1", sound)
    house.at += MINUTE
    while await worker.take_inbox(house.runtime):
        house.at += MINUTE

    # then every word was heard, in the order in which it was written
    assert await house.count(kept_events) == 0
    asked = [text.rpartition("Câu ")[2][:4] for text in await house.said("1")]
    assert asked == ["1/7.", "2/7.", "3/7.", "4/7."]


async def test_after_three_failures_the_person_gets_an_apology_and_the_officers_a_notice(house: House) -> None:
    await house.runtime.receive(house.events("1")[0])
    await _spoil(house, "1")
    await house.runtime.receive(house.says("1", "5", 1))
    await house.runtime.receive(house.says("1", "menu", 2))

    for _ in range(3):
        assert await worker.take_inbox(house.runtime)
        house.at += MINUTE

    sorry = house.runtime.wording("turn.sorry")
    assert (await house.said("1"))[1:] == [sorry]
    told = await house.store.read(lambda conn: list(conn.scalars(select(notices.c.key))))
    assert told == ["notice.inbox_dead"]

    # and the next event of the chat has its turn only now, from a new beginning: nobody is stuck with an apology
    waiting, dead = await house.store.read(inbox.waiting)
    assert (waiting, dead) == (1, 1)
    assert await worker.take_inbox(house.runtime)
    assert await house.store.read(inbox.waiting) == (0, 1)
    assert len(await house.said("1")) == 3


async def test_a_state_that_no_key_opens_is_told_to_the_officers_all_the_same(house: House) -> None:
    await house.runtime.receive(house.events("1")[0])

    def unit(tx: Tx) -> None:
        tx.execute(update(conversations).values(state=b"\x01 not sealed with any key of ours"))

    await house.store.write(unit)
    await house.runtime.receive(house.says("1", "5", 1))
    for _ in range(3):
        await worker.take_inbox(house.runtime)
        house.at += MINUTE

    told = await house.store.read(lambda conn: list(conn.scalars(select(notices.c.key))))
    assert told == ["notice.inbox_dead"]
    assert await house.store.read(inbox.waiting) == (0, 1)


async def test_what_no_key_opens_holds_back_nobody_else(house: House) -> None:
    # given a kept event and a message whose seals do not open, and others behind them
    await house.runtime.receive(house.events("1")[0])
    sound = await _spoil(house, "1")
    await house.runtime.receive(house.says("1", "5", 1))
    await _mend(house, "1", sound)
    await house.runtime.receive(house.says("2", "menu", 1))

    def unit(tx: Tx) -> None:
        tx.execute(update(kept_events).values(body=b"\x01 not sealed with any key of ours"))
        mine = select(outbox.c.id).order_by(outbox.c.id).limit(1).scalar_subquery()
        tx.execute(update(outbox).where(outbox.c.id == mine).values(body=b"\x01 not sealed with any key of ours"))

    await house.store.write(unit)

    # then the event is given up after its tries, the message is a dead letter, and the rest goes on
    for _ in range(3):
        await worker.take_inbox(house.runtime)
        house.at += MINUTE
    assert await house.store.read(inbox.waiting) == (0, 1)
    letters = await StoredPost(house.runtime, house.sample.telegram).claim(9, MINUTE, 9)
    assert [letter.address.chat for letter in letters] == ["2"]
    states = await house.store.read(lambda conn: Counter(conn.scalars(select(outbox.c.state))))
    assert states["dead"] == 1


async def test_what_is_kept_of_an_event_says_nothing_to_whoever_lacks_the_key(house: House) -> None:
    await house.runtime.receive(house.events("1")[0])
    await _spoil(house, "1")
    await house.runtime.receive(house.says("1", "điều không ai được đọc", 1))

    body = await house.store.read(lambda conn: conn.scalar(select(kept_events.c.body)))

    assert body is not None
    assert "điều không ai".encode() not in bytes(body)
    assert msgspec.json.encode("điều không ai được đọc")[1:-1] not in bytes(body)
