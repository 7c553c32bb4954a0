"""Waves: when, whom and how a survey is asked. Two kinds that no figure ever mixes (DL8).

An *invited* wave asks a random sample drawn from a frame that an officer imported (people, households, users of the
one-stop service), each by a one-time code; intervals and response rates are for these alone. An *open* wave is asked
of whoever follows a link or a QR code, and speaks for nobody but those who answered.
"""

from enum import StrEnum

import msgspec


class WaveKind(StrEnum):
    """See the module."""

    OPEN = "open"
    INVITED = "invited"


class Owner(StrEnum):
    """Whose wave it is: results of the Front's (Mặt trận) waves are closed to the People's Committee before the end."""

    COMMITTEE = "ubnd"
    FRONT = "front"


class Per(StrEnum):
    """One answer per what; household exists only where the frame lists households."""

    PERSON = "person"
    HOUSEHOLD = "household"


class FrameKind(StrEnum):
    """What a row of a frame stands for."""

    PERSON = "person"
    HOUSEHOLD = "household"
    SERVICE_USER = "service_user"


class Segment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who of the frame, or of the subscribers, is meant; an empty field means everybody."""

    villages: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class WaveState(StrEnum):
    """planned (its list is being drawn) -> open -> closed.

    cancelled: nothing more is sent or taken, and answers that were not released yet are destroyed.
    """

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class InvitationState(StrEnum):
    """planned -> queued (stands in the outbox) -> sent | failed.

    paper: a slip with the code is printed instead; held: in its cool-down, or opted out.
    """

    PLANNED = "planned"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    PAPER = "paper"
    HELD = "held"
    CANCELLED = "cancelled"


class Sending(StrEnum):
    """How far the messages of a wave are. none: nobody has asked for any; done: everybody was written to."""

    NONE = ""
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class Repeat(StrEnum):
    """How the next wave of a schedule opens."""

    NEVER = ""
    MONTHLY = "monthly"


MOST_REMINDERS = 2
"""Whoever has not answered after this many is asked no more (DL3)."""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """How a wave is meant: what the officer chose. Instants are UTC milliseconds."""

    code: str
    title: str = ""
    kind: WaveKind = WaveKind.OPEN
    owner: Owner = Owner.COMMITTEE
    per: Per = Per.PERSON
    sealed: bool = False
    segment: Segment = Segment()
    opens_at: int
    closes_at: int | None = None
    seed: str = ""
    sample: int = 0
    """How many are drawn; 0 for everybody of the segment."""
    population: int = 0
    remind_days: int = 0
    remind_times: int = 0
    repeat: Repeat = Repeat.NEVER


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What is there when a wave is opened. `listed`: rows of the frame, or subscribers, within the segment."""

    frame: FrameKind | None
    listed: int
    code_taken: bool


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """What an act on a wave needs to know of it."""

    kind: WaveKind
    state: WaveState
    sending: Sending
    opens_at: int
    closes_at: int | None
    invited: int
    """Invitations that stand in its list."""
    repeats: bool = False
    """It is the newest of a schedule: the next opens by itself."""


class Refusal(msgspec.Struct, frozen=True):
    """No: `key` names the wording, `params` fill it."""

    key: str
    params: dict[str, str] = {}


class Close(msgspec.Struct, frozen=True):
    """End it now: nobody begins any more; some minutes later the unfinished counts as partial, and all is released."""


class Cancel(msgspec.Struct, frozen=True):
    """Call it off: as if it had never been; answers that nobody has counted yet are destroyed.

    Of a schedule nothing follows any more; where its newest wave is closed already, that is all it does.
    """


class Send(msgspec.Struct, frozen=True):
    """Begin to invite."""


class Pause(msgspec.Struct, frozen=True):
    """Send nothing for now; what is unsent leaves the outbox."""


class Resume(msgspec.Struct, frozen=True):
    """Go on sending where it was paused."""


class Remind(msgspec.Struct, frozen=True):
    """Remind at once whoever has not answered and may still be reminded."""


Act = Close | Cancel | Send | Pause | Resume | Remind


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What an act makes of a wave; None leaves as it is. `again`: it was so already, nothing is to be done."""

    state: WaveState | None = None
    sending: Sending | None = None
    closes_at: int | None = None
    stops: bool = False
    """The schedule ends: no other wave follows."""
    again: bool = False


def decide_opening(opening: Opening, ground: Ground, now: int) -> Refusal | None:
    """Why a wave cannot be opened as it is meant; None where it can."""
    if ground.code_taken:
        return Refusal("wave.code_taken", {"code": opening.code})
    if opening.closes_at is not None and opening.closes_at <= max(now, opening.opens_at):
        return Refusal("wave.to_before_from")
    if not 0 <= opening.remind_times <= MOST_REMINDERS:
        return Refusal("wave.too_many_reminders", {"most": str(MOST_REMINDERS)})
    if opening.remind_times and opening.remind_days < 1:
        return Refusal("wave.remind_days")
    if opening.kind is WaveKind.INVITED:
        return _decide_invited(opening, ground)
    return _decide_open(opening, ground)


def _decide_open(opening: Opening, ground: Ground) -> Refusal | None:
    if opening.per is Per.HOUSEHOLD or opening.sample or opening.population or ground.frame is not None:
        return Refusal("wave.only_invited")
    # Groups stand in lists alone: nobody who follows a link can be told apart by them.
    return Refusal("wave.groups_of_list") if opening.segment.groups else None


def _decide_invited(opening: Opening, ground: Ground) -> Refusal | None:
    if ground.frame is None:
        return Refusal("wave.needs_frame")
    if opening.per is Per.HOUSEHOLD and ground.frame is not FrameKind.HOUSEHOLD:
        return Refusal("wave.no_households")
    if not ground.listed:
        return Refusal("wave.segment_empty")
    if opening.sample > ground.listed:
        return Refusal("wave.sample_too_large", {"sample": str(opening.sample), "listed": str(ground.listed)})
    drawn = opening.sample or ground.listed
    if opening.population and opening.population < drawn:
        return Refusal("wave.population_small", {"population": str(opening.population), "sample": str(drawn)})
    return None


def decide(wave: Wave | None, act: Act, now: int) -> Change | Refusal:
    """What an act makes of a wave. Asking twice for the same changes nothing the second time."""
    if wave is None:
        return Refusal("wave.unknown")
    match act:
        case Cancel():
            if wave.state is WaveState.CANCELLED:
                return Change(again=True)
            if wave.state is WaveState.CLOSED:
                return Change(stops=True) if wave.repeats else Refusal("wave.is_closed")
            return Change(state=WaveState.CANCELLED, sending=Sending.CANCELLED, closes_at=now)
        case Close():
            if wave.state is WaveState.CLOSED:
                return Change(again=True)
            return _if_standing(wave) or Change(state=WaveState.CLOSED, closes_at=now)
        case _:
            return _if_standing(wave) or _if_over(wave, now) or _decide_sending(wave, act)


def _if_standing(wave: Wave) -> Refusal | None:
    gone = {
        WaveState.PLANNED: "wave.not_open_yet",
        WaveState.CLOSED: "wave.is_closed",
        WaveState.CANCELLED: "wave.is_cancelled",
    }
    return Refusal(gone[wave.state]) if wave.state in gone else None


def _if_over(wave: Wave, now: int) -> Refusal | None:
    return Refusal("wave.is_closed") if wave.closes_at is not None and wave.closes_at <= now else None


def _decide_sending(wave: Wave, act: Act) -> Change | Refusal:
    match act, wave.sending:
        case (Send(), Sending.RUNNING) | (Pause(), Sending.PAUSED) | (Resume(), Sending.RUNNING):
            return Change(again=True)
        case Send(), Sending.PAUSED:
            return Refusal("wave.is_paused")
        case Send(), _:
            return Change(sending=Sending.RUNNING) if wave.invited else Refusal("wave.segment_empty")
        case (Pause(), Sending.RUNNING) | (Pause(), Sending.DONE):
            return Change(sending=Sending.PAUSED)
        case Resume(), Sending.PAUSED:
            return Change(sending=Sending.RUNNING)
        case Remind(), Sending.PAUSED:
            return Refusal("wave.is_paused")
        case Remind(), Sending.NONE:
            return Refusal("wave.nobody_invited")
        case Remind(), _:
            return Change()
        case _:
            return Refusal("wave.not_sending")
