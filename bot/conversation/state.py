"""What a conversation remembers between two messages: versioned JSON, upgraded when it is read."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from bot.conversation.messages import Media, Place
from feedback.kinds import Kind
from feedback.nearness import Near
from feedback.rights import Right
from surveys.definition import Answer

VERSION = 3

Stage = Literal["question", "village", "review", "choosing"]


class Answering(msgspec.Struct, kw_only=True, omit_defaults=True, tag="answering"):
    """In a survey. `at` is the question that is, or was last, asked; `picked` what is ticked (or ranked) so far.

    `stage` is where the person is: at a question, at the village that closes the survey, at the review, or choosing
    what to correct. `editing`: the question was opened from the review, which it leads back to. `media` is the
    platform's reference of the picture or voice that is on its way for `at`. `village` is 0 where the person would not
    say, None before the question; `home` that which the invitation's list knows, then it is not asked for (0: it knows
    none). `begun_at` and `until` (UTC
    milliseconds) are when it was begun and when it has had its time (0 where it began before that was kept).
    """

    wave: int
    version: int
    topic: int
    at: str = ""
    stage: Stage = "question"
    answers: dict[str, Answer] = {}
    picked: list[str] = []
    tries: int = 0
    editing: bool = False
    media: str = ""
    village: int | None = None
    home: int = 0
    doubted: str = ""
    """What was written at a question in free words and is perhaps no answer to it ("đừng nhắn tin nữa")."""
    wordy: bool = False
    """A question in free words is behind it: the state then takes as much room as with the longest words."""
    invitation: int = 0
    begun_at: int = 0
    until: int = 0
    warned_at: int = 0
    """When the emergency numbers were said within it (UTC milliseconds), 0: never."""


class Drafting(msgspec.Struct, kw_only=True, omit_defaults=True, tag="drafting"):
    """Writing a case. `step` is asked now and `done` are behind, both names of bot/conversation/drafting.py.

    `since` is the number of the question before its first. `case` is the code of the one that words are added to, ""
    while a new one is written; `again`: they say why it is not settled.
    """

    topic: int
    since: int = 0
    case: str = ""
    again: bool = False
    way: str = ""
    """The way back from its first question, where that is not the menu ("go:hen")."""
    step: str = ""
    done: list[str] = []
    kind: Kind | None = None
    more: bool = False
    """The second list of kinds is open."""
    category: str = ""
    about_works: bool = False
    """The commune has works that a case of this field may concern."""
    works: int = 0
    """The id of that which it concerns; 0: none."""
    text: str = ""
    photos: list[Media] = []
    place: Place | None = None
    where: str = ""
    """The place in the person's own words."""
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
    near: list[Near] = []
    """Cases of others, or of the person, that may be the same matter, while that is asked."""
    follow: Near | None = None
    """The one that the person wants to follow instead."""
    sure: Place | None = None
    """The point outside the commune that the person has said is right."""
    sure_of: str = ""
    """The words of a place in another province that the person has said are right."""
    let_in: bool = False
    """It has been looked up that the person may open a case."""
    full_at: int = 0
    """When it was said last that there are as many pictures as may go along (UTC milliseconds), 0: never."""
    matter: str = ""
    """What the words could be (feedback.complaints.Matter), while the person is asked."""
    matters: list[str] = []
    """What the person has said that they are not."""
    weighed: int = 0
    """The check sum of the words that were looked at for it last."""
    accused: str = ""
    """What these surely denounce (feedback.complaints.Matter), "-" for nothing; "": that was not kept."""
    plainly: bool = False
    """It stood in plain words in what the person said last is none of them."""


class Tracking(msgspec.Struct, tag="tracking"):
    """Waiting for the code of a case."""


class Booking(msgspec.Struct, kw_only=True, omit_defaults=True, tag="booking"):
    """Booking a seat. `moving`: the code of the booking that is to be moved, or is given back or put right by `step`.

    `session` is its id, `seat` from 1 (0: whichever is free), `chosen`: the person named the time; `wait`: they know
    that it is full.
    """

    step: Literal["session", "seat", "question", "matter", "person", "wait", "cancel", "correct"] = "session"
    talk: int = 0
    """The topic of what the person says meanwhile: erased where it is not to be kept."""
    page: int = 0
    """Which part of the list of sessions is shown."""
    matter: str = ""
    """What the words could be (feedback.complaints.Matter), while the person is asked."""
    private: bool = False
    """What it is about is not asked: a khiếu nại or tố cáo is brought in person."""
    session: int = 0
    seat: int = 0
    chosen: bool = False
    wait: bool = False
    topic: str = "other"
    question: str = ""
    name: str = ""
    phone: str = ""
    moving: str = ""


class Joining(msgspec.Struct, tag="joining"):
    """Asked whether this chat is to be joined with the one that gave the code; `channel` is that of the other."""

    code: str
    channel: str


class Rating(msgspec.Struct, tag="rating"):
    """Asked how a settled matter was handled; `case` is its code."""

    case: str


class Subscribing(msgspec.Struct, tag="subscribing"):
    """Asked for the thôn whose notices are wanted."""


class Confirming(msgspec.Struct, tag="confirming"):
    """Asked whether a right over the own data is to be used (erase, withdraw), or, for correct, what is wrong."""

    right: Right


class AskingCommune(msgspec.Struct, omit_defaults=True, tag="asking_commune"):
    """Hỏi xã: at a page of what is kept ready, or at what was found for `words` (`found`: ids; `told`: it was one)."""

    page: int = 0
    words: str = ""
    found: list[int] = []
    told: bool = False
    topic: int = 0


Dialogue = Answering | Drafting | Tracking | Joining | Rating | AskingCommune | Booking | Confirming | Subscribing


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
    language: str = ""
    """The tag that the person chose; "" is Vietnamese."""
    choosing_language: bool = False
    """The languages were shown last: a number or name typed now is one of them."""
    opted_out: bool = False
    others: bool = False
    """The second page of the menu was shown last."""
    doubted: str = ""
    """A word of stopping typed where words are asked, while it is asked which of the two it is."""
    wrong_joins: dict[str, int] = {}
    """How many wrong codes to join channels were sent, by day; only the newest day is kept."""
    wrong_codes: dict[str, int] = {}
    """How many one-time codes that open nothing were sent, by hour; only the newest hour is kept."""
    asked: int = 0
    """The id of the message that asked last; 0: none since that is kept."""
    album: str = ""
    """The album of the picture that came last, "" where it came alone."""
    warned_at: int = 0
    """When the emergency numbers were said last outside a survey (UTC milliseconds), 0: never."""
    handed_in: list[str] = []
    """Titles of surveys that were broken off and handed in as they were; the person is told with the next word."""

    @property
    def unfinished(self) -> list[Answering]:
        """Every survey that was begun and not sent off: those put aside, then the open one."""
        return [*self.paused, self.dialogue] if isinstance(self.dialogue, Answering) else self.paused


def expires_at(state: State) -> int | None:
    """When the first unfinished survey has had its time (UTC milliseconds); None where there is none."""
    return min((doing.until for doing in state.unfinished if doing.until), default=None)


def _stages(state: dict[str, Any]) -> dict[str, Any]:
    """To version 2: that the village was being asked stood there as a question without a name."""
    open_now = state.get("dialogue") or {}
    for doing in (*state.get("paused", ()), *([open_now] if open_now.get("type") == "answering" else [])):
        if not doing.get("at"):
            doing["stage"] = "village"
    return state


def _photos(state: dict[str, Any]) -> dict[str, Any]:
    """To version 3: a case had one picture at most."""
    for draft in (state.get("dialogue"), state.get("kept")):
        if draft and draft.get("photo"):
            draft["photos"] = [draft.pop("photo")]
    return state


_UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _stages, 2: _photos}
"""From version n to n + 1, on the plain JSON; a test keeps one stored state of every version."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)
_CURRENT = f'{{"v":{VERSION},'.encode()


class UnknownState(Exception):
    """A state of a newer program, or none at all."""


_ROOMY = 2_048
"""Bytes: sealed states are of two sizes, and this is more than fits the smaller one (storage/vault.py)."""


def dump(state: State) -> bytes:
    """The state as it is stored. Spaces behind JSON say nothing, and hide whether much was written or nothing."""
    stored = _encoder.encode(state)
    return stored.ljust(_ROOMY) if any(doing.wordy for doing in state.unfinished) else stored


def load(stored: bytes | None) -> State:
    """The state that was stored, upgraded to this version; a new one for None. UnknownState as it says."""
    if stored is None:
        return State()
    try:
        return _current(stored)
    except (msgspec.MsgspecError, AttributeError, TypeError) as fault:  # the latter of an upgrade of what is none
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
