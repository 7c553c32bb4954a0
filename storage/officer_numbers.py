"""Numbers of the cases that an officer was told of, for channels where nothing can be pressed: "nhận 3".

A number is one of officer_told: it stands for one case as long as what was told is remembered at all, so that whoever
answers a line of last week answers that line.
"""

import re

from sqlalchemy import Connection, delete, insert, select

from storage.tables import officer_told
from storage.tx import Tx

MOST = 99
_KEY = re.compile(r"#(\d{1,2}):(.+)")


def give(tx: Tx, link: int, code: str, now: int) -> int:
    """The number of a case (1 to 99) for this link: the one it has, else the smallest that is free, else the oldest."""
    known = _numbers(tx.conn, link)
    old = next((number for number, (of, _) in known.items() if of == code), 0)
    free = next((number for number in range(1, MOST + 1) if number not in known), 0)
    number = old or free or min(known, key=lambda one: known[one][1])
    tx.execute(delete(officer_told).where(officer_told.c.link_id == link, officer_told.c.key.like(f"#{number}:%")))
    tx.execute(insert(officer_told).values(link_id=link, key=f"#{number}:{code}", at=now))
    return number


def codes(conn: Connection, link: int) -> dict[int, str]:
    """Number -> code of all that were given to this link lately, the newest last."""
    known = _numbers(conn, link)
    return {number: known[number][0] for number in sorted(known, key=lambda one: known[one][1])}


def _numbers(conn: Connection, link: int) -> dict[int, tuple[str, int]]:
    rows = conn.execute(
        select(officer_told.c.key, officer_told.c.at).where(
            officer_told.c.link_id == link, officer_told.c.key.like("#%")
        )
    )
    found = ((_KEY.fullmatch(row.key), int(row.at)) for row in rows)
    return {int(key[1]): (key[2], at) for key, at in found if key}
