"""The officers' group on Telegram: a line for each new case, in the topic of its kind, and never who or what.

A line has a button by which the case is taken (app/officer_group.py), and says who has it as soon as somebody does,
wherever they took it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from app.case_hands import limits_of
from app.logs import get_logger
from app.loops import Loops
from app.officer_lines import buttons, due_line
from app.officer_round import morning_day
from app.runtime import Runtime
from bot.channels.base import Failed, Gone, Outcome, Sent, Throttled
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.outcomes import topic_is_gone
from bot.channels.telegram.results import Moved, Refused
from feedback.morning import Morning, line
from feedback.roles import OFFICER, Actor, Role
from feedback.states import State
from storage import board, board_lines, channel_rows
from storage.board import NewCase
from storage.board_lines import Line, Standing
from storage.morning import hot_count, morning
from storage.tx import Tx
from vietnam.time import MINUTE, local

log = get_logger()
_LOOK = 5.0
"""Seconds between two looks for new cases: another process may have opened one."""
_LAST_PAUSE = 600.0
_SOON = 2_000
"""Milliseconds until another try, where nobody says how long."""


@dataclass(slots=True)
class Board:
    """Tells the group of the settings, one case after the other; what the group calls itself now is a stored fact."""

    runtime: Runtime
    account: int
    group: str
    client: TelegramClient
    limits: Limits
    loops: Loops
    _told_in: str = ""
    """The id of the group that the last line was sent to."""
    trouble: str = ""
    """What Telegram says where the group cannot be told; "" where it can."""

    async def run(self) -> None:
        """Tell until the runtime stops."""
        runtime = self.runtime
        unit = (await runtime.account(self.account)).unit_id
        while not runtime.stop.is_set():
            woken = runtime.store.wakes.waiter(f"queue:{unit}")
            case = await runtime.store.write(lambda tx: board.take(tx, self.account, runtime.now()))
            if case is not None:
                await self._tell(case)
            elif not await self._refresh():
                await self._morning(unit)
                await self.loops.pause_or(woken, _LOOK)
            woken.cancel()

    async def _refresh(self) -> bool:
        """Change one line that says something else than is so; whether there may be another."""
        runtime, group = self.runtime, await self._group()
        found = await runtime.store.read(lambda conn: board_lines.changed(conn, self.account, group))
        if found is None:
            return False
        line, stands = found
        wait = self.limits.take(group, runtime.now())
        if wait:
            await self.loops.pause(wait / 1000)
            return True
        if not await runtime.store.write(lambda tx: board_lines.claim(tx, self.account, line, runtime.now())):
            return False
        shown = await self._change(group, line, stands)
        await runtime.store.write(lambda tx: board_lines.done(tx, self.account, line, shown, runtime.now()))
        return shown != line.shown

    async def _change(self, group: str, line: Line, stands: Standing) -> str:
        """What the message shows after a try to change it: as before where that failed, "" where it is gone."""
        label, ways = self.runtime.wording("board.open"), buttons(self.runtime, "new", stands.case.code)
        says = await self.client.post(
            group,
            self.line(stands.case, stands),
            label,
            self._page(stands.case),
            ways=ways if stands.free else (),
            edits=line.message,
        )
        if isinstance(says, Moved):
            await self.moved(group, says.to)
        if isinstance(says, Throttled):
            self.limits.hold(group, says.after, self.runtime.now())
        if isinstance(says, Sent):
            return stands.shown
        return "" if isinstance(says, Failed) and not says.retry else line.shown

    async def _morning(self, unit: int) -> None:
        """The line of the morning, as whoever sits at the desk may know it: what goes past the desk is not counted."""
        runtime = self.runtime

        def look(conn: Connection) -> tuple[str, Morning | None]:
            day = morning_day(runtime, conn, unit)
            known = channel_rows.facts(conn, self.account).get("board.morning", ("", 0))[0]
            if not day or known == day:
                return "", None
            desk = Actor(kind=OFFICER, unit=unit, role=Role.RECEPTION)
            hot = hot_count(conn, desk, limits_of(runtime), runtime.now())
            return day, morning(conn, desk, hot, runtime.now())

        day, found = await runtime.store.read(look)
        if found is None or not await runtime.store.write(
            lambda tx: board.morning(tx, self.account, day, runtime.now())
        ):
            return
        text, label = line(found, runtime.wording), runtime.wording("officer.open_console")
        while not runtime.stop.is_set():
            group = await self._group()
            wait = self.limits.take(group, runtime.now())
            url = f"{runtime.settings.public_url}/can-bo/"
            says = Throttled(wait) if wait else await self.client.post(group, text, label, url)
            if isinstance(says, Moved):
                says = await self.moved(group, says.to)
            if not isinstance(says, Throttled):
                return  # a line that could not be sent is none of yesterday: tomorrow there is another
            await self.loops.pause(says.after / 1000)

    async def _tell(self, case: NewCase) -> None:
        """Tell the group of a case, however long it takes; a crash leaves it to be told by the next process."""
        runtime = self.runtime
        pause = _SOON / 1000
        while not runtime.stop.is_set():
            says = await self._post(case)
            self.trouble = "" if isinstance(says, Sent | Throttled) else getattr(says, "why", "")
            lost = isinstance(says, Failed) and not says.retry
            if isinstance(says, Sent) or lost:
                if lost:
                    log.error("telegram.board_lost", fault=self.trouble)
                    runtime.count("telegram.board_lost")
                await runtime.store.write(partial(self._told, case=case, says=says))
                return
            if isinstance(says, Gone):
                log.error("telegram.board_gone", fault=says.why)
            wait = says.after / 1000 if isinstance(says, Throttled) else pause
            pause = min(pause * 2, _LAST_PAUSE)
            await self._wait(case, wait)

    def _told(self, tx: Tx, *, case: NewCase, says: Outcome) -> None:
        now = self.runtime.now()
        board.told(tx, self.account, case, now)
        if isinstance(says, Sent) and says.ref:
            board_lines.remember(tx, self.account, case, self._told_in, says.ref, now)

    async def _wait(self, case: NewCase, seconds: float) -> None:
        """Wait with the case in hand: the lease is renewed, so that no other process takes it meanwhile."""
        step = board.LEASE / 1000 / 2
        while seconds > 0 and not self.runtime.stop.is_set():
            await self.loops.pause(min(seconds, step))
            seconds -= step
            await self.runtime.store.write(lambda tx: board.hold(tx, self.account, case, self.runtime.now()))

    async def _post(self, case: NewCase) -> Outcome:
        group = await self._group()
        wait = self.limits.take(group, self.runtime.now())
        if wait:
            return Throttled(wait)
        try:
            topic = await self._topic(group, case.kind)
        except Refused as refused:
            if refused.moved_to:
                return await self.moved(group, refused.moved_to)
            return Throttled(refused.after) if refused.after else Failed(str(refused))
        except ConnectionError as fault:
            return Failed(str(fault))
        text, label = self.line(case), self.runtime.wording("board.open")
        ways = buttons(self.runtime, "new", case.code)
        says = await self.client.post(group, text, label, self._page(case), topic=topic, ways=ways)
        self._told_in = group
        if isinstance(says, Moved):
            return await self.moved(group, says.to)
        if isinstance(says, Throttled):
            self.limits.hold(group, says.after, self.runtime.now())
        if topic and isinstance(says, Failed) and topic_is_gone(says.why):
            await self._remember(f"topic.{case.kind}", "")
            return Throttled(1)
        return says

    def _page(self, case: NewCase) -> str:
        return f"{self.runtime.settings.public_url}/can-bo/vu-viec/{case.code}"

    def line(self, case: NewCase, stands: Standing | None = None) -> str:
        """What the group reads; of a case that somebody has, or that has ended, also that."""
        say: Callable[..., str] = self.runtime.wording
        opened = local(case.opened_at)
        return "\n".join(
            (
                say("board.case", kind=say(f"kind.{case.kind}"), code=case.code),
                *([say("board.village", village=case.village)] if case.village else []),
                say("board.opened", time=f"{opened:%H:%M}", day=f"{opened:%d/%m/%Y}"),
                *due_line(self.runtime, case.due_at),
                *(self._standing(stands) if stands is not None and not stands.free else []),
            )
        )

    def _standing(self, stands: Standing) -> list[str]:
        say, at = self.runtime.wording, local(stands.taken_at)
        if stands.holder and stands.state is State.IN_PROGRESS:
            return ["", say("board.taken", name=stands.holder, time=f"{at:%H:%M}", day=f"{at:%d/%m}")]
        state = say(f"officer.state.{stands.state}")
        if stands.holder:
            return ["", say("board.stands_with", name=stands.holder, state=state)]
        return ["", say("board.stands", state=state)]

    async def moved(self, old: str, new: str) -> Outcome:
        """The group has another id now; that of the settings stays the name under which it is remembered."""
        if old == await self._group():
            await self._remember(f"moved.{self.group}", new)
            log.warning("telegram.group_moved", old=old, new=new)
        return Throttled(1)

    async def _group(self) -> str:
        return (await self._facts()).get(f"moved.{self.group}", (self.group, 0))[0]

    async def _topic(self, group: str, kind: str) -> int:
        """The topic of a kind of case; 0: the group has none. Asked again each hour, as rights can be given later."""
        known, at = (await self._facts()).get(f"topic.{kind}", ("", 0))
        of, _, topic = known.partition(":")
        if of == group and (topic != "0" or self.runtime.now() - at < 60 * MINUTE):
            return int(topic)
        made = await self.client.open_topic(group, self.runtime.wording(f"kind.{kind}"))
        await self._remember(f"topic.{kind}", f"{group}:{made}")
        return made

    async def _facts(self) -> dict[str, tuple[str, int]]:
        return await self.runtime.store.read(lambda conn: channel_rows.facts(conn, self.account))

    async def _remember(self, name: str, value: str) -> None:
        now = self.runtime.now()
        await self.runtime.store.write(lambda tx: channel_rows.set_fact(tx, self.account, name, value, now))
