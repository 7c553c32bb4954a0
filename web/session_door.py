"""What the pages may ask for about sessions; app/session_desk.py does it, each in one transaction."""

from typing import Protocol

from feedback.acts import Refusal
from feedback.roles import Actor
from feedback.session_acts import Book, BookingAct, CloseSeries, MoveBooking, OpenSeries, Plan, SessionAct


class SessionDoor(Protocol):
    """Every change of a session, its seats and its promises. A Refusal says why not."""

    async def plan(self, act: Plan, actor: Actor) -> int | Refusal:
        """A session of its own; its id."""
        ...

    async def open_series(self, act: OpenSeries, actor: Actor) -> int | Refusal:
        """Sessions that repeat; the id of the series, the first of them made."""
        ...

    async def close_series(self, series: int, act: CloseSeries, actor: Actor) -> Refusal | None:
        """No more of them."""
        ...

    async def act(self, session: int, act: SessionAct, actor: Actor, *, tell: bool = True) -> Refusal | None:
        """An act on a session; what its people are told is on its way.

        `tell`: whether everybody who hears from the commune is told of what is announced.
        """
        ...

    async def book(self, session: int, act: Book, actor: Actor) -> str | Refusal:
        """A seat for somebody who called or came; the code. That of the act is not looked at: a new one is drawn."""
        ...

    async def act_on_booking(self, code: str, act: BookingAct, actor: Actor) -> Refusal | None:
        """Check in, mark as absent, give back."""
        ...

    async def busy(self, host: str, first_day: str, last_day: str, note: str, actor: Actor) -> Refusal | None:
        """Days (ISO) on which a host cannot."""
        ...

    async def free(self, busy: int, actor: Actor) -> Refusal | None:
        """Take such days away, by the id of their row."""
        ...

    async def move_booking(self, code: str, session: int, act: MoveBooking, actor: Actor) -> str | Refusal:
        """Another seat for somebody who called; the new code. That of the act is not looked at."""
        ...

    async def received(self, session: int, village: int, kind: str, actor: Actor) -> Refusal | None:
        """The head of a village has a paper of the session ("notice" or "results")."""
        ...
