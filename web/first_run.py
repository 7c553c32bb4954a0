"""Setting up a new commune in the browser, page by page, behind the one address that `nghedan serve` prints."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feedback.acts import Refusal
from feedback.passwords import weakness
from feedback.roles import SYSTEM, Actor, Role
from storage import channel_state, first_runs, officer_rows, unit_rows, units
from storage.first_runs import STEPS, Run, Step
from storage.tx import Tx
from storage.unit_rows import Contact
from vietnam.provinces import provinces
from vietnam.text import sort_key
from vietnam.villages import LONGEST, LONGEST_PHONE, OWN_WORDS, LineFault, is_phone, read_village_lines
from web.body import Form, Unreadable, line, read_form
from web.console.passwords import Crowded, Door, hash_password
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.services import Services

ADDRESS = "/cai-dat-lan-dau"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_OFFICE = re.compile(r"^(ubnd|u[ỷy] ban nhân dân|ủy ban nhân dân)\s+", re.IGNORECASE)
"""Letterheads say whose name it is before the name."""
_COMMUNE_WORDS = ("xã", "phường", "đặc khu")
_PEOPLE: tuple[tuple[str, Role], ...] = (("ld", Role.LEADER), ("qt", Role.ADMIN))
_FIELDS = 12
Wrong = tuple[str, ...]
"""Words of the template: what is to be mended."""


async def shown(request: Request) -> Response:
    """The step that comes next, or one that was gone through already."""
    run = await _run(request)
    wanted = request.query_params.get("buoc", "")
    step = next((one for one in STEPS[: run.passed] if one == wanted and one != "can-bo"), run.step)
    return await _page(request, run, step)


async def send(request: Request) -> Response:
    """What was typed at a step; with everything right, on to the next."""
    services, run = services_of(request), await _run(request)
    step = next((one for one in STEPS if one == request.path_params["step"]), None)
    if not is_ours(request, services):
        raise HTTPException(403)
    if step is None or STEPS.index(step) > run.passed:
        raise HTTPException(404)
    if step == "thu":
        commune = await services.store.read(lambda conn: units.unit(conn, run.unit))
        await services.store.write(lambda tx: first_runs.finish(tx, run, services.now()))
        return pages_of(request).page(request, "first_run_done.html", commune=commune, services=services, run=run)
    try:
        form = await read_form(request, fields=_FIELDS)
    except Unreadable:
        raise HTTPException(400) from None
    if step == "can-bo" and run.passed > STEPS.index(step):
        return RedirectResponse(_address(request), 303)  # they are there: the form was sent twice
    return await _DO[step](request, run, form)


async def _run(request: Request) -> Run:
    services = services_of(request)
    token: str = request.path_params["token"]
    run = await services.store.read(lambda conn: first_runs.opened(conn, token, services.now()))
    if run is None:
        raise HTTPException(404)
    return run


def _address(request: Request) -> str:
    return f"{ADDRESS}/{request.path_params['token']}"


def _actor(run: Run) -> Actor:
    return Actor(kind=SYSTEM, unit=run.unit)


async def _page(
    request: Request,
    run: Run,
    step: Step,
    *,
    typed: Form | None = None,
    wrong: Wrong = (),
    refused: str = "",
    faults: tuple[LineFault, ...] = (),
) -> Response:
    services = services_of(request)

    def look(conn: Connection) -> dict[str, Any]:
        commune = units.unit(conn, run.unit)
        above = units.unit(conn, commune.parent_id).name if commune.parent_id else ""
        heard = any(one.heard_at for one in channel_state.of_unit(conn, run.unit))
        return {"commune": commune, "province": above, "villages": units.villages(conn, run.unit), "heard": heard}

    found = await services.store.read(look)
    return pages_of(request).page(
        request,
        "first_run.html",
        status=422 if wrong or refused or faults else 200,
        services=services,
        run=run,
        step=step,
        steps=STEPS,
        address=_address(request),
        typed=typed or Form(),
        wrong=wrong,
        refused=refused,
        faults=faults,
        # What the program seeds a store with is nobody's commune: only an operator's own file is worth repeating.
        known=run.passed > 0 or bool(found["commune"].phone or found["villages"]),
        provinces=sorted((one.full for one in provinces()), key=sort_key),
        commune_words=_COMMUNE_WORDS,
        words=sorted(OWN_WORDS),
        longest=LONGEST,
        longest_phone=LONGEST_PHONE,
        longest_text=unit_rows.LONGEST_TEXT,
        **found,
    )


async def _refusing(request: Request, run: Run, step: Step, form: Form, fault: Refusal) -> Response:
    said = services_of(request).say(fault.key, **fault.values)
    return await _page(request, run, step, typed=form, refused=said)


async def _write(services: Services, run: Run, step: Step, act: Callable[[Tx], Refusal | None]) -> Refusal | None:
    """The act and that the step is behind it, in one transaction."""

    def unit(tx: Tx) -> Refusal | None:
        fault = act(tx)
        if fault is None:
            first_runs.passed(tx, run, step)
        return fault

    return await services.store.write(unit)


async def _go(request: Request, run: Run, step: Step, form: Form, act: Callable[[Tx], Refusal | None]) -> Response:
    fault = await _write(services_of(request), run, step, act)
    if fault is not None:
        return await _refusing(request, run, step, form, fault)
    return RedirectResponse(_address(request), 303)


async def _commune(request: Request, run: Run, form: Form) -> Response:
    word, name = _named(line(form["name"]), form["word"])
    now = services_of(request).now()
    province = next((one.full for one in provinces() if one.full == form["province"]), "")
    wrong = tuple(what for what, there in (("name", name), ("province", province)) if not there)
    if wrong:
        return await _page(request, run, "xa", typed=form, wrong=wrong)
    return await _go(
        request, run, "xa", form, lambda tx: unit_rows.settle(tx, _actor(run), province, f"{word} {name}", now)
    )


def _named(name: str, word: str) -> tuple[str, str]:
    """(what it is, its own name): what was typed before the name says more than what was left chosen beside it.

    "UBND phường Sa Pa" and "PHƯỜNG SA PA" are both a phường; where nothing is typed before it, `word` holds.
    """
    bare = _OFFICE.sub("", name)
    for one in _COMMUNE_WORDS:
        if f"{bare.casefold()} ".startswith(f"{one} "):
            return one, bare[len(one) :].strip()
    return word if word in _COMMUNE_WORDS else _COMMUNE_WORDS[0], bare


async def _villages(request: Request, run: Run, form: Form) -> Response:
    word, now = form["word"] if form["word"] in OWN_WORDS else "thôn", services_of(request).now()
    lines, faults = read_village_lines(form["lines"], word)
    if faults:
        return await _page(request, run, "thon", typed=form, faults=tuple(faults[:20]))

    def act(tx: Tx) -> Refusal | None:
        if not lines:
            return None
        done = unit_rows.add_villages(tx, _actor(run), lines, now)
        return done if isinstance(done, Refusal) else None

    return await _go(request, run, "thon", form, act)


async def _people(request: Request, run: Run, form: Form) -> Response:
    services = services_of(request)
    commune = (await services.store.read(lambda conn: units.unit(conn, run.unit))).name
    people = [
        (line(form[f"{key}_name"]), form[f"{key}_login"].strip().lower(), form[f"{key}_password"], role)
        for key, role in _PEOPLE
    ]
    wrong: list[str] = []
    for (key, _role), (name, login, password, _) in zip(_PEOPLE, people, strict=True):
        wrong += await asyncio.to_thread(_wrong_of, key, name, login, password, commune)
    wrong += [f"{key}_again" for key, _ in _PEOPLE if form[f"{key}_again"] != form[f"{key}_password"]]
    if people[0][1] == people[1][1] and people[0][1]:
        wrong.append("same")
    if wrong:
        return await _page(request, run, "can-bo", typed=form, wrong=tuple(wrong))
    door: Door = request.app.state.door
    try:
        async with door:
            hashed = [await asyncio.to_thread(hash_password, password) for _name, _login, password, _role in people]
    except Crowded:
        raise HTTPException(503) from None
    now = services.now()

    def act(tx: Tx) -> Refusal | None:
        # Under the lock: of a form that was sent twice at once the second finds them there.
        there = first_runs.opened(tx.conn, request.path_params["token"], now)
        if there is None or there.passed > STEPS.index("can-bo"):
            return None
        for (name, login, _password, role), hash in zip(people, hashed, strict=True):
            officer_rows.add(tx, unit_id=run.unit, login=login, name=name, role=role, password_hash=hash, now=now)
        return None

    return await _go(request, run, "can-bo", form, act)


def _wrong_of(key: str, name: str, login: str, password: str, commune: str) -> list[str]:
    found = []
    if not 1 < len(name) <= LONGEST:
        found.append(f"{key}_name")
    if not _LOGIN.fullmatch(login):
        found.append(f"{key}_login")
    weak = weakness(password, (login, name, commune))
    if weak is not None:
        found.append(f"{key}_password:{weak}")
    return found


async def _contact(request: Request, run: Run, form: Form) -> Response:
    to = Contact(
        phone=line(form["phone"]),
        contact=line(form["contact"]),
        address=line(form["address"]),
        reception=line(form["reception"]),
    )
    if not to.phone or not is_phone(to.phone):
        return await _page(request, run, "lien-he", typed=form, wrong=("phone",))
    now = services_of(request).now()

    def act(tx: Tx) -> Refusal | None:
        return unit_rows.set_contact(tx, _actor(run), to, units.unit(tx.conn, run.unit).version, now)

    return await _go(request, run, "lien-he", form, act)


async def _survey(request: Request, run: Run, form: Form) -> Response:
    if form["publish"] == "1":
        await services_of(request).publish_sample(run.unit)
    return await _go(request, run, "khao-sat", form, lambda _tx: None)


_DO: dict[Step, Callable[[Request, Run, Form], Awaitable[Response]]] = {
    "xa": _commune,
    "thon": _villages,
    "can-bo": _people,
    "lien-he": _contact,
    "khao-sat": _survey,
}


routes = [
    Route(f"{ADDRESS}/{{token}}", shown, methods=["GET"]),
    Route(f"{ADDRESS}/{{token}}/{{step}}", send, methods=["POST"]),
]
