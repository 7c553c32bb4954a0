"""When an officer's password was given by somebody else; years whose days off a commune has declared complete."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("officers", sa.Column("given_at", sa.BigInteger()))
    # Nobody knows when those of before were given: they run from now on.
    postgres = op.get_bind().dialect.name == "postgresql"
    now = "extract(epoch FROM now())" if postgres else "strftime('%s', 'now')"
    op.execute(f"UPDATE officers SET given_at = CAST({now} AS BIGINT) * 1000 WHERE must_change = 1")  # noqa: S608 - ours
    op.create_table(
        "unit_years",
        sa.Column("unit_id", _big(), sa.ForeignKey("units.id"), primary_key=True, autoincrement=False),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("officer_id", _big(), sa.ForeignKey("officers.id")),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
