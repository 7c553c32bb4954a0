"""A report of a house as it stands once it is issued: its real figures and its real files for the public."""

from datetime import date, timedelta

from sqlalchemy import insert

from app.report_source import StoreSource
from reports.figures import build
from reports.open_data import data_csv, data_json, dictionary_csv
from reports.periods import parse
from reports.plans import plan
from storage import rollups
from storage.ids import new_id
from storage.rollups import Part
from storage.tables import report_files, reports
from storage.tx import Tx
from surveys.definition import Answer
from surveys.tally import fold
from tests.stores import run_apart
from tests.web.house import House, look, outside
from vietnam.time import start_of

PLAN = plan("y_tich_2024")
SECRET = "so-lieu-noi-bo-bi-mat"


def answered(
    house: House, day: date, *, content: int, unhappy: int, village: int = 1, channel: str = "webchat"
) -> None:
    """Released answers to the sample survey, so many of them content."""
    commune = house.commune
    happy: dict[str, Answer] = {"chung": 5, "mot": "a", "nhieu": ("a",), "so": 2, "gioi_thieu": 9, "co_khong": "yes"}
    sorry: dict[str, Answer] = {"chung": 2, "mot": "b", "nhieu": ("b",), "so": 3, "gioi_thieu": 3, "co_khong": "no"}
    some = [*[happy] * content, *[sorry] * unhappy]
    part = Part(commune.villages[village - 1], channel)
    batch = {part: fold(commune.survey, some) | {"": {"n": len(some)}}}
    outside(house, lambda tx: rollups.fold(tx, commune.version, day, batch))


def issue(house: House, key: str, *, state: str = "frozen", sample: bool = False) -> int:
    """The report of a period, made two days after it and in that state; its id. It has an internal file as well."""
    period = parse(key)
    made_on = period.last + timedelta(days=2)
    unit = house.commune.commune
    figures = look(house, lambda conn: build(StoreSource(conn, unit), period, PLAN, sample=sample, made_on=made_on))
    files = {
        f"so-lieu-cong-bo-{key.lower()}.csv": ("text/csv", data_csv(figures, "public")),
        f"so-lieu-cong-bo-{key.lower()}.json": ("application/json", data_json(figures, "public")),
        "tu-dien-du-lieu.csv": ("text/csv", dictionary_csv()),
        f"so-lieu-noi-bo-{key.lower()}.csv": ("text/csv", SECRET.encode()),
    }
    put = house.runtime.blobs.put
    kept = {name: run_apart(put(unit, kind, body)) for name, (kind, body) in files.items()}
    id, at = new_id(), start_of(made_on)

    def keep(tx: Tx) -> None:
        values = {"period": key, "state": state, "version": 1, "asked_at": at, "made_at": at, "frozen_at": at}
        values |= {"number": "12/BC-UBND", "issued_on": made_on.isoformat(), "figures": figures.encode().decode()}
        tx.execute(insert(reports).values(id=id, unit_id=unit, **values))
        for name, blob in kept.items():
            tx.execute(insert(report_files).values(report_id=id, name=name, blob_id=blob))

    outside(house, keep)
    return id
