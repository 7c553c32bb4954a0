"""The second step at the door, and where an officer has come in before."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table, Text, text

from storage.schema.columns import BigId, metadata, ms


def _officer() -> Column[int]:
    return Column("officer_id", BigId, ForeignKey("officers.id"), primary_key=True, autoincrement=False)


second_factors = Table(
    "second_factors",
    metadata,
    _officer(),
    Column("secret", LargeBinary, nullable=False),  # sealed by the vault
    ms("since", nullable=True),  # NULL: drawn, and not yet proved by a code
    ms("begun_at"),
    # The newest step of 30 seconds whose code was taken: no code is taken twice.
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    _officer(),
    Column("code", Text, primary_key=True),  # keyed hash
    ms("used_at", nullable=True),
)

known_doors = Table(
    "known_doors",
    metadata,
    _officer(),
    Column("mark", Text, primary_key=True),  # keyed hash of the browser's mark, or of the address
    ms("seen_at"),
)
