"""Surveys written in the console: a draft that colleagues share, checked at every look, with its chat beside it."""

import asyncio
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import survey_drafts
from storage.survey_drafts import Changed, Draft, TooMany
from surveys import editing, grids
from surveys.definition import Kind, Question, Survey
from surveys.impossible import Impossible, why_never
from surveys.sheets.template_words import KINDS
from web.body import Form, read_form
from web.console import editor_forms, editor_grids
from web.console.access import Desk, signed_in
from web.console.preview import listed, looked_at
from web.console.whole import Row, rows

EDITOR = "/can-bo/phieu/soan"
_FIELDS = 160
_CAP = 512 * 1024
GRID = "matrix"
"""What a new grid is called where kinds are."""
_MOVES = {"len": -1, "xuong": 1}
_LONGEST_ID = 80


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a draft: sentences about the whole, and about its questions by id."""

    whole: tuple[str, ...] = ()
    questions: dict[str, tuple[str, ...]] = {}

    def of(self, block: "Block") -> list[str]:
        """About a question, or about a grid and each of its rows."""
        ids = (block.grid, *(row.id for row in block.rows))
        return [text for id in ids if id for text in self.questions.get(id, ())]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.whole) + sum(map(len, self.questions.values()))


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """What stands together in the list: a question, or the rows of a `grid`, with the number of the first."""

    first: int
    rows: tuple[Question, ...]
    grid: str = ""

    @property
    def id(self) -> str:
        """By which it is opened and moved."""
        return self.grid or self.rows[0].id

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + len(self.rows) - 1


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
        whole = await asyncio.to_thread(editing.begun, tried.survey)
        # What was begun of the other side's survey is one's own, and never its next version.
        survey = editing.of_side(whole, desk.side)
        if tried.survey.owner is not desk.side and survey.id == tried.survey.id:
            survey = editing.change(survey, id=editing.id_of(f"{survey.id} 2", (survey.id,), "phieu"))
    else:
        title = editor_forms.line(form["ten"], editor_forms.MOST_TITLE)
        if not title:
            return await listed(desk, fault="untitled", status=422)
        plain = Survey(id=editing.id_of(title, (), "phieu"), title=title, questions=())
        survey = editing.of_side(plain, desk.side)
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
        if len(made.survey.questions) > max(editing.MOST_QUESTIONS, len(draft.survey.questions)):
            return await _page(desk, open=form["cau"][:_LONGEST_ID], written=form, full=True, status=422)
        made = made._replace(survey=editing.of_side(made.survey, desk.side))
        if made.survey != draft.survey:
            await desk.services.store.write(lambda tx: survey_drafts.save(tx, actor, id, version, made.survey, now))
    except Changed:
        return await _page(desk, open=form["cau"][:_LONGEST_ID], written=form, stale=True, status=409)
    except KeyError:
        return await _page(desk, written=form, gone=True, status=409)
    except editor_forms.Refused as refused:
        return await _page(desk, open=form["cau"][:_LONGEST_ID], written=form, never=refused.why, status=422)
    there = f"?cau={made.open}#cau-{made.open}" if made.open else "#phieu"
    return RedirectResponse(f"{EDITOR}/{id}{there}", 303)


def _done(survey: Survey, form: Form) -> Done:
    """The act of a form. KeyError where its question is gone."""
    what, id = form["viec"], form["cau"]
    if what == "dau":
        return Done(editor_forms.headed(survey, form))
    if what == "them":
        if form["loai"] == GRID:
            return Done(*grids.added(survey))
        kind = Kind(form["loai"]) if form["loai"] in list(editing.USUAL) else Kind.LIKERT5
        return Done(*editing.added(survey, kind))
    rows = grids.rows_of(survey, id)
    id = rows[0].matrix if rows else survey.question(id).id
    if what == "xoa":
        return Done(editing.removed(survey, id))
    # Whatever is done to an open question, what was typed into it is kept.
    if "hoi" in form.fields:
        survey = editor_grids.asked(survey, form) if rows else editor_forms.asked(survey, form)
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
        return await desk.services.store.read(lambda conn: survey_drafts.draft(conn, desk.unit, desk.side, id))
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
    never: Impossible | None = None,
    status: int = 200,
) -> Response:
    draft = await _draft(desk)
    survey = draft.survey
    grid = grids.rows_of(survey, open)
    this = next((one for one in survey.questions if one.id == open), None) if not grid else grid[0]
    offered = editing.conditions(survey, this.id) if this else []

    def look_through() -> tuple[Wrong, list[Row]]:
        good, faults, _ = editing.checked(survey)
        return _wrong(desk, survey, faults), rows(good or survey, survey.language)

    wrong, shown = await asyncio.to_thread(look_through)

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
        blocks=_blocks(survey),
        open=this,
        open_grid=grid,
        offered=offered,
        chosen=editing.chosen(this.show_if, offered) if this else None,
        never=never or (why_never(survey, this.id, this.show_if) if this and this.show_if else None),
        written=written or Form(),
        fields=_fields(survey, this, grid, written) if this else {},
        stale=stale,
        gone=gone,
        full=full,
        usual=[kind.value for kind in editing.USUAL],
        grid_kind=GRID,
        most_rows=grids.MOST_ROWS,
        kinds={kind: said[0] for kind, said in KINDS.items()},
        with_choices=[kind.value for kind in editing.WITH_CHOICES],
        bounded=[kind.value for kind in editing.BOUNDED],
        tongues=editor_forms.TONGUES,
        most_text=editor_forms.MOST_TEXT,
        most_title=editor_forms.MOST_TITLE,
        keep=editor_forms.KEEP,
    )


def _blocks(survey: Survey) -> list[Block]:
    found: list[Block] = []
    for number, one in enumerate(survey.questions, start=1):
        if one.matrix and found and found[-1].grid == one.matrix:
            found[-1] = editing.change(found[-1], rows=(*found[-1].rows, one))
        else:
            found.append(Block(first=number, rows=(one,), grid=one.matrix))
    return found


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


def _fields(survey: Survey, one: Question, grid: tuple[Question, ...], written: Form | None) -> dict[str, str]:
    """What stands in the fields of the open question: as it is kept, or as it was typed and not taken."""
    if written is not None and "hoi" in written.fields and written["cau"] in (one.id, one.matrix):
        return {**dict.fromkeys(_names(survey), ""), **written.fields}
    if grid:
        return editor_grids.fields(survey, grid)
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
        found[f"dich_{tag}_chon"] = editor_forms.choices_in(survey, tag, one)
    return found


def _names(survey: Survey) -> list[str]:
    plain = ["loai", "hoi", "goi_y", "dau_muc", "bat_buoc", "chung", "khong_y_kien", "lua_chon", "it_nhat"]
    ends = ("", "_chon", "_dong")
    spoken = [f"dich_{tag}{end}" for tag in survey.translations for end in ends]
    return [*plain, "nhieu_nhat", "khi", "dong", "khong_ap_dung", *spoken]
