"""`nghedan officer`: who may log in."""

import re
import sys
from collections.abc import Iterable
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.places import NoSuchVillage, village_of
from app.runtime import Runtime
from app.wording import app_wording
from feedback.passwords import weakness
from feedback.roles import SYSTEM, Actor, Role
from storage import confidential, officer_rows
from web.console.passwords import first_password, hash_password

app = typer.Typer(no_args_is_help=True)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
KeepPassword = Annotated[
    bool, typer.Option("--keep-password", help="The officer chose it: it need not be changed at the first log-in.")
]


def password_of(about: Iterable[str], *, from_stdin: bool) -> str:
    """One drawn, or the line on standard input; Stop where that is too easy."""
    if not from_stdin:
        return first_password()
    password = sys.stdin.readline().rstrip("\r\n")
    weak = weakness(password, about)
    if weak is not None:
        raise Stop(app_wording()(f"password.{weak}"), 1)
    return password


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="Log-in name: letters a-z, digits, dot, dash.")],
    name: Annotated[str, typer.Option("--name", help="Full name, as colleagues write it.")],
    role: Annotated[
        Role, typer.Option("--role", help="reception, specialist, leader, admin, front, village_head or a board.")
    ] = Role.RECEPTION,
    village: Annotated[str, typer.Option("--village", help="Of a village head: the village.")] = "",
    password_stdin: PasswordStdin = False,
    keep_password: KeepPassword = False,
    province: Annotated[bool, typer.Option("--province", help="Of the province above the commune, not of it.")] = False,
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
    if province and role not in (Role.RECEPTION, Role.LEADER, Role.ADMIN):
        raise Stop("--province: its officers are reception, leader or admin", 1)
    settings = settings_of(config)
    password = password_of((login, name, village, settings.commune.name), from_stdin=password_stdin)
    hashed = hash_password(password)
    other = not (password_stdin and keep_password)

    async def work(runtime: Runtime) -> bool:
        unit = await commune_of(runtime, commune)
        where = unit.id if not village else (await village_of(runtime, unit, village)).id
        if province and unit.parent_id is not None:
            where = unit.parent_id
        now = runtime.now()
        return await runtime.store.write(
            lambda tx: officer_rows.add(
                tx,
                unit_id=where,
                login=login,
                name=name.strip(),
                role=role,
                password_hash=hashed,
                now=now,
                must_change=other,
            )
        )

    try:
        added = with_runtime(settings, work, make=True)
    except NoSuchVillage as fault:
        raise Stop(f"--village: {fault}", 1) from None
    if not added:
        raise Stop(f"{login}: there is an officer of that name already", 1)
    if password_stdin:
        out(app_wording()("officer.added", login=login, role=role))
    else:
        hours = settings.access.first_password_hours
        out(app_wording()("officer.added_with_password", login=login, role=role, password=password, hours=hours))


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
