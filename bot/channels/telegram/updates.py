"""The part of a Telegram Update that we use, as it comes over the wire (core.telegram.org/bots/api#update).

Fields we do not know are passed over, fields we use are checked. Every `date` of Telegram is in seconds.
"""

from typing import Annotated

import msgspec

Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""Telegram promises at most 52 bits; no column of a store holds more than 64."""
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class User(msgspec.Struct, frozen=True, gc=False):
    """Who wrote or pressed."""

    id: Int64
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""


class Chat(msgspec.Struct, frozen=True, gc=False):
    """Where it happened; `type` is private, group, supergroup or channel."""

    id: Int64
    type: str


class PhotoSize(msgspec.Struct, frozen=True, gc=False):
    """One size of a photo; `file_size` is in bytes and 0 where Telegram does not say."""

    file_id: str
    width: int = 0
    height: int = 0
    file_size: Int64 = 0


class File(msgspec.Struct, frozen=True, gc=False):
    """A document, a voice message or a sound file."""

    file_id: str
    mime_type: str = ""
    file_size: Int64 = 0
    file_name: str = ""


class Location(msgspec.Struct, frozen=True, gc=False):
    """A point in WGS 84 degrees."""

    latitude: Latitude
    longitude: Longitude


class Contact(msgspec.Struct, frozen=True, gc=False):
    """A telephone card; `user_id` is 0 when the card is of nobody on Telegram."""

    phone_number: str
    user_id: int = 0


class Replied(msgspec.Struct, frozen=True):
    """The message that another one answers: only whose it was."""

    sender: User | None = msgspec.field(name="from", default=None)


class Message(msgspec.Struct, frozen=True):
    """A message in its newest form; exactly one of the content fields is normally there.

    `media_group_id` is the same for all pictures of one album. A group that becomes a supergroup says so twice: in the
    old one `migrate_to_chat_id`, in the new one `migrate_from_chat_id`.
    """

    chat: Chat
    sender: User | None = msgspec.field(name="from", default=None)
    text: str | None = None
    caption: str = ""
    photo: tuple[PhotoSize, ...] = ()
    document: File | None = None
    voice: File | None = None
    audio: File | None = None
    media_group_id: str = ""
    reply_to_message: Replied | None = None
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0
    location: Location | None = None
    contact: Contact | None = None
    # Service messages are Telegram's own remarks about the chat, not something a person said to us.
    pinned_message: object = None
    message_auto_delete_timer_changed: object = None
    chat_background_set: object = None
    write_access_allowed: object = None
    boost_added: object = None
    connected_website: object = None
    forum_topic_created: object = None
    forum_topic_edited: object = None

    @property
    def service(self) -> bool:
        """Whether Telegram wrote it about the chat, so that nobody waits for an answer."""
        return (
            self.pinned_message is not None
            or self.message_auto_delete_timer_changed is not None
            or self.chat_background_set is not None
            or self.write_access_allowed is not None
            or self.boost_added is not None
            or self.connected_website is not None
            or self.forum_topic_created is not None
            or self.forum_topic_edited is not None
        )


class PressedMessage(msgspec.Struct, frozen=True):
    """The message whose button was pressed; of a very old one Telegram shows no more than the chat."""

    chat: Chat


class CallbackQuery(msgspec.Struct, frozen=True):
    """A pressed inline button. Without `data` it belongs to a game, without `message` to an inline result."""

    id: str
    sender: User = msgspec.field(name="from")
    message: PressedMessage | None = None
    data: str = ""


class Member(msgspec.Struct, frozen=True, gc=False):
    """Our own standing in a chat; in a private chat "kicked" means that the person blocked us."""

    status: str


class MemberUpdate(msgspec.Struct, frozen=True):
    """Our standing changed."""

    chat: Chat
    sender: User = msgspec.field(name="from")
    new_chat_member: Member
    old_chat_member: Member


class Edited(msgspec.Struct, frozen=True):
    """A message that was corrected; a place that moves along (a live location) comes as one too, without text."""

    chat: Chat
    sender: User | None = msgspec.field(name="from", default=None)
    text: str = ""
    caption: str = ""


class Update(msgspec.Struct, frozen=True):
    """One update: the id and at most one of the kinds. Kinds we do not handle leave every field None."""

    update_id: Int64
    message: Message | None = None
    edited_message: Edited | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberUpdate | None = None


class Answer(msgspec.Struct, frozen=True):
    """The envelope of every answer of the Bot API, here around a list of updates."""

    ok: bool
    result: tuple[msgspec.Raw, ...] = ()
    error_code: int = 0
    description: str = ""
    parameters: "Parameters | None" = None


class Parameters(msgspec.Struct, frozen=True):
    """Why a call failed, for machines; `retry_after` is in seconds."""

    retry_after: int = 0


ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask Telegram to deliver: nothing that we would not answer."""
