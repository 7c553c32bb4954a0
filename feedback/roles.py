"""Who may do what, where: the one table that pages, chat and the command line all ask."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """As a commune calls them: cán bộ tiếp nhận, lãnh đạo, quản trị, Mặt trận, trưởng thôn."""

    RECEPTION = "reception"
    LEADER = "leader"
    ADMIN = "admin"
    FRONT = "front"
    VILLAGE_HEAD = "village_head"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever asks for a change or a look. `unit` is the officer's commune, or the conversation's.

    `village` is that of a village head, 0 for everybody else.
    """

    kind: str
    unit: int
    id: int = 0
    role: Role | None = None
    village: int = 0
    keeper: bool = False
    """Whether this is the officer whom the Chủ tịch named for what is confidential."""

    def label(self) -> str:
        """How the actor stands in the list of acts; a citizen is never named there."""
        return f"officer:{self.id}" if self.kind == "officer" else self.kind


CITIZEN, OFFICER, SYSTEM = "citizen", "officer", "system"
COMMITTEE_WAVE, FRONT_WAVE = "ubnd", "front"
"""Whose a wave is, as surveys.waves.Owner."""
_HELPERS = frozenset({Role.RECEPTION, Role.FRONT, Role.VILLAGE_HEAD})
"""Who types in what was answered on paper, by telephone or at a visit."""

_KEEPERS = frozenset({"kept.see", "case.unmark"})
"""What only the officer may do whom the Chủ tịch named."""

_DESK: frozenset[Role | str] = frozenset({Role.RECEPTION, Role.LEADER})
"""Who keeps the calendar of dialogues and receptions."""

ALLOWED: dict[str, frozenset[Role | str]] = {
    "case.open": frozenset({CITIZEN}),
    "case.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "case.take": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.receive": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.ask": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.extend": frozenset({Role.RECEPTION, Role.LEADER}),
    "bulletin.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "bulletin.send": frozenset({Role.LEADER, Role.ADMIN}),
    "data.ask": frozenset({CITIZEN}),
    "data.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "data.close": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "case.apologise": frozenset({SYSTEM}),
    "case.forward": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.reply": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.draft_reply": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.approve": frozenset({Role.LEADER}),
    "case.return_draft": frozenset({Role.LEADER}),
    "case.enter": _HELPERS,
    "case.assign": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.transcribe": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.flag": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.return": frozenset({SYSTEM}),
    "case.escalate": frozenset({SYSTEM}),
    "routing.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "routing.edit": frozenset({Role.LEADER, Role.ADMIN}),
    "works.edit": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "hot.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "case.say": frozenset({CITIZEN}),
    "case.confirm": frozenset({CITIZEN}),
    "case.rate": frozenset({CITIZEN}),
    "case.reopen": frozenset({CITIZEN}),
    "case.due": frozenset({SYSTEM}),
    "case.close": frozenset({SYSTEM}),
    "case.mark": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.unmark": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.hand_up": frozenset({Role.RECEPTION, Role.LEADER}),
    "kept.see": frozenset({Role.RECEPTION, Role.LEADER}),
    "kept.name": frozenset({Role.LEADER, SYSTEM}),
    "register.see": frozenset({Role.RECEPTION, Role.LEADER}),
    "register.write": frozenset({Role.RECEPTION, Role.LEADER}),
    "list.enter": frozenset({Role.RECEPTION, Role.LEADER}),
    "list.strike": frozenset({Role.RECEPTION, Role.LEADER}),
    "fact.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "fact.write": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, SYSTEM}),
    "case.show_photo": frozenset({Role.RECEPTION, Role.LEADER}),
    "block.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "block.put": frozenset({Role.RECEPTION, Role.LEADER}),
    "block.lift": frozenset({Role.RECEPTION, Role.LEADER}),
    "survey.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "survey.publish": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "report.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "report.make": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "paper.case": frozenset({Role.RECEPTION, Role.LEADER}),
    "paper.session": frozenset({Role.RECEPTION, Role.LEADER}),
    "paper.register": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "paper.dossier": frozenset({Role.LEADER, SYSTEM}),
    "wave.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "wave.open": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "wave.close": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "wave.cancel": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "wave.invite": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "wave.pause": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "wave.resume": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "wave.remind": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "entry.open": _HELPERS,
    "entry.type": _HELPERS,
    "entry.check": _HELPERS,
    "entry.close": _HELPERS,
    "entry.review": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "opinion.answer": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "frame.import": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "call.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "call.act": frozenset({Role.RECEPTION, Role.LEADER}),
    "outbox.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "outbox.retry": frozenset({Role.RECEPTION, Role.ADMIN}),
    "session.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "session.plan": _DESK,
    "session.series": _DESK,
    "session.change": _DESK,
    "session.announce": _DESK,
    "session.cancel": _DESK,
    "session.hold": _DESK,
    "session.minutes": _DESK,
    "session.ask": _DESK,
    "session.answer": _DESK,
    "session.promise": _DESK,
    "session.keep": _DESK,
    "session.drop": _DESK,
    "session.busy": _DESK,
    "session.publish": frozenset({Role.LEADER}),
    "session.receive": _DESK | {Role.VILLAGE_HEAD},
    "booking.book": _DESK | {CITIZEN},
    "booking.cancel": _DESK | {CITIZEN},
    "booking.move": _DESK | {CITIZEN},
    "booking.check_in": _DESK,
    "booking.absent": _DESK,
}
"""action -> who; every action reaches only rows of the actor's own unit."""


def may(actor: Actor, action: str, unit: int, *, village: int = 0, owner: str = COMMITTEE_WAVE) -> bool:
    """Whether the actor may do this to a row of that unit; an action missing from the table is nobody's.

    `village` is the row's own: a village head reaches nothing else. `owner` is the wave's: those of the Front are
    closed to the People's Committee until they end, and the Front opens and closes its own alone.
    """
    who: Role | str | None = actor.role if actor.kind == OFFICER else actor.kind
    if who not in ALLOWED.get(action, frozenset()) or actor.unit != unit:
        return False
    if who is Role.VILLAGE_HEAD and not village == actor.village != 0:
        return False
    if action in _KEEPERS and not actor.keeper:
        return False
    if action.startswith("entry."):
        return owner != FRONT_WAVE or who in {Role.FRONT, Role.VILLAGE_HEAD, SYSTEM}
    if action.startswith("wave.") and action != "wave.see" and who != SYSTEM:
        return (owner == FRONT_WAVE) == (who is Role.FRONT)
    return True
