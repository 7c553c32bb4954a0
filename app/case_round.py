"""What happens to cases by themselves: one of which nobody says anything more is closed."""

from app.runtime import Runtime
from feedback.acts import Close, Refusal
from feedback.roles import SYSTEM, Actor
from storage import cases
from vietnam.time import DAY

_CHUNK = 100


async def close_round(runtime: Runtime) -> None:
    """Close what was answered and left at that for `[cases] close_after_days`."""
    before = runtime.now() - runtime.settings.cases.close_after_days * DAY
    while found := await runtime.store.read(lambda conn: cases.over(conn, before, _CHUNK)):
        system = [(id, Actor(kind=SYSTEM, unit=unit)) for id, unit in found]
        closed = [await runtime.act(id, Close(), actor) for id, actor in system]
        if all(isinstance(outcome, Refusal) for outcome in closed):
            return  # others were faster; what is left is looked at in the next round
