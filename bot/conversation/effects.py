"""What a step wants to happen, as data; bot/turn.py makes it happen, or refuses it and the step runs again."""

from typing import Any

import msgspec

from bot.conversation.messages import MediaKind, Wants
from feedback.acts import Confirm, Open, Rate, Reopen, Tell
from feedback.rights import Right
from feedback.session_acts import Book, MoveBooking
from surveys.definition import Answer


class Text(msgspec.Struct, frozen=True):
    """A text of the wording catalogue, not yet worded."""

    key: str
    params: dict[str, Any] = {}


def t(key: str, **params: Any) -> Text:  # noqa: ANN401 - whatever a wording has places for
    """Short for Text."""
    return Text(key, params)


def plain(text: str) -> Text:
    """A text that comes worded already: a survey's own, or what a person wrote."""
    return Text("plain", {"text": text})


class Option(msgspec.Struct, frozen=True):
    """A choice below a message. `id` is what comes back; `digit` what a person may type instead.

    An id that begins with "go:" holds at any time; any other is bound to its question by the turn's nonce.
    """

    id: str
    label: Text
    digit: str = ""


class Say(msgspec.Struct, frozen=True, kw_only=True):
    """One message: parts with an empty line between them, and choices. `topic` names what is erased together.

    `wants` is what it invites the person to send beside words; `audio` is the id of a kept file that is played with
    it, `audio_name` its name with the ending ("cau_1.mp3"). `long` ones always take as much room in the store as any
    other, whatever they repeat.
    """

    parts: tuple[Text, ...]
    options: tuple[Option, ...] = ()
    nonce: int = 0
    wide: bool = True
    wants: Wants = ""
    audio: int = 0
    audio_name: str = ""
    topic: int = 0
    long: bool = False
    instead: bool = False
    """It takes the place of the question that was asked last, where the channel can show that."""
    blob: int = 0
    """A kept picture that is shown with it."""


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to be counted, finished or (`partial`) broken off; `invitation` is the one-time code it came by.

    Refused with "wave.closed", "wave.took_part", or "photo.expired" where a picture or voice was swept meanwhile.
    What was begun before the close of its wave is taken for some minutes after it as well.
    """

    wave: int
    version: int
    village: int | None
    answers: dict[str, Answer]
    partial: bool = False
    invitation: int = 0


class OpenCase(msgspec.Struct, frozen=True, kw_only=True):
    """A citizen's act; refused with "code.taken", "photo.expired", or with what feedback.deciding.decide says."""

    act: Open


class ActOnCase(msgspec.Struct, frozen=True, kw_only=True):
    """The person says something of a case of their own; refused with what feedback.deciding.decide says."""

    code: str
    act: Tell | Confirm | Rate | Reopen


class GiveConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that the person agreed: for what, to which data, in which words."""

    purpose: str
    data: tuple[str, ...]
    wording: str


class FetchMedia(msgspec.Struct, frozen=True, kw_only=True):
    """Bring a picture or a voice over from the platform; it comes back as media_ready or media_refused."""

    ref: str
    kind: MediaKind = "photo"


class DropMedia(msgspec.Struct, frozen=True, kw_only=True):
    """Pictures and voices of something that is not kept: nothing points to them, and they go with the next sweep."""

    blobs: tuple[int, ...]


class FollowCase(msgspec.Struct, frozen=True, kw_only=True):
    """Tell the person what becomes of somebody else's case; refused with "near.gone" where that is over."""

    case: int


class UnfollowCase(msgspec.Struct, frozen=True, kw_only=True):
    """Tell the person no more of a case, or (0) of any that is somebody else's."""

    case: int


class EraseTopic(msgspec.Struct, frozen=True, kw_only=True):
    """Erase the words of this topic from the store, on both sides of the chat."""

    topic: int


class SetOptOut(msgspec.Struct, frozen=True, kw_only=True):
    """No invitations, reminders and notices from now on; or (`out` False) again."""

    out: bool


class Subscribe(msgspec.Struct, frozen=True, kw_only=True):
    """The person wants the notices of this thôn; 0: only those for the whole commune."""

    village: int


class SetLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """The language (BCP-47) that this person is spoken to in."""

    language: str


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody begins the survey of that wave's code by a poster; `place` is where it hangs, "" where it says none."""

    code: str
    place: str


class WrongCode(msgspec.Struct, frozen=True):
    """A one-time code that opens nothing was sent: it is counted, and too many raise an alarm."""


class OfferJoin(msgspec.Struct, frozen=True, kw_only=True):
    """For a quarter of an hour, whoever sends this code in another chat may join it with this one."""

    code: str


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """Join this chat with the one that gave the code, which is told; refused with "join.gone"."""

    code: str


class UseRight(msgspec.Struct, frozen=True, kw_only=True):
    """The person asks something about their own data; `note` says what is wrong with it."""

    right: Right
    note: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Let this chat stand for itself again."""


class BookSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Take a seat, or a place on the waiting list.

    Refused with "seat.gone", "session.full", "code.taken", or with what feedback.booking_deciding says.
    """

    session: int
    act: Book


class CancelSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Give a seat of the person's own back; refused with what feedback.booking_deciding says."""

    code: str


class CorrectSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Name and telephone of a seat of the person's own, put right; refused as CancelSeat."""

    code: str
    name: str
    phone: str


class MoveSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Change a seat of the person's own for one of `session`; refused as BookSeat, and nothing is lost then."""

    code: str
    session: int
    act: MoveBooking


Effect = (
    BookSeat
    | CancelSeat
    | CorrectSeat
    | MoveSeat
    | ActOnCase
    | Came
    | WrongCode
    | OfferJoin
    | Join
    | Part
    | Say
    | Submit
    | OpenCase
    | GiveConsent
    | FetchMedia
    | DropMedia
    | FollowCase
    | UnfollowCase
    | EraseTopic
    | SetOptOut
    | SetLanguage
    | UseRight
    | Subscribe
)
