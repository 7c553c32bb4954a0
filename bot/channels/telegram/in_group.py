"""What happens in a group, as far as it is anything to us: who called the bot, and whether it is still there. Pure."""

import re
from typing import Literal

import msgspec

from bot.channels.telegram.updates import MemberUpdate, Message

_CALLED = re.compile(r"(?:^|\s)(?:/[A-Za-z0-9_]+(?:@(\w+))?|@(\w+))")
_INSIDE = ("member", "administrator", "creator", "restricted")

What = Literal["talk", "added", "removed", "moved"]


class InGroup(msgspec.Struct, frozen=True):
    """Something that happened in a group, without what was said and who said it.

    `names` are the bots that are called by name, in lower case, with "" for a command to whichever bot is there;
    `answers` is whose message was answered (0: nobody's). moved: the group is `to` from now on.
    """

    update_id: int
    chat: str
    what: What
    names: tuple[str, ...] = ()
    answers: int = 0
    to: str = ""


def read_message(update_id: int, message: Message) -> InGroup:
    """What a message in a group is to us."""
    chat = str(message.chat.id)
    if message.migrate_to_chat_id:
        return InGroup(update_id, chat, "moved", to=str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id:
        return InGroup(update_id, str(message.migrate_from_chat_id), "moved", to=chat)
    if message.sender is None or message.sender.is_bot:
        return InGroup(update_id, chat, "talk")
    found = _CALLED.finditer((message.text or message.caption)[:1000])
    names = tuple({(call[1] or call[2] or "").lower() for call in found})
    answered = message.reply_to_message.sender if message.reply_to_message is not None else None
    return InGroup(update_id, chat, "talk", names, answered.id if answered is not None else 0)


def read_member(update_id: int, change: MemberUpdate) -> InGroup:
    """What a change of our standing in a group is to us."""
    inside, before = (one.status in _INSIDE for one in (change.new_chat_member, change.old_chat_member))
    what: What = "talk" if inside == before else "added" if inside else "removed"
    return InGroup(update_id, str(change.chat.id), what)
