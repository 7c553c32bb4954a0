"""Somebody leaves: the account is switched off and all that was theirs is somebody else's, in one transaction."""

from collections import Counter

from msgspec.structs import replace

from app.runtime import Runtime
from bot.ledger import Refused as NotWritten
from bot.turn import apply_act
from feedback.acts import Refusal
from feedback.handing import Assign, Return
from feedback.reach import PAST_THE_DESK
from feedback.roles import SYSTEM, Actor, Role
from feedback.routing import Assignee
from storage import cases, leaving, officer_changes, routing
from storage.officer_changes import Refused
from storage.tx import Tx
from web.services import HandedOn


class _Stop(Exception):
    """What is refused after something was written: nothing of it stays."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def leave(runtime: Runtime, officer: int, to: int, seen: int, actor: Actor) -> HandedOn | Refused:
    """Switch an account off and hand on its open cases, and the lines of the table that name it, to `to`.

    `to` 0: the cases go back to the desk, or to the leaders. What is said of officials' behaviour goes to the leaders
    where neither the actor nor `to` is one; what only the keeper sees stays where it is.
    """

    def unit(tx: Tx) -> HandedOn | Refused:
        now = runtime.now()
        refused = officer_changes.switch(tx, actor, officer, on=False, seen=seen, now=now, to=to)
        if refused is not None:
            return refused
        if to and not leaving.may_follow(tx.conn, actor.unit, officer, to):
            raise _Stop("nobody")
        found = officer_changes.held(tx.conn, officer)
        went = Counter(_hand(runtime, tx, case, to, actor, now) for case in found)
        for line in leaving.named_in_rules(tx, actor.unit, officer) if to else ():
            _rename(tx, line, to, actor, now)
        return HandedOn(handed=went["name"], back=went["desk"])

    try:
        return await runtime.store.write(unit)
    except _Stop as stop:
        return Refused(stop.why)
    except NotWritten:
        return Refused("changed")


def _hand(runtime: Runtime, tx: Tx, case: int, to: int, actor: Actor, now: int) -> str:
    """Where the case went: "name" to whoever follows, "desk", or "" where it stays since nobody is there for it."""
    facts = cases.facts_of(tx, case)
    if facts is None:
        return ""
    past = facts.kind in PAST_THE_DESK
    by_name = to and (not past or leaving.is_leader(actor) or leaving.role_of(tx.conn, to) is Role.LEADER)
    reason = runtime.wording("officer.left")
    act = Assign(officer=to, reason=reason) if by_name else Return()
    system = Actor(kind=SYSTEM, unit=actor.unit)
    outcome = apply_act(runtime.ledger.book(tx, case, now), act, system, runtime.wording, now=now)
    if isinstance(outcome, Refusal) and by_name:
        raise _Stop("changed")
    if isinstance(outcome, Refusal):
        return ""
    return "name" if by_name else "desk"


def _rename(tx: Tx, line: int, to: int, actor: Actor, now: int) -> None:
    """A line of the table names the one who follows."""
    old = next(one for one in routing.table(tx.conn, actor.unit) if one.id == line)
    routing.put(tx, actor, replace(old, to=Assignee(officer=to)), now)
