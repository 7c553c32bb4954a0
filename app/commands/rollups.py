"""`nghedan rollups`: whether the counts behind every figure are what the released answers give."""

import time
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, Config, Stop, out, settings_of, with_runtime
from app.rollup_check import Difference, recount
from app.wording import app_wording

app = typer.Typer(no_args_is_help=True)
_LINES = 20


@app.callback()
def _group() -> None:
    """Counts behind the figures."""


@app.command("check")
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Put right what differs.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Count every released answer again and compare; exit 1 where the counts differ and were not put right."""
    start = time.perf_counter()
    found = with_runtime(settings_of(config), lambda runtime: recount(runtime, repair=repair))
    seconds = time.perf_counter() - start
    if as_json:
        told = msgspec.to_builtins(found) | {"seconds": round(seconds, 3)}
        out(msgspec.json.encode(told).decode())
    else:
        _tell(found.differences, found.repaired, seconds, halves=found.halves, responses=found.responses)
    if found.differences:
        raise Stop([], 1)


def _tell(differences: list[Difference], repaired: int, seconds: float, **counted: int) -> None:
    say = app_wording()
    out(say("rollups.counted", seconds=f"{seconds:.2f}".replace(".", ","), **counted))
    if repaired:
        out(say("rollups.repaired", many=repaired))
    for one in differences[:_LINES]:
        out("\t".join(str(value) for value in msgspec.structs.astuple(one)))
    out(say("rollups.differ", many=len(differences)) if differences else say("rollups.same"))
