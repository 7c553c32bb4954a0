"""A commune at the desk of its reports, for tests."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import docx
from sqlalchemy import insert

from app.report_desk import ReportDesk
from app.reporting import ask_report
from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.wording import bot_wording
from app.worker import take_jobs
from feedback.report_acts import Piece, ReportAct, WriteTexts
from feedback.roles import OFFICER, SYSTEM, Actor, Role
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from storage import reading_report, report_rows
from storage.blobs import open_blobs
from storage.ids import new_id
from storage.jobs import Job
from storage.store import Store
from storage.tables import accounts, cases, persons
from storage.tx import Tx
from storage.vault import make_key_file
from tests.stores import SampleCommune
from tests.unit.report_source import lively
from vietnam.time import HOUR, start_of

NOW = start_of(date(2026, 10, 5)) + 9 * HOUR
SIGNED = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
WORDS = "Đã tổ chức 12 buổi tuyên truyền."


@dataclass
class Office:
    """A commune at its desk; `at` is the clock."""

    runtime: Runtime
    commune: SampleCommune
    at: int = NOW

    @property
    def desk(self) -> ReportDesk:
        return ReportDesk(self.runtime)

    def actor(self, role: Role = Role.RECEPTION) -> Actor:
        return Actor(kind=OFFICER, unit=self.commune.commune, id=self.commune.officer, role=role)

    async def does(self, report: int, act: ReportAct, role: Role = Role.RECEPTION) -> str:
        """Let an officer do it; "" or why not."""
        found = await self.desk.act(report, act, self.actor(role))
        return found.key if found is not None else ""

    async def row(self, report: int) -> reading_report.OneReport:
        found = await self.runtime.store.read(lambda conn: reading_report.one(conn, self.commune.commune, report))
        assert found is not None
        return found

    async def work(self) -> None:
        async def no_photo(_runtime: Runtime, _job: Job) -> None:
            raise AssertionError

        while await take_jobs(self.runtime, no_photo):
            pass

    async def draft(self, period: str = "2026-09", *, key: str = "") -> int:
        """A draft with figures and one file, made without drawing its documents."""
        unit = self.commune.commune
        asked = await ask_report(self.runtime, unit, period, Actor(kind=SYSTEM, unit=unit), by_worker=False)
        figures = figures_named(key or period)
        blob = await self.runtime.blobs.put(unit, "application/pdf", b"as it was", name="bao-cao.pdf")
        files = [("bao-cao.pdf", blob)]

        def keep(tx: Tx) -> bool:
            body = figures.encode().decode()
            return report_rows.keep(tx, asked, body, files, (), published=0, title="kỳ mẫu", now=self.at)

        assert await self.runtime.store.write(keep)
        return asked

    async def pieces(self, report: int, text: str = WORDS, *, only: str = "") -> WriteTexts:
        """The same words for every place, or for one."""
        found = await self.desk.places(report, self.commune.commune)
        return WriteTexts(
            tuple(
                Piece(
                    place=one.place.id,
                    text=text,
                    digest=one.place.digest,
                    seen=one.words.written_at if one.words else 0,
                )
                for one in found
                if one.place.id.startswith(only)
            )
        )

    async def document(self, report: int, name: str) -> str:
        row = await self.row(report)
        blob = next(file.blob for file in row.files if file.name == name)
        data = await self.runtime.blobs.get(blob)
        assert data is not None
        return "\n".join(one.text for one in docx.Document(io.BytesIO(data)).paragraphs)


def figures_named(key: str) -> Figures:
    return build(lively(), parse(key), plan("y_tich_2024"), sample=False, made_on=date(2026, 10, 2))


def office_of(store: Store, url: str, commune: SampleCommune, folder: Path) -> Office:
    """An office over a migrated, seeded store."""
    key = folder / "key"
    settings = Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=key))
    blobs = open_blobs(url, store, folder / "blobs")
    made = Office(Runtime(settings, store, make_key_file(key), bot_wording(), blobs), commune)
    made.runtime.now = lambda: made.at
    return made


def a_case(office: Office, opened: int, *, answered: int | None = None) -> Callable[[Tx], None]:
    """A case as it stands in the store."""

    def write(tx: Tx) -> None:
        person, account, id = new_id(), new_id(), new_id()
        tx.execute(insert(persons).values(id=person, unit_id=office.commune.commune, created_at=0))
        there = {"channel_account_id": office.commune.webchat, "platform_id": str(person), "created_at": 0}
        tx.execute(insert(accounts).values(id=account, person_id=person, **there))
        tx.execute(
            insert(cases).values(
                id=id, account_id=account, unit_id=office.commune.commune, code=f"M-2026-{id}", kind="feedback",
                category="roads", state="new", text="Đèn hỏng", opened_at=opened, answered_at=answered,
            )
        )  # fmt: skip

    return write
