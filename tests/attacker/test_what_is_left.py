"""What is known to remain, each with a test that will say so once it is closed (docs/privacy.md)."""

import pytest
from sqlalchemy import insert, update

from bot.channels.webchat import parse
from storage import waves
from storage.tables import blobs
from storage.tx import Tx
from surveys.definition import Kind, Question, Survey
from tests.attacker.attacks import Guess
from tests.attacker.loot import Loot, rows
from tests.attacker.town import Town, person

BLOB = 4_242


def senders_of_pictures(loot: Loot) -> Guess:
    """The proof of consent says who gave a picture; the response that has one is theirs, if they are the only one."""
    senders = [row["account_id"] for row in loot["consents"] if "photo" in row["data"]]
    pictured = [row["response_id"] for row in loot["answers"] if (row["value"] or "").startswith('"blob:')]
    return dict(zip(senders, pictured, strict=False)) if len(senders) == len(pictured) == 1 else {}


@pytest.mark.xfail(reason="the law wants proof that somebody agreed to give a picture, a voice or a place")
async def test_whoever_sends_a_picture_is_not_known_by_it(town: Town) -> None:
    # given six people asked for a picture, of whom one sends one, agreeing to it
    survey = Survey(
        id="anh",
        title="Phiếu có ảnh",
        questions=(
            Question(id="chung", kind=Kind.LIKERT5, text="Nhìn chung?"),
            Question(id="anh", kind=Kind.PHOTO, text="Xin gửi ảnh."),
        ),
    )
    unit, now = town.commune.commune, town.at
    await town.store.write(lambda tx: waves.publish(tx, unit, survey, "pictures", now))

    def picture(tx: Tx) -> None:
        facts = {"media_type": "image/jpeg", "size": 1, "sha256": b"", "created_at": town.at}
        tx.execute(insert(blobs).values(id=BLOB, unit_id=unit, **facts))
        tx.execute(update(blobs).where(blobs.c.id == BLOB).values(kept=0))

    await town.store.write(picture)
    people = [person(number, town.rng, channel="webchat", village=1) for number in range(6)]
    for who in people:
        await town.begins(who, "ks_anh")
        await town.hears(who, "4")
        if who.number == 2:
            sent = parse.photo(parse.Visitor(town.commune.webchat, who.id), "m" * 24, BLOB, 1, "", at=town.at)
            await town.runtime.receive(sent)
        else:
            await town.hears(who, "bỏ qua")
        await town.hears(who, "mau 1")
        if who.number == 2:
            await town.hears(who, "đồng ý gửi")
    assert await town.release() == 6
    assert senders_of_pictures(await rows(town.store)) == {}
