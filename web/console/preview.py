"""Surveys looked at before they are asked: ready ones, published versions, and a file that is only tried out.

Nothing is stored: the page carries the steps of the walk, and a tried file's survey sealed, from one look to the next,
until somebody publishes it (web/console/publishing.py).
"""

import asyncio
import base64
import hashlib
import re
import zlib
from contextlib import suppress
from functools import cache, lru_cache, partial
from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.channels.webchat import CAPABILITIES
from bot.conversation.desk import Commune
from storage import reading_surveys, survey_drafts, units
from storage.vault import WrongKey
from surveys.definition import Survey
from surveys.editing import checked, of_side
from surveys.languages import localised
from surveys.ready import ready, ready_file, ready_names
from surveys.sheets.grid import QUESTIONNAIRE
from surveys.sheets.template_words import KINDS
from surveys.walking import Hidden
from web.body import FIELD_CAP, Form, read_form
from web.console.access import Desk, signed_in
from web.console.walks import MOST_STEPS, BadSteps, Done, Step, Walked, steps_of, walked
from web.console.whole import Unasked, rows, unasked
from web.services import SurveyFile

MOST_SEALED = 250_000
"""Signs of a sealed survey: a field of a form holds no more."""
_CAP = 3 * FIELD_CAP
_KEPT = 8
_LONGEST_NAME = 100
_LONGEST_NUMBER = 5
_MOMENT = 13
"""Digits of the milliseconds that a walk carries, so that its days stay the same."""
_DIGEST = 32
"""Bytes of a SHA-256."""
_PRESSED: tuple[Done, ...] = ("choice", "send", "jump", "language")
_VERSION = re.compile(r"[0-9]{1,18}")


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A survey that is looked at. `wanted` is "san:" and a ready one's name, "ban:" a version's id, "nhap:" a draft's.

    `sealed` is a tried file's survey, which no address stands for; `now` the moment at which the walk began. `checksum`
    is the SHA-256 of its file, of a version b"": that is published already.
    """

    survey: Survey
    wanted: str = ""
    sealed: str = ""
    checksum: bytes = b""
    now: int


class Ready(msgspec.Struct, frozen=True):
    """A ready questionnaire in the list."""

    name: str
    title: str
    questions: int


@signed_in("survey.see")
async def surveys(desk: Desk) -> Response:
    """What there is to look at, and a field for a file."""
    return await listed(desk)


async def listed(
    desk: Desk, *, fault: str = "", found: SurveyFile | None = None, file_name: str = "", status: int = 200
) -> Response:
    """The page of surveys, with what is wrong with a file that was sent."""
    shipped = await asyncio.to_thread(_all_ready)

    def look(conn: Connection) -> dict[str, Any]:
        drafts = survey_drafts.listed(conn, desk.unit, desk.side) if desk.may("survey.draft") else []
        return {"versions": reading_surveys.versions(conn, desk.unit, desk.side, desk.services.now()), "drafts": drafts}

    most = QUESTIONNAIRE.bytes >> 20
    return await desk.show(
        "console/surveys.html",
        look,
        status=status,
        ready=shipped,
        fault=fault,
        found=found,
        most=most,
        file_name=file_name,
        done=desk.request.query_params.get("xong", ""),
        done_number=desk.request.query_params.get("ban", "")[:_LONGEST_NUMBER],
    )


@lru_cache(maxsize=1)
def _all_ready() -> tuple[Ready, ...]:
    return tuple(Ready(name, _ready(name).title, len(_ready(name).questions)) for name in ready_names())


@cache
def _ready(name: str) -> Survey:
    return ready(name)


@signed_in("survey.see")
async def upload(desk: Desk) -> Response:
    """A file is tried: its first question, or everything that is wrong with it."""
    form = await read_form(desk.request, cap=QUESTIONNAIRE.bytes + FIELD_CAP)
    if form.too_big or len(form.file or b"") > QUESTIONNAIRE.bytes:
        return await listed(desk, fault="big", status=413)
    if not form.file:
        return await listed(desk, fault="none", status=422)
    found = await desk.services.read_survey(form.file_name, form.file)
    if found.survey is None:
        fault, name = "" if found.faults else "unread", form.file_name[-_LONGEST_NAME:]
        return await listed(desk, fault=fault, found=found, file_name=name, status=422)
    checksum = hashlib.sha256(form.file).digest()
    survey = of_side(found.survey, desk.side)
    sealed = await asyncio.to_thread(_sealed, desk, survey, checksum)
    if len(sealed) > MOST_SEALED:
        return await listed(desk, fault="long", status=422)
    tried = Tried(survey=survey, sealed=sealed, checksum=checksum, now=desk.services.now())
    return await _shown(desk, tried, (), remarks=found.remarks)


@signed_in("survey.read")
async def walk(desk: Desk) -> Response:
    """The survey as citizens will meet it, one step further."""
    if desk.request.method == "GET":
        wanted = desk.request.query_params.get("phieu", "")
        return await _shown(desk, await looked_at(desk, wanted, desk.services.now()), ())
    form = await posted(desk)
    tried = await tried_again(desk, form)
    if tried is None:
        return await listed(desk, fault="sealed", status=422)
    try:
        steps = steps_of(form["buoc"])
        further = _further(steps, form)
        return await _shown(desk, tried, further[:MOST_STEPS], full=len(further) > MOST_STEPS)
    except BadSteps:
        raise HTTPException(400) from None


def _further(steps: tuple[Step, ...], form: Form) -> tuple[Step, ...]:
    """The walk with what was just done; words alone, where no button was pressed."""
    if "again" in form.fields:
        return steps[:1] if steps and steps[0].kind == "language" else ()
    if "undo" in form.fields:
        return steps[:-1]
    for kind in _PRESSED:
        if kind in form.fields:
            return (*steps, Step(kind, form[kind]))
    return (*steps, Step("text", form["text"])) if form["text"].strip() else steps


async def _shown(
    desk: Desk, tried: Tried, steps: tuple[Step, ...], *, full: bool = False, remarks: tuple[str, ...] = ()
) -> Response:
    commune = await desk.services.store.read(lambda conn: _commune(conn, desk))

    def play() -> tuple[Walked, dict[str | int, Unasked]]:
        done = walked(tried.survey, steps, commune, desk.services.say, tried.now)
        hidden: dict[str | int, Hidden | None] = {line.id: line.hidden for line in done.map}
        hidden |= {seq: jump.hidden for seq, jump in done.jumped.items()}
        return done, {key: unasked(tried.survey, why, done.language) for key, why in hidden.items() if why is not None}

    # A walk of 400 steps through 500 questions takes its time; the chat goes on meanwhile.
    done, why = await asyncio.to_thread(play)
    return await desk.show(
        "console/walk.html",
        lambda _: {},
        tried=tried,
        walk=done,
        why=why,
        full=full,
        remarks=remarks,
        max_text=CAPABILITIES.max_text,
    )


@signed_in("survey.read")
async def whole(desk: Desk) -> Response:
    """Every question of the survey, as on a sheet."""
    steps, language = "", ""
    if desk.request.method == "GET":
        tried = await looked_at(desk, desk.request.query_params.get("phieu", ""), desk.services.now())
    else:
        form = await posted(desk)
        again = await tried_again(desk, form)
        if again is None:
            return await listed(desk, fault="sealed", status=422)
        tried, steps = again, form["buoc"]
        language = form["language"]
    if language not in tried.survey.languages:
        language = tried.survey.language
    asked = await asyncio.to_thread(rows, tried.survey, language)
    return await desk.show(
        "console/whole.html",
        lambda _: {},
        tried=tried,
        said=localised(tried.survey, language),
        posted=steps,
        rows=asked,
        language=language,
        kinds={kind: words[0] for kind, words in KINDS.items()},
    )


async def posted(desk: Desk) -> Form:
    """The form of a walk."""
    form = await read_form(desk.request, cap=_CAP)
    if form.too_big:
        raise HTTPException(413)
    return form


def _commune(conn: Connection, desk: Desk) -> Commune:
    unit = units.unit(conn, desk.unit)
    return Commune(
        id=unit.id,
        name=unit.name,
        prefix=unit.prefix,
        phone=unit.phone,
        contact=unit.contact,
        privacy_url=f"{desk.services.public_url}/{unit.slug}/rieng-tu",
    )


async def looked_at(desk: Desk, wanted: str, now: int) -> Tried:
    """A ready questionnaire, a version that the officer's side reads, or its draft that holds; 404 for none."""
    kind, _, name = wanted.partition(":")
    if kind == "san" and name in ready_names():
        checksum = hashlib.sha256(ready_file(name)).digest()
        ours = of_side(await asyncio.to_thread(_ready, name), desk.side)
        return Tried(survey=_held(msgspec.json.encode(ours)), wanted=wanted, checksum=checksum, now=now)
    if kind == "ban" and _VERSION.fullmatch(name):
        with suppress(KeyError):
            side, at = desk.side, desk.services.now()
            one = partial(reading_surveys.version, unit=desk.unit, side=side, now=at, id=int(name))
            read = await desk.services.store.read(one)
            return Tried(survey=_held(msgspec.json.encode(read)), wanted=wanted, now=now)
    if kind == "nhap" and desk.may("survey.draft") and _VERSION.fullmatch(name):
        with suppress(KeyError):
            own = partial(survey_drafts.draft, unit=desk.unit, side=desk.side, id=int(name))
            draft = await desk.services.store.read(own)
            survey, _, text = await asyncio.to_thread(checked, draft.survey)
            if survey is not None:
                held = _held(msgspec.json.encode(of_side(survey, desk.side)))
                checksum = hashlib.sha256(text.encode()).digest()
                return Tried(survey=held, wanted=wanted, checksum=checksum, now=now)
    raise HTTPException(404)


async def tried_again(desk: Desk, form: Form) -> Tried | None:
    """The survey that a page was about; None where it is sealed and does not open any more."""
    moment = form["luc"]
    now = int(moment) if moment.isascii() and moment.isdecimal() and len(moment) <= _MOMENT else desk.services.now()
    if not form["tep"]:
        return await looked_at(desk, form["phieu"], now)
    try:
        packed = desk.services.vault.open(base64.b64decode(form["tep"], validate=True), _context(desk))
    except (ValueError, WrongKey):
        return None
    # What opens was sealed here: it is a survey, and no larger than one.
    body = zlib.decompress(packed)
    return Tried(survey=_held(body[_DIGEST:]), sealed=form["tep"], checksum=body[:_DIGEST], now=now)


@lru_cache(maxsize=_KEPT)
def _held(body: bytes) -> Survey:
    """A survey read once for the steps of a walk: what is made ready for walking is kept by the object."""
    return msgspec.json.decode(body, type=Survey)


def _sealed(desk: Desk, survey: Survey, checksum: bytes) -> str:
    packed = zlib.compress(checksum + msgspec.json.encode(survey), 9)
    return base64.b64encode(desk.services.vault.seal(packed, _context(desk))).decode()


def _context(desk: Desk) -> bytes:
    return f"survey.preview:{desk.unit}".encode()
