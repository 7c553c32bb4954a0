"""`nghedan officer reset`, `off`, `on`, `role`: what an administrator changes of an officer's account."""

from collections.abc import Callable
from typing import Annotated

import typer

from app.commands.common import CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.commands.officer import PasswordStdin, password_of
from app.places import NoSuchVillage, village_of
from app.runtime import Runtime
from app.wording import app_wording
from feedback.people import Account
from feedback.roles import SYSTEM, Actor, Role
from storage import officer_changes
from storage.officer_changes import PersonRow, Refused
from storage.tx import Tx
from web.console.passwords import hash_password

Login = Annotated[str, typer.Argument(help="Log-in name of the officer.")]
OfProvince = Annotated[bool, typer.Option("--province", help="Of the province above the commune, not of it.")]
KeepSecond = Annotated[bool, typer.Option("--keep-second-step", help="Leave the second step at the door as it is.")]
_WHY = {
    "gone": "there is no officer of that log-in name",
    "needed": "the last leader or administrator stays: add or switch on another first",
    "role": "officers of a province are reception, leader or admin",
    "village": "a village_head has a village of the commune, nobody else has",
}

Change = Callable[[Tx, Actor, PersonRow, int], Refused | None]


def reset(
    login: Login,
    password_stdin: PasswordStdin = False,
    keep_second_step: KeepSecond = False,
    province: OfProvince = False,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Give an officer another password, to be changed at the next log-in; every session ends, the second step goes.

    It opens the door for [access] first_password_hours.
    """
    settings = settings_of(config)
    password = password_of((login, settings.commune.name), from_stdin=password_stdin)
    hashed = hash_password(password)

    def change(tx: Tx, actor: Actor, person: PersonRow, now: int) -> Refused | None:
        return officer_changes.reset(tx, actor, person.id, hashed, now, second_off=not keep_second_step)

    _change(login, change, commune, config, province=province)
    hours = settings.access.first_password_hours
    if password_stdin:
        out(app_wording()("officer.reset", login=login, hours=hours))
    else:
        out(app_wording()("officer.reset_with_password", login=login, password=password, hours=hours))


def off(login: Login, province: OfProvince = False, commune: CommuneSlug = "", config: Config = None) -> None:
    """Switch an officer's account off: no log-in any more, every session ends; what was done keeps the name."""
    _change(login, _switch(on=False), commune, config, province=province)
    out(app_wording()("officer.off", login=login))


def on(login: Login, province: OfProvince = False, commune: CommuneSlug = "", config: Config = None) -> None:
    """Switch an officer's account on again."""
    _change(login, _switch(on=True), commune, config, province=province)
    out(app_wording()("officer.on", login=login))


def role(
    login: Login,
    role: Annotated[Role, typer.Argument(help="reception, specialist, leader, admin, front, village_head, ...")],
    village: Annotated[str, typer.Option("--village", help="Of a village head: the village.")] = "",
    province: OfProvince = False,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Give an officer another role; who does something else from now on logs in again."""

    async def find(runtime: Runtime) -> int:
        return (await village_of(runtime, await commune_of(runtime, commune), village)).id if village else 0

    try:
        place = with_runtime(settings_of(config), find)
    except NoSuchVillage as fault:
        raise Stop(f"--village: {fault}", 1) from None

    def change(tx: Tx, actor: Actor, person: PersonRow, now: int) -> Refused | None:
        wanted = Account(login=person.login, name=person.name, role=role, village=place)
        return officer_changes.change(tx, actor, person.id, wanted, person.version, now)

    _change(login, change, commune, config, province=province)
    out(app_wording()("officer.role", login=login, role=role))


def _switch(*, on: bool) -> Change:
    def change(tx: Tx, actor: Actor, person: PersonRow, now: int) -> Refused | None:
        return officer_changes.switch(tx, actor, person.id, on=on, seen=0, now=now)

    return change


def _change(login: str, change: Change, commune: str, config: Config, *, province: bool) -> None:
    """Find the officer in the unit and change the account in one transaction; Stop says why not."""

    async def work(runtime: Runtime) -> str:
        unit = await commune_of(runtime, commune)
        id = unit.parent_id if province and unit.parent_id is not None else unit.id
        actor, now = Actor(kind=SYSTEM, unit=id), runtime.now()

        def unit_of_work(tx: Tx) -> str:
            person = next((one for one in officer_changes.people(tx.conn, id) if one.login == login), None)
            refused = Refused("gone") if person is None else change(tx, actor, person, now)
            return refused.why if refused else ""

        return await runtime.store.write(unit_of_work)

    why = with_runtime(settings_of(config), work)
    if why:
        raise Stop(f"{login}: {_WHY.get(why, why)}", 1)
