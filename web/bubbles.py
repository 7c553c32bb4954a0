"""Lines of a conversation -> what stands on the screen: edits in their place, erased words as one quiet line."""

from collections.abc import Iterable

import msgspec

from bot.conversation.messages import Bubble, Button, Own
from feedback.attaching import Attached
from storage.reading_chat import Line
from vietnam.time import day_of

_WAYS = {"back", "skip", "go:menu", "go:help"}
_bubble = msgspec.json.Decoder(Bubble)
_own = msgspec.json.Decoder(Own)


class Piece(msgspec.Struct, kw_only=True):
    """One piece of the screen. `seq` is the place it stands at, `newest` the number of the line it shows.

    kind: ours | own | erased. `active` says that its buttons belong to the newest question; `chosen` is the id of
    the button that was pressed, `nonce` the number of the question. `blob` is a picture, or the person's own recording
    where `voice`; `audio` a recording that is played with the text. `choices` answer the question, `ways` lead
    elsewhere (back, skip, menu).
    """

    seq: int
    newest: int
    kind: str
    day: str
    at: int
    text: str = ""
    choices: tuple[Button, ...] = ()
    ways: tuple[Button, ...] = ()
    wide: bool = True
    wants: str = ""
    blob: int = 0
    voice: bool = False
    audio: int = 0
    pictures: tuple[int, ...] = ()
    files: tuple[Attached, ...] = ()
    link: str = ""
    nonce: int = 0
    active: bool = False
    chosen: str = ""


def pieces(lines: Iterable[Line]) -> list[Piece]:
    """The screen after these lines, in their order. A line that replaces one from before them stands at its own end."""
    shown: dict[int, Piece] = {}
    for line in lines:
        piece = _piece(line)
        if piece.kind == "own":
            _chosen(shown, piece.text)
        shown[piece.seq] = piece
    merged: list[Piece] = []
    for piece in shown.values():
        if piece.kind == "erased" and merged and merged[-1].kind == "erased":
            merged[-1].newest = max(merged[-1].newest, piece.newest)
            continue
        merged.append(piece)
    last_own = max((piece.newest for piece in merged if piece.kind == "own"), default=0)
    nonce = max((piece.nonce for piece in merged), default=0)
    for piece in merged:
        asks = piece.kind == "ours" and bool(piece.choices or piece.ways)
        # A message that asks nothing (nonce 0) may stand beside the open question with a way out of its own.
        piece.active = asks and piece.newest > last_own and piece.nonce in (0, nonce)
    return merged


def _piece(line: Line) -> Piece:
    seq = line.replaces or line.seq
    day = day_of(line.at).isoformat()
    piece = Piece(seq=seq, newest=line.seq, kind="erased", day=day, at=line.at)
    if line.body is None:
        return piece
    if line.own:
        own = _own.decode(line.body)
        piece.kind, piece.text, piece.blob, piece.voice = "own", own.text, own.blob, own.voice
        return piece
    said = _bubble.decode(line.body)
    piece.kind, piece.text, piece.blob = "ours", said.text, said.blob
    piece.wide, piece.wants, piece.link, piece.audio = said.wide, said.wants, said.link, said.audio
    piece.pictures, piece.files = said.pictures, said.files
    piece.choices = tuple(button for button in said.buttons if not _is_way(button))
    piece.ways = tuple(button for button in said.buttons if _is_way(button))
    nonces = [button.id.partition(":")[0] for button in said.buttons]
    piece.nonce = max((int(nonce) for nonce in nonces if nonce.isdecimal()), default=0)
    return piece


def _is_way(button: Button) -> bool:
    return not button.digit and (button.id in _WAYS or button.id.partition(":")[2] in _WAYS)


def _chosen(shown: dict[int, Piece], text: str) -> None:
    """Mark the button that the person's words name, in the newest question before them."""
    for piece in reversed(shown.values()):
        if piece.kind == "own":
            return
        for button in piece.choices:
            if text in (
                button.label,
                button.digit,
                f"{button.digit}. {button.label}",
                f"{button.digit} {button.label}",
            ):
                piece.chosen = button.id
                return


def blobs(lines: Iterable[Line]) -> set[int]:
    """Pictures and recordings that these lines show."""
    return {blob for piece in map(_piece, lines) for blob in (piece.blob, piece.audio, *piece.pictures) if blob}


def files(lines: Iterable[Line]) -> dict[int, Attached]:
    """Documents that these lines bring, by their blobs."""
    return {file.blob: file for piece in map(_piece, lines) for file in piece.files}
