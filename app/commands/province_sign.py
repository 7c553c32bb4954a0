"""`nghedan province sign`: how the roll-up of a province is addressed and signed."""

from typing import Annotated

import typer

from app.commands.common import Config, Stop, out
from app.commands.province import Slug, of_province
from app.plan_desk import PlanDesk
from app.province_making import province_profile
from app.runtime import Runtime
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor
from reports.plan_faults import Fault
from reports.plans import Profile
from reports.profiles import typed

_Lines = list[str] | None


def sign(
    to: Annotated[_Lines, typer.Option("--to", help="Whom the roll-up is addressed to; again for each body.")] = None,
    copies: Annotated[_Lines, typer.Option("--copy", help="Who has a copy; again for each line.")] = None,
    signature: Annotated[
        _Lines, typer.Option("--signature", help="A line over the signature; again for each line.")
    ] = None,
    signer: Annotated[str | None, typer.Option("--signer", help="Name of who signs.")] = None,
    mark: Annotated[str | None, typer.Option("--mark", help="Mark of the number, such as BC-UBND.")] = None,
    slug: Slug = "",
    config: Config = None,
) -> None:
    """Say, or change, how the province's own report is addressed and signed; what is not named stays as it is."""
    given = {"addressed": _joined(to), "copies": _joined(copies), "signature": _joined(signature)}
    changes = {**given, "signer": signer, "mark": mark}

    async def work(runtime: Runtime, own: tuple[int, str]) -> tuple[Profile, list[Fault]]:
        known = await runtime.store.read(lambda conn: province_profile(conn, own[0]))
        if all(value is None for value in changes.values()):
            return known, []
        lists = {name: "\n".join(getattr(known, name)) for name in given}
        before = {**lists, "signer": known.signer, "mark": known.mark, "letters_mark": known.letters_mark}
        wanted = {**before, **{name: value for name, value in changes.items() if value is not None}}
        found, faults = typed(**wanted)
        if not faults:
            await PlanDesk(runtime).sign(found, Actor(kind=SYSTEM, unit=own[0]))
        return found, faults

    found, faults = of_province(slug, config, work)
    if faults:
        raise Stop([str(fault) for fault in faults], 1)
    say = app_wording()
    for name in given:
        out(say(f"profile.{name}", lines="; ".join(getattr(found, name)) or "-"))
    out(say("profile.rest", signer=found.signer or "-", mark=found.mark, letters_mark=found.letters_mark))


def _joined(lines: _Lines) -> str | None:
    return "\n".join(lines) if lines else None
