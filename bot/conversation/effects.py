"""What a step wants to happen, as data; bot/turn.py makes it happen, or refuses it and the step runs again."""

from typing import Any

import msgspec

from feedback.acts import Open
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
    """One message: parts with an empty line between them, and choices. `topic` names what is erased together."""

    parts: tuple[Text, ...]
    options: tuple[Option, ...] = ()
    nonce: int = 0
    wide: bool = True
    photo: bool = False
    topic: int = 0


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """A finished answer. Refused with "wave.closed" or "wave.took_part"."""

    wave: int
    version: int
    village: int | None
    answers: dict[str, Answer]


class OpenCase(msgspec.Struct, frozen=True, kw_only=True):
    """A citizen's act; refused with "code.taken", "photo.expired", or with what feedback.acts.decide says."""

    act: Open


class GiveConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that the person agreed: for what, to which data, in which words."""

    purpose: str
    data: tuple[str, ...]
    wording: str


class FetchPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """Bring a picture over from the platform; it comes back as media_ready or media_refused."""

    ref: str


class EraseTopic(msgspec.Struct, frozen=True, kw_only=True):
    """Erase the words of this topic from the store, on both sides of the chat."""

    topic: int


Effect = Say | Submit | OpenCase | GiveConsent | FetchPhoto | EraseTopic
