"""What the fake holds: people, chats, messages, files, waiting updates. Lives in the fake's own loop, nowhere else."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.methods import bad

BOT = {"id": 123456, "is_bot": True, "first_name": "Nghe Dân", "username": "nghedan_bot"}
# Not asked for unless named (Bot API, getUpdates.allowed_updates).
_UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Letter:
    """One message in a private chat; `photo`, `recording` and `document` are ids of files.

    `file_name` is that of the document; `rev` grows with everything written.
    """

    id: int
    from_bot: bool
    date: int
    text: str = ""
    photo: str = ""
    recording: str = ""
    document: str = ""
    file_name: str = ""
    keyboard: list[list[dict[str, str]]] = field(default_factory=list)
    topic: int = 0
    edited: int = 0
    rev: int = 0
    content: dict[str, Any] = field(default_factory=dict)


@dataclass
class Chat:
    """A private chat with one person; `met` once the person has written, and only then the bot may.

    `keys` are the rows of buttons in place of the letters. In a group `user` has its id and title; `topics` are those
    of a forum by their id, `moved_to` the supergroup that it has become.
    """

    user: dict[str, Any]
    keys: list[list[dict[str, Any]]] = field(default_factory=list)
    type: str = "private"
    may_open_topics: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    moved_to: int = 0
    without_bot: bool = False
    letters: list[Letter] = field(default_factory=list)
    met: bool = False
    blocked: bool = False
    deactivated: bool = False

    @property
    def json(self) -> dict[str, Any]:
        """As a Chat of the Bot API."""
        if self.type != "private":
            forum = {"is_forum": True} if self.user.get("is_forum") else {}
            return {"id": self.user["id"], "type": self.type, "title": self.user["title"]} | forum
        names: dict[str, Any] = {
            key: self.user[key] for key in ("first_name", "last_name", "username") if key in self.user
        }
        return {"id": self.user["id"], "type": "private", **names}


@dataclass
class StoredFile:
    """A file on Telegram's side; `size` is what it says it is, which for huge ones is not what is kept here."""

    content: bytes
    size: int


@dataclass
class Press:
    """A pressed button that waits for its acknowledgement; `text` is what only whoever pressed was shown then."""

    at: float
    answered: bool = False
    text: str = ""
    alert: bool = False


@dataclass
class Hook:
    """The webhook as it is set."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    error: str = ""
    error_at: int = 0


class World:
    """All state of one bot. `now` runs with the real clock and can be moved on."""

    def __init__(self, *, plain_http: bool, callback_seconds: float) -> None:
        self.plain_http = plain_http
        self.callback_seconds = callback_seconds
        self.ahead = 0.0
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.updates: list[dict[str, Any]] = []
        self.allowed: list[str] = []
        self.hook = Hook()
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.flood = Flood(chat_per_second=1, chat_burst=5, per_second=30)
        self.polls = 0
        self.changed = asyncio.Event()
        self._message_ids = count(1)
        self._revisions = count(1)
        self.last_update_id = 700_000_000
        self._file_ids = count(1)
        self.topic_ids = count(3)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def stir(self) -> None:
        """Wake whoever waits for something to happen."""
        self.changed.set()
        self.changed = asyncio.Event()

    def chat(self, chat_id: Any) -> Chat:
        """The chat a call names; 400 for one the bot has never met."""
        found = self.chats.get(chat_id if isinstance(chat_id, int) else 0)
        if found is None or not found.met:
            raise bad("chat not found")
        return found

    def add_letter(self, chat: Chat, *, from_bot: bool, **content: Any) -> Letter:
        """Put a message into a chat."""
        letter = Letter(next(self._message_ids), from_bot, int(self.now()), **content)
        chat.letters.append(letter)
        self.touch(letter)
        return letter

    def touch(self, letter: Letter) -> None:
        """A message is new or has changed: it is the newest thing to look at."""
        letter.rev = next(self._revisions)
        self.stir()

    def add_file(self, content: bytes, size: int | None = None) -> str:
        """Keep a file; its id."""
        file_id = f"AgACAgUAAx{next(self._file_ids):06d}"
        self.files[file_id] = StoredFile(content, len(content) if size is None else size)
        return file_id

    def push(self, kind: str, payload: dict[str, Any]) -> int:
        """Queue an update unless the bot asked not to have its kind; its update_id."""
        self.last_update_id = update_id = self.last_update_id + 1
        if kind in self.allowed or (not self.allowed and kind not in _UNASKED):
            self.updates.append({"update_id": update_id, kind: payload})
        self.stir()
        return update_id

    def message(self, chat: Chat, letter: Letter) -> dict[str, Any]:
        """As a Message of the Bot API."""
        sender = BOT if letter.from_bot else chat.user
        message: dict[str, Any] = {"message_id": letter.id, "from": sender, "chat": chat.json, "date": letter.date}
        if letter.photo:
            message["photo"] = self.photo_sizes(letter.photo)
            if letter.text:
                message["caption"] = letter.text
        elif letter.text and not (letter.recording or letter.document):
            message["text"] = letter.text
            if not letter.from_bot and letter.text.startswith("/"):
                length = len(letter.text.split()[0])
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if letter.topic:
            message |= {"message_thread_id": letter.topic, "is_topic_message": True}
        if letter.keyboard:
            message["reply_markup"] = {"inline_keyboard": letter.keyboard}
        if letter.edited:
            message["edit_date"] = letter.edited
        return message | letter.content

    def photo_sizes(self, file_id: str) -> list[dict[str, Any]]:
        """A thumbnail and the photo itself, smallest first as Telegram lists them."""
        thumb = f"{file_id}_s"
        self.files.setdefault(thumb, StoredFile(b"\xff\xd8\xff\xe0thumbnail", 1200))
        whole = self.files[file_id]
        return [
            {"file_id": thumb, "file_unique_id": f"Q{thumb}"[-12:], "width": 90, "height": 67, "file_size": 1200},
            {
                "file_id": file_id,
                "file_unique_id": f"Q{file_id}"[-12:],
                "width": 1280,
                "height": 960,
                "file_size": whole.size,
            },
        ]
