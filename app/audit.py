"""`nghedan doctor --audit`: whether the list of acts of each commune is as it was written."""

from app.checks import Finding
from app.runtime import Runtime
from storage.act_chain import Broken, Whole, verify

_FAULTS = {
    "missing": "act {seq} is missing: it was deleted, or moved",
    "changed": "act {seq} is not as it was written",
    "detail": "what act {seq} says is not as it was written",
    "erased": "what act {seq} says was taken out, and no act says so",
    "loose": "an act behind act {before} was slipped in past the program",
    "head": "the newest acts, from act {seq} on, are missing",
}
_TODO = "somebody changed the store past the program: keep this copy, compare with the backups, tell the Chủ tịch"


async def chains(runtime: Runtime) -> list[Finding]:
    """One finding for each commune that has acts; where a chain is whole, its length and the hash of its newest act.

    Whoever notes that hash elsewhere now finds out later whether everything up to here was written anew.
    """
    return [_finding(one) for one in await runtime.store.read(verify)]


def _finding(one: Whole | Broken) -> Finding:
    check = f"acts of {one.unit}"
    if isinstance(one, Broken):
        return Finding(
            check=check, well=False, found=_FAULTS[one.fault].format(seq=one.seq, before=one.seq - 1), todo=_TODO
        )
    erased = f", {one.erased} of them erased" if one.erased else ""
    return Finding(check=check, well=True, found=f"{one.acts} whole{erased}, newest {one.head[:16]}")
