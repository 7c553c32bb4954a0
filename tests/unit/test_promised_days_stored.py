"""Promised days in the store, as a report sees them: missed or kept, and whether the citizen was told (CS3, RP7)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from app.case_round import case_round
from app.posts import StoredPost
from app.report_source import StoreSource
from bot.channels.base import Outcome, Sent, WindowClosed
from bot.conversation.messages import Inbound
from bot.sender import LEASE, verdict
from feedback.acts import (
    Act,
    Ask,
    Confirm,
    Decision,
    Extend,
    Refusal,
    Reopen,
    Reply,
    Take,
)
from feedback.retention import Expire
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from reports.source import CaseLine, MissedDay
from storage.store import Store
from storage.tables import cases, keepers
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY, HOUR, day_of

LAN, PHONE = "w" * 64, "77"
REPORT = ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "3", "bỏ qua", "bỏ qua", "1")
REASON = "Phải chờ mua bóng đèn."


class Office1(House):
    """A house in which an officer acts on the one case, and whose days are counted."""

    async def reports(self, *, telegram: bool = False) -> int:
        if telegram:
            for at, text in enumerate(REPORT):
                await self.runtime.receive(
                    Inbound(
                        channel="telegram", channel_account=self.commune.telegram, dedupe_key=f"t{at}",
                        person=PHONE, kind="text", at=self.at, text=text,
                    )
                )  # fmt: skip
            await self.delivers(Sent("1"))
        else:
            await self.say(LAN, "xin chào", *REPORT)
        return await self.runtime.store.read(lambda conn: conn.scalar(select(cases.c.id)) or 0)

    async def delivers(self, outcome: Outcome) -> None:
        post = StoredPost(self.runtime, self.commune.telegram)
        await self.runtime.account(self.commune.telegram)
        while letters := await post.claim(30, LEASE, 30):
            for letter in letters:
                await post.record([(letter, verdict(outcome, letter.tries))])

    async def act(self, case: int, act: Act) -> None:
        actor = Actor(kind=OFFICER, unit=self.commune.commune, id=self.commune.officer, role=Role.RECEPTION)
        outcome = await self.runtime.act(case, act, actor)
        assert not isinstance(outcome, Refusal), outcome

    async def due(self) -> int:
        return await self.runtime.store.read(lambda conn: conn.scalar(select(cases.c.due_at)) or 0)

    async def missed(self, *, days: int = 60) -> list[MissedDay]:
        first, last = date(2026, 1, 1), day_of(self.at) + timedelta(days=days)
        return await self.runtime.store.read(
            lambda conn: StoreSource(conn, self.commune.commune).missed_days(first, last)
        )

    async def timely(self) -> tuple[list[tuple[bool, bool]], list[int]]:
        """Of each answer whether it came by the day that stood and by the first; how many days late each case is."""
        today = day_of(self.at)

        def look(conn: Connection) -> tuple[list[tuple[bool, bool]], list[int]]:
            source = StoreSource(conn, self.commune.commune)
            answers = [(one.in_time, one.by_first_day) for one in source.answers(date(2026, 1, 1), today)]
            return answers, [(today - one.due).days for one in source.overdue(today)]

        return await self.runtime.store.read(look)


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> Office1:
    return Office1(store, store_url, tmp_path, vault, commune, now)


async def test_an_officer_who_says_so_before_the_day_has_apologised_in_time(house: Office1) -> None:
    case = await house.reports()
    due = await house.due()
    await house.act(case, Take())
    await house.act(case, Extend(24, REASON))
    later = await house.due()
    house.at = later - HOUR
    await house.act(case, Reply("Đã thay."))

    assert await house.missed() == [
        MissedDay(kind="feedback", category="roads", day=day_of(due), apology="in_time", by_officer=True)
    ]


async def test_what_nobody_says_the_program_says_and_then_there_is_no_new_day_any_more(house: Office1) -> None:
    # given a case of which nobody takes care, through both renewals and beyond
    await house.reports()
    for _ in range(60):
        house.at += 8 * HOUR
        await case_round(house.runtime)

    # then the two renewed days had their apology, and the last one only a word without a day
    found = await house.missed(days=0)
    assert [one.apology for one in sorted(found, key=lambda one: one.day)][:2] == ["in_time", "in_time"]
    assert len(found) == 3
    assert not any(one.by_officer for one in found)
    assert sorted(found, key=lambda one: one.day)[2].apology == "incomplete"


async def test_a_word_that_comes_after_the_day_is_no_word_in_time(house: Office1) -> None:
    case = await house.reports()
    house.at = await house.due() + DAY
    await house.act(case, Take())
    assert [one.apology for one in await house.missed(days=-1)] == ["none"], "the days to come have not passed"
    await house.act(case, Extend(8, REASON))
    house.at += HOUR
    await house.act(case, Reply("Đã thay."))

    assert [one.apology for one in await house.missed()] == ["after"]


async def test_what_waits_in_the_outbox_until_after_the_day_came_after_it(house: Office1) -> None:
    case = await house.reports(telegram=True)
    due = await house.due()
    await house.act(case, Extend(24, REASON))
    house.at = due + HOUR
    assert [one.apology for one in await house.missed(days=0)] == ["after"], "it has not come to anybody yet"
    await house.delivers(Sent("2"))
    assert [one.apology for one in await house.missed(days=0)] == ["after"]


@pytest.mark.parametrize("outcome", [Sent("2"), WindowClosed("window")])
async def test_delivered_or_in_the_list_of_calls_before_the_day_is_in_time(house: Office1, outcome: Outcome) -> None:
    case = await house.reports(telegram=True)
    due = await house.due()
    await house.act(case, Extend(24, REASON))
    await house.delivers(outcome)
    house.at = due + HOUR

    assert [one.apology for one in await house.missed(days=0)] == ["in_time"]


async def test_while_the_citizen_is_waited_for_no_day_is_missed(house: Office1) -> None:
    case = await house.reports()
    due = await house.due()
    await house.act(case, Ask("Ngã ba nào ạ?"))
    house.at = due + 3 * DAY
    assert await house.missed(days=0) == []
    await house.act(case, Reply("Đã thay."))
    assert await house.missed() == []


async def test_a_day_of_the_first_round_is_still_known_after_the_case_is_taken_up_again(house: Office1) -> None:
    case = await house.reports()
    house.at = await house.due() + DAY
    await house.act(case, Reply("Đã thay."))
    await house.runtime.act(case, Reopen("Vẫn tối."), Actor(kind=CITIZEN, unit=house.commune.commune))
    await house.act(case, Reply("Đã thay cả hai."))

    assert [one.apology for one in await house.missed()] == ["none"]


async def test_of_a_confidential_case_no_day_is_counted(house: Office1) -> None:
    case = await house.reports()
    house.at = await house.due() + DAY
    assert len(await house.missed(days=0)) == 1

    def name(tx: Tx) -> None:
        tx.execute(keepers.insert().values(unit_id=house.commune.commune, officer_id=house.commune.officer, at=0))
        tx.execute(update(cases).where(cases.c.id == case).values(confidential=1))

    await house.runtime.store.write(name)
    assert await house.missed(days=0) == []


@pytest.mark.parametrize(
    ("put_off", "after", "expected"),
    [(False, -HOUR, (True, True)), (True, -HOUR, (True, False)), (False, DAY, (False, False))],
)
async def test_an_answer_is_in_time_by_the_day_that_stands_and_by_the_first(
    house: Office1,
    put_off: bool,  # noqa: FBT001 - the test names it
    after: int,
    expected: tuple[bool, bool],
) -> None:
    case = await house.reports()
    if put_off:
        await house.act(case, Extend(24, REASON))
    house.at = await house.due() + after
    await house.act(case, Reply("Đã thay."))

    assert await house.timely() == ([expected], [])


async def test_overdue_is_what_has_passed_its_day_and_waits(house: Office1) -> None:
    case = await house.reports()
    house.at = await house.due() + 3 * DAY
    assert await house.timely() == ([], [3])
    await house.act(case, Reply("Đã thay."))
    assert await house.timely() == ([(False, False)], [])


async def test_who_has_the_whole_day_is_not_overdue_at_its_end(house: Office1) -> None:
    await house.reports()
    due = house.at = await house.due()
    assert await house.timely() == ([], [])
    house.at = due + DAY
    assert await house.timely() == ([], [1])


async def test_another_commune_has_no_part_in_it(house: Office1) -> None:
    case = await house.reports()
    house.at = await house.due() + DAY
    await house.act(case, Reply("Đã thay."))
    await house.runtime.store.write(
        lambda tx: tx.execute(update(cases).values(unit_id=house.commune.villages[0])).rowcount
    )
    assert await house.missed() == []


async def test_a_case_that_is_taken_up_again_is_owed_an_answer_again(house: Office1) -> None:
    case = await house.reports()
    await house.act(case, Reply("Đã thay."))
    answered = day_of(house.at)
    house.at += 40 * DAY
    await house.runtime.act(case, Reopen("Vẫn tối."), Actor(kind=CITIZEN, unit=house.commune.commune))
    reopened = day_of(house.at)

    async def lines(first: date, last: date) -> list[CaseLine]:
        return await house.runtime.store.read(lambda conn: StoreSource(conn, house.commune.commune).cases(first, last))

    (line,) = await lines(reopened, reopened + timedelta(days=9))
    assert (line.answered, line.reopened, line.settled) == (answered, reopened, None)
    assert await lines(answered + timedelta(days=5), answered + timedelta(days=9)) == [], "nothing was owed then"
    house.at += DAY
    await house.act(case, Reply("Đã thay cả hai."))
    (line,) = await lines(reopened, reopened + timedelta(days=9))
    assert line.settled == day_of(house.at)
    assert await lines(day_of(house.at) + timedelta(days=1), day_of(house.at) + timedelta(days=9)) == []


async def test_a_report_of_last_year_comes_out_the_same_after_the_words_are_gone(house: Office1) -> None:
    case = await house.reports()
    await house.act(case, Take())
    await house.act(case, Extend(24, REASON))
    house.at = await house.due() + DAY
    await house.act(case, Reply("Đã thay."))
    citizen, program = (Actor(kind=kind, unit=house.commune.commune) for kind in (CITIZEN, SYSTEM))
    await house.runtime.act(case, Confirm(), citizen)
    before = await house.missed()
    assert [one.apology for one in before] == ["in_time", "none"]

    house.at += 900 * DAY
    assert isinstance(await house.runtime.act(case, Expire(), program), Decision)
    assert await house.missed() == before
