"""In a group: one line and a link to whoever calls the bot, once a minute, and nothing to anybody else."""

from collections import Counter
from dataclasses import dataclass, field

import pytest

from bot.channels.base import Failed, Outcome, Sent
from bot.channels.telegram.groups import MOST, PAUSE, Groups, Words
from bot.channels.telegram.in_group import InGroup

WORDS = Words(private="nói riêng", added="xin chào nhóm", open="Nhắn riêng")
LINK = "https://t.me/VanLinh_Bot?start=nhom"


@dataclass
class Street:
    """What the groups hear, and a clock."""

    heard: list[tuple[str, str, str, str]] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    now: int = 1_000_000
    answers: Outcome = field(default_factory=Sent)

    async def say(self, chat: str, text: str, label: str, url: str) -> Outcome:
        self.heard.append((chat, text, label, url))
        return self.answers

    async def moved(self, old: str, new: str) -> None:
        self.moves.append((old, new))

    def count(self, name: str, by: int) -> None:
        self.counts[name] += by


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def groups(street: Street) -> Groups:
    made = Groups(street.say, street.moved, WORDS, street.count, lambda: street.now)
    made.name, made.id = "VanLinh_Bot", 77
    return made


def talk(chat: str = "-5", *names: str, answers: int = 0) -> InGroup:
    return InGroup(1, chat, "talk", names, answers)


async def test_who_calls_the_bot_is_shown_the_private_chat_once_a_minute(street: Street, groups: Groups) -> None:
    groups.heard(talk("-5", "vanlinh_bot"))
    groups.heard(talk("-5", ""))
    groups.heard(talk("-6", answers=77))
    await groups.settle()
    assert street.heard == [(chat, "nói riêng", "Nhắn riêng", LINK) for chat in ("-5", "-6")]
    street.now += PAUSE
    groups.heard(talk("-5", ""))
    await groups.settle()
    assert len(street.heard) == 3


async def test_nobody_else_is_answered(street: Street, groups: Groups) -> None:
    groups.heard(talk())
    groups.heard(talk("-5", "other_bot", answers=78))
    groups.heard(InGroup(1, "-5", "removed"))
    groups.name = ""
    groups.heard(talk("-5", ""))
    groups.heard(InGroup(1, "-5", "added"))
    await groups.settle()
    assert street.heard == []


async def test_whoever_adds_it_hears_a_line_and_a_hundred_groups_slow_down_nobody(
    street: Street, groups: Groups
) -> None:
    officers = Groups(street.say, street.moved, WORDS, street.count, lambda: street.now, "-5")
    officers.name = "VanLinh_Bot"
    officers.heard(InGroup(1, "-5", "added"))
    assert street.heard == []
    for number in range(100):
        groups.heard(InGroup(1, f"-{number}", "added"))
    await groups.settle()
    assert len(street.heard) == MOST
    assert {text for _, text, _, _ in street.heard} == {"xin chào nhóm"}


async def test_a_move_is_remembered_and_a_failure_is_only_counted(street: Street, groups: Groups) -> None:
    groups.heard(InGroup(1, "-5", "moved", to="-100"))
    street.answers = Failed("no rights")
    groups.heard(talk("-5", ""))
    await groups.settle()
    assert street.moves == [("-5", "-100")]
    assert street.counts == {"telegram.group_failed": 1}
