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
    """planned (opens later) -> open -> closed; cancelled: nothing more is sent or taken, what came in is destroyed."""

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
