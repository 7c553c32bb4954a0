"""Documents that officers attach on the page of a case, and how they are taken out again: only to be saved.

What a form brought is kept at once, so that a form that is refused need not be given its documents again; what nothing
points to after a day is swept.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from feedback.attaching import MAX_FILES, Attached, safe_name
from storage import case_files, confidential
from storage.case_files import CaseFile
from web import downloads
from web.body import Form
from web.console.access import Desk, signed_in
from web.console.case_forms import number_of
from web.services import PhotoRefused

FIELD = "tep"
"""The field of a form that documents come in; those kept before are named by tep0 to tep4."""
CAP = 40 * 1024 * 1024
"""Bytes of a form with all its documents and pictures."""
_LONGEST_ID = 20
MOST_READ = 20
"""Files that are read before they are counted; more is no form of ours."""


class Taken(msgspec.Struct, frozen=True):
    """Documents that may be sent, and why not all that came are among them: a sentence, "" where they are."""

    files: tuple[Attached, ...] = ()
    fault: str = ""


async def taken(desk: Desk, case_id: int, form: Form) -> Taken:
    """Those that were kept before and are still ticked, and those that came now: one refused costs no other."""
    say, unit = desk.services.say, desk.unit
    wanted = tuple(id for place in range(MAX_FILES) if (id := number_of(form[f"{FIELD}{place}"], most=_LONGEST_ID)))
    there = await desk.services.store.read(
        lambda conn: case_files.usable(conn, unit, case_id, tuple(id for id in wanted if id < 1 << 63))
    )
    kept, faults = list(there), [say("files.too_much", most=CAP >> 20)] if form.too_big else []
    if len(there) < len(set(wanted)):
        faults.append(say("files.gone"))
    for name, data in _sent(form):
        if len(kept) == MAX_FILES:
            faults.append(say("files.too_many"))
            break
        one = await desk.services.keep_file(unit, name, data)
        if isinstance(one, PhotoRefused):
            faults.append(say(one.key, name=_short(name), most=desk.services.file_mb))
        else:
            kept.append(one)
    return Taken(tuple(kept), " ".join(faults))


def _sent(form: Form) -> list[tuple[str, bytes]]:
    came = zip(form.file_fields, form.names, form.files, strict=True)
    return [(name, data) for field, name, data in came if field == FIELD]


def _short(name: str) -> str:
    """A name as it may be said back, whatever the file was called; its own ending stays, it may be what is wrong."""
    return safe_name(name, "") or "?"


def by_version(files: Sequence[CaseFile]) -> dict[int, list[CaseFile]]:
    """Documents beside the act that they came with, for the history."""
    found: dict[int, list[CaseFile]] = {}
    for file in files:
        if file.purpose != case_files.DRAFT:
            found.setdefault(file.version, []).append(file)
    return found


@signed_in("case.see")
async def one(desk: Desk) -> Response:
    """A document of a case that the officer reaches; that it was looked at is kept, as of its pictures."""
    code, blob, unit = desk.request.path_params["code"], desk.request.path_params["blob"], desk.unit
    officer, now = desk.officer.id, desk.services.now()

    def look(conn: Connection) -> tuple[CaseFile | None, bool]:
        return (
            case_files.for_officer(conn, unit, code, blob, by=desk.actor),
            confidential.has_seen(conn, unit, code, officer),
        )

    file, seen = (None, True) if blob >= 1 << 63 else await desk.services.store.read(look)
    answer = await _saved(desk, file)
    if not seen:
        await desk.services.store.write(lambda tx: confidential.saw(tx, unit, code, officer, now))
    return answer


@signed_in("kept.see")
async def kept(desk: Desk) -> Response:
    """A document of a confidential case, for its keeper alone: each look at one is an act."""
    code, blob, unit = desk.request.path_params["code"], desk.request.path_params["blob"], desk.unit
    now = desk.services.now()

    def look(conn: Connection) -> CaseFile | None:
        return None if blob >= 1 << 63 else case_files.for_officer(conn, unit, code, blob, kept=True)

    answer = await _saved(desk, await desk.services.store.read(look))
    await desk.services.store.write(lambda tx: confidential.looked(tx, desk.actor, code, blob, now))
    return answer


async def _saved(desk: Desk, file: CaseFile | None) -> Response:
    data = await desk.services.blob(file.blob) if file is not None else None
    if file is None or data is None:
        raise HTTPException(404)
    return downloads.saved(data, file.name, file.media_type)
