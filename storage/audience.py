"""Whom a wave may ask: rows of a frame, or subscribers, within its segment."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select

from storage.tables import accounts, cases, channel_accounts, conversations, frame_rows, frames, subscriptions
from surveys.waves import Segment


def frame_segment(frame: int, segment: Segment) -> ColumnElement[bool]:
    """Rows of a frame that a segment means."""
    meant = [frame_rows.c.frame_id == frame]
    if segment.villages:
        meant.append(frame_rows.c.village_id.in_(segment.villages))
    if segment.groups:
        meant.append(frame_rows.c.segment.in_(segment.groups))
    if segment.channels or segment.languages:
        meant.append(frame_rows.c.account_id.in_(_accounts(segment)))
    return and_(*meant)


def _accounts(segment: Segment) -> Any:  # noqa: ANN401 - a Select of one column
    query = select(accounts.c.id).join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
    if segment.channels:
        query = query.where(channel_accounts.c.channel.in_(segment.channels))
    if segment.languages:
        # "" stands for Vietnamese.
        spoken = [*segment.languages, *([""] if "vi" in segment.languages else [])]
        query = query.where(accounts.c.language.in_(spoken))
    return query


def frame_count(conn: Connection, frame: int, segment: Segment) -> int:
    """How many rows of a frame a segment means."""
    return conn.scalar(select(func.count()).select_from(frame_rows).where(frame_segment(frame, segment))) or 0


class FrameRow(NamedTuple):
    """A row of a frame as a sample sees it: `number` is its place in the file, `village` 0 where it has none."""

    id: int
    number: int
    village: int
    account: int | None


def frame_list(conn: Connection, frame: int, segment: Segment) -> list[FrameRow]:
    """Rows of a frame that a segment means, in the order of the file."""
    columns = (frame_rows.c.id, frame_rows.c.number, func.coalesce(frame_rows.c.village_id, 0), frame_rows.c.account_id)
    query = select(*columns).where(frame_segment(frame, segment)).order_by(frame_rows.c.number)
    return [FrameRow(*row) for row in conn.execute(query)]


def frame_sizes(conn: Connection, frame: int, segment: Segment) -> dict[int, int]:
    """How many rows of a frame a segment means in each village (0: without one)."""
    village = func.coalesce(frame_rows.c.village_id, 0)
    query = select(village, func.count()).where(frame_segment(frame, segment)).group_by(village)
    return {row[0]: row[1] for row in conn.execute(query)}


def subscribers(
    conn: Connection, unit_id: int, segment: Segment, *, after: int = 0, limit: int = 1_000
) -> list[tuple[int, int | None]]:
    """Accounts of a commune that can be written to and that a segment means, with their village, after an id.

    The village is the one whose notices the person asked for, else that of the newest case opened from the account,
    else of its row in a frame, else unknown.
    """
    case = cases.alias()
    newest = (
        select(case.c.village_id)
        .where(case.c.account_id == accounts.c.id, case.c.confidential == 0)
        .order_by(case.c.opened_at.desc(), case.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = (
        select(frame_rows.c.village_id)
        .join(frames, frames.c.id == frame_rows.c.frame_id)
        .where(frame_rows.c.account_id == accounts.c.id, frames.c.unit_id == unit_id)
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(subscriptions.c.village_id).where(subscriptions.c.account_id == accounts.c.id).limit(1).scalar_subquery()
    )
    village = func.coalesce(wanted, newest, row)
    query = (
        select(accounts.c.id, village)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(
            conversations.c.unit_id == unit_id,
            accounts.c.id > after,
            accounts.c.gone == "",
            accounts.c.opted_out_at.is_(None),
        )
        .order_by(accounts.c.id)
        .limit(limit)
    )
    if segment.channels or segment.languages:
        query = query.where(accounts.c.id.in_(_accounts(segment)))
    if segment.villages:
        query = query.where(village.in_(segment.villages))
    return [(id, place) for id, place in conn.execute(query)]
