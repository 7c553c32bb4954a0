"""A button pressed in the officers' group: done in the name of whoever pressed, if their own chat is linked.

The group sees no more of it than who has the case, on the line itself (app/telegram_board.py); what concerns the one
who pressed only they are shown. Nothing is kept of a stranger who presses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.officer_chat import take
from app.officer_lines import PRESS, TAKE
from bot.conversation.messages import Aside, Inbound
from storage import conversations, officer_accounts, officer_news

if TYPE_CHECKING:
    from app.runtime import Runtime
    from storage.conversations import ChannelAccount
    from storage.tx import Tx


def pressed(runtime: Runtime, tx: Tx, on: ChannelAccount, inbound: Inbound) -> Aside | None:
    """Do it in the open transaction, once; what to show to whoever pressed, None where there is nothing."""
    if inbound.kind != "choice" or not inbound.choice.startswith(PRESS):
        return None
    say = runtime.wording
    account = officer_accounts.account_of(tx, on.id, inbound.person)
    link = None if account is None else officer_accounts.who(tx.conn, account)
    if link is None:
        return Aside(text=say("officer.group.stranger"))
    if not conversations.first_time(tx, runtime.vault, on.id, inbound.dedupe_key, runtime.now()):
        return None
    way, _, code = inbound.choice.removeprefix(PRESS).partition(":")
    if link.officer.must_change:
        return Aside(text=say("officer.must_change"))
    found = officer_news.fate(tx.conn, link.officer.actor(), code) if way == TAKE else None
    if found is None:
        return Aside(text=say("officer.no_case"))
    done, text = take(runtime, tx, link, found)
    return Aside(text=text, loud=not done)
