"""What a turn needs of the store, as one open transaction; app/ledger.py joins it to storage/."""

from contextlib import AbstractContextManager
from typing import Protocol

from bot.conversation.desk import Desk
from bot.conversation.effects import BookSeat, CancelSeat, CorrectSeat, FetchMedia, GiveConsent, MoveSeat, Submit
from bot.conversation.messages import Bubble, Inbound, Own, Wants
from feedback.acts import CaseFacts, Decision, Open
from feedback.office import Office
from feedback.rights import Right
from feedback.roles import Actor


class Refused(Exception):
    """An effect that could not be applied: `key` says why, as a wording key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Chat(Protocol):
    """One conversation, locked until the transaction ends."""

    @property
    def id(self) -> int: ...

    @property
    def unit(self) -> int: ...

    @property
    def shows_own_words(self) -> bool:
        """Whether the person's words are kept for the screen (web chat), being shown by nobody else."""
        ...

    @property
    def only_typed(self) -> bool:
        """Whether the channel has no buttons: nobody is asked to touch one."""
        ...

    @property
    def only_by_hand(self) -> bool:
        """Whether the person has no chat at all: an officer calls, or goes there."""
        ...

    def page_for(self, wants: Wants, nonce: int) -> str:
        """Address of a page that takes what this channel cannot, for the question of that nonce; "" where it can."""
        ...

    def thread_page(self, case: int, wants: Wants) -> str:
        """Address of the page of a case for whoever is in this chat; "" where the chat itself brings everything."""
        ...

    def state(self) -> bytes | None:
        """The stored state; the same bytes however often it is asked."""
        ...

    @property
    def office(self) -> Office:
        """The days and hours of work of this chat's commune, and what it promises."""
        ...

    def desk(self) -> Desk: ...

    def first_time(self, inbound: Inbound) -> bool:
        """Mark the event as seen; False where it was seen before."""
        ...

    def trial(self) -> AbstractContextManager[None]:
        """A savepoint: Refused raised inside takes back what was done inside."""
        ...

    def say(self, bubble: Bubble, topic: int, *, notice: bool = False, long: bool = False, case: int = 0) -> int:
        """Write a message to be sent or read; its id.

        `case` is the id of the case that it is about: then it waits, or somebody calls, where it cannot be delivered.
        `long`: it repeats answers, and must take as much room as any other.
        """
        ...

    def keep_own(self, own: Own, topic: int, *, long: bool = False) -> None:
        """Keep the person's words for the screen; `long` as for `say`."""
        ...

    def submit(self, submit: Submit) -> None:
        """Store a sealed response; Refused where the wave closed, the person (or code) took part, or media is gone."""
        ...

    def open_case(self, act: Open, decision: Decision, actor: Actor) -> None:
        """Write a new case; Refused "code.taken", or "photo.expired" where its picture was swept meanwhile."""
        ...

    def book(self, code: str) -> "CaseBook | None":
        """A case of this person by its code, locked until the transaction ends; None for anybody else's."""
        ...

    def seat(self, effect: BookSeat | CancelSeat | CorrectSeat | MoveSeat) -> None:
        """Take, give back or change a seat of this person; Refused with why not."""
        ...

    def consent(self, consent: GiveConsent) -> None: ...

    def fetch_media(self, wanted: FetchMedia) -> None: ...

    def follow(self, case: int) -> None:
        """Tell this account what becomes of somebody else's case; Refused "near.gone" where it may not be followed."""
        ...

    def unfollow(self, case: int) -> None:
        """Tell the person no more of that case, or (0) of any."""
        ...

    def drop_media(self, ids: tuple[int, ...]) -> None:
        """Let pictures and voices to which nothing points go with the next sweep."""
        ...

    def set_opt_out(self, *, out: bool) -> None: ...

    def set_language(self, language: str) -> None: ...

    def offer_join(self, code: str) -> None:
        """Keep a code that joins another chat with this one; an earlier one of this chat is over."""
        ...

    def join(self, code: str, told: Bubble) -> None:
        """Join this chat with the one that gave the code, which is `told`; Refused "join.gone"."""
        ...

    def part(self) -> None:
        """Give this chat a person of its own."""
        ...

    def came(self, code: str, place: str) -> None:
        """Count that somebody began the survey of a wave by the poster of that place."""
        ...

    def wrong_code(self) -> None:
        """Count a one-time code that opens nothing."""
        ...

    def subscribe(self, village: int) -> None:
        """Whose notices the person hears beside those of the whole commune; 0: no thôn's."""
        ...

    def use_right(self, right: Right, note: str) -> None:
        """Keep that the person asked, and do at once what needs no officer, in all their chats."""
        ...

    def erase(self, topic: int) -> None: ...

    def gone(self, why: str) -> None:
        """Nothing can be sent to this account ("" once the person is back)."""
        ...

    def save(self, state: bytes | None, expires_at: int | None = None) -> None:
        """Keep the new state, and when its first unfinished survey has had its time; None: only messages were added."""
        ...


class CaseBook(Protocol):
    """One case within an open transaction, its conversation locked first."""

    def facts(self) -> CaseFacts | None: ...

    def chat(self) -> Chat: ...

    def responsible(self, actor: Actor) -> str:
        """Whom the citizen may name: the officer who acts, else whoever works on it, else the commune's contact."""
        ...

    def write(self, facts: CaseFacts, decision: Decision, actor: Actor) -> bool:
        """False where the case changed after it was read."""
        ...
