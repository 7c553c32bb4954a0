"""What a conversation remembers between two messages: versioned JSON, upgraded when it is read."""

from collections.abc import Callable
from typing import Any

import msgspec

from bot.conversation.messages import Media
from feedback.kinds import Kind
from surveys.definition import Answer

VERSION = 1


class Answering(msgspec.Struct, kw_only=True, omit_defaults=True, tag="answering"):
    """In a survey. `at` is the question asked now ("" for the village at the end), `picked` what is ticked so far."""

    wave: int
    version: int
    topic: int
    at: str = ""
    answers: dict[str, Answer] = {}
    picked: list[str] = []
    tries: int = 0


class Drafting(msgspec.Struct, kw_only=True, omit_defaults=True, tag="drafting"):
    """Writing a case. `step` is asked now and `done` are behind, both names of bot/conversation/drafting.py."""

    topic: int
    step: str = ""
    done: list[str] = []
    kind: Kind | None = None
    category: str = ""
    text: str = ""
    photo: Media | None = None
    village: int | None = None
    anonymous: bool = True
    name: str = ""
    phone: str = ""
    wanted_day: str = ""
    waiting: bool = False
    """The person has sent it off while the picture is still on its way."""
    editing: str = ""
    """The step that was opened again from the review: going back from it leaves everything as it was."""
    tries: int = 0


class Tracking(msgspec.Struct, tag="tracking"):
    """Waiting for the code of a case."""


Dialogue = Answering | Drafting | Tracking


class State(msgspec.Struct, kw_only=True):
    """`nonce` counts questions: a press that carries an older one never answers the current question."""

    v: int = VERSION
    nonce: int = 0
    topics: int = 0
    greeted: bool = False
    source: str = ""
    dialogue: Dialogue | None = None
    paused: list[Answering] = []
    """Surveys that were begun and put aside, each to be continued exactly there; the newest last."""
    kept: Drafting | None = None
    """A case that was being written when the person went elsewhere."""
    answered: list[int] = []
    """Waves answered in this chat, so that the menu offers them no more."""


_UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From version n to n + 1, on the plain JSON; a test keeps one stored state of every version."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)
_CURRENT = f'{{"v":{VERSION},'.encode()


class UnknownState(Exception):
    """A state of a newer program, or none at all."""


def dump(state: State) -> bytes:
    """The state as it is stored."""
    return _encoder.encode(state)


def load(stored: bytes | None) -> State:
    """The state that was stored, upgraded to this version; a new one for None. UnknownState as it says."""
    if stored is None:
        return State()
    try:
        return _current(stored)
    except msgspec.MsgspecError as fault:
        raise UnknownState(str(fault)) from fault


def _current(stored: bytes) -> State:
    if stored.startswith(_CURRENT):
        return _decoder.decode(stored)
    raw = msgspec.json.decode(stored, type=dict[str, Any])
    version = raw.get("v")
    while version in _UPGRADES:
        raw = _UPGRADES[version](raw)
        version += 1
        raw["v"] = version
    if version != VERSION:
        raise UnknownState(f"version {version}")
    return msgspec.convert(raw, State, strict=False)
