"""The metadata and the kinds of column every table is made of."""

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, ForeignKey, Integer, MetaData, Text, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# On SQLite an id column must be INTEGER to be the rowid itself; both hold 64 bits.
BigId = BigInteger().with_variant(Integer, "sqlite")


def id_() -> Column[int]:
    """An id of ours: primary key, never counted by the database."""
    return Column("id", BigId, primary_key=True, autoincrement=False)


def ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """A reference to the id of another table."""
    return Column(name, BigId, ForeignKey(f"{target}.id"), nullable=nullable)


def ms(name: str, *, nullable: bool = False) -> Column[int]:
    """An instant, UTC milliseconds."""
    return Column(name, BigInteger, nullable=nullable)


def string(name: str, *, nullable: bool = False, default: str = "") -> Column[str]:
    """A text, "" (or the default) unless something is said."""
    return Column(name, Text, nullable=nullable, server_default=None if nullable else text(f"'{default}'"))


def number(name: str, default: int = 0) -> Column[int]:
    """A whole number, 0 (or the default) unless something is said."""
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


def only(condition: ColumnElement[bool]) -> dict[str, Any]:
    """Keyword arguments of an Index that holds only the rows of a condition, on both engines."""
    return {"sqlite_where": condition, "postgresql_where": condition}
