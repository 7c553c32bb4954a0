"""A case that an officer enters for somebody who came, called or wrote on paper (nhập hộ)."""

import msgspec

from app.ledger import StoredChat
from app.runtime import Runtime
from bot.conversation.effects import GiveConsent
from bot.ledger import Refused
from feedback.acts import Open, Refusal
from feedback.deciding import decide
from feedback.roles import Actor
from storage import by_hand, entered, oversight, units, works
from storage.tx import Tx

CONSENT_WORDING = "entering.consent/1"
_TRIES = 3


async def enter(runtime: Runtime, act: Open, actor: Actor, once: str = "") -> str | Refusal:
    """The code of the new case, or why it is none. The code of `act` is drawn here.

    `once` names the form it was typed on: sent twice, it is the case that the first made. "" names none.
    """
    for _ in range(_TRIES):
        try:
            return await runtime.store.write(lambda tx: _enter(runtime, tx, act, actor, once))
        except Refused as refused:
            if refused.key != "code.taken":
                return Refusal(refused.key)
    return Refusal("act.changed")


def _enter(runtime: Runtime, tx: Tx, act: Open, actor: Actor, once: str) -> str | Refusal:
    now = runtime.now()
    if known := entered.by_form(tx, actor, once):
        return known
    if act.village and act.village not in {one.id for one in units.villages(tx.conn, actor.unit)}:
        return Refusal("routing.village")
    if act.works and not works.is_of(tx.conn, actor.unit, act.works):
        return Refusal("works.unknown")
    decision = decide(None, act, actor, now=now, office=runtime.ledger.office_in(tx.conn, actor.unit))
    if isinstance(decision, Refusal):
        return decision
    chat = StoredChat(runtime.ledger, tx, by_hand.begin(tx, runtime.vault, actor.unit, now), now)
    act = msgspec.structs.replace(act, code=chat.desk().new_code())
    if not chat.desk().in_use().takes(act):
        return Refusal("kinds.refused")
    personal = [name for name in ("name", "phone", "village") if getattr(act, name)]
    if personal:
        chat.consent(GiveConsent(purpose="case", data=tuple(personal), wording=CONSENT_WORDING))
    chat.open_case(act, decision, actor)
    entered.of_form(tx, actor, act.code, once)
    if act.organisation:
        oversight.brought_by(tx, act.code, act.organisation, actor.unit)
    chat.save(None)
    return act.code
