"""What the rows of the two communes need besides, so that every page of theirs is really shown: files, answers, papers.

A row alone is not a picture with its bytes, a report with figures, a form that was typed twice or a draft that people
were asked about. Of both communes, so that what one is shown can be compared with what the other is refused.
"""

import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
from PIL import Image
from sqlalchemy import Table, insert, select, update

from app.report_source import StoreSource
from feedback.roles import OFFICER, Actor, Role
from reports.figures import build
from reports.periods import parse
from reports.plans import plan
from storage import blobs, dossiers
from storage.ids import random_id
from storage.paper_reading import Drawn, Opened
from storage.tables import (
    answers,
    calls,
    case_blobs,
    case_files,
    cases,
    maps,
    paper_batches,
    paper_forms,
    report_files,
    reports,
    responses,
    survey_files,
    waves,
)
from storage.tx import Tx
from storage.waves import publish
from tests.stores import run_apart, sample_survey
from tests.unit.test_opinions import WITH_DRAFT
from tests.web.house import House, look, outside
from vietnam.time import DAY, day_of

if TYPE_CHECKING:
    from tests.web.two_communes import Commune

_PERIOD = "2026-09"
OF_PAGES = {
    ("/can-bo/dot/{wave:int}/y-kien", "wave"): "drafts_asked_about",
    ("/can-bo/nhap-phieu/{batch:int}/kiem-tra", "batch"): "drawn_batches",
    ("/can-bo/nhap-phieu/{batch:int}/lech/{number}", "batch"): "drawn_batches",
    ("/can-bo/so-sach/{name}", "name"): "so-theo-doi.xlsx",
}
"""(address, parameter) -> rows or word, where one page needs others than its neighbours."""
QUESTIONS = {
    "/can-bo/phieu/xem-thu": "phieu=ban:{survey_version:int}",
    "/can-bo/phieu/ca-phieu": "phieu=ban:{survey_version:int}",
    "/can-bo/phieu/tai": "phieu=ban:{survey_version:int}",
    "/can-bo/phieu/thay-doi": "phieu=ban:{newer_version:int}",
    "/can-bo/phieu/cong-bo": "phieu=nhap:{survey_draft:int}",
    "/can-bo/so-sach/{name}": "ky=2026-10",
    "/can-bo/tinh/so-lieu": "ky=2026-09",
    "/can-bo/tinh/tong-hop/{ending}": "ky=2026-09",
}
"""Address of a page -> what it must be asked besides to be shown at all."""


def show_all(house: House, communes: Iterable["Commune"]) -> None:
    """Give communes what their pages show."""
    for of in communes:
        _show(house, of)


def _show(house: House, of: "Commune") -> None:
    put, unit = house.runtime.blobs.put, of.unit
    picture = run_apart(put(unit, "image/jpeg", _jpeg(), name=of.word, width=64, height=48))
    file = run_apart(put(unit, "application/zip", b"PK", name=of.word))
    outside(house, lambda tx: _keep(tx, house, of, picture, file))
    period, asked_for = parse(_PERIOD), plan("y_tich_2024")
    made_on = period.last + timedelta(days=2)
    figures = look(house, lambda conn: build(StoreSource(conn, unit), period, asked_for, sample=False, made_on=made_on))
    outside(house, lambda tx: _figured(tx, of, figures.encode().decode(), made_on))


def _jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, "JPEG")
    return made.getvalue()


def _keep(tx: Tx, house: House, of: "Commune", picture: int, file: int) -> None:
    blobs.keep(tx, [picture, file])
    of.rows["blobs"] = picture
    codes = (of.codes["cases"], of.codes["kept"])
    for case in tx.execute(select(cases.c.id).where(cases.c.code.in_(codes))).scalars().all():
        tx.execute(insert(case_blobs).values(case_id=case, blob_id=picture, shown=1))
        tx.execute(insert(case_files).values(case_id=case, blob_id=picture, purpose="inside"))
    entered = cases.c.code == of.codes["cases"]
    tx.execute(update(cases).where(entered).values(helper_id=of.rows["officers"]))
    mine = select(cases.c.id).where(entered).scalar_subquery()
    tx.execute(update(calls).where(calls.c.id == of.rows["calls"]).values(case_id=mine))
    edges = {"north": 22.0, "south": 21.9, "west": 106.4, "east": 106.5}
    tx.execute(insert(maps).values(unit_id=of.unit, blob_id=picture, **edges))
    tx.execute(insert(report_files).values(report_id=of.rows["reports"], name="bao-cao.docx", blob_id=file))
    boss = Actor(kind=OFFICER, unit=of.unit, id=of.rows["officers"], role=Role.LEADER)
    of.rows["dossiers"] = dossiers.ask(tx, boss, _PERIOD, house.at, names=False)
    dossiers.ready(tx, boss, of.rows["dossiers"], house.at, name="ho-so.zip", blob=file, cases=1)
    _typed_twice(tx, house, of)
    _asked_about_a_draft(tx, house, of, file)
    newer = msgspec.structs.replace(sample_survey(), title=f"{of.word} 2")
    of.rows["newer_versions"] = publish(tx, of.unit, newer, "checksum 2", house.at, opens=False).version


def _figured(tx: Tx, of: "Commune", figures: str, made_on: date) -> None:
    issued = {"number": "12/BC-UBND", "issued_on": made_on.isoformat()}
    mine = reports.c.id == of.rows["reports"]
    tx.execute(update(reports).where(mine).values(figures=figures, plan="y_tich_2024", **issued))


def _typed_twice(tx: Tx, house: House, of: "Commune") -> None:
    """A second pile, of which the one form was typed twice, and not the same."""
    of.rows["drawn_batches"] = _copied(tx, paper_batches, of.rows["paper_batches"])
    id, vault = _copied(tx, paper_forms, of.rows["paper_forms"], batch_id=of.rows["drawn_batches"]), house.runtime.vault
    first, second = (msgspec.json.encode({"chung": stars}) for stars in (5, 2))
    bodies = {
        "body": vault.seal(first, Opened.context(id)),
        "second": vault.seal(second, Opened.context(id, second=True)),
    }
    tx.execute(update(paper_forms).where(paper_forms.c.id == id).values(**bodies, drawn=int(Drawn.WAITING), differs=1))


def _copied(tx: Tx, table: Table, id: int, **but: object) -> int:
    """A row once more, under another id."""
    row = tx.execute(select(table).where(table.c.id == id)).one()
    new = random_id()
    tx.execute(insert(table).values(**(dict(row._mapping) | but | {"id": new})))
    return new


def _asked_about_a_draft(tx: Tx, house: House, of: "Commune", file: int) -> None:
    """A wave that asked what people think of a document, is over, and brought one opinion."""
    about = msgspec.structs.replace(WITH_DRAFT, title=of.word)
    published = publish(tx, of.unit, about, "draft", house.at - DAY)
    tx.execute(insert(survey_files).values(version_id=published.version, name="du-thao.pdf", blob_id=file))
    ended = {"state": "closed", "closes_at": house.at - 1}
    tx.execute(update(waves).where(waves.c.id == published.wave).values(**ended))
    said = random_id()
    whose = {"unit_id": of.unit, "wave_id": published.wave, "version_id": published.version}
    tx.execute(insert(responses).values(id=said, day=day_of(house.at).isoformat(), **whose))
    opinion = msgspec.json.encode(f"Đường nên rộng hơn. {of.word}").decode()
    tx.execute(insert(answers).values(response_id=said, question="y_kien", value=opinion))
    of.rows["drafts_asked_about"] = published.wave
