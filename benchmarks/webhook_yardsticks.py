"""What the webhook is measured against: aiogram's own handler on aiohttp, with a store behind it and without.

    python -m benchmarks.webhook_yardsticks orm|echo PORT FILE

Both are set up with care: uvloop, no access log, the answer only when the handler has ended (aiogram's default is to
answer at once and to lose the update in a crash), the reply inside the answer (so nothing is sent besides).
"""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop
from aiogram import Bot, Dispatcher, F
from aiogram.filters import Command, CommandStart
from aiogram.methods import SendMessage
from aiogram.types import Message, TelegramObject, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from sqlalchemy import JSON, BigInteger, ForeignKey, String, insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.turn_yardsticks import core_engine

TOKEN = "123456:a-token_for-the-yardsticks"
SECRET = "bi-mat_2026"
PATH = "/webhook"
REPLY = "Mời Ông/Bà chọn một trong các câu trả lời dưới đây."


class Base(DeclarativeBase):
    """The three tables such a bot has."""


class SeenUpdate(Base):
    """An update that was dealt with."""

    __tablename__ = "updates"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    chat: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(String)


class Talk(Base):
    """Where somebody is in the survey."""

    __tablename__ = "talks"
    chat: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    step: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Reply(Base):
    """A message to be sent."""

    __tablename__ = "replies"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat: Mapped[int] = mapped_column(ForeignKey("talks.chat"))
    text: Mapped[str] = mapped_column(String)
    at: Mapped[int] = mapped_column(BigInteger)


Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


async def make_tables(engine: AsyncEngine) -> None:
    """Empty ones."""
    async with engine.begin() as conn:
        await conn.run_sync(Base.metadata.create_all)


def stored_dispatcher(engine: AsyncEngine) -> Dispatcher:
    """Ten filters, the last of which takes it, and a session a message: the way every tutorial goes."""
    dispatcher = Dispatcher()
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def with_session(handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401 - handed on as it came
        async with sessions() as session:
            data["session"] = session
            return await handler(event, data)

    dispatcher.message.middleware(with_session)

    async def other(message: Message) -> SendMessage:
        return message.answer(REPLY)

    others = (
        CommandStart(),
        Command("menu"),
        Command("help"),
        Command("cancel"),
        F.text == "Trang chủ",
        F.photo,
        F.voice,
        F.location,
        F.contact,
    )
    for one in others:
        dispatcher.message.register(other, one)

    @dispatcher.message(F.text)
    async def answered(message: Message, session: AsyncSession, event_update: Update) -> SendMessage:
        chat = message.chat.id
        session.add(SeenUpdate(id=event_update.update_id, chat=chat, body=message.text or ""))
        talk = await session.get(Talk, chat)
        if talk is None:
            talk = Talk(chat=chat, step=0, answers={})
            session.add(talk)
        talk.answers = {**talk.answers, str(talk.step): message.text}
        talk.step += 1
        await session.flush()
        session.add(Reply(chat=chat, text=REPLY, at=time.time_ns() // 1_000_000))
        await session.commit()
        return message.answer(REPLY)

    return dispatcher


def bare_dispatcher() -> Dispatcher:
    """One handler, nothing kept."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> SendMessage:
        return message.answer(message.text or "")

    return dispatcher


async def one_row_at_a_time(path: Path, rows: int, in_flight: int) -> float:
    """Rows a second that SQLAlchemy Core commits through aiosqlite, so many waiting, without any HTTP."""
    engine = core_engine(path)
    await make_tables(engine)
    table: Any = Reply.__table__

    async def lane(place: int) -> None:
        for number in range(place, rows, in_flight):
            async with engine.begin() as conn:
                await conn.execute(insert(table).values(chat=number, text=REPLY, at=number))

    async with engine.begin() as conn:  # the statement is compiled once
        chats = [{"chat": number, "step": 0, "answers": {}} for number in range(rows)]
        await conn.execute(insert(Talk), chats)
    began = time.perf_counter()
    await asyncio.gather(*(lane(place) for place in range(in_flight)))
    took = time.perf_counter() - began
    await engine.dispose()
    return rows / took


async def serve(kind: str, port: int, path: Path) -> None:
    """Until SIGTERM."""
    engine = core_engine(path)
    await make_tables(engine)
    dispatcher = stored_dispatcher(engine) if kind == "orm" else bare_dispatcher()
    bot = Bot(TOKEN)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET).register(app, PATH)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await stop.wait()
    await runner.cleanup()
    await bot.session.close()
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
