"""A commune to talk to under a frozen clock, and a transcript replayed in it."""

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PIL import Image
from sqlalchemy import insert, select, update

from app.blocking import block, lift
from app.bulletins import bulletin_round
from app.case_round import case_round
from app.follow_notices import tell_followers
from app.merging import merge, part, tell_joined
from app.runtime import Runtime
from app.transcripts import Player, Recorder, Transcript
from app.trial import NOW, open_trial
from app.waves import expire_round
from bot.conversation.messages import Bubble
from bot.flood import Flood
from feedback.acts import Act, Ask, Extend, Forward, Receive, Refusal, Reply, Take
from feedback.blocking import Block
from feedback.bulletins import Publish as PublishBulletin
from feedback.in_use import Switch
from feedback.knowledge import Fact, SaveFact
from feedback.roles import OFFICER, Actor, Role
from storage import bulletins, invitations, kinds_off, knowledge, survey_files, units, works
from storage.following import JOB as FOLLOW_JOB
from storage.ids import new_id
from storage.invitations import Drawn
from storage.jobs import Job
from storage.merging import JOB as JOINED_JOB
from storage.tables import accounts, blocks, cases, frame_rows, frames, officers, waves
from storage.tables import invitations as invitation_rows
from storage.tables import jobs as job_rows
from storage.tx import Tx
from storage.waves import Published, publish
from surveys.reading import read_survey
from tests.clock import Clock, pass_to
from tests.stores import UNHURRIED
from tests.transcripts import answering, session_deeds
from vietnam.time import DAY, MINUTE

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
    runtime.patience = UNHURRIED
    runtime.now = Clock(runtime.now())
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
        heard: list[Bubble] = []
        for _ in range(turn.times):
            heard += await done(town, deed, value.replace("{code}", town.code) if town.code else value)
        recorder.add(deed, value, heard, turn.times)
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


def _two(rest: str) -> tuple[str, str]:
    first, _, second = rest.partition(" | ")
    return first, second


ACTS: dict[str, Callable[[str], Act]] = {
    "receive": lambda _rest: Receive(),
    "take": lambda _rest: Take(),
    "reply": Reply,
    "ask": Ask,
    "extend": lambda rest: Extend(int(_two(rest)[0]), _two(rest)[1]),
    "forward": lambda rest: Forward(*_two(rest)),
}
"""What an officer does meanwhile to the newest case, from the words behind its name."""


async def meanwhile(town: Town, what: str) -> None:
    name, _, rest = (part.strip() for part in what.partition(":"))
    runtime = town.runtime
    if name in ACTS:
        await _act(town, ACTS[name](rest))
        return
    if name in answering.ANSWERS or name == answering.PAGE:
        act, role = await answering.act_of(runtime, town.unit, name, rest, picture("cong.jpg"))
        await _act(town, act, role)
        return
    if name in NEIGHBOURS:
        await NEIGHBOURS[name](town, rest)
        return
    if await session_deeds.happen(runtime, town.unit, name, rest):
        return
    match name:
        case "works":
            who = Actor(kind=OFFICER, unit=town.unit, role=Role.LEADER)
            await runtime.store.write(lambda tx: works.add(tx, who, rest, runtime.now()))
        case "close":
            closed = update(waves).where(waves.c.code == rest).values(state="closed", closes_at=NOW)
            await runtime.store.write(lambda tx: tx.execute(closed))
        case "answer elsewhere":
            await _answer_elsewhere(town, rest)
        case "publish":
            await _publish(town, rest)
        case "invite":
            await _invite(town, rest)
        case "minutes":
            pass_to(runtime, runtime.now() + int(rest) * MINUTE)
        case "days":
            pass_to(runtime, runtime.now() + int(rest) * DAY)
            await expire_round(runtime)
            await case_round(runtime)
        case _:
            raise ValueError(f"meanwhile: {what!r} is nothing that happens here")


async def _know(town: Town, rest: str) -> None:
    """An officer writes an answer down: title | text | other words | telephone | person."""
    title, text, words, phone, person = (rest.split(" | ") + [""] * 4)[:5]
    fact = Fact(title=title, text=text, words=words, phone=phone, person=person)
    by, now = Actor(kind=OFFICER, unit=town.unit, role=Role.RECEPTION), town.runtime.now()
    await town.runtime.store.write(lambda tx: knowledge.save(tx, SaveFact(fact=fact), by, now))


async def _act(town: Town, act: Act, role: Role | None = Role.RECEPTION) -> None:
    """An officer acts on the newest case; no role: the citizen, on its page."""
    runtime = town.runtime
    case = await runtime.store.read(lambda conn: conn.scalar(select(cases.c.id).order_by(cases.c.id.desc()).limit(1)))
    officer = await runtime.store.read(lambda conn: conn.scalar(select(officers.c.id)))
    if case is None or officer is None:
        raise LookupError("there is no case to act on")
    done = await runtime.act(case, act, answering.actor_of(town.unit, officer, role))
    if isinstance(done, Refusal):
        raise TypeError(done.key)
    await _tell_followers(runtime)


async def _tell_followers(runtime: Runtime) -> None:
    """What the worker would do of itself a moment later."""
    mine = job_rows.c.kind.in_((FOLLOW_JOB, JOINED_JOB))
    for row in await runtime.store.read(lambda conn: conn.execute(select(job_rows).where(mine)).all()):
        tell = tell_followers if row.kind == FOLLOW_JOB else tell_joined
        await tell(runtime, Job(row.id, row.unit_id, row.kind, row.key, row.body, 1, 0))
    await runtime.store.write(lambda tx: tx.execute(job_rows.delete().where(mine)).rowcount)


async def _report(town: Town, rest: str) -> None:
    """A neighbour reports something of roads: words | latitude, longitude | thôn."""
    words, point, village = rest.split(" | ")
    lat, _, lon = point.partition(",")
    neighbour = replace(await Player.begin(town.runtime, town.unit), person="neighbour", seen=0)
    for said in ("gửi phản ánh", "đường sá", words):
        await neighbour.say(said)
    await neighbour.place(float(lat), float(lon))
    for said in (village, "gửi ẩn danh"):
        await neighbour.say(said)
    newest = select(cases.c.code).order_by(cases.c.id.desc()).limit(1)
    town.code = str(await town.runtime.store.read(lambda conn: conn.scalar(newest)))


async def _other_chat(town: Town, _rest: str) -> None:
    """The same person asks in another chat of theirs for the code that joins the two."""
    other = replace(await Player.begin(town.runtime, town.unit), person="other", seen=0)
    said = await other.say("nối kênh")
    town.code = next(found[0] for bubble in said if (found := re.search(r"NOI(?: ?\d){8}", bubble.text, re.IGNORECASE)))


async def _bulletin(town: Town, rest: str) -> None:
    """A leader tells everybody something."""
    who, now = await _leader(town), town.runtime.now()
    done = await town.runtime.store.write(lambda tx: bulletins.publish(tx, PublishBulletin(text=rest), who, now))
    assert not isinstance(done, Refusal), done
    while await bulletin_round(town.runtime):
        pass


async def _lie(town: Town, rest: str) -> None:
    """Where the commune lies: latitude, longitude, how many km it reaches."""
    lat, lon, km = (float(part) for part in rest.split(","))
    await town.runtime.store.write(lambda tx: units.set_middle(tx, town.unit, lat, lon, int(km)))


async def _switch(town: Town, rest: str, *, on: bool) -> None:
    """A leader switches a kind or a field off, or on: kind praise."""
    who, (what, one) = Actor(kind=OFFICER, unit=town.unit, role=Role.LEADER), rest.split()
    switch = Switch(what="field" if what == "field" else "kind", name=one, on=on)
    await town.runtime.store.write(lambda tx: kinds_off.switch(tx, who, switch, town.runtime.now()))


async def _block(town: Town, rest: str) -> None:
    """A leader stops whoever sent the newest case: days | reason."""
    days, reason = _two(rest)
    newest = select(cases.c.id).order_by(cases.c.id.desc()).limit(1)
    case = await town.runtime.store.read(lambda conn: conn.scalar(newest))
    assert case is not None
    done = await block(town.runtime, case, Block(days=int(days), reason=reason), await _leader(town))
    assert not isinstance(done, Refusal), done


async def _merge(town: Town, _rest: str) -> None:
    """An officer joins the newest case into that of the neighbour."""
    newest = select(cases.c.id).order_by(cases.c.id.desc()).limit(1)
    case = await town.runtime.store.read(lambda conn: conn.scalar(newest))
    assert case is not None
    done = await merge(town.runtime, case, town.code, 0, await _leader(town))
    assert not isinstance(done, Refusal), done


async def _part(town: Town, _rest: str) -> None:
    """A leader takes it apart again."""
    newest = select(cases.c.id).order_by(cases.c.id.desc()).limit(1)
    case = await town.runtime.store.read(lambda conn: conn.scalar(newest))
    assert case is not None
    done = await part(town.runtime, case, 0, await _leader(town))
    assert not isinstance(done, Refusal), done


async def _for_neighbour(town: Town, rest: str) -> None:
    """What an officer does with the case of the neighbour: take, reply: words, or answer: as in answering.py."""
    runtime, (name, _, words) = town.runtime, (rest.partition(": "))
    case = await runtime.store.read(lambda conn: conn.scalar(select(cases.c.id).where(cases.c.code == town.code)))
    assert case is not None
    if name in answering.ANSWERS:
        act, _role = await answering.act_of(runtime, town.unit, name, words, picture("cong.jpg"))
    else:
        act = ACTS[name](words)
    done = await runtime.act(case, act, await _leader(town))
    assert not isinstance(done, Refusal), done
    await _tell_followers(runtime)


async def _lift(town: Town, _rest: str) -> None:
    """A leader ends the block."""
    put = await town.runtime.store.read(lambda conn: conn.scalar(select(blocks.c.id)))
    assert put is not None
    assert await lift(town.runtime, put, await _leader(town))


async def _leader(town: Town) -> Actor:
    officer = await town.runtime.store.read(lambda conn: conn.scalar(select(officers.c.id)))
    return Actor(kind=OFFICER, unit=town.unit, id=officer or 0, role=Role.LEADER)


async def _at_most(town: Town, rest: str) -> None:
    """So many messages a minute are answered from now on; the first minute begins."""
    town.runtime.flood = Flood(int(rest))


NEIGHBOURS: dict[str, Callable[[Town, str], Awaitable[None]]] = {
    "reported": _report, "other chat": _other_chat, "bulletin": _bulletin, "lies": _lie,
    "off": partial(_switch, on=False), "on": partial(_switch, on=True),
    "block": _block, "lift": _lift, "at most": _at_most, "know": _know,
    "merge": _merge, "part": _part, "neighbour": _for_neighbour,
}  # fmt: skip
"""What goes on around, from the words behind its name."""


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
