"""A commune to talk to under a frozen clock, and a transcript replayed in it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from sqlalchemy import insert, select, update

from app.case_round import case_round
from app.runtime import Runtime
from app.transcripts import Player, Recorder, Transcript
from app.trial import NOW, open_trial
from app.waves import expire_round
from bot.conversation.messages import Bubble
from feedback.acts import Act, Ask, Extend, Forward, Receive, Refusal, Reply, Take
from feedback.roles import OFFICER, Actor, Role
from storage import invitations, survey_files
from storage.ids import new_id
from storage.invitations import Drawn
from storage.tables import accounts, cases, frame_rows, frames, officers, waves
from storage.tables import invitations as invitation_rows
from storage.tx import Tx
from storage.waves import Published, publish
from surveys.reading import read_survey
from vietnam.time import DAY

SURVEYS = Path(__file__).parent / "surveys"
PHOTOS = {"duong.jpg": (640, 480), "cong.jpg": (320, 240)}
"""Pictures that a transcript may send; any other name is a file that is no picture."""
VOICES = {"loi_noi.ogg": b"OggS" + bytes(400), "rat_dai.ogg": b"OggS" + bytes(3 * 1024 * 1024)}
QUESTIONS = 20
"""More than any ready questionnaire asks."""


@dataclass
class Town:
    """The sample commune with one citizen; `code` is the last one-time code that was made."""

    runtime: Runtime
    unit: int
    player: Player
    code: str = ""


@asynccontextmanager
async def sample_town(folder: Path) -> AsyncIterator[tuple[Runtime, int]]:
    """The commune of `nghedan chat --trial`, with an officer; a migrated, empty store is in the folder."""
    runtime, unit = await open_trial(folder)
    row = {"id": new_id(), "unit_id": unit, "login": "mau", "name": "Cán bộ mẫu", "role": "reception"}
    try:
        await runtime.store.write(
            lambda tx: tx.execute(officers.insert().values(**row, password_hash="none", created_at=NOW))
        )
        yield runtime, unit
    finally:
        await runtime.close()


async def replay(runtime: Runtime, unit: int, transcript: Transcript) -> str:
    """The transcript as it comes out now."""
    town = Town(runtime, unit, await Player.begin(runtime, unit))
    recorder = Recorder(transcript.about)
    for turn in transcript.turn:
        deed, value = turn.deed
        heard = await done(town, deed, value.replace("{code}", town.code) if town.code else value)
        recorder.add(deed, value, heard)
    return recorder.toml()


async def done(town: Town, deed: str, value: str) -> list[Bubble]:
    player = town.player
    match deed:
        case "start":
            return await player.start(value)
        case "say":
            return await player.say(value)
        case "photo":
            return await player.photo(picture(value))
        case "voice":
            return await player.voice(VOICES.get(value, b"this is no voice"))
        case "place":
            lat, _, lon = value.partition(",")
            return await player.place(float(lat), float(lon))
        case "press":
            return await player.press_label(value)
        case "press_old":
            return await player.press_label(value, old=True)
        case _:
            await meanwhile(town, value)
            return await player.hear()


def picture(name: str) -> bytes:
    if name not in PHOTOS:
        return b"this is no picture"
    made = io.BytesIO()
    Image.new("RGB", PHOTOS[name], "darkgreen").save(made, "JPEG")
    return made.getvalue()


async def meanwhile(town: Town, what: str) -> None:
    name, _, rest = (part.strip() for part in what.partition(":"))
    runtime = town.runtime
    match name:
        case "take":
            await _act(town, Take())
        case "reply":
            await _act(town, Reply(rest))
        case "ask":
            await _act(town, Ask(rest))
        case "extend":
            by, _, reason = rest.partition(" | ")
            await _act(town, Extend(int(by), reason))
        case "forward":
            to, _, text = rest.partition(" | ")
            await _act(town, Forward(to, text))
        case "receive":
            await _act(town, Receive())
        case "close":
            closed = update(waves).where(waves.c.code == rest).values(state="closed", closes_at=NOW)
            await runtime.store.write(lambda tx: tx.execute(closed))
        case "answer elsewhere":
            await _answer_elsewhere(town, rest)
        case "publish":
            await _publish(town, rest)
        case "invite":
            await _invite(town, rest)
        case "days":
            later = runtime.now() + int(rest) * DAY
            runtime.now = lambda: later
            await expire_round(runtime)
            await case_round(runtime)
        case _:
            raise ValueError(f"meanwhile: {what!r} is nothing that happens here")


async def _act(town: Town, act: Act) -> None:
    """An officer acts on the newest case."""
    runtime = town.runtime
    case = await runtime.store.read(lambda conn: conn.scalar(select(cases.c.id).order_by(cases.c.id.desc()).limit(1)))
    officer = await runtime.store.read(lambda conn: conn.scalar(select(officers.c.id)))
    if case is None or officer is None:
        raise LookupError("there is no case to act on")
    done = await runtime.act(case, act, Actor(kind=OFFICER, unit=town.unit, id=officer, role=Role.RECEPTION))
    if isinstance(done, Refusal):
        raise TypeError(done.key)


async def _publish(town: Town, name: str) -> Published:
    """Open a survey of the folder beside this file, with a recording for every question that names one."""
    survey = read_survey((SURVEYS / name).read_bytes(), name)
    blob = await town.runtime.blobs.put(town.unit, "audio/ogg", VOICES["loi_noi.ogg"])

    def unit(tx: Tx) -> Published:
        done = publish(tx, town.unit, survey, name, town.runtime.now())
        for recording in {question.audio for question in survey.questions} - {""}:
            survey_files.put(tx, done.version, recording, blob)
        return done

    return await town.runtime.store.write(unit)


async def _invite(town: Town, name: str) -> None:
    """Ask a survey of that folder by one-time code alone, of one household."""
    published = await _publish(town, name)
    vault, now = town.runtime.vault, town.runtime.now()

    def unit(tx: Tx) -> str:
        wave = published.wave
        tx.execute(update(waves).where(waves.c.id == wave).values(kind="invited", per="household"))
        row = {"id": new_id(), "unit_id": town.unit, "name": "hộ", "kind": "household", "size": 1, "checksum": "1"}
        tx.execute(insert(frames).values(**row, imported_at=now))
        tx.execute(insert(frame_rows).values(id=1, frame_id=row["id"], number=1, body=b"sealed"))
        invitations.invite_rows(tx, vault, town.unit, wave, [Drawn(1, None, None)], now)
        stored = tx.execute(select(invitation_rows.c.code).where(invitation_rows.c.wave_id == wave)).scalar_one()
        return invitations.code_of(vault, town.unit, wave, 1, bytes(stored))

    town.code = await town.runtime.store.write(unit)


async def _answer_elsewhere(town: Town, code: str) -> None:
    """The same person answers the survey from another account that has been joined to this one."""
    player = town.player
    other = replace(await Player.begin(town.runtime, town.unit), person="other", seen=0)
    await other.start(code)

    def join(tx: Tx) -> None:
        mine = select(accounts.c.person_id).where(accounts.c.platform_id == player.person).scalar_subquery()
        tx.execute(update(accounts).where(accounts.c.platform_id == other.person).values(person_id=mine))

    await town.runtime.store.write(join)
    for _ in range(QUESTIONS):
        await other.say("bỏ qua")
