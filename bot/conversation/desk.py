"""What a step may look up while it thinks: each call one indexed look-up under 2 ms, within the turn's transaction."""

from typing import Protocol

import msgspec

from feedback.kinds import Kind
from feedback.states import State
from surveys.definition import Survey


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """Who is speaking: `name` "xã Vạn Linh"; `contact` the person behind the telephone ("" where not entered)."""

    id: int
    name: str
    prefix: str
    phone: str
    contact: str
    privacy_url: str


class Village(msgspec.Struct, frozen=True):
    """A thôn or its like, named with its own word."""

    id: int
    name: str


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """A survey that can be answered now."""

    id: int
    version: int
    code: str
    title: str


class CaseBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A case as its own citizen may see it; instants in UTC milliseconds."""

    code: str
    kind: Kind
    state: State
    opened_at: int
    answered_at: int | None
    reply: str


class Desk(Protocol):
    """Read-only; always of one conversation of one commune."""

    def commune(self) -> Commune: ...

    def villages(self) -> list[Village]:
        """In the order of the alphabet."""
        ...

    def waves(self) -> list[Wave]:
        """Open now, oldest first."""
        ...

    def survey(self, version: int) -> Survey:
        """A frozen version; KeyError where there is none."""
        ...

    def takes_answers(self, wave: int) -> bool:
        """Whether an answer begun in this wave may still come in, though a newer version is offered by now."""
        ...

    def took_part(self, wave: int) -> bool:
        """Whether this person's answer of the wave is in."""
        ...

    def own_cases(self) -> list[CaseBrief]:
        """Opened from this account, newest first, at most 5."""
        ...

    def case(self, code: str) -> CaseBrief | None:
        """By its code, whoever opened it; None where no case of this commune has it."""
        ...

    def new_code(self) -> str:
        """A random case code of this commune and year, not promised to be free."""
        ...
