"""Reminders that somebody asks for now, before they would come by themselves."""

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from storage import participations
from storage.tables import accounts, invitations, outbox
from storage.tables import participations as tokens
from storage.tables import waves as wave_rows
from storage.tx import Tx
from storage.vault import Vault
from surveys.waves import MOST_REMINDERS, InvitationState, WaveKind
from vietnam.time import DAY

_SOME = 500
"""Invitations looked at in one query."""


def _due(wave: int, now: int) -> ColumnElement[bool]:
    """Invitations of a wave that may be reminded: not twice yet, and nothing was heard of it within the last day."""
    heard = select(outbox.c.id).where(outbox.c.id == invitations.c.outbox_id, outbox.c.created_at > now - DAY)
    return and_(
        invitations.c.wave_id == wave,
        invitations.c.state == InvitationState.SENT,
        invitations.c.reminders < MOST_REMINDERS,
        ~heard.exists(),
    )


def anybody(conn: Connection, vault: Vault, wave: int, now: int) -> bool:
    """Whether a reminder would reach anybody: who may be reminded, can be written to, wants it, and has not answered.

    Who has answered is known by the key alone, not by the rows.
    """
    kind = conn.scalar(select(wave_rows.c.kind).where(wave_rows.c.id == wave))
    reached = (accounts.c.gone == "", accounts.c.opted_out_at.is_(None))
    query = (
        select(invitations.c.id, invitations.c.account_id)
        .join(accounts, accounts.c.id == invitations.c.account_id)
        .where(_due(wave, now), *reached)
        .order_by(invitations.c.id)
        .limit(_SOME)
    )
    after = 0
    while rows := conn.execute(query.where(invitations.c.id > after)).all():
        mine = {
            participations.of_invitation(vault, wave, row.id)
            if kind == WaveKind.INVITED
            else participations.of_account(vault, wave, row.account_id)
            for row in rows
        }
        came = conn.scalar(select(func.count()).select_from(tokens).where(tokens.c.token.in_(mine))) or 0
        if came < len(mine):
            return True
        after = rows[-1].id
    return False


def remind_now(tx: Tx, wave: int, now: int) -> int:
    """Let everybody of a wave who may still be reminded be so at once; how many that are.

    Whoever heard of it within the last day is left in peace, so an impatient second call reminds nobody twice.
    """
    due = _due(wave, now)
    most = tx.execute(select(func.max(invitations.c.reminders)).where(due)).scalar()
    if most is None:
        return 0
    changed = tx.execute(update(invitations).where(due).values(next_at=now)).rowcount
    times = (
        func.max(wave_rows.c.remind_times, most + 1)
        if not tx.postgres
        else func.greatest(wave_rows.c.remind_times, most + 1)
    )
    tx.execute(update(wave_rows).where(wave_rows.c.id == wave).values(remind_times=times))
    return changed
