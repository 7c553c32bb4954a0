"""Who may do what, where: the one table that pages, chat and the command line all ask."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """reception: cán bộ tiếp nhận · leader: lãnh đạo · admin: quản trị."""

    RECEPTION = "reception"
    LEADER = "leader"
    ADMIN = "admin"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever asks for a change or a look. `unit` is the officer's commune, or the conversation's."""

    kind: str
    unit: int
    id: int = 0
    role: Role | None = None

    def label(self) -> str:
        """How the actor stands in the list of acts; a citizen is never named there."""
        return f"officer:{self.id}" if self.kind == "officer" else self.kind


CITIZEN, OFFICER, SYSTEM = "citizen", "officer", "system"

ALLOWED: dict[str, frozenset[Role | str]] = {
    "case.open": frozenset({CITIZEN}),
    "case.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "case.take": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.reply": frozenset({Role.RECEPTION, Role.LEADER}),
    "survey.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "survey.publish": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "report.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "report.make": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "outbox.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "outbox.retry": frozenset({Role.RECEPTION, Role.ADMIN}),
}
"""action -> who; every action reaches only rows of the actor's own unit."""


def may(actor: Actor, action: str, unit: int) -> bool:
    """Whether the actor may do this to a row of that unit; an action missing from the table is nobody's."""
    who: Role | str | None = actor.role if actor.kind == OFFICER else actor.kind
    return who in ALLOWED.get(action, frozenset()) and actor.unit == unit
