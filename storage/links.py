"""The short-lived signed address of a page that takes, for one question of one chat, what its channel cannot.

Whoever has the address can answer that question, so it lives for a day, and its page shows nothing of the chat.
"""

import base64
import hmac
import struct

import msgspec
from sqlalchemy import Connection, select

from storage.conversations import ChannelAccount, channel_account
from storage.tables import accounts, conversations, units
from storage.vault import Vault
from vietnam.time import HOUR, MINUTE

LIFE = 24 * HOUR
WANTS = ("place", "photo", "voice", "words", "contact", "scene", "data")
_FACTS = struct.Struct(">qBII")
_MAC = 12


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What an address stands for: `nonce` is the question it was made for, `until` its end (UTC ms, whole minutes)."""

    conversation: int
    wants: str
    nonce: int
    until: int


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """The chat of a link: our account, the person's platform id, and the slug of the commune."""

    on: ChannelAccount
    person: str
    slug: str


def make(vault: Vault, link: Link) -> str:
    """The part of the address that is signed: 40 characters of A-Z a-z 0-9 _ -. ValueError for unknown wants."""
    facts = _FACTS.pack(link.conversation, WANTS.index(link.wants), link.nonce & 0xFFFFFFFF, link.until // MINUTE)
    signed = facts + _mac(vault, facts)
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def read(vault: Vault, token: str, now: int) -> Link | None:
    """What a signed part stands for; None where it is not ours, or its day is over."""
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    facts, mac = signed[: _FACTS.size], signed[_FACTS.size :]
    # A spelling that decodes to the same bytes would be a second address of the same page.
    if (
        not hmac.compare_digest(_mac(vault, facts), mac)
        or base64.urlsafe_b64encode(signed).decode().rstrip("=") != token
    ):
        return None
    conversation, wants, nonce, minutes = _FACTS.unpack(facts)
    if minutes * MINUTE < now or wants >= len(WANTS):
        return None
    return Link(conversation=conversation, wants=WANTS[wants], nonce=nonce, until=minutes * MINUTE)


def _mac(vault: Vault, facts: bytes) -> bytes:
    return vault.token("link", facts.hex())[:_MAC]


def chat_of(conn: Connection, conversation_id: int) -> Chat | None:
    """Whose chat it is; None where it is gone or our account was switched off."""
    row = conn.execute(
        select(accounts.c.channel_account_id, accounts.c.platform_id, units.c.slug)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .join(units, units.c.id == conversations.c.unit_id)
        .where(conversations.c.id == conversation_id)
    ).one_or_none()
    on = None if row is None else channel_account(conn, row.channel_account_id)
    return None if row is None or on is None else Chat(on=on, person=row.platform_id, slug=row.slug)
