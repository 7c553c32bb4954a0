"""Terms of the law speak up before their day and after it: to the leaders, of a tố cáo to its keeper alone."""

from collections import Counter
from functools import partial
from typing import get_args

from app.runtime import Runtime
from storage import legal_clocks, notices
from storage.legal_clocks import Said
from storage.tx import Tx
from vietnam.time import DAY

LEAD = 3 * DAY
"""Milliseconds before its end at which a term is spoken of first."""


async def legal_round(runtime: Runtime) -> None:
    """Tell of every term that is about to end, and of every one that has ended; each once."""
    now = runtime.now()
    for said in get_args(Said):
        if await runtime.store.read(partial(legal_clocks.unsaid, said=said, now=now, lead=LEAD)):
            await runtime.store.write(partial(_tell, said=said, now=now))


def _tell(tx: Tx, said: Said, now: int) -> None:
    """In one transaction: whoever comes second finds it said."""
    many: Counter[tuple[int, str]] = Counter()
    for term in legal_clocks.unsaid(tx.conn, said, now, LEAD):
        legal_clocks.say(tx, term, said, now)
        many[term.unit, term.which] += 1
    for (unit, which), count in many.items():
        notices.add(tx, unit, f"notice.{which}_{said}", {"many": count}, now)
