"""Officers in chat: a one-time code links an account, a button takes a case, a page signs an answer.

Everything is decided where the console has it decided; a chat is only another way to the same door. Whoever is not
linked is a citizen here as anywhere: what they send goes on to their own conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.conversation.messages import Bubble, Button, Inbound
from bot.ledger import Refused
from bot.turn import apply_act
from feedback.acts import Refusal, Take
from feedback.roles import may
from feedback.states import State
from storage import officer_accounts, officer_news, sign_links
from storage.officer_accounts import Link
from storage.officer_news import Fate
from storage.replies import RETURNED, WAITING
from vietnam.time import MINUTE, local

if TYPE_CHECKING:
    from app.runtime import Runtime
    from storage.conversations import ChannelAccount
    from storage.tx import Tx

PRESS = "go:cb:"
"""What the choices of an officer's buttons begin with."""
TAKE, APPROVE, RETURN = "nhan", "duyet", "tra"
_TRIES, _PAUSE = 5, 10 * MINUTE
"""Wrong codes of one chat, and how long they count."""


def code_in(inbound: Inbound) -> str | None:
    """The one-time code that an event brings, "" for one with a slip in it; None where it is about none."""
    if inbound.kind == "start":
        return officer_accounts.typed(inbound.source) if inbound.source else None
    return officer_accounts.typed(inbound.text) if inbound.kind == "text" else None


def is_theirs(inbound: Inbound) -> bool:
    """Whether an event may be an officer's: looked at for every event, so without asking the store."""
    if inbound.kind == "choice":
        return inbound.choice.startswith(PRESS)
    return code_in(inbound) is not None


def turn(runtime: Runtime, tx: Tx, on: ChannelAccount, inbound: Inbound) -> bool:
    """Answer an officer's event in the open transaction; False where it is none after all."""
    code = code_in(inbound)
    account = officer_accounts.account_of(tx, on.id, inbound.person)
    link = None if account is None else officer_accounts.who(tx.conn, account)
    if code is None and link is None:
        return False  # a stranger's press: an old button of a conversation, as far as anybody is told
    if not runtime.ledger.chat(tx, on, inbound.person, runtime.now()).first_time(inbound):
        return True
    # What is done may write into a conversation of this very person, so that is read anew for the answer.
    if link is not None and code is None:
        bubble = _pressed(runtime, tx, link, inbound.choice)
    else:
        bubble = _linked(runtime, tx, on, inbound, code or "")
    answer = runtime.ledger.chat(tx, on, inbound.person, runtime.now())
    answer.say(bubble, 0)
    answer.save(None)  # whatever the person is amid as a citizen stays as it was
    officer_accounts.heard(tx, on.id, inbound.person, runtime.now())
    return True


# --- linking ----------------------------------------------------------------------------------------------------------


def _linked(runtime: Runtime, tx: Tx, on: ChannelAccount, inbound: Inbound, code: str) -> Bubble:
    say, now, key = runtime.wording, runtime.now(), (on.id, inbound.person)
    tried = [at for at in runtime.wrong_codes.get(key, ()) if now - at < _PAUSE]
    if len(tried) >= _TRIES:
        return Bubble(text=say("officer.code_slow"))
    account = officer_accounts.account_of(tx, on.id, inbound.person)
    officer = None
    if code and account is not None:
        officer = officer_accounts.link(tx, runtime.vault, code, on.id, account, now)
    if officer is None:
        # Bounded: who writes from ever new accounts is slowed down by the platform, and forgets the oldest here.
        runtime.wrong_codes[key] = [*tried, now]
        while len(runtime.wrong_codes) > 1000:
            del runtime.wrong_codes[next(iter(runtime.wrong_codes))]
        return Bubble(text=say("officer.code_wrong"))
    runtime.wrong_codes.pop(key, None)
    return Bubble(text=say("officer.linked", name=officer.name, unit=officer.unit_name))


# --- buttons ----------------------------------------------------------------------------------------------------------


def _pressed(runtime: Runtime, tx: Tx, link: Link, choice: str) -> Bubble:
    what, _, code = choice.removeprefix(PRESS).partition(":")
    actor, say = link.officer.actor(), runtime.wording
    found = officer_news.fate(tx.conn, actor, code)
    if found is None:
        return Bubble(text=say("officer.no_case"))
    if what == TAKE:
        return _take(runtime, tx, link, found)
    if what in (APPROVE, RETURN) and may(actor, "case.approve", actor.unit):
        return _to_sign(runtime, link, found, what)
    return Bubble(text=say("officer.no_case"))


def _take(runtime: Runtime, tx: Tx, link: Link, case: Fate) -> Bubble:
    say, actor, now = runtime.wording, link.officer.actor(), runtime.now()
    try:
        with tx.conn.begin_nested():
            outcome = apply_act(runtime.ledger.book(tx, case.id, now), Take(), actor, say, now=now)
    except Refused as refused:
        outcome = Refusal(refused.key)
    after = officer_news.fate(tx.conn, actor, case.code)
    if after is None:
        return Bubble(text=say("officer.no_case"))
    if not isinstance(outcome, Refusal):
        text = "\n".join((say("officer.took", code=case.code), *due_line(runtime, after.due_at)))
        return with_page(runtime, Bubble(text=text), case.code)
    if outcome.key not in ("act.already", "act.changed"):
        return Bubble(text=say(outcome.key, **outcome.values))
    return with_page(runtime, Bubble(text=what_became(runtime, after, actor.id)), case.code)


def what_became(runtime: Runtime, case: Fate, me: int) -> str:
    """How a case stands, for whoever presses a button about what is over."""
    say = runtime.wording
    if case.state is State.IN_PROGRESS and case.holder_id == me:
        return say("officer.yours_already", code=case.code)
    if case.state is State.IN_PROGRESS and case.holder:
        at = local(case.at)
        return say("officer.taken_by", code=case.code, name=case.holder, time=f"{at:%H:%M}", day=f"{at:%d/%m}")
    return say("officer.stands", code=case.code, state=say(f"officer.state.{case.state}"))


def _to_sign(runtime: Runtime, link: Link, case: Fate, what: str) -> Bubble:
    say = runtime.wording
    if case.draft == RETURNED:
        return Bubble(text=say("officer.returned_already", code=case.code))
    if case.draft != WAITING:
        return Bubble(text=say("officer.not_waiting", code=case.code, state=say(f"officer.state.{case.state}")))
    until = runtime.now() + sign_links.LIFE
    token = sign_links.make(
        runtime.vault, sign_links.Signing(link=link.id, case=case.id, version=case.version, until=until)
    )
    address = f"{runtime.settings.public_url}/ky/{token}" + ("?tra-lai" if what == RETURN else "")
    minutes = sign_links.LIFE // MINUTE
    label = say("officer.open_return" if what == RETURN else "officer.open_sign")
    return Bubble(text=say("officer.sign", code=case.code, minutes=minutes), link=address, link_label=label)


# --- what a line is made of -------------------------------------------------------------------------------------------


def due_line(runtime: Runtime, due_at: int | None) -> tuple[str, ...]:
    """Until when a case is to be answered, on a line of its own; nothing where nobody owes an answer."""
    if due_at is None:
        return ()
    at = local(due_at)
    return (runtime.wording("officer.due", time=f"{at:%H:%M}", day=f"{at:%d/%m/%Y}"),)


def with_page(runtime: Runtime, bubble: Bubble, code: str) -> Bubble:
    """The same with the address of the case in the console, which asks whoever opens it to log in."""
    address = f"{runtime.settings.public_url}/can-bo/vu-viec/{code}"
    return msgspec.structs.replace(bubble, link=address, link_label=runtime.wording("board.open"))


def buttons(runtime: Runtime, what: str, code: str) -> tuple[Button, ...]:
    """What can be done about a line at once."""
    ways = {"new": (TAKE,), "given": (TAKE,), "draft": (APPROVE, RETURN)}.get(what, ())
    return tuple(Button(id=f"{PRESS}{way}:{code}", label=runtime.wording(f"officer.way.{way}")) for way in ways)
