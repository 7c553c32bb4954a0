"""A commune to talk to under a frozen clock, and a transcript replayed in it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from PIL import Image
from sqlalchemy import select, update

from app.runtime import Runtime
from app.transcripts import Player, Recorder, Transcript, Turn
from app.trial import NOW, open_trial
from bot.conversation.messages import Bubble
from feedback.acts import Act, Refusal, Reply, Take
from feedback.roles import OFFICER, Actor, Role
from storage.ids import new_id
from storage.tables import accounts, cases, officers, waves
from storage.tx import Tx

PHOTOS = {"duong.jpg": (640, 480), "cong.jpg": (320, 240)}
"""Pictures that a transcript may send; any other name is a file that is no picture."""
QUESTIONS = 20
"""More than any ready questionnaire asks."""


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
    player = await Player.begin(runtime, unit)
    recorder = Recorder(transcript.about)
    for turn in transcript.turn:
        deed, value = turn.deed
        recorder.add(deed, value, await _done(player, unit, turn))
    return recorder.toml()


async def _done(player: Player, unit: int, turn: Turn) -> list[Bubble]:
    deed, value = turn.deed
    match deed:
        case "start":
            return await player.start(value)
        case "say":
            return await player.say(value)
        case "photo":
            return await player.photo(_picture(value))
        case "press":
            return await player.press_label(value)
        case "press_old":
            return await player.press_label(value, old=True)
        case _:
            await _meanwhile(player, unit, value)
            return await player.hear()


def _picture(name: str) -> bytes:
    if name not in PHOTOS:
        return b"this is no picture"
    made = io.BytesIO()
    Image.new("RGB", PHOTOS[name], "darkgreen").save(made, "JPEG")
    return made.getvalue()


async def _meanwhile(player: Player, unit: int, what: str) -> None:
    name, _, rest = (part.strip() for part in what.partition(":"))
    match name:
        case "take":
            await _act(player.runtime, unit, Take())
        case "reply":
            await _act(player.runtime, unit, Reply(rest))
        case "close":
            closed = update(waves).where(waves.c.code == rest).values(state="closed", closes_at=NOW)
            await player.runtime.store.write(lambda tx: tx.execute(closed))
        case "answer elsewhere":
            await _answer_elsewhere(player, unit, rest)
        case _:
            raise ValueError(f"meanwhile: {what!r} is nothing that happens here")


async def _act(runtime: Runtime, unit: int, act: Act) -> None:
    """An officer acts on the newest case."""
    case = await runtime.store.read(lambda conn: conn.scalar(select(cases.c.id).order_by(cases.c.id.desc()).limit(1)))
    officer = await runtime.store.read(lambda conn: conn.scalar(select(officers.c.id)))
    if case is None or officer is None:
        raise LookupError("there is no case to act on")
    done = await runtime.act(case, act, Actor(kind=OFFICER, unit=unit, id=officer, role=Role.RECEPTION))
    if isinstance(done, Refusal):
        raise TypeError(done.key)


async def _answer_elsewhere(player: Player, unit: int, code: str) -> None:
    """The same person answers the survey from another account that has been joined to this one."""
    other = replace(await Player.begin(player.runtime, unit), person="other", seen=0)
    await other.start(code)

    def join(tx: Tx) -> None:
        mine = select(accounts.c.person_id).where(accounts.c.platform_id == player.person).scalar_subquery()
        tx.execute(update(accounts).where(accounts.c.platform_id == other.person).values(person_id=mine))

    await player.runtime.store.write(join)
    for _ in range(QUESTIONS):
        await other.say("bỏ qua")
