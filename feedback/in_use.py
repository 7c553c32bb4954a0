"""Which kinds and fields a unit takes: what it has switched off is offered to nobody, and what came before stays."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from feedback.acts import Open, Refusal
from feedback.kinds import CATEGORIES, Kind, field
from feedback.kinds import rule as rule_of
from feedback.roles import Actor, may

What = Literal["kind", "field"]


class InUse(msgspec.Struct, frozen=True, kw_only=True):
    """What is offered, in the order in which menus show it."""

    kinds: tuple[Kind, ...] = tuple(Kind)
    fields: tuple[str, ...] = CATEGORIES

    def takes(self, act: Open) -> bool:
        """Whether a new case is of a kind that is offered, and of a field that is, where its kind asks for one."""
        asked = "field" in rule_of(act.kind).asks
        return act.kind in self.kinds and (not asked or act.category in self.fields)


ALL = InUse()


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """Take a kind or a field out of use, or back into it."""

    what: What
    name: str
    on: bool


def without(off: Iterable[tuple[str, str]]) -> InUse:
    """What is left without these (what, name).

    A field whose reports are of a kind of their own (thái độ cán bộ) goes with that kind: as a plain report such a case
    would go to the counter that it may be about.
    """
    gone = set(off)
    kinds = tuple(kind for kind in Kind if ("kind", str(kind)) not in gone)
    fields = tuple(id for id in CATEGORIES if ("field", id) not in gone and _becomes(id) in (None, *kinds))
    return InUse(kinds=kinds, fields=fields)


def _becomes(id: str) -> Kind | None:
    known = field(id)
    return known.becomes if known is not None else None


def decide_switch(off: frozenset[tuple[str, str]], act: Switch, actor: Actor, unit: int) -> bool | Refusal:
    """Whether it changes anything (False: it stands so already), or why it may not be. `off`: (what, name) as it is."""
    if not may(actor, "kinds.switch", unit):
        return Refusal("act.not_allowed")
    if act.name not in (set(map(str, Kind)) if act.what == "kind" else set(CATEGORIES)):
        return Refusal("kinds.unknown")
    one = (act.what, act.name)
    if act.on == (one not in off):
        return False
    left = without(off - {one} if act.on else off | {one})
    if not left.kinds:
        return Refusal("kinds.last")
    return True if left.fields else Refusal("kinds.last_field")
