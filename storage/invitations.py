"""Invitations: one row a household, person or subscriber that a wave asks, with a one-time code that is stored nowhere.

The code of a row is derived from the key whenever a letter or message is made; the row holds only its token, so a copy
of the files invites nobody and answers for nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.invitation_codes import make_code, read_code
from storage import participations, waves
from storage.ids import random_id
from storage.outbox import Lane
from storage.tables import frame_rows, invitations, outbox, survey_versions
from storage.tables import participations as tokens
from storage.tables import waves as wave_rows
from storage.tx import Tx
from storage.vault import Vault
from surveys.waves import InvitationState, Per

_DRAWS = 32
"""Codes tried for a row before giving up: one in fifteen has no digit, one in millions is taken already."""


@dataclass(frozen=True, slots=True)
class Found:
    """The invitation that a code belongs to. `takes`: its wave takes answers now; `used`: its answer is in.

    `village` is that of its row of the frame, None where the frame names none.
    """

    id: int
    wave: int
    version: int
    title: str
    per: Per
    village: int | None
    takes: bool
    used: bool


def find(conn: Connection, vault: Vault, unit_id: int, code: str, now: int) -> Found | None:
    """The invitation of a code as a person typed it; None where no invitation of the commune has it."""
    read = read_code(code)
    if read is None:
        return None
    row = conn.execute(
        select(
            invitations.c.id,
            invitations.c.wave_id,
            wave_rows.c.version_id,
            wave_rows.c.title,
            survey_versions.c.title.label("survey"),
            wave_rows.c.per,
            invitations.c.village_id,
        )
        .join(wave_rows, wave_rows.c.id == invitations.c.wave_id)
        .join(survey_versions, survey_versions.c.id == wave_rows.c.version_id)
        .where(invitations.c.code == _token(vault, unit_id, read))
    ).one_or_none()
    if row is None:
        return None
    return Found(
        id=row.id,
        wave=row.wave_id,
        version=row.version_id,
        title=row.title or row.survey,
        per=Per(row.per),
        village=row.village_id,
        takes=waves.takes_answers(conn, row.wave_id, now),
        used=waves.took_part(conn, [participations.of_invitation(vault, row.wave_id, row.id)]),
    )


def _token(vault: Vault, unit_id: int, code: str) -> bytes:
    return vault.token("invitation", unit_id, code)


def code_of(vault: Vault, unit_id: int, wave: int, row: int, stored: bytes) -> str:
    """The code of a frame's row in a wave, derived anew; LookupError where the key is not the one it was drawn with."""
    for code in _codes(vault, wave, row):
        if _token(vault, unit_id, code) == stored:
            return code
    raise LookupError(f"invitation of row {row}")


def _codes(vault: Vault, wave: int, row: int) -> Iterable[str]:
    for draw in range(_DRAWS):
        code = make_code(int.from_bytes(vault.token("one-time code", wave, row, draw)))
        if code is not None:
            yield code


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of a frame that fell into the sample. `account` where a message can go."""

    row: int
    village: int | None
    account: int | None


def invite_rows(tx: Tx, vault: Vault, unit_id: int, wave: int, drawn: Sequence[Drawn], now: int) -> int:
    """Invite rows of a frame, those that can be written to by message and the others on paper; how many were new."""
    tokens = _fresh_tokens(tx, vault, unit_id, wave, [one.row for one in drawn])
    values = [
        {
            "id": random_id(),
            "unit_id": unit_id,
            "wave_id": wave,
            "frame_row_id": one.row,
            "village_id": one.village,
            "account_id": one.account,
            "code": tokens[one.row],
            "state": InvitationState.PAPER if one.account is None else InvitationState.PLANNED,
            "next_at": now,
        }
        for one in drawn
        if one.row in tokens
    ]
    return _insert_new(tx, values)


def _fresh_tokens(tx: Tx, vault: Vault, unit_id: int, wave: int, rows: Sequence[int]) -> dict[int, bytes]:
    """A token that no other invitation has, for every row that is not invited to this wave already."""
    mine = and_(invitations.c.wave_id == wave, invitations.c.frame_row_id.in_(rows))
    invited = set(tx.execute(select(invitations.c.frame_row_id).where(mine)).scalars())
    drawn = {row: (_token(vault, unit_id, code) for code in _codes(vault, wave, row)) for row in rows}
    fresh: dict[int, bytes] = {}
    waiting = [row for row in rows if row not in invited]
    while waiting:
        tried = {row: next(drawn[row]) for row in waiting}
        taken = set(
            tx.execute(select(invitations.c.code).where(invitations.c.code.in_(list(tried.values())))).scalars()
        )
        taken = {bytes(one) for one in taken} | set(fresh.values())
        for row, token in tried.items():
            if token not in taken:
                fresh[row] = token
                taken.add(token)
        waiting = [row for row in waiting if row not in fresh]
    return fresh


def invite_accounts(tx: Tx, unit_id: int, wave: int, accounts: Iterable[tuple[int, int | None]], now: int) -> int:
    """Invite subscribers (account, village) to an open wave, without a code; how many were new."""
    values = [
        {
            "id": random_id(),
            "unit_id": unit_id,
            "wave_id": wave,
            "village_id": village,
            "account_id": account,
            "state": InvitationState.PLANNED,
            "next_at": now,
        }
        for account, village in accounts
    ]
    return _insert_new(tx, values)


def _insert_new(tx: Tx, values: Sequence[Mapping[str, object]]) -> int:
    if not values:
        return 0
    maker = postgres_insert(invitations) if tx.postgres else sqlite_insert(invitations)
    done = tx.execute(maker.on_conflict_do_nothing().returning(invitations.c.id), list(values))
    return len(done.all())


def answered(tx: Tx, conversation_id: int, wave_id: int) -> None:
    """Somebody has just answered: what this wave still had to send into that chat is not sent any more."""
    letters = list(
        tx.execute(
            select(outbox.c.id).where(
                outbox.c.conversation_id == conversation_id,
                outbox.c.state == "ready",
                outbox.c.lane == int(Lane.BROADCAST),
            )
        ).scalars()
    )
    if not letters:
        return
    mine = and_(is_queued(), invitations.c.wave_id == wave_id, invitations.c.outbox_id.in_(letters))
    columns = (invitations.c.id, invitations.c.outbox_id, invitations.c.reminders)
    for row in tx.execute(select(*columns).where(mine)).all():
        taken_back = update(outbox).where(outbox.c.id == row.outbox_id, outbox.c.state == "ready")
        if tx.execute(taken_back.values(state="erased", body=None)).rowcount:
            state = InvitationState.SENT if row.reminders else InvitationState.CANCELLED
            tx.execute(update(invitations).where(invitations.c.id == row.id).values(state=state))


def is_queued() -> ColumnElement[bool]:
    """That an invitation stands in the outbox; written so that the index of just these rows is taken."""
    return invitations.c.state == literal(str(InvitationState.QUEUED), literal_execute=True)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for somebody who is asked on paper: place in the frame, village, sealed line of the frame."""

    row: int
    number: int
    village: int | None
    code: bytes
    body: bytes


def slips(conn: Connection, wave: int, *, paper_only: bool, after: int = 0, limit: int = 1_000) -> list[Slip]:
    """Invitations of a wave in the order of the frame, beginning after a number of it."""
    query = (
        select(
            invitations.c.frame_row_id,
            frame_rows.c.number,
            invitations.c.village_id,
            invitations.c.code,
            frame_rows.c.body,
        )
        .join(frame_rows, frame_rows.c.id == invitations.c.frame_row_id)
        .where(
            invitations.c.wave_id == wave,
            invitations.c.state != InvitationState.CANCELLED,
            frame_rows.c.number > after,
        )
        .order_by(frame_rows.c.number)
        .limit(limit)
    )
    if paper_only:
        query = query.where(invitations.c.state.in_([InvitationState.PAPER, InvitationState.FAILED]))
    return [Slip(*row) for row in conn.execute(query)]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the invitations of a wave stand. `reminders` were queued so far; `took_part` are answers that are in.

    `first_at` and `last_at` are when the first and the last one was handed over (UTC milliseconds), None before.
    """

    planned: int
    queued: int
    sent: int
    failed: int
    held: int
    paper: int
    cancelled: int
    reminders: int
    took_part: int
    first_at: int | None
    last_at: int | None

    @property
    def total(self) -> int:
        """Invitations that messages are meant for."""
        return self.planned + self.queued + self.sent + self.failed + self.held

    @property
    def percent(self) -> float:
        """How much of that is behind, in percent."""
        return 100.0 if not self.total else 100 * (self.sent + self.failed) / self.total

    def remaining_ms(self) -> int | None:
        """How long the rest takes at the rate so far; None while nothing can be said."""
        left = self.planned + self.queued
        if not left:
            return 0
        if self.first_at is None or self.last_at is None or self.last_at <= self.first_at:
            return None
        return round(left * (self.last_at - self.first_at) / max(1, self.sent))


def progress(conn: Connection, wave: int) -> Progress:
    """Where the invitations of a wave stand now."""
    mine = invitations.c.wave_id == wave
    states = conn.execute(
        select(invitations.c.state, func.count(), func.sum(invitations.c.reminders))
        .where(mine)
        .group_by(invitations.c.state)
    ).all()
    counts = {row[0]: int(row[1]) for row in states}
    handed = conn.execute(
        select(func.min(outbox.c.created_at), func.max(func.coalesce(outbox.c.sent_at, outbox.c.created_at)))
        .select_from(invitations)
        .join(outbox, outbox.c.id == invitations.c.outbox_id)
        .where(mine, invitations.c.state == InvitationState.SENT)
    ).one()
    took_part = conn.scalar(select(func.count()).select_from(tokens).where(tokens.c.wave_id == wave)) or 0
    return Progress(
        planned=counts.get(InvitationState.PLANNED, 0),
        queued=counts.get(InvitationState.QUEUED, 0),
        sent=counts.get(InvitationState.SENT, 0),
        failed=counts.get(InvitationState.FAILED, 0),
        held=counts.get(InvitationState.HELD, 0),
        paper=counts.get(InvitationState.PAPER, 0),
        cancelled=counts.get(InvitationState.CANCELLED, 0),
        reminders=sum(int(row[2] or 0) for row in states),
        took_part=took_part,
        first_at=handed[0],
        last_at=handed[1],
    )
