"""What the conversation wants of the store, on both engines: partial answers, codes, media, opt-out, languages."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert, select, update

from app.ledger import StoredChat
from app.photo_jobs import Download, fetch_photo
from bot.conversation.effects import Submit
from bot.conversation.messages import Inbound, Media
from bot.ledger import Refused
from storage import invitations, participations, survey_files, wave_acts, waves
from storage.invitations import Drawn
from storage.jobs import Job, claim
from storage.store import Store
from storage.tables import accounts, blobs, conversations, frame_rows, frames, outbox, sealed_responses
from storage.tables import invitations as invitation_rows
from storage.tables import waves as wave_rows
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Kind, Privacy, Question, Survey
from tests.stores import SampleCommune
from tests.unit.chatting import ALL, House
from vietnam.time import DAY, HOUR

WHO = "p" * 64


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def expires_at(house: House) -> int | None:
    found: int | None = await house.runtime.store.read(lambda conn: conn.scalar(select(conversations.c.expires_at)))
    return found


async def send(house: House, **what: object) -> None:
    fixed = {"channel": "webchat", "channel_account": house.commune.webchat, "person": WHO, "at": house.at}
    await house.runtime.receive(Inbound(**{"dedupe_key": f"k{house.at}{what}", **fixed, **what}))  # type: ignore[arg-type]  # keywords by name


async def test_an_unfinished_answer_has_a_day_and_is_handed_in_on_it(house: House) -> None:
    # given somebody who answers two questions and goes
    begun = house.at
    await house.begin(WHO)
    assert await expires_at(house) == begun + 14 * DAY
    await house.say(WHO, *ALL[:2])
    # when the day has come
    house.at = begun + 14 * DAY
    await send(house, kind="expire")
    # then it is in, no word of it is left, and nobody was written to
    assert await house.sealed() == [house.commune.wave]
    assert await expires_at(house) is None
    bodies = select(outbox.c.body).where(outbox.c.topic != 0, outbox.c.body.is_not(None))
    assert await house.runtime.store.read(lambda conn: conn.execute(bodies).all()) == []
    # and a second event changes nothing
    await send(house, kind="expire", dedupe_key="again")
    assert await house.sealed() == [house.commune.wave]


async def test_it_comes_in_once_the_minutes_after_the_close_are_over(house: House) -> None:
    await house.begin(WHO)
    await house.say(WHO, *ALL[:2])
    unit, wave, at = house.commune.commune, house.commune.wave, house.at

    def close(tx: Tx) -> None:
        tx.execute(update(wave_rows).where(wave_rows.c.id == wave).values(state="closed", closes_at=at))
        wave_acts.end_at(tx, unit, wave, at)

    await house.runtime.store.write(close)
    await send(house, kind="expire")
    assert await house.sealed() == []
    house.at += house.runtime.ledger.grace
    await send(house, kind="expire")
    assert len(await house.sealed()) == 1


async def test_of_a_wave_called_off_nothing_is_kept(house: House) -> None:
    await house.begin(WHO)
    await house.say(WHO, *ALL[:2])
    off = update(wave_rows).values(state="cancelled", closes_at=house.at)
    await house.runtime.store.write(lambda tx: tx.execute(off).rowcount)
    await send(house, kind="expire")
    assert await house.sealed() == []
    assert await expires_at(house) is None


async def test_an_expiry_does_not_bring_back_whoever_has_gone(house: House) -> None:
    await house.begin(WHO)
    await house.say(WHO, *ALL[:2])
    await send(house, kind="gone")
    house.at += 14 * DAY
    await send(house, kind="expire")
    assert await house.runtime.store.read(lambda conn: conn.scalar(select(accounts.c.gone))) == "blocked"


# --- one-time codes ---


async def invited(house: House, many: int = 1) -> list[str]:
    """Codes of a wave that is asked by code alone."""
    unit, now = house.commune.commune, house.at
    survey = msgspec.structs.replace(house.commune.survey, id="mau_2", title="Phiếu theo mã")

    def draw(tx: Tx) -> list[str]:
        wave = waves.publish(tx, unit, survey, "by code", now).wave
        tx.execute(update(wave_rows).where(wave_rows.c.id == wave).values(kind="invited"))
        row = {"id": 5, "unit_id": unit, "name": "hộ", "kind": "household", "size": many, "checksum": "c"}
        tx.execute(insert(frames).values(**row, imported_at=now))
        for number in range(1, many + 1):
            tx.execute(insert(frame_rows).values(id=number, frame_id=5, number=number, body=b"sealed"))
        vault = house.runtime.vault
        drawn = [Drawn(number, None, None) for number in range(1, many + 1)]
        invitations.invite_rows(tx, vault, unit, wave, drawn, now)
        stored = tx.execute(select(invitation_rows.c.frame_row_id, invitation_rows.c.code)).all()
        return [invitations.code_of(vault, unit, wave, line.frame_row_id, bytes(line.code)) for line in stored]

    return await house.runtime.store.write(draw)


async def test_a_code_brings_one_answer_from_whatever_chat(house: House) -> None:
    (code,) = await invited(house)
    for person in (WHO, "q" * 64):
        await send(house, kind="start", source=f"m_{code}", person=person, dedupe_key=person)
        await house.say(person, *ALL)
    assert len(await house.sealed()) == 1


async def test_one_chat_brings_the_answers_of_several_codes(house: House) -> None:
    for code in await invited(house, 2):
        await send(house, kind="text", text=code.lower().replace("-", " "), dedupe_key=code)
        await house.say(WHO, *ALL)
    assert len(await house.sealed()) == 2


async def test_a_code_of_no_wave_opens_nothing(house: House) -> None:
    await send(house, kind="start", source="m_K7M-2QX-4P9")
    assert await expires_at(house) is None


# --- what the person says of invitations and languages ---


async def test_the_will_of_the_person_stands_at_the_account(house: House) -> None:
    columns = select(accounts.c.opted_out_at, accounts.c.language)
    await house.begin(WHO)
    await house.say(WHO, "/dung")
    assert (await house.runtime.store.read(lambda conn: conn.execute(columns).one()))[0] == house.at
    await house.say(WHO, "/nhan_tin")
    await send(house, kind="choice", choice="go:language.vi")
    assert tuple(await house.runtime.store.read(lambda conn: conn.execute(columns).one())) == (None, "")


# --- pictures, voices, recordings ---


def telling() -> Survey:
    return Survey(
        id="ke",
        title="Phiếu kể",
        privacy=Privacy.CONFIDENTIAL,
        questions=(Question(id="tieng", kind=Kind.VOICE, text="Ông/Bà nói gì?", audio="tieng.ogg"),),
    )


async def published(house: House) -> int:
    unit = house.commune.commune
    done = await house.runtime.store.write(lambda tx: waves.publish(tx, unit, telling(), "told", house.at))
    return done.version


async def blob(house: House, data: bytes = b"OggS one") -> int:
    return await house.runtime.blobs.put(house.commune.commune, "audio/ogg", data)


async def test_what_was_sent_with_an_answer_is_kept_with_it(house: House) -> None:
    await published(house)
    id = await blob(house)
    await send(house, kind="start", source="ks_ke")
    await send(house, kind="voice", media=(Media(blob=id, kind="voice"),))
    await house.say(WHO, "bỏ qua", "đồng ý")
    assert len(await house.sealed()) == 1
    assert await house.runtime.store.read(lambda conn: conn.scalar(select(blobs.c.kept))) == 1


async def test_what_was_swept_meanwhile_is_said_and_nothing_is_handed_in(house: House) -> None:
    version = await published(house)
    await send(house, kind="start", source="ks_ke")
    wanted = Submit(wave=0, version=version, village=None, answers={"tieng": "blob:1"})
    on = await house.runtime.account(house.commune.webchat)

    def submit(tx: Tx) -> None:
        chat: StoredChat = house.runtime.ledger.chat(tx, on, WHO, house.at)
        wave = tx.conn.scalar(select(wave_rows.c.id).where(wave_rows.c.version_id == version))
        with chat.trial():
            chat.submit(msgspec.structs.replace(wanted, wave=wave))

    with pytest.raises(Refused, match=r"photo\.expired"):
        await house.runtime.store.write(submit)
    count = await house.runtime.store.read(lambda conn: conn.execute(select(sealed_responses.c.id)).all())
    assert count == []


async def test_a_file_published_with_a_version_is_found_by_its_name(house: House) -> None:
    version, id = await published(house), await blob(house)
    await house.runtime.store.write(lambda tx: survey_files.put(tx, version, "tieng.ogg", id))
    found = await house.runtime.store.read(
        lambda conn: [survey_files.blob_of(conn, version, name) for name in ("tieng.ogg", "khac.ogg")]
    )
    assert found == [id, 0]
    assert await house.runtime.store.read(lambda conn: conn.scalar(select(blobs.c.kept))) == 1


@pytest.mark.parametrize(("data", "sealed"), [(b"OggS told", 1), (b"no voice", 0), (b"OggS".ljust(3 * 2**20), 0)])
async def test_a_voice_of_a_platform_is_brought_over_into_the_same_conversation(
    house: House, data: bytes, sealed: int
) -> None:
    await published(house)
    await send(house, kind="start", source="ks_ke")
    await send(house, kind="voice", media=(Media(ref="v1", kind="voice"),))

    async def download(ref: str, limit: int) -> bytes:
        if len(data) > limit:
            raise ValueError(ref)
        return data

    job = await one_job(house)
    downloads: dict[int, Download] = {house.commune.webchat: download}
    await fetch_photo(house.runtime, job, downloads)
    await house.say(WHO, "bỏ qua", "đồng ý")
    assert len(await house.sealed()) == sealed


async def one_job(house: House) -> Job:
    found = await house.runtime.store.write(lambda tx: claim(tx, house.at, HOUR, 9))
    (job,) = [job for job in found if job.kind == "photo"]
    return job


async def test_tokens_of_accounts_and_of_codes_are_never_the_same(house: House) -> None:
    vault = house.runtime.vault
    assert participations.of_account(vault, 1, 2) != participations.of_invitation(vault, 1, 2)
