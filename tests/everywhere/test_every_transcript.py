"""Every transcript on every channel, through its real adapter: what differs is what its capabilities say, no more."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

import pytest

from app.capabilities import CAPABILITIES
from app.transcripts import Player, Turn, read, recorded, shown
from bot.channels.base import takes_now
from bot.conversation.messages import Bubble
from storage import sources
from tests.clock import pass_to
from tests.everywhere import screen
from tests.everywhere.fetching import FetchingPlayer
from tests.everywhere.phones import Impossible
from tests.everywhere.reasons import IMPOSSIBLE, WHY
from tests.everywhere.screen import Expected, Screen
from tests.everywhere.towns import Fakes, Town, open_town
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa
from tests.transcripts import replaying
from vietnam.time import MINUTE

FILES = sorted((Path(__file__).parents[1] / "transcripts").glob("*.toml"))
TABLE = [pytest.param(file, channel, id=f"{file.stem}-{channel}") for file in FILES for channel in CAPABILITIES]
FETCHED = Path(__file__).parent / "fetched.txt"
MEDIA = ("photo", "voice")
Said = list[list[Bubble]]


class How(NamedTuple):
    """`fetched`: pictures and voices are named first and brought afterwards. `typed`: there is nothing to touch."""

    fetched: bool = False
    typed: bool = False


@dataclass
class Walked:
    """What was to come and what came, turn by turn; `missing` are the turns that cannot be on the channel."""

    expected: list[str]
    came: list[str]
    missing: dict[int, str]


@pytest.fixture(scope="session")
def fakes() -> Iterator[Fakes]:
    with FakeTelegram() as telegram, FakeZaloBot() as zalo_bot, FakeZaloOa() as zalo_oa:
        telegram.flood(chat_per_second=10_000, chat_burst=10_000, per_second=10_000)
        yield Fakes(telegram, zalo_bot, zalo_oa)


@pytest.fixture(scope="session")
def known() -> dict[tuple[str, How], Said]:
    """What `_said` has found already."""
    return {}


@pytest.mark.parametrize(("file", "channel"), TABLE)
async def test_the_conversation_is_the_same_there(
    file: Path,
    channel: str,
    fakes: Fakes,
    known: dict[tuple[str, How], Said],
    sqlite_template: Path,
    tmp_path: Path,
) -> None:
    # given what the transcript says, as messages
    turns = read(file.read_text("utf-8")).turn
    can = CAPABILITIES[channel]
    how = How(fetched=can.pushed and any(turn.deed[0] in MEDIA for turn in turns), typed=not can.buttons)
    said = known.get((file.stem, how))
    if said is None:
        said = known[file.stem, how] = await _said(turns, sqlite_template, tmp_path / "terminal", how)

    # when the same is done on the channel
    folder = _furnished(sqlite_template, tmp_path / channel)
    async with open_town(channel, fakes, folder) as town:
        walked = await _walk(town, Expected(channel, town.runtime.wording), turns, said)

    # then the same comes, as the channel can show it
    if difference := _difference(walked):
        pytest.fail(f"{file.stem} on {channel}:\n{difference}", pytrace=False)
    assert walked.missing == {
        turn: why for (stem, turn, there), why in IMPOSSIBLE.items() if (stem, there) == (file.stem, channel)
    }


async def test_what_is_said_of_pictures_and_voices_that_are_brought_afterwards(
    sqlite_template: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A platform names a picture and has it fetched: two answers where the web chat needs one. Read them."""
    found: list[str] = []
    for file in FILES:
        turns = read(file.read_text("utf-8")).turn
        if any(turn.deed[0] in MEDIA for turn in turns):
            said = await _said(turns, sqlite_template, tmp_path / file.stem, How(fetched=True))
            for number, (turn, bubbles) in enumerate(zip(turns, said, strict=True), start=1):
                if turn.deed[0] in MEDIA and recorded(bubbles) != turn.bot:
                    found.append(f"=== {file.stem}, {number}. {': '.join(turn.deed)}\n{recorded(bubbles)}\n")
    now = "\n".join(found)

    if request.config.getoption("--regenerate"):
        FETCHED.write_text(now, "utf-8")
    else:
        assert now == FETCHED.read_text("utf-8")


def test_every_reason_is_told_and_used() -> None:
    assert set(IMPOSSIBLE.values()) == set(WHY)
    assert {(stem, channel) for stem, _, channel in IMPOSSIBLE} <= {
        (file.stem, channel) for file in FILES for channel in CAPABILITIES
    }


def _furnished(template: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(template, folder / "nghedan.db")
    return folder


async def _said(turns: list[Turn], template: Path, folder: Path, how: How) -> Said:
    """The messages behind the words of a transcript."""
    async with replaying.sample_town(_furnished(template, folder)) as (runtime, unit):
        if how.typed:
            runtime.wording = runtime.wording.typed()
        kind = FetchingPlayer if how.fetched else Player
        town = replaying.Town(runtime, unit, await kind.begin(runtime, unit))
        found: Said = []
        for turn in turns:
            deed, value = turn.deed
            value = value.replace("{code}", town.code) if town.code else value
            found.append([one for _ in range(turn.times) for one in await replaying.done(town, deed, value)])
            if not (how.fetched and deed in MEDIA) and not (how.typed and "chạm" in turn.bot.lower()):
                assert recorded(found[-1]) == turn.bot, "this is no fault of a channel: see tests/transcripts"
            if how.typed:
                assert "chạm" not in shown(found[-1]).lower()
    return found


async def _walk(town: Town, expected: Expected, turns: list[Turn], said: Said) -> Walked:
    walked = Walked([], [], {})
    others = replaying.Town(town.runtime, town.unit, Player(town.runtime, town.account))
    open_question: Bubble | None = None
    late: list[Bubble] = []
    heard_at = town.runtime.now()
    for number, (turn, bubbles) in enumerate(zip(turns, said, strict=True), start=1):
        deed, value = turn.deed
        pass_to(town.runtime, town.runtime.now() + MINUTE + 1000)
        try:
            for _ in range(turn.times):
                await _do(town, others, deed, value.replace("{code}", others.code or "{code}"), open_question)
        except Impossible as why:
            walked.missing[number] = str(why)
            continue
        await town.settle()
        if deed != "meanwhile":
            heard_at = town.runtime.now()
        late += bubbles
        head = f"=== {number}. {deed}: {value[:60]}"
        came = await town.phone.seen()
        due: list[Screen] = []
        if takes_now(expected.capabilities, heard_at, town.runtime.now()):
            due, late = expected.of(late), []
        walked.expected += [head, *screen.read(due)]
        walked.came += [head, *screen.read(came)]
        open_question = next((bubble for bubble in reversed(bubbles) if bubble.buttons), open_question)
    return walked


async def _do(town: Town, others: replaying.Town, deed: str, value: str, asked: Bubble | None) -> None:
    phone = town.phone
    match deed:
        case "start":
            await phone.start(value, await _number(town, value))
        case "say":
            await phone.say(value)
        case "photo":
            await phone.photo(replaying.picture(value))
        case "voice":
            await phone.voice(replaying.VOICES.get(value, b"this is no voice"))
        case "place":
            lat, _, lon = value.partition(",")
            await phone.place(float(lat), float(lon))
        case "press":
            digits = [button.digit for button in (asked.buttons if asked else ()) if button.label == value]
            await phone.press(value, digits[0])
        case "press_old":
            await phone.press_old(value)
        case _:
            others.player.person = await _person(town)
            await replaying.meanwhile(others, value)


async def _number(town: Town, source: str) -> int:
    """The number that was printed on the poster."""
    if not source or source.startswith("m_"):
        return 0
    return await town.runtime.store.write(lambda tx: sources.number_of(tx, town.unit, source))


async def _person(town: Town) -> str:
    return town.phone.person


def _difference(walked: Walked) -> str:
    return "\n".join(unified_diff(walked.expected, walked.came, "the transcript", "the phone", lineterm="", n=6))
