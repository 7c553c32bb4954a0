"""The one line of a morning: what is late and who holds it, what is hot, what waits for a signature."""

from collections.abc import Callable

import msgspec

Say = Callable[..., str]
"""say(key, **params): a text of the wording catalogue."""
_NAMED = 5
"""Holders who are named; a line of more would be no line."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds late cases and how many; `name` is "" where nobody has taken them."""

    name: str
    many: int


class Morning(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know before the day begins, of one unit as one officer reaches it."""

    late: tuple[Holder, ...] = ()
    hot: int = 0
    to_sign: int = 0

    @property
    def calm(self) -> bool:
        """Whether nothing asks for the leader."""
        return not (self.late or self.hot or self.to_sign)


def line(morning: Morning, say: Say) -> str:
    """As it is read: each part only where there is something of it, and one short sentence where there is nothing."""
    if morning.calm:
        return say("morning.calm")
    parts = [_late(morning.late, say)] if morning.late else []
    if morning.hot:
        parts.append(say("morning.hot", many=morning.hot))
    if morning.to_sign:
        parts.append(say("morning.sign", many=morning.to_sign))
    return say("morning.line", parts=", ".join(parts))


def _late(holders: tuple[Holder, ...], say: Say) -> str:
    """Whoever holds most stands first, what nobody has taken last; beyond a few the others are added up."""
    held = sorted((one for one in holders if one.name), key=lambda one: (-one.many, one.name))
    shown = [say("morning.holder", name=one.name, many=one.many) for one in held[:_NAMED]]
    if rest := sum(one.many for one in held[_NAMED:]):
        shown.append(say("morning.others", many=rest))
    if left := sum(one.many for one in holders if not one.name):
        shown.append(say("morning.nobody", many=left))
    return say("morning.late", many=sum(one.many for one in holders), who=", ".join(shown))
