"""What was promised to people is not forgotten: said before its day to whoever sees to it, after it to the leader."""

from datetime import timedelta

from app.runtime import Runtime
from storage import notices, promise_warnings
from storage.promise_warnings import LATE, SOON
from storage.tx import Tx
from vietnam.numbers import date_vi
from vietnam.time import day_of


async def promise_round(runtime: Runtime) -> None:
    """One round over the open promises; each warning once."""
    now = runtime.now()
    today = day_of(now)

    def warn(tx: Tx) -> None:
        for one in promise_warnings.due(tx, today, today + timedelta(days=1)):
            late = one.due < today
            facts = {"promise": one.text, "owner": one.owner, "day": date_vi(one.due)}
            notices.add(tx, one.unit, "notice.promise_late" if late else "notice.promise_soon", facts, now)
            promise_warnings.warned(tx, one.id, LATE | SOON if late else SOON)

    if await runtime.store.read(lambda conn: promise_warnings.any_due(conn, today, today + timedelta(days=1))):
        await runtime.store.write(warn)
