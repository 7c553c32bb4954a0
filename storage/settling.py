"""What became of invitations that were put into the outbox, and taking back what is still unsent there."""

from sqlalchemy import Connection, and_, select, update

from storage.invitations import is_queued
from storage.outbox import Lane, unsent
from storage.sending import put
from storage.tables import channel_accounts, invitations, outbox, waves
from storage.tx import Tx
from surveys.waves import InvitationState, Sending, WaveState


def settle(tx: Tx, wave: int, limit: int = 500) -> int:
    """Learn from the outbox what became of queued messages; how many rows that settled."""
    done = (
        select(invitations.c.id, invitations.c.reminders, outbox.c.state, outbox.c.fault)
        .join(outbox, outbox.c.id == invitations.c.outbox_id)
        .where(invitations.c.wave_id == wave, is_queued(), outbox.c.state.not_in(["ready", "leased"]))
        .limit(limit)
        .with_for_update(of=invitations, skip_locked=True)
    )
    rows = tx.execute(done).all()
    put(tx, [row.id for row in rows if row.state in ("sent", "read") or row.reminders], state=InvitationState.SENT)
    for row in rows:
        if row.state not in ("sent", "read") and not row.reminders:
            put(tx, [row.id], state=InvitationState.FAILED, fault=row.fault or row.state)
    return len(rows)


def unsettled(conn: Connection) -> list[tuple[int, bool]]:
    """Waves with messages in the outbox whose fate is not known yet, and whether these are still to be sent."""
    going_on = and_(waves.c.state == WaveState.OPEN, waves.c.sending.in_([Sending.RUNNING, Sending.DONE]))
    some = select(invitations.c.id).where(invitations.c.wave_id == waves.c.id, is_queued()).exists()
    return [(id, bool(going)) for id, going in conn.execute(select(waves.c.id, going_on).where(some))]


def withdraw(tx: Tx, wave: int, now: int, *, cancelled: bool, limit: int = 500) -> int:
    """Take unsent messages of a wave out of the outbox; how many went. What is being sent this moment is not stopped.

    A reminder that was taken back may come again; an invitation is planned anew, or cancelled.
    """
    waiting = (
        select(invitations.c.id, invitations.c.reminders, invitations.c.outbox_id)
        .join(outbox, outbox.c.id == invitations.c.outbox_id)
        .where(invitations.c.wave_id == wave, is_queued(), outbox.c.state == "ready")
        .limit(limit)
        .with_for_update(of=outbox)
    )
    rows = tx.execute(waiting).all()
    letters = [row.outbox_id for row in rows]
    if letters:
        tx.execute(
            update(outbox).where(outbox.c.id.in_(letters), outbox.c.state == "ready").values(state="erased", body=None)
        )
    back = InvitationState.CANCELLED if cancelled else InvitationState.PLANNED
    put(tx, [row.id for row in rows if not row.reminders], state=back, outbox_id=None, next_at=now)
    reminded = [row.id for row in rows if row.reminders]
    put(tx, reminded, state=InvitationState.SENT, reminders=invitations.c.reminders - 1, next_at=now)
    return len(rows)


def cancel_rest(tx: Tx, wave: int, *, paper: bool, limit: int = 1_000) -> int:
    """Nobody who was not written to yet is invited any more, with `paper` by a letter neither; how many rows."""
    waiting = [InvitationState.PLANNED, InvitationState.HELD, *([InvitationState.PAPER] if paper else [])]
    rest = select(invitations.c.id).where(invitations.c.wave_id == wave, invitations.c.state.in_(waiting)).limit(limit)
    return tx.execute(
        update(invitations).where(invitations.c.id.in_(rest)).values(state=InvitationState.CANCELLED)
    ).rowcount


def called_off(conn: Connection) -> list[int]:
    """Cancelled waves in whose list somebody still stands who was not written to."""
    waiting = (InvitationState.PLANNED, InvitationState.HELD, InvitationState.PAPER)
    some = select(invitations.c.id).where(invitations.c.wave_id == waves.c.id, invitations.c.state.in_(waiting))
    return list(conn.scalars(select(waves.c.id).where(waves.c.state == WaveState.CANCELLED, some.exists())))


def loud(conn: Connection, until: int) -> bool:
    """Whether an invitation in the outbox would be sent before that instant."""
    early = and_(outbox.c.lane == int(Lane.BROADCAST), unsent(), outbox.c.state == "ready", outbox.c.next_at < until)
    mine = outbox.c.channel_account_id.in_(select(channel_accounts.c.id))
    return conn.execute(select(outbox.c.id).where(mine, early).limit(1)).first() is not None


def keep_quiet(tx: Tx, until: int) -> int:
    """Put off every unsent invitation and reminder to that instant; how many."""
    early = and_(outbox.c.lane == int(Lane.BROADCAST), unsent(), outbox.c.state == "ready", outbox.c.next_at < until)
    mine = outbox.c.channel_account_id.in_(select(channel_accounts.c.id))
    return tx.execute(update(outbox).where(mine, early).values(next_at=until)).rowcount
