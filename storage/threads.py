"""A case as its own citizen reads it on a page: the signed ways in, and everything that both sides have said.

Whoever has the signed address sees the thread, so it is only ever said in the person's own chat: nothing that an
officer prints has it. It lives for a month; what a browser is given for it, for an hour.
"""

import base64
import hmac
import re
import struct
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from feedback.kinds import Kind
from feedback.states import State
from storage import case_files
from storage.case_files import CaseFile
from storage.replies import DRAFT, OFFICER, parts_of
from storage.tables import acts, blobs, case_blobs, cases, units
from storage.vault import Vault
from storage.voices import VOICE
from vietnam.phones import read_phone
from vietnam.time import DAY, HOUR, MINUTE

LIFE = 30 * DAY
"""Milliseconds that an address said in a chat leads to the thread."""
SESSION = HOUR
"""Milliseconds that a browser may go on reading and answering."""
DIGITS = 4
Purpose = Literal["thread", "browser"]
_FACTS = struct.Struct(">qI")
_MAC = 12
_SHOWN = frozenset(
    {"open", "receive", "take", "ask", "extend", "apologise", "forward", "reply", "approve", "say", "confirm", "rate",
     "reopen", "due", "close", "merge", "part"}
)  # fmt: skip
NO_DIGIT = re.compile(r"\D")


def make(vault: Vault, purpose: Purpose, case_id: int, until: int) -> str:
    """A signed word of 32 characters for a case, good until that instant (UTC ms, to the minute)."""
    facts = _FACTS.pack(case_id, until // MINUTE)
    return base64.urlsafe_b64encode(facts + _mac(vault, purpose, facts)).decode()


def read(vault: Vault, purpose: Purpose, token: str, now: int) -> int | None:
    """The id of the case that a word stands for; None where it is not ours, for something else, or over."""
    try:
        signed = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    facts, mac = signed[: _FACTS.size], signed[_FACTS.size :]
    if len(facts) != _FACTS.size or not hmac.compare_digest(_mac(vault, purpose, facts), mac):
        return None
    case_id, minutes = _FACTS.unpack(facts)
    return None if minutes * MINUTE < now else int(case_id)


def _mac(vault: Vault, purpose: Purpose, facts: bytes) -> bytes:
    return vault.token(f"case:{purpose}", facts.hex())[:_MAC]


def address(vault: Vault, pages: str, case_id: int, now: int) -> str:
    """The address of the thread for somebody who is known to be its citizen. `pages`: where the commune's are."""
    return f"{pages}/viec/{make(vault, 'thread', case_id, now + LIFE)}"


class Public(msgspec.Struct, frozen=True, kw_only=True):
    """What anybody may see who has the code: not a word of either side."""

    id: int
    code: str
    kind: Kind
    state: State
    opened_at: int
    answered_at: int | None


_public = select(*(cases.c[name] for name in Public.__struct_fields__)).where(cases.c.confidential == 0)


def public(conn: Connection, unit: int, code: str) -> Public | None:
    """The case of a commune by its code; None where there is none, or none that may be known of."""
    row = conn.execute(_public.where(cases.c.unit_id == unit, cases.c.code == code)).first()
    return None if row is None else _read(row)


def public_of(conn: Connection, slug: str, case_id: int) -> Public | None:
    """The same by its id, of the commune of an address."""
    mine = _public.join(units, units.c.id == cases.c.unit_id).where(cases.c.id == case_id, units.c.slug == slug)
    row = conn.execute(mine).first()
    return None if row is None else _read(row)


def _read(row: Any) -> Public:  # noqa: ANN401 - a row
    return Public(
        id=row.id,
        code=row.code,
        kind=Kind(row.kind),
        state=State(row.state),
        opened_at=row.opened_at,
        answered_at=row.answered_at,
    )


def digits_fit(conn: Connection, case_id: int, typed: str) -> bool:
    """Whether these are the last digits of the telephone that the person left; no telephone fits nothing."""
    phone = NO_DIGIT.sub("", conn.scalar(select(cases.c.phone).where(cases.c.id == case_id)) or "")
    given = NO_DIGIT.sub("", typed)
    # Compared though there is nothing to compare with: how long it takes tells nobody that.
    same = hmac.compare_digest((phone[-DIGITS:] or "-" * DIGITS).encode(), given.encode())
    return same and len(given) == DIGITS


def phone_fits(conn: Connection, case_id: int, number: str) -> bool:
    """Whether this is the whole telephone number that the person left; `number` as vietnam.phones reads it."""
    left = conn.scalar(select(cases.c.phone).where(cases.c.id == case_id)) or ""
    same = hmac.compare_digest((read_phone(left) or "-").encode(), number.encode())
    return same and bool(number)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done or said. who: "citizen", "officer" or "system"; `at` UTC milliseconds."""

    action: str
    who: str
    at: int
    text: str = ""
    to: str = ""
    stars: int = 0
    photos: tuple[int, ...] = ()
    files: tuple[CaseFile, ...] = ()


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides of a case, oldest first; `version` is that of the case. `due_at`: None while nobody owes an answer."""

    version: int
    question: str
    reopened: int
    stars: int
    due_at: int | None
    promised: bool
    """The newest answer names a day until which it will be done, and that has not come."""
    said: tuple[Said, ...]


def thread(conn: Connection, case_id: int) -> Thread:
    """Everything that the citizen said and was told; the caller has seen to it that the person may read it."""
    row = conn.execute(select(cases).where(cases.c.id == case_id)).one()
    photos: dict[int, list[int]] = {}
    sent = select(case_blobs.c.version, case_blobs.c.blob_id).where(
        case_blobs.c.case_id == case_id, case_blobs.c.sent_by.not_in((DRAFT, VOICE))
    )
    for version, blob in conn.execute(sent.order_by(case_blobs.c.place)):
        photos.setdefault(version or 1, []).append(blob)
    files: dict[int, list[CaseFile]] = {}
    for file in case_files.sent_of(conn, case_id):
        files.setdefault(file.version, []).append(file)
    found = conn.execute(
        select(acts.c.action, acts.c.actor, acts.c.detail, acts.c.at, acts.c.version)
        .where(acts.c.thing == "case", acts.c.thing_id == case_id, acts.c.action.in_(_SHOWN))
        .order_by(acts.c.version)
    )
    return Thread(
        version=row.version,
        question=row.question,
        reopened=row.reopened,
        stars=row.stars,
        due_at=row.due_at,
        promised=bool(row.promised_on),
        said=(
            *(_said(act, photos.get(act.version, []), files.get(act.version, []), row.text) for act in found),
            *_of_other(conn, row.merged_into),
        ),
    )


def _of_other(conn: Connection, into: int | None) -> tuple[Said, ...]:
    """The answer of the case into which one was joined: it is given to all who told of the matter.

    With the pictures and documents that officers sent with it; what its citizen sent stays in that case.
    """
    mine = (cases.c.id == into, cases.c.confidential == 0, cases.c.reply != "")
    query = select(cases.c.reply, cases.c.answered_at, cases.c.answer).where(*mine)
    row = conn.execute(query).first() if into else None
    if row is None or into is None:
        return ()
    parts = parts_of(row.answer)
    named = {one.blob for one in parts.files}
    files = tuple(one for one in case_files.sent_of(conn, into) if one.blob in named)
    at = row.answered_at or 0
    return (Said(action="reply", who="officer", at=at, text=row.reply, photos=parts.photos, files=files),)


def _said(act: Any, photos: list[int], files: list[CaseFile], opening: str) -> Said:  # noqa: ANN401 - a row
    detail = msgspec.json.decode(act.detail or "{}", type=dict[str, Any])
    return Said(
        action=act.action,
        who=act.actor.partition(":")[0],
        at=act.at,
        text=opening if act.action == "open" else str(detail.get("text", "")),
        to=str(detail.get("to", "")),
        stars=int(detail.get("stars", 0)),
        photos=tuple(photos),
        files=tuple(files),
    )


def picture_type(conn: Connection, case_id: int, blob: int) -> str | None:
    """The media type of a picture of the thread; None where there is no such picture in it.

    Of the case into which this one was joined it shows what came with the answer.
    """
    into = conn.scalar(select(cases.c.merged_into).where(cases.c.id == case_id))
    mine = (case_blobs.c.case_id == case_id) & (case_blobs.c.sent_by != DRAFT)
    if into and any(blob in said.photos for said in _of_other(conn, into)):
        mine |= (case_blobs.c.case_id == into) & (case_blobs.c.sent_by == OFFICER)
    one = select(blobs.c.media_type).join(case_blobs, case_blobs.c.blob_id == blobs.c.id)
    return conn.scalar(one.where(case_blobs.c.blob_id == blob, mine))


def document(conn: Connection, case_id: int, blob: int) -> CaseFile | None:
    """A document of the thread, as `picture_type`; None where there is none such in it."""
    into = conn.scalar(select(cases.c.merged_into).where(cases.c.id == case_id))
    joined = (file for said in _of_other(conn, into) for file in said.files)
    return next((file for file in (*case_files.sent_of(conn, case_id), *joined) if file.blob == blob), None)
