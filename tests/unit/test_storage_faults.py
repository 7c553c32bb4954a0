"""What a fault of the store says: its text ends in a log, and must not carry what somebody wrote."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from storage.opening import open_store
from storage.store import Store
from storage.tables import counters
from storage.tx import Tx

WORDS = "Ông trưởng thôn mẫu"


async def test_a_fault_names_the_statement_and_no_value(store: Store) -> None:
    # given a statement that carries words and breaks a rule of the table
    row = {"name": WORDS, "day": "2026-10-03"}

    def twice(tx: Tx) -> None:
        tx.execute(insert(counters).values(**row))
        tx.execute(insert(counters).values(**row))

    # when it fails, then the fault's text has the statement but not the words
    with pytest.raises(DBAPIError) as fault:
        await store.write(twice)
    said = str(fault.value)
    assert "INSERT INTO counters" in said
    assert WORDS not in said


async def test_a_writer_that_is_interrupted_goes_on_with_the_next(sqlite_url: str) -> None:
    # given a unit that raises what no unit should
    store = open_store(sqlite_url)
    row = {"name": "after", "day": "2026-10-03"}

    def interrupted(tx: Tx) -> None:
        tx.execute(insert(counters).values(name="before", day="2026-10-03"))
        raise KeyboardInterrupt

    # when it is run, then its caller hears of it, nothing of it is in, and the next one is written
    with pytest.raises(RuntimeError, match="interrupted by KeyboardInterrupt"):
        await store.write(interrupted)
    await store.write(lambda tx: tx.execute(insert(counters).values(**row)).rowcount)
    assert await store.read(lambda conn: conn.execute(select(counters.c.name)).scalars().all()) == ["after"]
    await store.close()
