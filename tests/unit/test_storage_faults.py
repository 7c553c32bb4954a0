"""What a fault of the store says: its text ends in a log, and must not carry what somebody wrote."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

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
