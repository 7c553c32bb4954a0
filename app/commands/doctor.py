"""`nghedan doctor`: is everything as it should be, and if not, what to do."""

from typing import Annotated

import msgspec
import typer

from app.audit import chains
from app.checks import Finding, look
from app.commands.common import AsJson, Config, Stop, out, settings_of, with_runtime
from app.runtime import Runtime


def doctor(
    audit: Annotated[
        bool, typer.Option("--audit", help="Prove the list of acts whole instead, or name its first broken act.")
    ] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Look at store, key, disk, queues, plan and channels; exit 1 where something wants doing, saying what."""
    settings = settings_of(config)

    async def work(runtime: Runtime) -> list[Finding]:
        return await chains(runtime) if audit else [finding async for finding in look(runtime)]

    try:
        findings = with_runtime(settings, work)
    except Stop as stop:
        findings = [Finding(check="store", well=False, found="cannot be opened", todo=str(stop))]
    if as_json:
        out(msgspec.json.encode(findings).decode())
    else:
        for finding in findings:
            mark = "BAD" if not finding.well else "see" if finding.todo else "ok "
            out(f"{mark} {finding.check}: {finding.found}")
            if finding.todo:
                out(f"    -> {finding.todo}")
    if not all(finding.well for finding in findings):
        raise SystemExit(1)
