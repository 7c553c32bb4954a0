"""Cases that one named person alone may see, the register of petitions by law, and the chain of acts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.act_chain import chain_unit
from storage.tx import postgres_tx, sqlite_tx

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), primary_key=True, autoincrement=False)


def _ref(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name: str, default: int = 0) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _ms(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.add_column("cases", _number("confidential"))
    op.add_column("cases", _text("matter"))
    op.add_column("cases", _number("voice"))
    op.add_column("cases", _text("transcript"))
    op.add_column("cases", _text("transcript_language"))
    op.create_table("keepers", _key("unit_id", "units"), _ref("officer_id", "officers"), _ms("at"))
    op.create_table("case_views", _key("case_id", "cases"), _key("officer_id", "officers"), _ms("at"))
    _register()
    _chain()


def _register() -> None:
    op.create_table(
        "register_lines",
        sa.Column("id", ID, primary_key=True, autoincrement=False),
        _ref("unit_id", "units"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Text(), nullable=False),
        _text("accepted_on"),
        sa.Column("summary", sa.Text(), nullable=False),
        _text("handler"),
        _number("remote"),
        _text("deadline"),
        sa.Column("due_at", sa.BigInteger()),
        _text("result"),
        _text("ended_on"),
        _number("version", 1),
        _ref("officer_id", "officers"),
        _ms("at"),
    )
    op.create_index("ix_register_due", "register_lines", ["unit_id", "due_at"])


def _chain() -> None:
    op.add_column("acts", sa.Column("seq", sa.BigInteger()))
    for name in ("salt", "digest", "chain"):
        op.add_column("acts", _text(name))
    op.create_table(
        "act_heads", _key("unit_id", "units"), sa.Column("seq", sa.BigInteger(), nullable=False), _text("chain")
    )
    conn = op.get_bind()
    acts = sa.table("acts", *map(sa.column, ("id", "unit_id", "seq")))
    tx = postgres_tx(conn) if conn.dialect.name == "postgresql" else sqlite_tx(conn)
    for unit in conn.scalars(sa.select(acts.c.unit_id).distinct().order_by(acts.c.unit_id)).all():
        chain_unit(tx, unit, None)
    op.create_index("ix_acts_chain", "acts", ["unit_id", "seq"], unique=True)
