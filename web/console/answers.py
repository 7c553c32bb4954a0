"""Answering a case by fixed parts: sent at once, or shown to a leader who signs it or sends it back."""

import asyncio
from collections.abc import Iterable
from datetime import date, datetime

import msgspec
from starlette.responses import RedirectResponse, Response

from feedback.acts import Approve, DraftReply, Refusal, Reply, ReturnDraft
from feedback.attaching import Attached
from feedback.canned import left
from feedback.replies import MAX_EVIDENCE, Outcome, Parts, needs_signature, worded
from feedback.roles import Role
from storage import replies
from storage.reading_cases import CasePage
from vietnam.text import clean
from web.body import Form
from web.console import attached
from web.console.access import Desk, signed_in
from web.console.case_forms import case_of, form_of, words_of
from web.services import PhotoRefused

_FIELDS = 21
_LONGEST_NUMBER = 20
_REFUSED = {"photo.too_big": "answer.photo_big"}


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it stands in the form; `day` as it was typed, `photos` and `files` are kept already."""

    text: str = ""
    outcome: Outcome = Outcome.ANSWERED
    done: str = ""
    day: str = ""
    person: str = ""
    photos: tuple[int, ...] = ()
    seen: int = 0
    files: tuple[Attached, ...] = ()


class Wrong(Exception):
    """What stands in the form cannot be read: `key` and `values` say why, `typed` is what is kept of it."""

    def __init__(self, key: str, typed: Typed, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
        self.typed = typed


def standing(desk: Desk, case: CasePage) -> Typed:
    """What the form begins with: the draft that is there, or nothing but the officer's own name."""
    draft = case.draft
    if draft is None:
        return Typed(person=desk.officer.name)
    parts = draft.parts
    day = parts.day.isoformat() if parts.day else ""
    return Typed(
        text=draft.text,
        outcome=parts.outcome,
        done=parts.done,
        day=day,
        person=parts.person,
        photos=parts.photos,
        files=parts.files,
    )


def written(desk: Desk, case: CasePage) -> str:
    """The draft as the citizen would read it, "" where there is none."""
    return worded(case.draft.text, case.draft.parts, desk.services.say) if case.draft else ""


def must_be_signed(desk: Desk, case: CasePage) -> bool:
    """Whether this officer cannot send the answer to this case alone."""
    if desk.officer.role is Role.LEADER:
        return False
    return needs_signature(case.kind, case.category, desk.services.office.sign_off)


@signed_in("case.reply")
async def reply(desk: Desk) -> Response:
    """The answer goes to the citizen's chat, its words as they were written."""
    return await _answered(desk, "tra-loi")


@signed_in("case.draft_reply")
async def draft(desk: Desk) -> Response:
    """The answer waits for a leader; the citizen hears nothing yet."""
    return await _answered(desk, "trinh-duyet")


@signed_in("case.approve")
async def approve(desk: Desk) -> Response:
    """A leader signs: the draft goes to the citizen."""
    form = await sent(desk)
    seen = _number(form["seen"])
    return await _shown(desk, await _act(desk, await case_of(desk), Approve(seen)), "duyet", seen=seen)


@signed_in("case.return_draft")
async def send_back(desk: Desk) -> Response:
    """A leader sends the draft back, and says what is missing."""
    form = await sent(desk)
    text, seen = words_of(form["text"]), _number(form["seen"])
    outcome = await _act(desk, await case_of(desk), ReturnDraft(text, seen))
    return await _shown(desk, outcome, "tra-lai", reason=text, seen=seen)


async def _answered(desk: Desk, done: str) -> Response:
    case = await case_of(desk)
    try:
        typed = await typed_of(desk, case, await sent(desk))
        parts = _parts(typed)
    except Wrong as wrong:
        return await _shown(desk, Refusal(wrong.key, dict(wrong.values)), done, typed=wrong.typed)
    if gap := left(typed.text):
        return await _shown(desk, Refusal("canned.left", {"gap": gap}), done, typed=typed)
    act = (Reply if done == "tra-loi" else DraftReply)(typed.text, typed.seen, parts)
    return await _shown(desk, await _act(desk, case, act), done, typed=typed)


async def _act(desk: Desk, case: CasePage, act: Reply | DraftReply | Approve | ReturnDraft) -> Refusal | None:
    outcome = await desk.services.act(case.id, act, desk.actor)
    return outcome if isinstance(outcome, Refusal) else None


async def _shown(
    desk: Desk, refusal: Refusal | None, done: str, *, typed: Typed | None = None, reason: str = "", seen: int = 0
) -> Response:
    from web.console import cases  # the page of a case shows these forms, and so knows this file

    if refusal is None:
        return RedirectResponse(f"/can-bo/vu-viec/{desk.request.path_params['code']}?xong={done}", 303)
    return await cases.refused(desk, refusal, done, text=reason, typed=typed, seen=typed.seen if typed else seen)


async def sent(desk: Desk) -> Form:
    """The form of an answer, with its pictures."""
    return await form_of(desk, cap=attached.CAP, fields=_FIELDS, files=attached.MOST_READ)


async def typed_of(desk: Desk, case: CasePage, form: Form) -> Typed:
    """What was typed, with its pictures and documents kept. Wrong where there are too many, or one cannot be used."""
    named = form["outcome"]
    typed = Typed(
        text=words_of(form["text"]),
        outcome=Outcome(named) if named in set(Outcome) else Outcome.ANSWERED,
        done=words_of(form["done"]),
        day=clean(form["day"])[0].strip()[:20],
        person=" ".join(clean(form["person"])[0].split()),
        seen=_number(form["seen"]),
    )
    documents = await attached.taken(desk, case.id, form)
    typed = await _with_photos(desk, case, form, msgspec.structs.replace(typed, files=documents.files))
    if documents.fault:
        raise Wrong("files.faults", typed, text=documents.fault)
    return typed


async def _with_photos(desk: Desk, case: CasePage, form: Form, typed: Typed) -> Typed:
    wanted = _numbers(form["kept"].split(",")) if form["keep"] else ()
    usable = replies.usable
    there = await desk.services.store.read(lambda conn: usable(conn, desk.unit, case.id, wanted))
    typed = msgspec.structs.replace(typed, photos=there[:MAX_EVIDENCE])
    if len(there) < len(set(wanted)):
        raise Wrong("answer.photo_gone", typed)
    came = [data for field, data in zip(form.file_fields, form.files, strict=True) if field != attached.FIELD]
    if len(there) + len(came) > MAX_EVIDENCE:
        raise Wrong("act.too_many_photos", typed)
    kept = await asyncio.gather(*(desk.services.keep_photo(desk.unit, data) for data in came))
    typed = msgspec.structs.replace(typed, photos=(*there, *(one for one in kept if isinstance(one, int))))
    for one in kept:
        if isinstance(one, PhotoRefused):
            raise Wrong(_REFUSED.get(one.key, "answer.photo_bad"), typed)
    return typed


def _parts(typed: Typed) -> Parts:
    """The parts of what was typed. Wrong where the day is none."""
    try:
        day = day_typed(typed.day)
    except ValueError:
        raise Wrong("answer.day_odd", typed) from None
    return Parts(
        outcome=typed.outcome, done=typed.done, day=day, person=typed.person, photos=typed.photos, files=typed.files
    )


def day_typed(text: str) -> date | None:
    """A day as a browser sends it (2026-12-05) or as people write it (5/12/2026); None for nothing. ValueError."""
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)


def _number(text: str) -> int:
    return next(iter(_numbers([text])), 0)


def _numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Those that are whole numbers, as ids are; of at most as many as a form has."""
    usable = (text for text in texts if text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER)
    return tuple(dict.fromkeys(number for text in usable if (number := int(text)) < 1 << 63))[: MAX_EVIDENCE + 1]
