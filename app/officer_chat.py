"""Officers in chat: a one-time code links an account, a button takes a case, a page signs an answer.

Everything is decided where the console has it decided; a chat is only another way to the same door. Whoever is not
linked is a citizen here as anywhere: what they send goes on to their own conversation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from app.officer_lines import APPROVE, PRESS, RETURN, TAKE, due_line, is_typed, with_page
from bot.conversation.messages import Bubble, Inbound
from bot.ledger import Refused
from bot.turn import apply_act
from feedback.acts import Refusal, Take
from feedback.codes import read_code
from feedback.roles import may
from feedback.states import State
from storage import officer_accounts, officer_news, officer_numbers, sign_links
from storage.officer_accounts import Link
from storage.officer_news import Fate
from storage.replies import RETURNED, WAITING
from vietnam.text import fold_words
from vietnam.time import MINUTE, local

if TYPE_CHECKING:
    from app.runtime import Runtime
    from storage.conversations import ChannelAccount
    from storage.tx import Tx

_TRIES, _PAUSE = 5, 10 * MINUTE
"""Wrong codes of one chat, and how long they count."""
_WORDS = {"nhan": TAKE, "nhan viec": TAKE, "duyet": APPROVE, "tra": RETURN, "tra lai": RETURN}
_TYPED = re.compile(rf"({'|'.join(sorted(_WORDS, key=len, reverse=True))})(?: viec| so| viec so)?(?: (.+))?")
_LONGEST = 60
_MOST_LISTED = 10


class Said(msgspec.Struct, frozen=True):
    """A word of an officer: the way out, and the number of a line or the code of a case; 0 and "" for neither."""

    way: str
    number: int = 0
    code: str = ""


def code_in(inbound: Inbound) -> str | None:
    """The one-time code that an event brings, "" for one with a slip in it; None where it is about none."""
    if inbound.kind == "start":
        return officer_accounts.typed(inbound.source) if inbound.source else None
    return officer_accounts.typed(inbound.text) if inbound.kind == "text" else None


def said(text: str) -> Said | None:
    """What an officer types in place of a button: "nhận 3", "duyet VL-2026-K7M2QX-4", "nhận"; None for all else."""
    if len(text) > _LONGEST:
        return None
    found = _TYPED.fullmatch(fold_words(text))
    if found is None:
        return None
    way, what = _WORDS[found[1]], found[2] or ""
    if not what:
        return Said(way)
    if what.isascii() and what.isdecimal() and len(what) <= 2:
        return Said(way, number=int(what))
    code = read_code(what)
    # "tra cuu VL-2026-..." asks for a case as a citizen does: a code, and nothing beside it.
    alone = code is not None and re.sub(r"\W", "", what).upper() == code.replace("-", "")
    return Said(way, code=code) if code and alone else None


def is_theirs(inbound: Inbound) -> bool:
    """Whether an event may be an officer's: looked at for every event, so without asking the store."""
    if inbound.kind == "choice":
        return inbound.choice.startswith(PRESS)
    return code_in(inbound) is not None or (inbound.kind == "text" and said(inbound.text) is not None)


def turn(runtime: Runtime, tx: Tx, on: ChannelAccount, inbound: Inbound) -> bool:
    """Answer an officer's event in the open transaction; False where it is none after all."""
    code = code_in(inbound)
    account = officer_accounts.account_of(tx, on.id, inbound.person)
    link = None if account is None else officer_accounts.who(tx.conn, account)
    word = said(inbound.text) if code is None and inbound.kind == "text" else None
    if code is None and (link is None or not _is_answer(tx, link, word)):
        # A stranger's press is an old button of a conversation, as far as anybody is told; a word of an officer who was
        # told of nothing that has a number is a word of the citizen that they are as well.
        return False
    if not runtime.ledger.chat(tx, on, inbound.person, runtime.now()).first_time(inbound):
        return True
    # What is done may write into a conversation of this very person, so that is read anew for the answer.
    if link is None or code is not None:
        bubble = _linked(runtime, tx, on, inbound, code or "")
    elif word is not None:
        bubble = _typed(runtime, tx, link, word)
    else:
        way, _, about = inbound.choice.removeprefix(PRESS).partition(":")
        bubble = _done(runtime, tx, link, way, about)
    answer = runtime.ledger.chat(tx, on, inbound.person, runtime.now())
    answer.say(bubble, 0)
    answer.save(None)  # whatever the person is amid as a citizen stays as it was
    officer_accounts.heard(tx, on.id, inbound.person, runtime.now())
    return True


def _is_answer(tx: Tx, link: Link, word: Said | None) -> bool:
    """Whether a word alone, without number and code, answers a line; with either, and a press, it always does."""
    if word is None or word.number or word.code or is_typed(link.channel):
        return True
    return bool(officer_numbers.codes(tx.conn, link.id))


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
    told = say("officer.linked", name=officer.name, unit=officer.unit_name)
    if is_typed(on.channel):
        told = f"{told}\n\n{say('officer.linked_typed')}"
    return Bubble(text=told)


# --- what is pressed or typed -----------------------------------------------------------------------------------------


def _typed(runtime: Runtime, tx: Tx, link: Link, word: Said) -> Bubble:
    """A word: with a number or a code it is as good as a press; alone it is where one line only can be meant."""
    known = officer_numbers.codes(tx.conn, link.id)
    if word.code:
        return _done(runtime, tx, link, word.way, word.code)
    if word.number:
        code = known.get(word.number, "")
        if code:
            return _done(runtime, tx, link, word.way, code)
        return Bubble(text=_which(runtime, tx, link, word.way, known, number=word.number))
    left = _left(tx, link, word.way, known)
    if len(left) == 1:
        return _done(runtime, tx, link, word.way, next(iter(left.values())).code)
    return Bubble(text=_which(runtime, tx, link, word.way, known))


def _left(tx: Tx, link: Link, way: str, known: dict[int, str]) -> dict[int, Fate]:
    """Of the lines with a number those that this word still does something about."""
    actor = link.officer.actor()
    stand = {number: officer_news.fate(tx.conn, actor, code) for number, code in known.items()}
    wanted = (State.NEW, State.RECEIVED, State.REOPENED)
    return {
        number: case
        for number, case in stand.items()
        if case is not None and (case.state in wanted if way == TAKE else case.draft == WAITING)
    }


def _which(runtime: Runtime, tx: Tx, link: Link, way: str, known: dict[int, str], *, number: int = 0) -> str:
    """What can be meant, by number; that there is nothing, where there is nothing."""
    say = runtime.wording
    left = _left(tx, link, way, known)
    head = [say("officer.typed.no_number", number=number)] if number else []
    if not left:
        return "\n".join((*head, say(f"officer.typed.nothing.{way}")))
    lines = [f"{one}. {case.code}" for one, case in list(left.items())[-_MOST_LISTED:]]
    typed = say(f"officer.typed.many.{way}", number=next(reversed(left)))
    return "\n".join((*head, say(f"officer.typed.which.{way}"), *lines, typed))


def _done(runtime: Runtime, tx: Tx, link: Link, way: str, code: str) -> Bubble:
    """A way out of a line, for the officer of the link, if that officer may at this moment."""
    actor, say = link.officer.actor(), runtime.wording
    if link.officer.must_change:
        return Bubble(text=say("officer.must_change"))
    found = officer_news.fate(tx.conn, actor, code)
    if found is None:
        return Bubble(text=say("officer.no_case"))
    if way == TAKE:
        _, text = take(runtime, tx, link, found)
        return with_page(runtime, Bubble(text=text), code) if code in text else Bubble(text=text)
    if way in (APPROVE, RETURN) and may(actor, "case.approve", actor.unit):
        return _to_sign(runtime, link, found, way)
    return Bubble(text=say("officer.not_yours" if way in (APPROVE, RETURN) else "officer.no_case"))


def take(runtime: Runtime, tx: Tx, link: Link, case: Fate) -> tuple[bool, str]:
    """Take a case in the officer's name: whether it was, and what to say of it."""
    say, actor, now = runtime.wording, link.officer.actor(), runtime.now()
    try:
        with tx.conn.begin_nested():
            outcome = apply_act(runtime.ledger.book(tx, case.id, now), Take(), actor, say, now=now)
    except Refused as refused:
        outcome = Refusal(refused.key)
    after = officer_news.fate(tx.conn, actor, case.code)
    if after is None:
        return False, say("officer.no_case")
    if not isinstance(outcome, Refusal):
        return True, "\n".join((say("officer.took", code=case.code), *due_line(runtime, after.due_at)))
    if outcome.key not in ("act.already", "act.changed"):
        return False, say(outcome.key, **outcome.values)
    return False, what_became(runtime, after, actor.id)


def what_became(runtime: Runtime, case: Fate, me: int) -> str:
    """How a case stands, for whoever presses a button about what is over."""
    say = runtime.wording
    if case.state is State.IN_PROGRESS and case.holder_id == me:
        return say("officer.yours_already", code=case.code)
    if case.state is State.IN_PROGRESS and case.holder:
        at = local(case.at)
        return say("officer.taken_by", code=case.code, name=case.holder, time=f"{at:%H:%M}", day=f"{at:%d/%m}")
    return say("officer.stands", code=case.code, state=say(f"officer.state.{case.state}"))


def _to_sign(runtime: Runtime, link: Link, case: Fate, way: str) -> Bubble:
    say = runtime.wording
    if case.draft == RETURNED:
        return Bubble(text=say("officer.returned_already", code=case.code))
    if case.draft != WAITING:
        return Bubble(text=say("officer.not_waiting", code=case.code, state=say(f"officer.state.{case.state}")))
    until = runtime.now() + sign_links.LIFE
    token = sign_links.make(
        runtime.vault, sign_links.Signing(link=link.id, case=case.id, version=case.version, until=until)
    )
    address = f"{runtime.settings.public_url}/ky/{token}" + ("?tra-lai" if way == RETURN else "")
    minutes = sign_links.LIFE // MINUTE
    label = say("officer.open_return" if way == RETURN else "officer.open_sign")
    return Bubble(text=say("officer.sign", code=case.code, minutes=minutes), link=address, link_label=label)
