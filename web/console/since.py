"""The place in the unit's chain of acts at which a page begins to listen, as a word that only this store can read.

The number itself counts every act of everybody: beside another page's it would tell that there is something not shown.
"""

from hmac import compare_digest

from storage.vault import Vault

FARTHEST = 2_000
"""Acts that are looked back: a page left open over the holidays is told of the newest, not kept waiting for all."""


def sealed(vault: Vault, unit: int, seq: int) -> str:
    """As a page carries it; the same page again is the same page."""
    return vault.token("live since", unit, seq).hex()


def opened(vault: Vault, unit: int, text: str, newest: int) -> int:
    """The place again; as far back as is looked for what is older, or was never a place of this unit."""
    floor = max(0, newest - FARTHEST)
    found = (seq for seq in range(newest, floor, -1) if compare_digest(sealed(vault, unit, seq), text))
    return next(found, floor)
