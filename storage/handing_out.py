"""What a province gives its communes to work with: which of them have it already, and that they are told once."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from feedback.roles import Actor
from storage import act_rows, notices
from storage.tables import plans, survey_versions, surveys, units
from storage.tx import Tx

Kind = Literal["survey", "plan"]
Has = Literal["none", "same", "other"]
"""Of a commune: it has nothing of that name, the very same text, or another one under that name."""


class CommuneHas(msgspec.Struct, frozen=True):
    """A commune of the store, and what it has of something that is to be handed out."""

    unit: int
    name: str
    has: Has


def standing(conn: Connection, province: int, kind: Kind, slug: str, mark: str) -> list[CommuneHas]:
    """Every commune of the store below a province, by name. `mark`: a survey's checksum, a plan's whole text."""
    newest = dict(_plans(conn, slug) if kind == "plan" else _surveys(conn, slug))
    below = select(units.c.id, units.c.name).where(
        units.c.parent_id == province, units.c.kind == "commune", units.c.active == 1
    )
    return [
        CommuneHas(one.id, one.name, "none" if one.id not in newest else "same" if newest[one.id] == mark else "other")
        for one in conn.execute(below.order_by(units.c.sort_key))
    ]


def _surveys(conn: Connection, slug: str) -> Iterator[tuple[int, str]]:
    """(unit, checksum) of every version of that name, the newest of a unit last."""
    query = (
        select(survey_versions.c.unit_id, survey_versions.c.checksum)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(surveys.c.slug == slug)
        .order_by(survey_versions.c.unit_id, survey_versions.c.number)
    )
    for row in conn.execute(query):
        yield row.unit_id, row.checksum


def _plans(conn: Connection, slug: str) -> Iterator[tuple[int, str]]:
    for row in conn.execute(select(plans.c.unit_id, plans.c.body).where(plans.c.slug == slug)):
        yield row.unit_id, row.body


def tell(tx: Tx, unit: int, kind: Kind, title: str, province: str, now: int) -> None:
    """The officers of a commune read that they have it; in the transaction that gives it to them, so once."""
    notices.add(tx, unit, f"notice.{kind}_handed", {"title": title, "province": province}, now)


def record_plan(tx: Tx, actor: Actor, *, slug: str, communes: int, now: int) -> None:
    """That a plan was handed out, to how many communes of the store it is new."""
    about = {"thing_id": actor.unit, "unit": actor.unit, "now": now}
    act_rows.record(tx, actor, "hand_plan", thing="province", **about, slug=slug, count=communes)
