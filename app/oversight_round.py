"""The leaders are told of each kiến nghị giám sát of the Front that was not answered in its term."""

from app.runtime import Runtime
from storage import oversight


async def oversight_round(runtime: Runtime) -> None:
    """One look at all units."""
    now = runtime.now()
    if await runtime.store.read(lambda conn: oversight.late_ones(conn, now)):
        await runtime.store.write(lambda tx: oversight.tell_late(tx, now))
