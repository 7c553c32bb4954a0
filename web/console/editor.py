"""Surveys written in the console: a draft that colleagues share, checked at every look, with its chat beside it."""

import asyncio
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import survey_drafts
from storage.survey_drafts import Changed, Draft, TooMany
from surveys import editing
from surveys.definition import Kind, Question, Survey
from surveys.sheets.template_words import KINDS
from web.body import Form, read_form
from web.console import editor_forms
from web.console.access import Desk, signed_in
from web.console.preview import listed, looked_at
from web.console.whole import Row, rows

EDITOR = "/can-bo/phieu/soan"
_FIELDS = 120
_CAP = 512 * 1024
_MOVES = {"len": -1, "xuong": 1}
_LONGEST_ID = 80


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a draft: sentences about the whole, and about its questions by id."""

    whole: tuple[str, ...] = ()
    questions: dict[str, tuple[str, ...]] = {}

    @property
    def count(self) -> int:
        """How many."""
        return len(self.whole) + sum(map(len, self.questions.values()))


class Done(NamedTuple):
    """What a form makes of a draft, and the question that is open afterwards ("" for none)."""

    survey: Survey
    open: str = ""


@signed_in("survey.draft")
async def begin(desk: Desk) -> Response:
    """A new draft: empty, or of a survey that there is."""
    form = await _sent(desk)
    if form["phieu"]:
        tried = await looked_at(desk, form["phieu"], desk.services.now())
        survey = await asyncio.to_thread(editing.begun, tried.survey)
    else:
        title = editor_forms.line(form["ten"], editor_forms.MOST_TITLE)
        if not title:
            return await listed(desk, fault="untitled", status=422)
        survey = Survey(id=editing.id_of(title, (), "phieu"), title=title, questions=())
    now, actor = desk.services.now(), desk.actor
    try:
        id = await desk.services.store.write(lambda tx: survey_drafts.begin(tx, actor, survey, now))
    except TooMany:
        return await listed(desk, fault="drafts", status=409)
    return RedirectResponse(f"{EDITOR}/{id}", 303)


@signed_in("survey.draft")
async def edit(desk: Desk) -> Response:
    """A draft, with one of its questions open."""
    return await _page(desk, open=desk.request.query_params.get("cau", "")[:_LONGEST_ID])


@signed_in("survey.draft")
async def save(desk: Desk) -> Response:
    """One thing changed in a draft."""
    form = await _sent(desk)
    id, seen = desk.request.path_params["draft"], form["ban"]
    draft = await _draft(desk)
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0
    now, actor = desk.services.now(), desk.actor
    if version != draft.version:
        return await _page(desk, open=form["cau"][:_LONGEST_ID], written=form, stale=True, status=409)
    try:
        if form["viec"] == "bo":
            await desk.services.store.write(lambda tx: survey_drafts.remove(tx, actor, id, version, now))
            return RedirectResponse("/can-bo/phieu?xong=bo", 303)
        made = _done(draft.survey, form)
        if made.survey != draft.survey:
            await desk.services.store.write(lambda tx: survey_drafts.save(tx, actor, id, version, made.survey, now))
    except Changed:
        return await _page(desk, open=form["cau"][:_LONGEST_ID], written=form, stale=True, status=409)
    except KeyError:
        return await _page(desk, written=form, gone=True, status=409)
    if len(made.survey.questions) > editing.MOST_QUESTIONS:
        return await _page(desk, full=True, status=422)
    there = f"?cau={made.open}#cau-{made.open}" if made.open else "#phieu"
    return RedirectResponse(f"{EDITOR}/{id}{there}", 303)


def _done(survey: Survey, form: Form) -> Done:
    """The act of a form. KeyError where its question is gone."""
    what, id = form["viec"], form["cau"]
    if what == "dau":
        return Done(editor_forms.headed(survey, form))
    if what == "them":
        if len(survey.questions) >= editing.MOST_QUESTIONS:
            return Done(survey)
        kind = Kind(form["loai"]) if form["loai"] in list(editing.USUAL) else Kind.LIKERT5
        return Done(*editing.added(survey, kind))
    survey.question(id)
    if what == "xoa":
        return Done(editing.removed(survey, id))
    # Whatever is done to an open question, what was typed into it is kept.
    if "hoi" in form.fields:
        survey = editor_forms.asked(survey, form)
    if what in _MOVES:
        return Done(editing.moved(survey, id, _MOVES[what]), id if "hoi" in form.fields else "")
    if what == "chep":
        return Done(*editing.copied(survey, id))
    return Done(survey, id)


async def _sent(desk: Desk) -> Form:
    form = await read_form(desk.request, cap=_CAP, fields=_FIELDS)
    if form.too_big:
        raise HTTPException(413)
    return form


async def _draft(desk: Desk) -> Draft:
    id = desk.request.path_params["draft"]
    try:
        return await desk.services.store.read(lambda conn: survey_drafts.draft(conn, desk.unit, id))
    except KeyError:
        raise HTTPException(404) from None


async def _page(
    desk: Desk,
    *,
    open: str = "",
    written: Form | None = None,
    stale: bool = False,
    gone: bool = False,
    full: bool = False,
    status: int = 200,
) -> Response:
    draft = await _draft(desk)
    survey = draft.survey

    def look_through() -> tuple[Wrong, list[Row]]:
        good, faults, _ = editing.checked(survey)
        return _wrong(desk, survey, faults), rows(good or survey, survey.language)

    wrong, shown = await asyncio.to_thread(look_through)
    this = next((one for one in survey.questions if one.id == open), None)

    def look(_conn: Connection) -> dict[str, Any]:
        return {}

    return await desk.show(
        "console/editor.html",
        look,
        status=status,
        draft=draft,
        survey=survey,
        wrong=wrong,
        rows=shown,
        open=this,
        offered=editing.conditions(survey, this.id) if this else [],
        chosen=editing.chosen(this.show_if, editing.conditions(survey, this.id)) if this else None,
        written=written or Form(),
        fields=_fields(survey, this, written) if this else {},
        stale=stale,
        gone=gone,
        full=full,
        usual=[kind.value for kind in editing.USUAL],
        kinds={kind: said[0] for kind, said in KINDS.items()},
        with_choices=[kind.value for kind in editing.WITH_CHOICES],
        bounded=[kind.value for kind in editing.BOUNDED],
        tongues=editor_forms.TONGUES,
        most_text=editor_forms.MOST_TEXT,
        most_title=editor_forms.MOST_TITLE,
        keep=editor_forms.KEEP,
    )


def _wrong(desk: Desk, survey: Survey, faults: list[Any]) -> Wrong:
    said = desk.services.waves.described(faults)
    ids = {one.id for one in survey.questions} | {one.matrix for one in survey.questions if one.matrix}
    of: dict[str, tuple[str, ...]] = {}
    whole: list[str] = []
    for fault, text in zip(faults, said, strict=True):
        if fault.place.id in ids:
            of[fault.place.id] = (*of.get(fault.place.id, ()), text)
        else:
            whole.append(text)
    return Wrong(whole=tuple(whole), questions=of)


def _fields(survey: Survey, one: Question, written: Form | None) -> dict[str, str]:
    """What stands in the fields of the open question: as it is kept, or as it was typed and not taken."""
    if written is not None and "hoi" in written.fields and written["cau"] == one.id:
        return {**dict.fromkeys(_names(survey), ""), **written.fields}
    found = {
        "loai": one.kind.value,
        "hoi": one.text,
        "goi_y": one.hint,
        "dau_muc": one.section,
        "bat_buoc": "1" if one.required else "",
        "chung": "1" if one.overall else "",
        "khong_y_kien": "1" if one.no_opinion else "",
        "lua_chon": "\n".join(choice.text for choice in one.choices),
        "it_nhat": "" if one.min is None else f"{one.min:g}",
        "nhieu_nhat": "" if one.max is None else f"{one.max:g}",
        "khi": "",
    }
    if one.show_if:
        when = editing.chosen(one.show_if, editing.conditions(survey, one.id))
        found["khi"] = editor_forms.KEEP if when is None else f"{when.question.id}={when.answer}"
    for tag, texts in survey.translations.items():
        head = f"questions.{one.id}."
        found[f"dich_{tag}"] = texts.get(f"{head}text", "")
        spoken = [texts.get(f"{head}choices.{choice.id}", "") for choice in one.choices]
        found[f"dich_{tag}_chon"] = "\n".join(spoken) if any(spoken) else ""
    return found


def _names(survey: Survey) -> list[str]:
    plain = ["loai", "hoi", "goi_y", "dau_muc", "bat_buoc", "chung", "khong_y_kien", "lua_chon", "it_nhat"]
    spoken = [name for tag in survey.translations for name in (f"dich_{tag}", f"dich_{tag}_chon")]
    return [*plain, "nhieu_nhat", "khi", *spoken]
