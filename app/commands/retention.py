"""`nghedan retention`: what is kept how long, and how much of it falls due: nothing is changed."""

from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, Config, Stop, out, settings_of, with_runtime
from app.retention_round import bookings_before, terms
from app.runtime import Runtime
from app.wording import app_wording
from feedback.kinds import Kind
from storage import booking_retention
from storage import retention as kept
from vietnam.time import DAY, day_of

_FAR = 3650


_BOOKINGS = "bookings"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Of a kind of cases: months it is kept (0: for good), and how many of them go in the round of that day.

    The last is "bookings", whose `cases` are bookings.
    """

    kind: str
    months: int
    cases: int


def retention(
    days: Annotated[int, typer.Option("--days", help="Say it for so many days from now.")] = 0,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Say how many cases of each kind fall due to lose what was said in them; a dry run, nothing is changed."""
    if not 0 <= days <= _FAR:
        raise Stop(f"--days: from 0 to {_FAR}", 1)
    settings = settings_of(config)
    months = settings.retention.months()

    async def work(runtime: Runtime) -> tuple[int, list[Line]]:
        at = runtime.now() + days * DAY
        found = await runtime.store.read(lambda conn: kept.count(conn, terms(runtime, at)))
        before = bookings_before(runtime, at)
        booked = await runtime.store.read(lambda conn: booking_retention.count(conn, before))
        lines = [Line(kind=str(kind), months=months[kind], cases=found.get(kind, 0)) for kind in Kind]
        return at, [*lines, Line(kind=_BOOKINGS, months=settings.retention.bookings_months, cases=booked)]

    at, lines = with_runtime(settings, work)
    if as_json:
        out(msgspec.json.encode(lines).decode())
        return
    say = app_wording()
    many = sum(line.cases for line in lines if line.kind != _BOOKINGS)
    out(say("retention.head", day=f"{day_of(at):%d/%m/%Y}", cases=many))
    for line in lines:
        key = "retention.line" if line.months else "retention.for_good"
        out(say(key, kind=say(f"retention.kind.{line.kind}"), months=line.months, cases=line.cases))
