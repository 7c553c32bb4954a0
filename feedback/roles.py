"""Who may do what, where: the one table that pages, chat and the command line all ask."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """As a commune calls them: cán bộ tiếp nhận, lãnh đạo, quản trị, Mặt trận, trưởng thôn; công chức chuyên môn.

    And the boards of the people: Ban Thanh tra nhân dân, Ban Giám sát đầu tư của cộng đồng (Luật Thực hiện dân chủ ở
    cơ sở 2022). How far a specialist and the boards reach is said in feedback.reach.
    """

    RECEPTION = "reception"
    LEADER = "leader"
    ADMIN = "admin"
    FRONT = "front"
    VILLAGE_HEAD = "village_head"
    SPECIALIST = "specialist"
    INSPECTION = "inspection"
    OVERSIGHT = "oversight"


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
    province: bool = False
    """Whether the unit is a province: its officers do what is the province's, and nothing of a commune."""
    fields: tuple[str, ...] = ()
    """Of a specialist or a board of the people: the fields of the cases they reach (feedback.reach); () all of them."""
    villages: tuple[int, ...] = ()
    """The same of villages, by id."""

    def label(self) -> str:
        """How the actor stands in the list of acts; a citizen is never named there."""
        return f"officer:{self.id}" if self.kind == "officer" else self.kind


CITIZEN, OFFICER, SYSTEM = "citizen", "officer", "system"
COMMITTEE_WAVE, FRONT_WAVE = "ubnd", "front"
"""Whose a wave or a survey is, as surveys.waves.Owner."""
_WRITTEN = frozenset({"survey.draft", "survey.publish"})
"""What each side does to its own surveys alone."""
_HELPERS = frozenset({Role.RECEPTION, Role.FRONT, Role.VILLAGE_HEAD})
"""Who types in what was answered on paper, by telephone or at a visit."""

_KEEPERS = frozenset({"kept.see", "case.unmark"})
"""What only the officer may do whom the Chủ tịch named."""

_DESK: frozenset[Role | str] = frozenset({Role.RECEPTION, Role.LEADER})
"""Who keeps the calendar of dialogues and receptions."""

_ANYWHERE = frozenset({"account.own", "people.see", "people.edit"})
"""What officers of a province do in their own unit as those of a commune do."""

ALLOWED: dict[str, frozenset[Role | str]] = {
    "account.own": frozenset(Role),
    "case.open": frozenset({CITIZEN}),
    "case.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.SPECIALIST}),
    "case.take": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.receive": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.ask": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.extend": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "bulletin.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "bulletin.send": frozenset({Role.LEADER, Role.ADMIN}),
    "data.ask": frozenset({CITIZEN}),
    "data.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "data.close": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "case.apologise": frozenset({SYSTEM}),
    "case.forward": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.reply": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.draft_reply": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.read": frozenset({Role.INSPECTION, Role.OVERSIGHT}),
    "notice.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "people.see": frozenset({Role.LEADER, Role.ADMIN}),
    "people.edit": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "case.approve": frozenset({Role.LEADER}),
    "case.return_draft": frozenset({Role.LEADER}),
    "case.enter": _HELPERS,
    "case.assign": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST, SYSTEM}),
    "case.note": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.merge": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.joined": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.part": frozenset({Role.LEADER, SYSTEM}),
    "case.parted": frozenset({Role.LEADER}),
    "canned.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.SPECIALIST}),
    "canned.write": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "case.transcribe": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.flag": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.return": frozenset({SYSTEM}),
    "case.escalate": frozenset({SYSTEM}),
    "case.remind": frozenset({SYSTEM}),
    "settings.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.SPECIALIST}),
    "routing.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "routing.edit": frozenset({Role.LEADER, Role.ADMIN}),
    "kinds.switch": frozenset({Role.LEADER, Role.ADMIN}),
    "works.edit": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "hot.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.SPECIALIST}),
    "overview.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "places.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "places.edit": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "days.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "days.edit": frozenset({Role.LEADER, Role.ADMIN}),
    "channels.see": frozenset({Role.LEADER, Role.ADMIN}),
    "retention.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "audit.see": frozenset({Role.LEADER, Role.ADMIN}),
    "case.say": frozenset({CITIZEN}),
    "case.confirm": frozenset({CITIZEN}),
    "case.rate": frozenset({CITIZEN}),
    "case.reopen": frozenset({CITIZEN}),
    "case.due": frozenset({SYSTEM}),
    "case.close": frozenset({SYSTEM}),
    "case.expire": frozenset({SYSTEM}),
    "case.mark": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "case.unmark": frozenset({Role.RECEPTION, Role.LEADER}),
    "case.hand_up": frozenset({Role.RECEPTION, Role.LEADER}),
    "kept.see": frozenset({Role.RECEPTION, Role.LEADER}),
    "kept.name": frozenset({Role.LEADER, SYSTEM}),
    "register.see": frozenset({Role.RECEPTION, Role.LEADER}),
    "register.write": frozenset({Role.RECEPTION, Role.LEADER}),
    "list.enter": frozenset({Role.RECEPTION, Role.LEADER}),
    "list.strike": frozenset({Role.RECEPTION, Role.LEADER}),
    "fact.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.SPECIALIST}),
    "fact.write": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, SYSTEM}),
    "case.show_photo": frozenset({Role.RECEPTION, Role.LEADER}),
    "block.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "block.put": frozenset({Role.RECEPTION, Role.LEADER}),
    "block.lift": frozenset({Role.RECEPTION, Role.LEADER}),
    "survey.figures": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "survey.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.FRONT}),
    "survey.read": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.FRONT}),
    "survey.draft": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, Role.FRONT}),
    "survey.publish": frozenset({Role.LEADER, Role.ADMIN, Role.FRONT, SYSTEM}),
    "report.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "report.make": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "plan.day": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "plan.edit": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "profile.edit": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "served.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "served.write": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "report.write_text": frozenset({Role.RECEPTION, Role.LEADER}),
    "report.comment": frozenset({Role.RECEPTION, Role.LEADER}),
    "report.remake": frozenset({Role.RECEPTION, Role.LEADER}),
    "report.submit": frozenset({Role.RECEPTION}),
    "report.approve": frozenset({Role.LEADER}),
    "report.return_": frozenset({Role.LEADER}),
    "report.hand": frozenset({Role.RECEPTION}),
    "report.number": frozenset({Role.RECEPTION}),
    "report.freeze": frozenset({Role.RECEPTION}),
    "mood.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "mood.tag": _DESK,
    "sheet.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN}),
    "sheet.write": _DESK,
    "criteria.add": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "province.see": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, SYSTEM}),
    "province.receive": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "province.expect": frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN, SYSTEM}),
    "province.remind": frozenset({Role.RECEPTION, Role.LEADER, SYSTEM}),
    "province.hand_out": frozenset({Role.LEADER, Role.ADMIN, SYSTEM}),
    "paper.case": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
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
    "booking.correct": frozenset({CITIZEN}),
    "booking.check_in": _DESK,
    "booking.absent": _DESK,
    "front.see": frozenset({Role.FRONT}),
    "oversight.see": frozenset({Role.FRONT, Role.LEADER}),
    "oversight.recommend": frozenset({Role.FRONT}),
    "oversight.withdraw": frozenset({Role.FRONT}),
    "oversight.answer": frozenset({Role.LEADER}),
    "village.see": frozenset({Role.VILLAGE_HEAD}),
    "chat.link": frozenset({Role.RECEPTION, Role.LEADER, Role.SPECIALIST}),
    "brief.send": _DESK,
}
"""action -> who; every action reaches only rows of the actor's own unit."""


def may(actor: Actor, action: str, unit: int, *, village: int = 0, owner: str = COMMITTEE_WAVE) -> bool:
    """Whether the actor may do this to a row of that unit; an action missing from the table is nobody's.

    `village` is the row's own: a village head reaches nothing else. `owner` is the wave's or the survey's: those of the
    Front are closed to the People's Committee until they end, and the Front writes, opens and closes its own alone.
    """
    who: Role | str | None = actor.role if actor.kind == OFFICER else actor.kind
    if who not in ALLOWED.get(action, frozenset()) or actor.unit != unit:
        return False
    if actor.kind == OFFICER and actor.province is not action.startswith("province.") and action not in _ANYWHERE:
        return False
    if who is Role.VILLAGE_HEAD and not village == actor.village != 0:
        return False
    if action in _KEEPERS and not actor.keeper:
        return False
    if action.startswith("entry."):
        return owner != FRONT_WAVE or who in {Role.FRONT, Role.VILLAGE_HEAD, SYSTEM}
    own_alone = action in _WRITTEN or (action.startswith("wave.") and action != "wave.see")
    if own_alone and who != SYSTEM:
        return (owner == FRONT_WAVE) == (who is Role.FRONT)
    return True


def side(actor: Actor) -> str:
    """Whose waves and surveys are the actor's own."""
    return FRONT_WAVE if actor.kind == OFFICER and actor.role is Role.FRONT else COMMITTEE_WAVE
