"""One report at the desk: each act decided and written in one transaction, and what its page shows."""

import hashlib

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from app import signed_file
from app.report_checks import compare
from app.report_words import plan_counted, writing
from app.runtime import Runtime
from feedback.acts import Refusal
from feedback.report_acts import Approve, Comment, Freeze, Number, PlaceFacts, ReportAct, Submit, WriteTexts
from feedback.report_deciding import decide_report
from feedback.roles import Actor, may
from reports import sheets
from reports.comparing import Difference
from reports.danvan import compose_danvan, drafted
from reports.figures import Figures
from reports.places import Place, places
from storage import reading_report, report_desk
from storage.reading_report import OneReport
from storage.tx import Tx
from vietnam.time import day_of
from web.report_door import PlaceShown

_CHANGED = Refusal("report.changed")
_TRIES = 3


class ReportDesk:
    """See web.report_door.ReportDoor."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def act(self, report: int, act: ReportAct, actor: Actor) -> Refusal | None:
        for _ in range(_TRIES):
            refusal = await self._act(report, act, actor)
            # Words and remarks were meant for no version of the report: another's act between is not in their way.
            if refusal != _CHANGED or not isinstance(act, WriteTexts | Comment):
                return refusal
        return _CHANGED

    async def _act(self, report: int, act: ReportAct, actor: Actor) -> Refusal | None:
        runtime = self._runtime
        now = runtime.now()
        # Composing takes its time, the transaction must not: what changes between the two is found by the version.
        row, there, lines = await runtime.store.read(lambda conn: self._decided_on(conn, report, actor.unit, act))
        if row is None:
            return Refusal("report.none")
        title = _title(row)
        by_id = {place.id: place for place in there}

        def unit(tx: Tx) -> Refusal | None:
            facts = report_desk.facts_of(tx, report, numbering=isinstance(act, Number))
            if facts is None or facts.unit != actor.unit:
                return Refusal("report.none")
            if facts.version != row.version:
                return _CHANGED
            facts = replace(facts, places=_facts(tx.conn, report, by_id), lines=lines)
            decision = decide_report(facts, act, actor, today=day_of(now))
            if isinstance(decision, Refusal):
                return _named(decision, by_id)
            report_desk.write(tx, facts, act, decision, actor, now, title=title)
            return None

        return await runtime.store.write(unit)

    async def sign(self, report: int, data: bytes, seen: int, actor: Actor) -> Refusal | None:
        if not may(actor, "report.freeze", actor.unit):
            return Refusal("act.not_allowed")
        fault = signed_file.fault_of(data)
        if fault:
            return Refusal(fault, {"most": signed_file.MOST // (1024 * 1024)} if fault == "report.signed_big" else {})
        sha256 = hashlib.sha256(data).hexdigest()
        row = await self._runtime.store.read(lambda conn: reading_report.one(conn, actor.unit, report))
        # What the program made itself bears nobody's signature, and freezing has no way back.
        if row is not None and any(file.sha256 == sha256 for file in row.files if file.name != row.signed):
            return Refusal("report.signed_own")
        blob = await self._runtime.blobs.put(actor.unit, "application/pdf", data, name=report_desk.SIGNED)
        # Where this is refused nothing points to the blob, and it is swept.
        return await self.act(report, Freeze(blob=blob, sha256=sha256, seen=seen), actor)

    async def places(self, report: int, unit: int) -> list[PlaceShown]:
        def look(conn: Connection) -> list[PlaceShown]:
            _, there = self._there(conn, report, unit)
            if not there:
                return []
            words, before = reading_report.words_of(conn, report), reading_report.texts_before(conn, report)
            known = {place.id for place in there}
            gone = [_gone(id) for id in words if id not in known]
            return [
                PlaceShown(
                    place=place,
                    words=found,
                    stale=found is not None and _stale(found.digest, place),
                    before=before.get(place.id),
                )
                for place in (*there, *gone)
                for found in [words.get(place.id)]
            ]

        return await self._runtime.store.read(look)

    async def compare(self, report: int, unit: int) -> list[Difference] | None:
        return await compare(self._runtime, report, unit)

    def _decided_on(
        self, conn: Connection, report: int, unit: int, act: ReportAct
    ) -> tuple[OneReport | None, list[Place], int]:
        """A report and its places; for a leader's word also how many lines of its annexes are empty."""
        row, there = self._there(conn, report, unit)
        figures = None if row is None or not isinstance(act, Approve | Submit) else figures_in(row)
        if row is None or figures is None:
            return row, there, 0
        plan = plan_counted(conn, self._runtime.settings.report, unit, figures, row.owed)
        if not drafted(figures, plan):
            return row, there, 0
        written = writing(conn, report, plan).danvan
        return row, there, len(sheets.marks(compose_danvan(figures, plan, written)))

    def _there(self, conn: Connection, report: int, unit: int) -> tuple[OneReport | None, list[Place]]:
        """A report of the unit and its places, as its figures are now."""
        row = reading_report.one(conn, unit, report)
        figures = None if row is None else figures_in(row)
        if row is None or figures is None:
            return row, []
        return row, places(figures, plan_counted(conn, self._runtime.settings.report, unit, figures, row.owed))


def figures_in(row: OneReport) -> Figures | None:
    """The figures of a report; None where there are none yet, or a program that is too old wrote them."""
    try:
        return Figures.decode(row.figures.encode()) if row.figures else None
    except msgspec.ValidationError:
        return None


def _gone(id: str) -> Place:
    """A place that the plan has no more: what was written there is still to be seen."""
    return Place(id=id, heading="", asks="", shown=(), digest="", required=False)


def _title(row: OneReport) -> str:
    figures = figures_in(row)
    return row.period if figures is None else figures.period.title


def _facts(conn: Connection, report: int, there: dict[str, Place]) -> dict[str, PlaceFacts]:
    words = reading_report.words_of(conn, report)
    return {
        id: PlaceFacts(
            written=found.written_at if found is not None else 0,
            stale=found is not None and _stale(found.digest, place),
            required=place.required,
            cites=bool(place.start),
        )
        for id, place in there.items()
        for found in [words.get(id)]
    }


def _stale(digest: str, place: Place) -> bool:
    return bool(digest and place.digest) and digest != place.digest


def _named(refusal: Refusal, there: dict[str, Place]) -> Refusal:
    """A refusal that names a place says its heading."""
    place = there.get(str(refusal.values.get("place", "")))
    return refusal if place is None else Refusal(refusal.key, {**refusal.values, "place": place.heading})
