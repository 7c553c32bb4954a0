"""Documents that officers attach to a case."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "case_files",
        sa.Column("case_id", _big(), sa.ForeignKey("cases.id"), primary_key=True, autoincrement=False),
        sa.Column("blob_id", _big(), sa.ForeignKey("blobs.id"), primary_key=True, autoincrement=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("place", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_index("ix_case_files_blob", "case_files", ["blob_id"])


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
