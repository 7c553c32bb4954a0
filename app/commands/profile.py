"""`nghedan profile`: how a commune's papers are addressed and signed."""

from typing import Annotated

import msgspec
import typer
from sqlalchemy import Connection

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.plan_desk import PlanDesk
from app.runtime import Runtime
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor
from reports.plan_faults import Fault
from reports.plans import Profile
from reports.profiles import typed
from storage import profile_rows

app = typer.Typer(no_args_is_help=True)


@app.callback()
def profile() -> None:
    """How a commune's papers are addressed and signed."""


@app.command()
def show(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """What stands in the commune's papers: to whom, who has a copy, the lines over the signature, the marks."""

    async def work(runtime: Runtime) -> tuple[Profile, bool]:
        unit = await commune_of(runtime, commune)
        return await runtime.store.read(lambda conn: PlanDesk(runtime).profile(conn, unit.id))

    found, own = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode({"own": own, "profile": found}).decode())
        return
    say = app_wording()
    out(say("profile.own" if own else "profile.common"))
    for name in ("addressed", "copies", "signature"):
        out(say(f"profile.{name}", lines="; ".join(getattr(found, name))))
    out(say("profile.rest", signer=found.signer or "-", mark=found.mark, letters_mark=found.letters_mark))


_To = Annotated[list[str] | None, typer.Option("--to", help="Whom reports are addressed to; again for each body.")]
_Copy = Annotated[list[str] | None, typer.Option("--copy", help="Who has a copy; again for each line.")]
_Sign = Annotated[list[str] | None, typer.Option("--signature", help="A line over the signature; again for each.")]
_Signer = Annotated[str | None, typer.Option("--signer", help="Name of who signs.")]
_Mark = Annotated[str | None, typer.Option("--mark", help="Mark of a report's number, such as BC-UBND.")]
_Letters = Annotated[str | None, typer.Option("--letters-mark", help="Mark of a letter's number, such as UBND-VP.")]


@app.command("set")
def set_profile(
    to: _To = None,
    copies: _Copy = None,
    signature: _Sign = None,
    signer: _Signer = None,
    mark: _Mark = None,
    letters_mark: _Letters = None,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Change what is named; the rest stays as it is. Reports made from now on go out so."""
    given = {
        "addressed": "\n".join(to) if to else None,
        "copies": "\n".join(copies) if copies else None,
        "signature": "\n".join(signature) if signature else None,
        "signer": signer,
        "mark": mark,
        "letters_mark": letters_mark,
    }
    if all(value is None for value in given.values()):
        raise Stop("nothing to change: --to, --copy, --signature, --signer, --mark or --letters-mark")

    async def work(runtime: Runtime) -> list[Fault]:
        unit = await commune_of(runtime, commune)
        desk = PlanDesk(runtime)

        def known(conn: Connection) -> dict[str, str]:
            now = desk.profile(conn, unit.id)[0]
            lists = {name: "\n".join(getattr(now, name)) for name in ("addressed", "copies", "signature")}
            return {**lists, "signer": now.signer, "mark": now.mark, "letters_mark": now.letters_mark}

        before = await runtime.store.read(known)
        found, faults = typed(**{name: value if value is not None else before[name] for name, value in given.items()})
        if not faults:
            await desk.sign(found, Actor(kind=SYSTEM, unit=unit.id))
        return faults

    faults = with_runtime(settings_of(config), work, make=True)
    if faults:
        raise Stop([str(fault) for fault in faults], 1)
    out(app_wording()("profile.set"))


@app.command()
def clear(commune: CommuneSlug = "", config: Config = None) -> None:
    """Forget what the commune has said: its papers go out as any commune's."""

    async def work(runtime: Runtime) -> bool:
        unit = await commune_of(runtime, commune)
        actor, now = Actor(kind=SYSTEM, unit=unit.id), runtime.now()
        return await runtime.store.write(lambda tx: profile_rows.forget(tx, actor, now))

    gone = with_runtime(settings_of(config), work)
    out(app_wording()("profile.cleared" if gone else "profile.common"))
