"""Every change to a case is one of these acts, decided here and applied in one transaction elsewhere."""

from datetime import date

import msgspec

from feedback.kinds import CATEGORIES, Kind
from feedback.roles import Actor, may
from feedback.states import MOVES, State

MAX_TEXT = 4_000
MAX_REPLY = 3_500
MAX_BLOBS = 5
MAX_PLACE = 300


class Open(msgspec.Struct, frozen=True, kw_only=True, tag="open"):
    """A citizen brings something. `wanted_day` is the day a talk is wished for, in the citizen's words."""

    code: str
    kind: Kind
    category: str
    text: str
    village: int | None = None
    anonymous: bool = True
    name: str = ""
    phone: str = ""
    wanted_day: str = ""
    blobs: tuple[int, ...] = ()
    where: str = ""
    """The place in the citizen's words."""
    point: tuple[float, float] | None = None
    """The place as latitude and longitude, WGS 84 degrees."""


class Take(msgspec.Struct, frozen=True, tag="take"):
    """An officer takes a case in hand."""


class Reply(msgspec.Struct, frozen=True, tag="reply"):
    """An officer answers; the text goes to the citizen's chat word for word.

    `seen` is the version of the case the officer was looking at (0: none in particular): a second click, or a page
    that does not show a colleague's answer yet, sends nothing.
    """

    text: str
    seen: int = 0


Act = Open | Take | Reply


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs of a case as it stands now."""

    id: int
    unit: int
    code: str
    state: State
    version: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted change: what to write and what the citizen is told (a wording key, or "")."""

    action: str
    before: State | None
    after: State
    tell: str = ""
    text: str = ""


class Refusal(msgspec.Struct, frozen=True):
    """Why not, as a wording key that tells the person what to do."""

    key: str


def decide(case: CaseFacts | None, act: Act, actor: Actor, *, today: date) -> Decision | Refusal:
    """Whether the actor may do this now. `case` is None only for Open; `today` is kept for the legal clocks.

    The caller writes the decision with the version it read: a case that changed meanwhile is decided again.
    """
    del today
    if isinstance(act, Open):
        return _open(act, actor)
    if case is None:
        return Refusal("act.no_case")
    action = "take" if isinstance(act, Take) else "reply"
    if not may(actor, f"case.{action}", case.unit):
        return Refusal("act.not_allowed")
    after = MOVES[action].get(case.state)
    if after is None:
        return Refusal("act.already")
    if isinstance(act, Take):
        return Decision(action="take", before=case.state, after=after, tell="case.taken")
    if act.seen not in (0, case.version):
        return Refusal("act.changed")
    text = act.text.strip()
    if not text:
        return Refusal("act.reply_empty")
    if len(text) > MAX_REPLY:
        return Refusal("act.reply_long")
    return Decision(action="reply", before=case.state, after=after, tell="case.reply", text=text)


def _open(act: Open, actor: Actor) -> Decision | Refusal:
    if not may(actor, "case.open", actor.unit):
        return Refusal("act.not_allowed")
    if not act.text.strip():
        return Refusal("act.text_empty")
    if len(act.text) > MAX_TEXT:
        return Refusal("act.text_long")
    if act.category not in CATEGORIES:
        return Refusal("act.category")
    if len(act.where) > MAX_PLACE:
        return Refusal("act.place_long")
    if len(act.blobs) > MAX_BLOBS:
        return Refusal("act.too_many_photos")
    if act.kind is Kind.DIALOGUE and not act.phone:
        # Without a telephone nobody can agree on a day.
        return Refusal("act.phone_needed")
    return Decision(action="open", before=None, after=State.NEW)
