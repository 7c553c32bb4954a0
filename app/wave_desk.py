"""Surveys and waves of a commune, changed from its pages as from the command line."""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial

import msgspec
from sqlalchemy import Connection

from app.frame_trying import Listed, read_list
from app.frames import NotAllowed, Villages, import_frame
from app.logs import get_logger
from app.paper_trail import make
from app.posters import Hung, poster_for, villages_of
from app.reporting import ReportFailed
from app.runtime import Runtime
from app.survey_companions import checked, named
from app.wave_letters import as_csv, as_xlsx, letters_of, slips_of
from app.waves import WaveRefused, act, open_wave
from app.wording import survey_wording
from feedback.roles import Actor, may, side
from reports.paper_jobs import LettersJob, PosterJob, PostersJob
from storage import act_rows, frames, sources, survey_files, survey_sides, units, wave_acts, waves
from storage.frames import NameTaken
from storage.tx import Tx
from storage.wave_acts import WaveRow
from surveys.definition import Survey
from surveys.editing import of_side
from surveys.faults import Fault, describe
from surveys.frame_sheet import FrameLine
from surveys.opinions import unfilled
from surveys.waves import Act, Change, FrameKind, Opening, Owner, Refusal, WaveKind, WaveState
from vietnam.time import day_of, local
from web.paper_services import PaperFailed, PaperFile
from web.wave_door import (
    Changes,
    Ending,
    FrameTried,
    Held,
    ListEnding,
    NoChange,
    Published,
    Publishing,
    Size,
    WaveFigures,
)

log = get_logger()
_LISTS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class _Unread(Exception):
    """The child found nothing that can be used; what it found is told by the page."""


class WaveDesk:
    """See web.wave_door.WaveDoor."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    # --- publishing ---

    def named(self, survey: Survey) -> Sequence[str]:
        """See WaveDoor."""
        return named(survey)

    def unfilled(self, survey: Survey) -> tuple[str, ...]:
        """See WaveDoor."""
        texts = survey_wording().texts
        return tuple(describe(fault, texts.__getitem__) for fault in unfilled(survey))

    def described(self, faults: Sequence[Fault]) -> tuple[str, ...]:
        """See WaveDoor."""
        texts = survey_wording().texts
        nowhere = {"line": 0, "column": 0}
        plain = [msgspec.structs.replace(one, place=msgspec.structs.replace(one.place, **nowhere)) for one in faults]
        return tuple(describe(fault, texts.__getitem__) for fault in plain)

    async def publish(self, wanted: Publishing, actor: Actor) -> Published:
        """See WaveDoor. PermissionError."""
        own = Owner(side(actor))
        if not may(actor, "survey.publish", actor.unit, owner=own):
            raise PermissionError("survey.publish")
        survey, texts = of_side(wanted.survey, own), survey_wording().texts
        files, wrong = checked(survey, lambda name, most: (wanted.given.get(name) or b"")[:most] or None, "")
        missing = tuple(fault.params["found"] for fault in wrong if fault.code == "file.missing")
        said = [describe(fault, texts.__getitem__) for fault in wrong if fault.code != "file.missing"]
        if (faults := (*self.unfilled(survey), *said)) or missing:
            return Published(faults=faults, missing=missing)
        whole = hashlib.sha256(wanted.checksum)
        for one in files:
            whole.update(hashlib.sha256(one.data).digest())
        checksum = whole.hexdigest() if files else wanted.checksum.hex()
        runtime, now, unit = self._runtime, self._runtime.now(), actor.unit
        stored = {one.name: await runtime.blobs.put(unit, one.media_type, one.data, name=one.name) for one in files}

        def publish(tx: Tx) -> Published:
            if survey_sides.owner_of(tx.conn, unit, survey.id) not in (None, own):
                return Published(refused="code")
            number, known = waves.newest(tx.conn, unit, survey.id)
            said = known if not files and _says_the_same(tx.conn, unit, survey) else checksum
            if number != wanted.newest and known != said:
                return Published(number=number, refused="stale")
            standing = wave_acts.by_code(tx.conn, unit, survey.id)
            if wanted.opens and standing is not None and _is_of_others(standing, own):
                return Published(number=number, refused=standing.owner.value)
            made = waves.publish(tx, unit, survey, said, now, opens=wanted.opens, by=actor)
            for name, blob in stored.items() if made.new and made.number > number else ():
                survey_files.put(tx, made.version, name, blob)
            return Published(number=made.number, version=made.version, new=made.new, wave=made.wave, opened=made.opened)

        return await runtime.store.write(publish)

    # --- waves ---

    async def open(self, slug: str, opening: Opening, frame: str, actor: Actor) -> WaveRow | Refusal:
        """See WaveDoor. PermissionError."""
        if not may(actor, "wave.open", actor.unit, owner=opening.owner):
            raise PermissionError("wave.open")
        try:
            return await open_wave(self._runtime, actor, actor.unit, slug, opening, frame)
        except WaveRefused as fault:
            return fault.refusal

    async def act(self, wave: WaveRow, act_: Act, why: str, actor: Actor) -> Change | Refusal:
        """See WaveDoor. PermissionError."""
        try:
            return await act(self._runtime, actor, wave, act_, why=why)
        except WaveRefused as fault:
            if fault.refusal.key == "wave.not_allowed":
                raise PermissionError(fault.refusal.key) from None
            return fault.refusal

    # --- figures ---

    async def figures(self, wave: WaveRow) -> WaveFigures | Held:
        """See WaveDoor."""
        # The numbers' library: what an officer looks at once a day need not stand in memory all the time.
        from app.wave_results import NotYet, StillReleasing, results_of

        try:
            return _figures(await results_of(self._runtime, wave))
        except StillReleasing:
            return "releasing"
        except NotYet:
            return "sealed"

    async def compared(self, unit: int, code: str, before: str) -> Changes | NoChange:
        """See WaveDoor."""
        from app.wave_changes import NotComparable, compared, pair
        from app.wave_results import NotYet, StillReleasing

        now = self._runtime.now()
        try:
            two = await self._runtime.store.read(lambda conn: pair(conn, unit, code, before, now))
            found = await compared(self._runtime, two)
        except NotComparable as fault:
            return NoChange(fault.why, fault.code)
        except NotYet as fault:
            return NoChange("releasing" if isinstance(fault, StillReleasing) else "sealed", fault.code)
        return Changes(
            before=two.before,
            after=two.after,
            figures_before=_figures(found.before),
            changes=found.changes,
            left_out=found.left_out,
        )

    # --- lists, posters, letters ---

    async def import_frame(self, data: bytes, file: str, name: str, kind: FrameKind, actor: Actor) -> FrameTried:
        """See WaveDoor. PermissionError."""
        found = Listed()

        async def read(data: bytes, _name: str, villages: Villages) -> Sequence[FrameLine]:
            nonlocal found
            found = await read_list(data, file, villages)
            if not found.lines:
                raise _Unread
            return found.lines

        try:
            frame, new = await import_frame(self._runtime, actor, actor.unit, data, name, kind, read=read)
        except NotAllowed:
            raise PermissionError("frame.import") from None
        except _Unread:
            return FrameTried(faults=found.faults, refused="" if found.faults else "unread")
        except NameTaken:
            return FrameTried(refused="name")
        reached = await self._runtime.store.read(lambda conn: frames.reached(conn, frame.id))
        return FrameTried(frame=frame, new=new, reached=reached)

    async def poster(self, wave: WaveRow, place: str, size: Size, ending: Ending, actor: Actor) -> PaperFile | None:
        """See WaveDoor. PermissionError, PaperFailed."""
        hung = await self._hung(wave, [place], actor)
        return await self._made(self._job(hung[0], size, ending)) if hung else None

    async def posters(self, wave: WaveRow, size: Size, actor: Actor) -> PaperFile | None:
        """See WaveDoor. PermissionError, PaperFailed."""
        unit = await self._runtime.store.read(lambda conn: units.unit(conn, wave.unit))
        hung = await self._hung(wave, await villages_of(self._runtime, unit), actor)
        if not hung:
            return None
        jobs = tuple(self._job(one, size, "pdf") for one in hung)
        return await self._made(PostersJob(posters=jobs, name=f"to-dan_{wave.code}_{size}.zip"))

    async def _hung(self, wave: WaveRow, places: Sequence[str], actor: Actor) -> list[Hung]:
        if not may(actor, "wave.see", wave.unit, owner=wave.owner):
            raise PermissionError("wave.see")
        unit = await self._runtime.store.read(lambda conn: units.unit(conn, wave.unit))
        asked = await self._runtime.store.read(lambda conn: sources.running(conn, wave.unit, wave.code))
        if asked is None or asked.id != wave.id or asked.kind is not WaveKind.OPEN:
            return []
        return [await poster_for(self._runtime, unit, asked, place) for place in places]

    def _job(self, hung: Hung, size: Size, ending: Ending) -> PosterJob:
        name, made_on = hung.file_name(size, ending), day_of(self._runtime.now())
        return PosterJob(poster=hung.poster, name=name, size=size, format=ending, made_on=made_on)

    async def letters(self, wave: WaveRow, ending: ListEnding, everybody: bool, actor: Actor) -> PaperFile | None:  # noqa: FBT001 - as WaveDoor has it
        """See WaveDoor. PermissionError, PaperFailed."""
        if not may(actor, "wave.invite", wave.unit, owner=wave.owner):
            raise PermissionError("wave.invite")
        if wave.frame is None or wave.state in (WaveState.PLANNED, WaveState.CANCELLED):
            return None
        runtime, now = self._runtime, self._runtime.now()
        slips = await slips_of(runtime, wave, paper_only=not everybody)
        name = f"thu-moi_{wave.code}.{ending}"
        if ending == "pdf":
            unit = await runtime.store.read(lambda conn: units.unit(conn, wave.unit))
            letters = letters_of(slips, unit, wave, runtime.settings.public_url)
            made = await self._made(LettersJob(letters=letters, name=name, made_on=local(wave.opens_at).date()))
        else:
            data = await asyncio.to_thread(as_csv if ending == "csv" else as_xlsx, slips)
            made = PaperFile(name=name, media_type=_LISTS[ending], data=data)
        noted = partial(act_rows.record, actor=actor, action="letters", thing="wave", thing_id=wave.id, unit=wave.unit)
        await runtime.store.write(lambda tx: noted(tx, now=now, rows=len(slips)))
        return made

    async def _made(self, job: PosterJob | PostersJob | LettersJob) -> PaperFile:
        try:
            return await make(job)
        except (ReportFailed, OSError) as fault:
            log.error("paper.failed", fault=type(fault).__name__)
            raise PaperFailed from None


def _is_of_others(wave: WaveRow, own: Owner) -> bool:
    return wave.state is WaveState.OPEN and wave.kind is WaveKind.OPEN and wave.owner is not own


def _says_the_same(conn: Connection, unit: int, survey: Survey) -> bool:
    """Whether the newest version asks word for word what this one does, whichever file each was read from."""
    newest = wave_acts.newest_version(conn, unit, survey.id)
    return newest is not None and waves.survey_of(conn, newest[0]) == survey


def _figures(shown: msgspec.Struct) -> WaveFigures:
    return WaveFigures(**{name: getattr(shown, name) for name in WaveFigures.__struct_fields__})
