"""`nghedan officer`: who may log in."""

import re
import sys
from secrets import token_urlsafe
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.places import NoSuchVillage, village_of
from app.runtime import Runtime
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor, Role
from storage import confidential, officer_rows
from web.console.passwords import hash_password

app = typer.Typer(no_args_is_help=True)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LEAST_PASSWORD = 10


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="Log-in name: letters a-z, digits, dot, dash.")],
    name: Annotated[str, typer.Option("--name", help="Full name, as colleagues write it.")],
    role: Annotated[
        Role, typer.Option("--role", help="reception, leader, admin, front or village_head.")
    ] = Role.RECEPTION,
    village: Annotated[str, typer.Option("--village", help="Of a village head: the village.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Add an officer; prints the password that was made, once, unless one is read from standard input."""
    if not _LOGIN.fullmatch(login):
        raise Stop("LOGIN: 2 to 40 letters a-z, digits, dots, dashes", 1)
    if not name.strip():
        raise Stop("--name: is empty", 1)
    if (role is Role.VILLAGE_HEAD) != bool(village):
        raise Stop("--village: a village_head has one, nobody else has", 1)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else token_urlsafe(12)
    if len(password) < LEAST_PASSWORD:
        raise Stop(f"the password needs at least {LEAST_PASSWORD} characters", 1)
    hashed = hash_password(password)

    async def work(runtime: Runtime) -> bool:
        unit = await commune_of(runtime, commune)
        where = unit.id if not village else (await village_of(runtime, unit, village)).id
        now = runtime.now()
        return await runtime.store.write(
            lambda tx: officer_rows.add(
                tx, unit_id=where, login=login, name=name.strip(), role=role, password_hash=hashed, now=now
            )
        )

    try:
        added = with_runtime(settings_of(config), work, make=True)
    except NoSuchVillage as fault:
        raise Stop(f"--village: {fault}", 1) from None
    if not added:
        raise Stop(f"{login}: there is an officer of that name already", 1)
    if password_stdin:
        out(app_wording()("officer.added", login=login, role=role))
    else:
        out(app_wording()("officer.added_with_password", login=login, role=role, password=password))


@app.command()
def keeper(
    login: Annotated[str, typer.Argument(help="Log-in name of a reception officer or leader; empty: who is it?")] = "",
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Name the one officer who sees cases that turn out to be denunciations, as the chairman decided, or say who."""

    async def work(runtime: Runtime) -> str:
        unit, now = await commune_of(runtime, commune), runtime.now()
        if login:
            people = await runtime.store.read(lambda conn: confidential.nameable(conn, unit.id))
            id = next((id for id, name, *_ in people if name == login), 0)
            actor = Actor(kind=SYSTEM, unit=unit.id)
            if not await runtime.store.write(lambda tx: confidential.name_keeper(tx, actor, id, now)):
                raise Stop(f"{login}: there is no reception officer or leader of that log-in name", 1)
        found = await runtime.store.read(lambda conn: confidential.keeper(conn, unit.id))
        return app_wording()("officer.keeper", name=found[1]) if found else app_wording()("officer.no_keeper")

    out(with_runtime(settings_of(config), work))


@app.command("list")
def list_(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """List the officers of a commune."""

    async def work(runtime: Runtime) -> list[officer_rows.Listed]:
        unit = await commune_of(runtime, commune)
        return await runtime.store.read(lambda conn: officer_rows.listed(conn, unit.id))

    rows = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(rows).decode())
        return
    for row in rows:
        out("\t".join(filter(None, (row.login, row.role, row.name, row.village))))
