"""An officer's whole way with a survey: a sheet, a list, a wave of letters and messages, reminders, and the figures.

Every command is a real process, the server too; people answer over the fake Telegram and over HTTP. A day later, and a
quarter of an hour after the close, are processes whose clock is ahead (`Place.ahead`).
"""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from storage.opening import open_store
from storage.tables import jobs, sealed_responses
from storage.wave_acts import RELEASE_JOB
from tests.e2e.ballots import Ballot, Recount, ballots, few_are_hidden, interval, percent, printed
from tests.e2e.citizens import said
from tests.e2e.serving import VILLAGES, Place, Server, start
from tests.e2e.survey_sheets import KIND, MISTYPED, NOWHERE, SURVEY, TITLE, write_frame, write_survey
from tests.e2e.townspeople import (
    Neighbour,
    breaks_off,
    from_the_message,
    heard_of,
    on_telegram,
    together,
    until,
)
from tests.fakes.telegram import FakeTelegram, Person
from tests.stores import PostgresServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
WAVE = f"{SURVEY}-m1"
FRAME = "Hộ dân 2026"
DAY, A_WHILE = 24 * 60 + 60, 25
"""Minutes: a day and an hour, and what the release of the last answers may take after the close."""


@dataclass(frozen=True)
class Size:
    """How many rows the list has, who of them has an account, and who of these answers when."""

    rows: int
    telegram: int
    telegram_at_once: int
    web: int
    web_at_once: int
    by_letter: int
    broken_off: int = 6
    reminded: int = 2
    """Of each channel."""
    open: int = 7


LARGE = Size(rows=1_000, telegram=30, telegram_at_once=20, web=40, web_at_once=24, by_letter=220)
SMALL = Size(rows=60, telegram=10, telegram_at_once=6, web=14, web_at_once=5, by_letter=14, reminded=3)


@pytest.mark.parametrize(
    ("engine", "size"),
    [
        pytest.param("sqlite", LARGE, id="sqlite"),
        pytest.param("postgres", SMALL, marks=pytest.mark.postgres, id="postgres"),
    ],
)
async def test_an_officer_takes_a_survey_from_the_sheet_to_its_figures(
    engine: str, size: Size, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server: PostgresServer | None = request.getfixturevalue("postgres") if engine == "postgres" else None
    with FakeTelegram() as fake:
        telegram = {"token": fake.token, "api_base": fake.api_base}
        quiet = {"quiet_from": "00:00", "quiet_to": "00:00"}  # the test may be run at night
        place = Place(tmp_path, url=server.fresh() if server else "", telegram=telegram, waves=quiet)
        await asyncio.to_thread(writes_the_survey, place)
        async with AsyncExitStack() as town:
            await Way(place, fake, size, town).goes()


def writes_the_survey(place: Place) -> None:
    """From the template to a published survey, with two mistakes on the way."""
    blank, wrong, right = (place.folder / name for name in ("mau.xlsx", "sai.xlsx", "nuoc-sach.xlsx"))
    place.command("survey", "template", "--out", str(blank))
    write_survey(blank, wrong, faulty=True)
    write_survey(blank, right)

    # Both mistakes are named at once, each with its cell and with what was typed there.
    faults = place.refused("survey", "check", str(wrong)).splitlines()
    assert len(faults) == 2, faults
    for fault, cell, typed in zip(faults, ("C2", "F5"), (MISTYPED, NOWHERE), strict=True):
        assert all(part in fault for part in ("sai.xlsx", "Câu hỏi", f"ô {cell}", f'"{typed}"')), fault
    assert KIND in faults[0], "it says what may have been meant"
    assert "không có lỗi" in place.command("survey", "check", str(right))

    # Walked in the terminal it asks what it will ask, and would store what it will store.
    walked = place.command("survey", "walk", str(right), given="4\nnuoc may\nco\n3\ngui\n")
    for number in range(1, 5):
        assert f"Câu {number}/" in walked
    stored, _ = json.JSONDecoder().raw_decode(walked[walked.rindex("{") :])
    assert stored == {"c1": 4, "c2": "nuoc_may", "c3": "yes", "c4": 3}

    published = place.command("survey", "publish", str(right))
    assert TITLE in published
    assert f"?n=ks_{SURVEY}" in published


def waits(conn: Connection, kind: str) -> bool:
    return bool(conn.scalar(select(func.count()).where(jobs.c.kind == kind)))


class Way:
    """The wave, from its list to its figures, and who says what in it."""

    def __init__(self, place: Place, fake: FakeTelegram, size: Size, town: AsyncExitStack) -> None:
        self.place, self.fake, self.size, self.town = place, fake, size, town
        self.phones: list[Person] = []
        self.screens: list[Neighbour] = []
        self.codes: list[str] = []
        letters = ballots("webchat", size.by_letter, rare=True)
        self.first = [
            *ballots("telegram", size.telegram_at_once, VILLAGES[0]),
            *ballots("webchat", size.web_at_once, VILLAGES[1]),
            *letters,
        ]
        self.broken = ballots("webchat", size.broken_off)
        self.later = [*ballots("telegram", size.reminded), *ballots("webchat", size.reminded)]

    async def goes(self) -> None:
        """Everything, in the order in which it happens."""
        async with self.serving():
            await self.people_come_to_know_the_bot()
            await self.opens()
            await self.invites()
            await asyncio.gather(
                self.phones_answer(), self.screens_answer(), self.letters_answer(), self.others_answer()
            )
            await self.one_wants_no_more()
        self.place.ahead = DAY
        async with self.serving():
            await self.reminds()
            await self.closes()
        self.place.ahead = DAY + A_WHILE
        async with self.serving():
            await self.until_released()
            await self.shows()
            await self.shows_the_open_wave()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Server]:
        """`nghedan serve` at the clock of this moment."""
        running = await asyncio.to_thread(start, self.place)
        try:
            yield running
        except BaseException:
            running.kill()
            raise
        assert await asyncio.to_thread(running.stop) == 0, running.log

    async def command(self, *words: str) -> str:
        return await asyncio.to_thread(self.place.command, *words)

    async def progress(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await self.command("wave", "progress", WAVE, "--json"))
        return found

    # --- before the wave ---

    async def people_come_to_know_the_bot(self) -> None:
        """Some have pressed Start at the bot, some have opened the web chat: only these can be written to."""
        self.phones = [self.fake.user(f"Hộ {number}") for number in range(self.size.telegram)]
        for phone in self.phones:
            phone.starts()
        self.screens = [await self.screen() for _ in range(self.size.web)]
        await together(screen.comes() for screen in self.screens)
        await asyncio.gather(*(phone.will_hear(said("menu.title"), 30) for phone in self.phones))

    async def screen(self) -> Neighbour:
        return await self.town.enter_async_context(Neighbour(self.place.url))

    async def opens(self) -> None:
        """The list comes in, and a wave to everybody on it is opened."""
        file = self.place.folder / "ho-dan.xlsx"
        chats = [("Telegram", str(phone.id)) for phone in self.phones]
        chats += [("web", screen.account) for screen in self.screens]
        chats += [("", "")] * (self.size.rows - len(chats))
        write_frame(file, self.homes(), chats)
        imported = await self.command("frame", "import", str(file), "--name", FRAME, "--kind", "household")
        assert f"{self.size.rows} dòng" in imported
        assert f"Nhắn tin được: {self.size.telegram + self.size.web}." in imported
        opened = json.loads(
            await self.command(
                "wave",
                "open",
                SURVEY,
                "--kind",
                "invited",
                "--frame",
                FRAME,
                "--sample",
                "all",
                "--per",
                "household",
                "--json",
            )
        )
        assert (opened["code"], opened["population"], opened["sample"]) == (WAVE, self.size.rows, self.size.rows)
        assert str(self.size.rows) in await self.command("wave", "show", WAVE)

    def homes(self) -> list[str]:
        """The village of every row of the list, which is that of the ballot of whoever answers from there."""
        size, half = self.size, len(self.later) // 2
        at_once = size.telegram_at_once + size.web_at_once
        homes = [VILLAGES[number % len(VILLAGES)] for number in range(size.rows)]
        screens, letters = size.telegram, size.telegram + size.web
        for begin, said_by in (
            (0, self.first[: size.telegram_at_once]),
            (size.telegram_at_once, self.later[:half]),
            (screens, self.first[size.telegram_at_once : at_once]),
            (screens + size.web_at_once, self.broken),
            (letters - half, self.later[half:]),
            (letters, self.first[at_once:]),
        ):
            homes[begin : begin + len(said_by)] = [one.village for one in said_by]
        return homes

    async def invites(self) -> None:
        """Invitations go out, with a pause on the way; whoever cannot be written to gets a letter."""
        await self.command("wave", "invite", WAVE)
        await self.command("wave", "pause", WAVE)
        assert "tạm dừng" in await self.command("wave", "show", WAVE)
        await self.command("wave", "resume", WAVE)
        messages = self.size.telegram + self.size.web
        stood = await self.until_sent()
        expected = {"sent": messages, "paper": self.size.rows - messages, "failed": 0, "held": 0, "percent": 100}
        assert {name: stood[name] for name in expected} == expected
        # Nobody has two, whatever was paused in between.
        assert [len(heard_of(phone, "invite.your_code")) for phone in self.phones] == [1] * len(self.phones)
        assert {await screen.sees(said("invite.your_code")) for screen in self.screens} == {1}

        letters = self.place.folder / "thu-moi.csv"
        await self.command("wave", "letters", WAVE, "--out", str(letters))
        with letters.open(encoding="utf-8-sig", newline="") as text:
            self.codes = [row["Mã mời"] for row in csv.DictReader(text)]
        assert len(set(self.codes)) == self.size.rows - messages

    async def until_sent(self) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            stood = await self.progress()
            return stood if stood["planned"] + stood["queued"] == 0 else None

        return await until(look, "the invitations are not out") or {}

    # --- they answer ---

    async def phones_answer(self) -> None:
        said_by = self.first[: self.size.telegram_at_once]
        await asyncio.gather(*(on_telegram(phone, one) for phone, one in zip(self.phones, said_by, strict=False)))

    async def screens_answer(self) -> None:
        """Some from beginning to end, some no further than the second question."""
        begin = self.size.telegram_at_once
        said_by = self.first[begin : begin + self.size.web_at_once]
        await together(from_the_message(screen, one) for screen, one in zip(self.screens, said_by, strict=False))
        leaving = self.screens[self.size.web_at_once : self.size.web_at_once + self.size.broken_off]
        await together(breaks_off(screen, one) for screen, one in zip(leaving, self.broken, strict=True))

    async def letters_answer(self) -> None:
        """With the code of the letter, each in a browser that was never there before; some by the letter's address."""
        said_by = self.first[self.size.telegram_at_once + self.size.web_at_once :]
        await together(
            self.from_a_letter(code, one, by_link=number % 2 == 0)
            for number, (code, one) in enumerate(zip(self.codes, said_by, strict=False))
        )

    async def from_a_letter(self, code: str, ballot: Ballot, *, by_link: bool) -> None:
        async with Neighbour(self.place.url) as screen:
            await screen.comes(f"m_{code}" if by_link else "")
            if not by_link:
                await screen.says(code.lower().replace("-", " "))
            await screen.answers(ballot, invited=True)

    async def others_answer(self) -> None:
        """Whoever follows the address on a poster: the other kind of wave, of the same survey."""
        await together(self.from_a_poster(one) for one in ballots("webchat", self.size.open, VILLAGES[2]))

    async def from_a_poster(self, ballot: Ballot) -> None:
        async with Neighbour(self.place.url) as screen:
            await screen.comes(f"ks_{SURVEY}")
            await screen.answers(ballot)

    async def one_wants_no_more(self) -> None:
        """/dung; and a code that was used is used up, whoever types it."""
        unwilling = self.phones[-1]
        unwilling.writes("/dung")
        await unwilling.will_hear(said("optout.done"))
        async with Neighbour(self.place.url) as screen:
            await screen.comes()
            await screen.says(self.codes[0])
            assert await screen.sees(said("code.used"))
        stood = await self.progress()
        assert stood["took_part"] == len(self.first)

    # --- a day later ---

    async def reminds(self) -> None:
        """Whoever has been written to, has not answered and has not refused; once."""
        await self.command("wave", "remind", WAVE)
        silent = self.phones[self.size.telegram_at_once : -1]
        quiet = self.screens[self.size.web_at_once :]
        await asyncio.gather(*(phone.will_hear(said("invite.reminder"), 30) for phone in silent))

        async def all_told() -> bool:
            return bool((await self.progress())["reminders"] == len(silent) + len(quiet))

        await until(all_told, "not everybody was reminded")
        await self.until_sent()
        assert "Không còn ai để nhắc" in await asyncio.to_thread(self.place.refused, "wave", "remind", WAVE)
        assert [len(heard_of(phone, "invite.reminder")) for phone in self.phones] == [
            int(phone in silent) for phone in self.phones
        ]
        assert [await screen.sees(said("invite.reminder")) for screen in self.screens] == [
            int(screen in quiet) for screen in self.screens
        ]

        # Some answer then.
        late = self.screens[-self.size.reminded :]
        half = len(self.later) // 2
        await asyncio.gather(*(on_telegram(*pair) for pair in zip(silent[:half], self.later[:half], strict=True)))
        await together(from_the_message(*pair) for pair in zip(late, self.later[half:], strict=True))

    async def closes(self) -> None:
        """Nobody can begin any more; whoever has begun has some minutes, so there are no figures yet."""
        assert "đóng đợt" in await self.command("wave", "close", WAVE)
        assert (await self.progress())["took_part"] == len(self.first) + len(self.later)
        await self.until_stored(lambda conn: waits(conn, RELEASE_JOB), "nothing is planned for the end of the grace")
        assert "xem lại sau" in await asyncio.to_thread(self.place.refused, "wave", "results", WAVE)
        async with Neighbour(self.place.url) as screen:
            await screen.comes()
            await screen.says(self.codes[-1])
            assert await screen.sees(said("survey.closed"))

    # --- a quarter of an hour after that ---

    async def until_released(self) -> None:
        """What was broken off has come in, and everything is released."""
        await self.until_stored(
            lambda conn: (
                not waits(conn, RELEASE_JOB) and not conn.scalar(select(func.count()).select_from(sealed_responses))
            ),
            "answers are still sealed",
        )
        everybody = len(self.first) + len(self.later) + len(self.broken)
        assert (await self.progress())["took_part"] == everybody

    async def until_stored(self, look: Callable[[Connection], bool], otherwise: str) -> None:
        store = open_store(self.place.store_url)
        try:
            await until(lambda: store.read(look), otherwise)
        finally:
            await store.close()

    async def shows(self) -> None:
        """The figures are those of a recount; what few have said is not among them."""
        count = Recount(self.first, self.later, broken=self.broken)
        told = json.loads(await self.command("wave", "results", WAVE, "--json"))
        found = told["results"]
        assert (found["n"], told["partial"]) == (count.n, len(self.broken))
        assert found["invited"]["invited"] == self.size.rows
        assert found["invited"]["rate"] == pytest.approx(count.n / self.size.rows)

        valid, satisfied = count.satisfaction()
        overall = found["overall"]
        assert (overall["n"], overall["share"]) == (valid, pytest.approx(satisfied / valid))
        assert (overall["low"], overall["high"]) == pytest.approx(interval(satisfied / valid, valid, self.size.rows))
        for number, one in found["villages"].items():
            if not one.get("withheld"):
                valid, satisfied = count.satisfaction(told["villages"].get(number, ""))
                assert (one["n"], one["share"]) == (valid, pytest.approx(satisfied / valid)), number
        assert set(VILLAGES) <= {told["villages"].get(number, "") for number in found["villages"]}
        few_are_hidden({one["kind"]: one for one in found["questions"]}, count)
        printed(await self.command("wave", "results", WAVE), count, self.size.rows)

    async def shows_the_open_wave(self) -> None:
        """Beside it, of nobody but those who came by themselves: no interval, no rate."""
        count = Recount(ballots("webchat", self.size.open, VILLAGES[2]))
        valid, satisfied = count.satisfaction()
        told = json.loads(await self.command("wave", "results", SURVEY, "--json"))["results"]
        assert (told["n"], told["overall"]["n"]) == (count.n, valid)
        assert told["overall"]["share"] == pytest.approx(satisfied / valid)
        assert told["overall"].get("low") is told["overall"].get("high") is told.get("invited") is None
        shown = await self.command("wave", "results", SURVEY)
        assert "ý kiến tự nguyện" in shown.lower()
        assert percent(satisfied / valid) in shown
        assert "tỷ lệ trả lời" not in shown
        assert " - " not in shown, "no interval"
