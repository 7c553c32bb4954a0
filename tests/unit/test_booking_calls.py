"""Whoever has a seat and cannot be told in a chat is called: reminders, changes, answers and promises alike (CN6)."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.posts import StoredPost
from app.session_desk import SessionDesk
from app.session_round import session_round, tell_round
from app.sessions import act_on_booking, act_on_session, book_for
from bot.channels.base import Failed, Gone, Outcome, Sent, WindowClosed
from bot.conversation.messages import Inbound
from bot.sender import LEASE, verdict
from feedback.acts import Refusal
from feedback.session_acts import (
    Answer,
    Cancel,
    CancelBooking,
    Change,
    CheckIn,
    Drop,
    Hold,
    Keep,
    Minutes,
    Promise,
    Publish,
)
from storage import call_list, rights, session_reading
from storage.call_list import Call
from storage.store import Store
from storage.tables import bookings, calls, outbox
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import announced, booking, leader, meeting
from vietnam.time import DAY, HOUR, day_of

LAN = "77"


class Desk:
    """Lan has a seat by Telegram; the platform answers as the test says."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.said = 0
        self.post = StoredPost(house.runtime, house.commune.telegram)
        self.session = 0

    async def says(self, *texts: str) -> None:
        for text in texts:
            self.said += 1
            await self.house.runtime.receive(
                Inbound(
                    channel="telegram", channel_account=self.house.commune.telegram, dedupe_key=f"k{self.said}",
                    person=LAN, kind="text", at=self.house.at, text=text,
                )
            )  # fmt: skip

    async def delivers(self, outcome: Outcome) -> list[str]:
        """Send everything that may be sent, each with that outcome; the texts in their order."""
        texts: list[str] = []
        await self.house.runtime.account(self.house.commune.telegram)
        while letters := await self.post.claim(30, LEASE, 30):
            for letter in letters:
                texts.append(letter.bubble.text)
                await self.post.record([(letter, verdict(outcome, letter.tries))])
        return texts

    async def books(self, **other: Any) -> None:
        """A session in some weeks in which Lan has the first seat."""
        self.session = await announced(self.house.runtime, self.house.commune, **{"slot_minutes": 0, **other})
        await self.says("đặt lịch", "1", "Bao giờ sửa cầu treo?", "Nguyễn Thị Lan 0912345678")
        await self.delivers(Sent("1"))

    async def told(self, outcome: Outcome) -> list[str]:
        """What the round has to say, with the platform's answer."""
        while await tell_round(self.house.runtime):
            pass
        return await self.delivers(outcome)

    async def acts(self, *acts: Any) -> None:
        for act in acts:
            refusal = await SessionDesk(self.house.runtime).act(self.session, act, leader(self.house.commune))
            assert refusal is None, refusal

    async def to_call(self) -> list[Call]:
        unit = self.house.commune.commune
        return await self.house.runtime.store.read(lambda conn: call_list.to_call(conn, unit))

    async def count(self) -> int:
        unit = self.house.commune.commune
        return await self.house.runtime.store.read(lambda conn: call_list.to_call_count(conn, unit))

    async def whats(self) -> list[str]:
        return [call.seat.what for call in await self.to_call() if call.seat is not None]

    async def published(self) -> None:
        """The session is over; Lan's question is answered and something promised upon it."""
        self.house.at = meeting().ends_at + HOUR
        asked = await self.house.runtime.store.read(lambda conn: session_reading.questions_of(conn, self.session))
        due = day_of(self.house.at + 30 * DAY).isoformat()
        for question in asked:
            await self.acts(
                Answer(question=question.id, text="Xong trước Tết.", by="Chủ tịch"),
                Promise(text="Sửa cầu treo", owner="Tổ giao thông", due_day=due, question=question.id),
            )
        await self.acts(Minutes(summary="Đã họp."), Hold(), Publish())

    async def promise(self) -> int:
        rows = await self.house.runtime.store.read(lambda conn: session_reading.promises_of(conn, self.session))
        return rows[0].id


@pytest.fixture
def desk(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> Desk:
    return Desk(House(store, store_url, tmp_path, vault, commune, now))


async def test_a_reminder_behind_a_closed_window_becomes_a_line_and_waits(desk: Desk) -> None:
    # given a seat, and a day before it the window is closed
    await desk.books()
    desk.house.at = meeting().starts_at - 23 * HOUR
    assert len(await desk.told(WindowClosed("48 h"))) == 1
    # then somebody is to be called, and is told how the seat stands
    (call,) = await desk.to_call()
    assert (call.why, call.name, call.phone, call.channel) == ("window", "Nguyễn Thị Lan", "0912345678", "telegram")
    assert call.seat is not None
    assert (call.seat.what, call.seat.seat, call.seat.session) == ("seat", 1, desk.session)
    assert (call.seat.title, call.seat.at) == ("Tiếp công dân", meeting().starts_at)
    assert await desk.count() == 1
    # when Lan writes, then the reminder comes first and the line is gone
    await desk.says("alo")
    assert "xin nhắc" in (await desk.delivers(Sent("2")))[0]
    assert await desk.to_call() == []
    assert await desk.count() == 0


@pytest.mark.parametrize("outcome", [WindowClosed("w"), Gone("g"), Failed("f", retry=False)])
async def test_whatever_the_platform_refuses_of_a_seat_is_called_for(desk: Desk, outcome: Outcome) -> None:
    await desk.books()
    await desk.acts(Cancel(reason="bão số 3"))
    assert len(await desk.told(outcome)) == 1
    (call,) = await desk.to_call()
    assert call.seat is not None
    assert (call.seat.what, call.seat.reason) == ("cancelled", "bão số 3")


async def test_of_one_seat_only_the_newest_news_is_a_line(desk: Desk) -> None:
    await desk.books()
    later = meeting(slot_minutes=0, starts_at=meeting().starts_at + DAY)
    await desk.acts(Change(meeting=later, reason="trùng lịch", sure=True))
    await desk.told(WindowClosed("48 h"))
    assert await desk.whats() == ["seat"]
    await desk.acts(Cancel(reason="bão"))
    await desk.told(WindowClosed("48 h"))
    assert await desk.whats() == ["cancelled"]


async def test_answers_and_what_became_of_a_promise_are_called_for(desk: Desk) -> None:
    await desk.books()
    await desk.published()
    assert "Xong trước Tết." in (await desk.told(WindowClosed("48 h")))[0]
    assert await desk.whats() == ["results"]
    await desk.acts(Keep(promise=await desk.promise(), note="Đã thông cầu."))
    assert "Đã thông cầu." in (await desk.delivers(WindowClosed("48 h")))[0]
    assert await desk.whats() == ["results"]
    # both come with the next word, in their order
    await desk.says("alo")
    said = await desk.delivers(Sent("3"))
    assert ["Xong trước Tết." in said[0], "Đã thông cầu." in said[1]] == [True, True]
    assert await desk.to_call() == []


async def test_whoever_asked_is_told_why_a_promise_is_dropped(desk: Desk) -> None:
    await desk.books()
    await desk.published()
    await desk.told(Sent("1"))
    await desk.acts(Drop(promise=await desk.promise(), note="Tỉnh đã cấm tải, chờ cầu mới."))
    [said] = await desk.delivers(Sent("2"))
    assert "Sửa cầu treo" in said
    assert "Xã xin lỗi Ông/Bà: việc này không thực hiện được. Lý do: Tỉnh đã cấm tải, chờ cầu mới." in said
    assert "đặt lịch" in said


async def test_nobody_is_reminded_of_or_called_for_a_session_that_has_begun(desk: Desk) -> None:
    await desk.books()
    desk.house.at = meeting().starts_at - 23 * HOUR
    await desk.told(WindowClosed("48 h"))
    await session_round(desk.house.runtime)
    assert await desk.whats() == ["seat"]
    # when the session begins, then the line is of no use any more
    desk.house.at = meeting().starts_at
    await session_round(desk.house.runtime)
    assert await desk.to_call() == []
    # and the reminder is not sent to whoever writes afterwards
    await desk.says("alo")
    assert not any("xin nhắc" in said for said in await desk.delivers(Sent("2")))


async def test_whoever_an_officer_wrote_down_is_called_too(desk: Desk) -> None:
    # given two seats, both taken over the telephone, and somebody who waits
    runtime, who = desk.house.runtime, leader(desk.house.commune)
    desk.session = await announced(runtime, desk.house.commune, seats=2, slot_minutes=0)
    codes = [await book_for(runtime, desk.session, booking(n, name=f"Người {n}"), who) for n in (1, 2, 3)]
    assert not any(isinstance(code, Refusal) for code in codes)
    # when one gives the seat back, then the one who waits is called and told
    await act_on_booking(runtime, str(codes[0]), CancelBooking(wished=True), who)
    await desk.told(Sent("1"))
    (call,) = await desk.to_call()
    assert (call.case, call.why, call.name, call.channel) == (codes[2], "desk", "Người 3", "")
    # when it is cancelled, then everybody is, once
    await desk.acts(Cancel(reason="bão"))
    await desk.told(Sent("1"))
    assert [call.name for call in await desk.to_call()] == ["Người 2", "Người 3"]
    assert await desk.whats() == ["cancelled", "cancelled"]
    # and an officer who has called says so
    (first, _) = await desk.to_call()
    assert await runtime.store.write(lambda tx: call_list.done(tx, who, first.id, "called", desk.house.at))
    assert await desk.count() == 1


async def test_whoever_loses_a_seat_that_was_written_down_is_called_and_told_why(desk: Desk) -> None:
    runtime, who = desk.house.runtime, leader(desk.house.commune)
    desk.session = await announced(runtime, desk.house.commune, slot_minutes=0)
    code = str(await book_for(runtime, desk.session, booking(1), who))
    done = await act_on_booking(runtime, code, CancelBooking(reason="Công an xã tiếp việc này"), who)
    assert not isinstance(done, Refusal)
    await desk.told(Sent("1"))
    (call,) = await desk.to_call()
    assert call.seat is not None
    assert (call.seat.what, call.seat.reason) == ("returned", "Công an xã tiếp việc này")


async def test_whoever_comes_or_gives_the_seat_back_need_not_be_called(desk: Desk) -> None:
    runtime, who = desk.house.runtime, leader(desk.house.commune)
    desk.session = await announced(runtime, desk.house.commune, slot_minutes=0)
    codes = [str(await book_for(runtime, desk.session, booking(n), who)) for n in (1, 2)]
    later = meeting(slot_minutes=0, starts_at=meeting().starts_at + HOUR)
    await act_on_session(runtime, desk.session, Change(meeting=later, reason="trùng lịch", sure=True), who)
    await desk.told(Sent("1"))
    assert await desk.count() == 2
    await act_on_booking(runtime, codes[0], CancelBooking(wished=True), who)
    assert await desk.count() == 1
    desk.house.at = later.starts_at - HOUR // 4
    assert await act_on_booking(runtime, codes[1], CheckIn(), who) == "attended"
    assert await desk.count() == 0


async def test_the_other_joined_chat_hears_of_the_seat_instead(desk: Desk) -> None:
    await desk.books()
    await desk.says("nối kênh")
    code = next(text for text in await desk.delivers(Sent("1")) if text.startswith("NOI "))
    for number, text in enumerate((code, "1")):
        await desk.house.runtime.receive(
            Inbound(
                channel="webchat", channel_account=desk.house.commune.webchat, dedupe_key=f"w{number}",
                person="w" * 64, kind="text", at=desk.house.at, text=text,
            )
        )  # fmt: skip
    await desk.delivers(Sent("1"))
    await desk.acts(Cancel(reason="bão"))
    await desk.told(WindowClosed("48 h"))

    def about(conn: Connection) -> list[tuple[str, bool]]:
        rows = conn.execute(select(outbox.c.state, outbox.c.booking_id).order_by(outbox.c.id)).all()
        return [(row.state, row.booking_id is not None) for row in rows][-2:]

    # what waits and its copy both name the booking, so that whichever arrives closes the line
    assert await desk.house.runtime.store.read(about) == [("held", True), ("read", True)]


async def test_whoever_is_forgotten_stands_on_no_list(desk: Desk) -> None:
    await desk.books()
    await desk.published()
    await desk.told(WindowClosed("48 h"))
    assert await desk.count() == 1
    account = await desk.house.runtime.store.read(lambda conn: conn.scalar(select(bookings.c.account_id)))
    assert account is not None
    # a copy of everything holds the seat, what was asked, and what was answered
    held = await desk.house.runtime.store.read(lambda conn: rights.held(conn, [account]))
    asked = {"text": "Bao giờ sửa cầu treo?", "answer": "Xong trước Tết."}
    assert [one["asked"] for one in held["bookings"]] == [[asked]]
    # when Lan wants to be forgotten, then no line and no message tells of it any more
    await desk.house.runtime.store.write(lambda tx: rights.erase(tx, [account], desk.house.at))

    def left(conn: Connection) -> tuple[list[int], list[int | None]]:
        return list(conn.scalars(select(calls.c.id))), list(conn.scalars(select(outbox.c.booking_id)))

    rows, named = await desk.house.runtime.store.read(left)
    assert rows == []
    assert set(named) <= {None}


async def test_nobody_is_called_for_somebody_who_was_forgotten(desk: Desk) -> None:
    await desk.books()
    account = await desk.house.runtime.store.read(lambda conn: conn.scalar(select(bookings.c.account_id)))
    await desk.house.runtime.store.write(lambda tx: rights.erase(tx, [account or 0], desk.house.at))
    await desk.acts(Cancel(reason="bão"))
    assert await desk.told(Sent("1")) == []
    assert await desk.count() == 0


async def test_what_is_answered_or_promised_after_the_results_is_told_as_well(desk: Desk) -> None:
    # given results that went out without an answer to Lan
    await desk.books()
    desk.house.at = meeting().ends_at + HOUR
    await desk.acts(Minutes(summary="Đã họp."), Hold(), Publish())
    assert await desk.told(Sent("1")) == []
    [question] = await desk.house.runtime.store.read(lambda conn: session_reading.questions_of(conn, desk.session))
    # when the answer is written down later
    await desk.acts(Answer(question=question.id, text="Xong trước Tết.", by="Chủ tịch"))
    # then it is told, and so is what is promised upon it
    assert ["Xong trước Tết." in said for said in await desk.told(Sent("2"))] == [True]
    due = day_of(desk.house.at + 30 * DAY).isoformat()
    await desk.acts(Promise(text="Sửa cầu treo", owner="Tổ giao thông", due_day=due, question=question.id))
    assert ["Xã hứa: Sửa cầu treo" in said for said in await desk.told(Sent("3"))] == [True]


async def test_who_was_not_served_is_not_promised_an_answer_when_the_results_are_out(desk: Desk) -> None:
    # given one seat over the telephone, and somebody who waits
    runtime, who = desk.house.runtime, leader(desk.house.commune)
    desk.session = await announced(runtime, desk.house.commune, seats=1, slot_minutes=0)
    for number in (1, 2):
        await book_for(runtime, desk.session, booking(number, question=""), who)
    desk.house.at = meeting().ends_at + HOUR
    await desk.acts(Minutes(summary="Đã họp."), Hold())
    await desk.told(Sent("1"))
    assert await desk.whats() == ["unserved"]
    await desk.acts(Publish())
    assert await desk.whats() == ["unserved"]
