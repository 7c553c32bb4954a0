"""What the web chat shows: communes, whose conversation it is, and its lines in order."""

import msgspec
from sqlalchemy import Connection, func, select

from storage.tables import accounts, blobs, channel_accounts, conversations, maps, outbox, units
from storage.vault import Vault, WrongKey

_CHANNEL = "webchat"
MOST_LINES = 500
"""The newest lines that a page shows: more is nothing that a phone can scroll."""


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """A commune; `channel_account` is that of its web chat, 0 where it listens elsewhere alone."""

    id: int
    name: str
    slug: str
    province: str
    phone: str
    contact: str
    channel_account: int
    sample: int = 0
    map: int = 0
    """The blob of the picture on which places are shown, 0 where there is none."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a conversation. `body` is the opened JSON (Bubble, or Own where `own`); None once erased.

    `replaces` is the number of the line on the screen that this one stands for now (0 for a line of its own).
    """

    seq: int
    own: bool
    body: bytes | None
    replaces: int
    at: int


_province = units.alias("province")
_communes = (
    select(
        units.c.id,
        units.c.name,
        units.c.slug,
        units.c.phone,
        units.c.contact,
        units.c.sample,
        _province.c.name.label("province"),
        func.coalesce(channel_accounts.c.id, 0).label("channel_account"),
        func.coalesce(maps.c.blob_id, 0).label("map"),
    )
    .outerjoin(maps, maps.c.unit_id == units.c.id)
    .outerjoin(
        channel_accounts,
        (channel_accounts.c.unit_id == units.c.id)
        & (channel_accounts.c.channel == _CHANNEL)
        & (channel_accounts.c.active == 1),
    )
    .outerjoin(_province, _province.c.id == units.c.parent_id)
    .where(units.c.kind == "commune", units.c.active == 1)
    .order_by(units.c.sort_key, units.c.name)
)


def communes(conn: Connection) -> list[Commune]:
    """Every commune, in the order of the alphabet."""
    return [_commune(row) for row in conn.execute(_communes)]


def commune(conn: Connection, slug: str) -> Commune | None:
    """The commune of an address; None where there is none."""
    row = conn.execute(_communes.where(units.c.slug == slug).limit(1)).first()
    return _commune(row) if row else None


def _commune(row: object) -> Commune:
    fields = ("id", "name", "slug", "phone", "contact", "channel_account", "sample", "map")
    values = {name: getattr(row, name) for name in fields}
    return Commune(**values, province=getattr(row, "province", None) or "")


def channels(conn: Connection, unit: int) -> list[str]:
    """Channels on which the installation's own account of a commune is active."""
    own = (channel_accounts.c.unit_id == unit) & (channel_accounts.c.name == "") & (channel_accounts.c.active == 1)
    return list(conn.scalars(select(channel_accounts.c.channel).where(own).order_by(channel_accounts.c.channel)))


def conversation(conn: Connection, channel_account: int, person: str) -> int | None:
    """The conversation of a browser; None before its first turn."""
    found = conn.execute(
        select(conversations.c.id)
        .join(accounts, accounts.c.id == conversations.c.account_id)
        .where(accounts.c.channel_account_id == channel_account, accounts.c.platform_id == person)
    ).scalar()
    return None if found is None else int(found)


def last_seq(conn: Connection, conversation: int) -> int:
    """Number of the newest line; 0 where there is none."""
    return int(conn.execute(select(conversations.c.last_seq).where(conversations.c.id == conversation)).scalar() or 0)


def lines_after(conn: Connection, vault: Vault, conversation: int, seq: int) -> list[Line]:
    """Lines with a higher number, oldest first, at most the newest `MOST_LINES`."""
    rows = conn.execute(
        select(
            outbox.c.id,
            outbox.c.seq,
            outbox.c.state,
            outbox.c.body,
            outbox.c.edits,
            outbox.c.created_at,
        )
        .where(outbox.c.conversation_id == conversation, outbox.c.seq > seq, outbox.c.state.in_(["read", "own"]))
        .order_by(outbox.c.seq.desc())
        .limit(MOST_LINES)
    ).all()
    roots = _roots(conn, [row.edits for row in rows if row.edits])
    return [
        Line(
            seq=row.seq,
            own=row.state == "own",
            body=_opened(vault, row.id, row.body),
            replaces=roots.get(row.edits, 0) if row.edits else 0,
            at=row.created_at,
        )
        for row in reversed(rows)
    ]


def _opened(vault: Vault, id: int, body: bytes | None) -> bytes | None:
    if body is None:
        return None
    try:
        return vault.open(bytes(body), b"outbox:%d" % id)
    except WrongKey:
        # A store brought back with another key: what cannot be read is shown as what is gone, and the chat goes on.
        return None


def _roots(conn: Connection, ids: list[int]) -> dict[int, int]:
    """By id of an edited row: the number of the line where it first stood (an edit may edit an edit)."""
    found: dict[int, tuple[int, int | None]] = {}
    wanted = set(ids)
    while wanted:
        rows = conn.execute(select(outbox.c.id, outbox.c.seq, outbox.c.edits).where(outbox.c.id.in_(wanted))).all()
        found |= {row.id: (row.seq, row.edits) for row in rows}
        wanted = {row.edits for row in rows if row.edits} - found.keys()
    roots: dict[int, int] = {}
    for id in ids:
        at, seen = id, set[int]()
        while at in found and found[at][1] in found and at not in seen:
            seen.add(at)
            at = found[at][1] or at
        if at in found:
            roots[id] = found[at][0]
    return roots


def picture_type(conn: Connection, blob: int) -> str | None:
    """The media type of a kept picture; None where it is gone. Whoever asks has checked that it may be seen."""
    return conn.execute(select(blobs.c.media_type).where(blobs.c.id == blob)).scalar()
