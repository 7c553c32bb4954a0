"""To be forgotten just when something is under way: a message that is being sent, a session that has begun."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from storage import outbox as letters
from storage import replies, rights, voices
from storage.ids import new_id
from storage.store import Store
from storage.tables import accounts, blobs, bookings, cases, conversations, outbox
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import announced
from vietnam.time import DAY, HOUR, MINUTE

WHO = "p" * 64
WORDS = "Đèn đường ở ngã ba hỏng ba hôm nay rồi"
SENT = ("xin chào", WORDS, "1", "1", "bỏ qua", "bỏ qua", "2", "Bùi Thị Quýt", "0912345678", "1")


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


@pytest.mark.parametrize("end", ["the process died", "the platform was busy"])
async def test_a_message_under_way_to_somebody_who_is_forgotten_holds_up_nobody(house: House, end: str) -> None:
    # given a message that is just being sent
    await house.say(WHO, *SENT)
    newest = select(outbox.c.id).order_by(outbox.c.seq.desc()).limit(1)
    id = await house.runtime.store.read(lambda conn: conn.scalars(newest).one())
    leased = {"state": "leased", "next_at": house.at, "lease_until": house.at + MINUTE}
    await house.runtime.store.write(lambda tx: tx.execute(update(outbox).where(outbox.c.id == id).values(**leased)))
    # when its person is forgotten, and then it could not be sent
    mine = await house.runtime.store.read(lambda conn: list(conn.scalars(select(accounts.c.id))))
    await house.runtime.store.write(lambda tx: rights.erase(tx, mine, house.at))
    later = house.at + DAY
    if end == "the platform was busy":
        await house.runtime.store.write(
            lambda tx: letters.later(tx, id, at=house.at, fault="busy", counts=True, uncertain=False)
        )
    # then it is not sent again, and what comes next goes out
    on = house.commune.webchat
    claimed = await house.runtime.store.write(lambda tx: letters.claim(tx, house.runtime.vault, on, later, MINUTE, 10))
    assert claimed == []


@pytest.mark.parametrize("word", ["/xoa", "/rut_dong_y"])
async def test_whoever_has_a_seat_in_a_session_that_has_begun_can_still_be_forgotten(
    house: House, commune: SampleCommune, word: str
) -> None:
    # given somebody with a case and a seat, in a session that goes on
    starts = house.at + 8 * DAY + 5 * HOUR
    await announced(house.runtime, commune, starts_at=starts, slot_minutes=0)
    await house.say(WHO, *SENT, "menu", "đặt lịch", "1", "Hỏi về đất ở.", "Bùi Thị Quýt 0912345678")
    house.at = starts + MINUTE
    # when they ask
    await house.say(WHO, word, "1")
    # then it is done
    rows = await house.runtime.store.read(lambda conn: conn.execute(select(bookings)).all())
    assert [(row.name, row.phone) for row in rows] == [("", "")]
    assert [row.name for row in await house.runtime.store.read(lambda conn: conn.execute(select(cases)).all())] == [""]
    assert await house.runtime.store.read(lambda conn: conn.scalars(select(conversations.c.id)).all())


async def test_a_picture_that_was_taken_back_is_swept_at_once_and_no_evidence_till_then(house: House) -> None:
    # given a case with a picture, a recording, and a new picture of an officer
    await house.say(WHO, *SENT)
    unit, [taken, spoken, new] = house.commune.commune, [new_id() for _ in range(3)]
    types = {taken: "image/jpeg", spoken: "audio/ogg", new: "image/jpeg"}

    def furnish(tx: Tx) -> int:
        for id, media_type in types.items():
            row = {"id": id, "unit_id": unit, "media_type": media_type, "size": 1, "sha256": b"x"}
            tx.execute(insert(blobs).values(**row, created_at=house.at))
        case = tx.execute(select(cases.c.id)).scalar_one()
        voices.keep(tx, case, [taken, spoken], 1)
        return int(case)

    case = await house.runtime.store.write(furnish)
    # when consent is taken back
    await house.say(WHO, "/rut_dong_y", "1")
    # then what was seen of it cannot be put to an answer, and the next sweep takes it
    usable = await house.runtime.store.read(lambda conn: replies.usable(conn, unit, case, (taken, spoken, new)))
    assert usable == (new,)
    assert await house.runtime.blobs.sweep(house.at - HOUR) == 2
