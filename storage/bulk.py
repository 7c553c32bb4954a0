"""Many rows in one statement, as plain tuples: Core's work per row costs more than the row does in SQLite."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table

from storage.tx import Tx


def insert_many(
    tx: Tx, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]], replace: str = ""
) -> None:
    """Insert rows whose values stand in the order of `names`.

    Where the primary key is there already, the column `replace` takes the new value; without it, an IntegrityError.
    """
    if rows:
        tx.conn.exec_driver_sql(_statement(table, names, replace, postgres=tx.postgres), list(rows))


@cache
def _statement(table: Table, names: tuple[str, ...], replace: str, *, postgres: bool) -> str:
    places = ", ".join(f"${number}" if postgres else "?" for number in range(1, len(names) + 1))
    key = ", ".join(column.name for column in table.primary_key)
    # Names are our own tables' and columns'; values never enter the text.
    instead = f" ON CONFLICT ({key}) DO UPDATE SET {replace} = excluded.{replace}" if replace else ""
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places}){instead}"  # noqa: S608 - names of our own tables only
