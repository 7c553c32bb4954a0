"""A commune to talk to under a frozen clock, and a transcript replayed in it."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from sqlalchemy import insert, select, update

from app.case_round import case_round
from app.follow_notices import tell_followers
from app.runtime import Runtime
from app.transcripts import Player, Recorder, Transcript
from app.trial import NOW, open_trial
from app.waves import expire_round
from bot.conversation.messages import Bubble
from feedback.acts import Act, Ask, Extend, Forward, Receive, Refusal, Reply, Take
from feedback.knowledge import Fact, SaveFact
from feedback.roles import OFFICER, Actor, Role
from storage import invitations, knowledge, survey_files, units, works
from storage.following import JOB as FOLLOW_JOB
from storage.ids import new_id
from storage.invitations import Drawn
from storage.jobs import Job
from storage.tables import accounts, cases, frame_rows, frames, officers, waves
from storage.tables import invitations as invitation_rows
from storage.tables import jobs as job_rows
from storage.tx import Tx
from storage.waves import Published, publish
from surveys.reading import read_survey
from tests.transcripts import answering, session_deeds
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
        case "know":
            await _know(town, rest)
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
    mine = job_rows.c.kind == FOLLOW_JOB
    for row in await runtime.store.read(lambda conn: conn.execute(select(job_rows).where(mine)).all()):
        await tell_followers(runtime, Job(row.id, row.unit_id, row.kind, row.key, row.body, 1, 0))
    await runtime.store.write(lambda tx: tx.execute(job_rows.delete().where(mine)).rowcount)


async def _report(town: Town, rest: str) -> None:
    """A neighbour reports something of roads: words | latitude, longitude | thôn."""
    words, point, village = rest.split(" | ")
    lat, _, lon = point.partition(",")
    neighbour = replace(await Player.begin(town.runtime, town.unit), person="neighbour", seen=0)
    for said in ("gửi phản ánh", "đường sá", words):
        await neighbour.say(said)
    await neighbour.place(float(lat), float(lon))
    for said in (village, "gửi ẩn danh", "gửi"):
        await neighbour.say(said)


async def _lie(town: Town, rest: str) -> None:
    """Where the commune lies: latitude, longitude, how many km it reaches."""
    lat, lon, km = (float(part) for part in rest.split(","))
    await town.runtime.store.write(lambda tx: units.set_middle(tx, town.unit, lat, lon, int(km)))


NEIGHBOURS: dict[str, Callable[[Town, str], Awaitable[None]]] = {"reported": _report, "lies": _lie}
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
