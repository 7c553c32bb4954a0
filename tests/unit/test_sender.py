"""The sender: what each outcome does to a letter, and that nothing leaves faster than allowed."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.channels.base import Address, Capabilities, Failed, Gone, Outcome, Sent, Throttled, WindowClosed
from bot.conversation.messages import Bubble
from bot.sender import BATCH, LEASE, PATIENCE, Letter, Record, backoff, run, verdict

CAN = Capabilities(max_text=4096, buttons=100, button_bytes=64, edit=True, photo_in=True, pushed=True)


@pytest.mark.parametrize(
    ("outcome", "tries", "expected"),
    [
        (Sent("7"), 0, Record("sent", ref="7")),
        (Throttled(3_000), 5, Record("later", after=3_000, fault="throttled", counts=False)),
        (Throttled(3, uncertain=True), 5, Record("later", after=3, fault="throttled", counts=False, uncertain=True)),
        (Gone("blocked"), 0, Record("gone", fault="blocked")),
        (WindowClosed("48 h"), 0, Record("held", fault="48 h")),
        (Failed("500"), 0, Record("later", after=2_000, fault="500")),
        (Failed("lost", uncertain=True), 2, Record("later", after=8_000, fault="lost", uncertain=True)),
        (Failed("400", retry=False), 0, Record("dead", fault="400")),
    ],
)
def test_every_outcome_has_its_meaning(outcome: Outcome, tries: int, expected: Record) -> None:
    assert verdict(outcome, tries) == expected


def test_waiting_between_tries_doubles_up_to_ten_minutes() -> None:
    assert [backoff(tries) for tries in (0, 1, 2, 8, 9, 60)] == [2_000, 4_000, 8_000, 512_000, 600_000, 600_000]


@dataclass
class OneRound:
    """A post that gives its letters once, keeps what is recorded, and then lets the sender end."""

    letters: list[Letter]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    kept: list[tuple[int, Record]] = field(default_factory=list)

    async def claim(self, limit: int, lease: int, many: int) -> list[Letter]:
        del limit, lease, many
        given, self.letters = self.letters, []
        return given

    async def record(self, outcomes: list[tuple[Letter, Record]]) -> None:
        self.kept += [(letter.id, record) for letter, record in outcomes]
        self.stop.set()

    async def wait(self, seconds: float) -> None:
        del seconds


@dataclass
class Platform:
    """A channel that answers as it is told, by chat."""

    answers: dict[str, Outcome]
    capabilities: Capabilities = CAN
    heard: list[str] = field(default_factory=list)

    async def send(self, address: Address, bubble: Bubble) -> Outcome:
        self.heard.append(bubble.text)
        return self.answers.get(address.chat, Sent("1"))

    async def close(self) -> None:
        return


@dataclass
class Allowance:
    """Limits that ask for a fixed wait for a chat, once."""

    waits: dict[str, int] = field(default_factory=dict)
    held: list[tuple[str, int]] = field(default_factory=list)

    def take(self, chat: str, now: int, *, many: bool = False) -> int:
        del now, many
        return self.waits.pop(chat, 0)

    def hold(self, chat: str, after: int, now: int) -> None:
        del now
        self.held.append((chat, after))


def letter(id: int, chat: str, *, many: bool = False) -> Letter:
    return Letter(id, Address(chat), Bubble(text=f"tin {id}"), 0, many)


async def test_outcomes_are_recorded_and_a_throttled_chat_is_held() -> None:
    post = OneRound([letter(1, "a"), letter(2, "b"), letter(3, "c")])
    platform = Platform({"b": Throttled(5_000), "c": Gone("blocked")})
    limits = Allowance()
    await run(platform, post, limits, post.stop, lambda: 0)
    assert [(id, record.state) for id, record in post.kept] == [(1, "sent"), (2, "later"), (3, "gone")]
    assert limits.held == [("b", 5_000)]


async def test_a_letter_that_must_wait_longer_than_its_lease_is_given_back_unsent() -> None:
    post = OneRound([letter(1, "a")])
    platform = Platform({})
    await run(platform, post, Allowance({"a": LEASE}), post.stop, lambda: 0)
    assert platform.heard == []
    assert post.kept == [(1, Record("later", after=LEASE, fault="throttled", counts=False))]


@dataclass
class Crowd:
    """A post with many letters to many, most urgent first, as the store gives them."""

    letters: list[Letter]
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def claim(self, limit: int, lease: int, many: int) -> list[Letter]:
        del lease, many
        given, self.letters = self.letters[:limit], self.letters[limit:]
        return given

    async def record(self, outcomes: list[tuple[Letter, Record]]) -> None:
        if outcomes[0][0].id == ANSWER:
            self.stop.set()

    async def wait(self, seconds: float) -> None:
        del seconds


ANSWER = 10_000


async def test_an_answer_waits_behind_no_more_than_what_is_in_flight() -> None:
    # given a message to a thousand people, and somebody who is answered when a hundred of them have it
    post = Crowd([letter(number, str(number)) for number in range(1_000)])

    class Busy(Platform):
        async def send(self, address: Address, bubble: Bubble) -> Outcome:
            if len(self.heard) == 100:
                post.letters.insert(0, letter(ANSWER, "one"))
            return await super().send(address, bubble)

    platform = Busy({})
    await run(platform, post, Allowance(), post.stop, lambda: 0)
    assert platform.heard.index(f"tin {ANSWER}") <= 100 + BATCH + 1


class Patient(Allowance):
    """Limits that let nothing to many people go for now."""

    def take(self, chat: str, now: int, *, many: bool = False) -> int:
        return 1_000 if many else super().take(chat, now)


@dataclass
class Announced(Crowd):
    """A post with a message to many, and with an answer once as many of them are held as may be."""

    held: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def claim(self, limit: int, lease: int, many: int) -> list[Letter]:
        urgent = [one for one in self.letters if not one.many][:limit]
        given = urgent + [one for one in self.letters if one.many][: min(many, limit - len(urgent))]
        self.letters = [one for one in self.letters if one not in given]
        self.held += sum(one.many for one in given)
        if self.held == BATCH and not urgent:
            self.letters.append(letter(ANSWER, "one"))
            self.woken.set()
        return given

    async def wait(self, seconds: float) -> None:
        await self.woken.wait()
        self.woken.clear()


async def test_an_answer_passes_the_messages_to_many_that_wait_for_the_limits() -> None:
    # given a message to a thousand people of which none may leave just now
    post = Announced([letter(number, str(number), many=True) for number in range(1_000)])
    platform = Platform({})
    # when somebody is answered
    async with asyncio.timeout(60):
        await run(platform, post, Patient(), post.stop, lambda: 0)
    # then the answer leaves at once, and no more is held than fits
    assert platform.heard == [f"tin {ANSWER}"]
    assert post.held == BATCH


async def test_what_the_limits_hold_for_too_long_is_given_back() -> None:
    post = OneRound([letter(1, "a", many=True)])
    clock = iter(range(0, 100 * LEASE, PATIENCE // 2))
    platform = Platform({})
    async with asyncio.timeout(60):
        await run(platform, post, Patient(), post.stop, lambda: next(clock))
    assert platform.heard == []
    assert post.kept == [(1, Record("later", after=1_000, fault="throttled", counts=False))]
