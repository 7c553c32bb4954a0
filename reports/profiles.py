"""How a commune addresses and signs its papers, from what an officer types line by line."""

from reports.plan_faults import Fault, profile_faults
from reports.plans import Profile

_BEGINNINGS = "-–•+ \t"
_ENDINGS = " \t;,."


def typed(
    *, addressed: str, copies: str, signature: str, signer: str, mark: str, letters_mark: str
) -> tuple[Profile, list[Fault]]:
    """A profile from lists of lines as they are typed or copied from a paper, dashes and semicolons and all."""
    profile = Profile(
        addressed=_lines(addressed),
        copies=_lines(copies),
        signature=tuple(line.upper() for line in _lines(signature)),
        signer=" ".join(signer.split()),
        mark="".join(mark.split()).upper(),
        letters_mark="".join(letters_mark.split()).upper(),
    )
    return profile, profile_faults(profile)


def _lines(text: str) -> tuple[str, ...]:
    found = (" ".join(line.split()).lstrip(_BEGINNINGS).rstrip(_ENDINGS) for line in text.splitlines())
    return tuple(line for line in found if line)
