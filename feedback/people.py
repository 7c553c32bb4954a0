"""Who may change whose account: nobody their own, no leader an administrator's, and somebody is always left."""

import re
from collections.abc import Sequence

import msgspec

from feedback.reach import SCOPED
from feedback.roles import OFFICER, Actor, Role, may

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
"""Log-in names: 2 to 40 letters a-z, digits, dots, dashes."""
LONGEST_NAME = 80
OF_A_PROVINCE = frozenset({Role.RECEPTION, Role.LEADER, Role.ADMIN})
"""Roles that officers of a province have."""
_NEEDED = (Role.LEADER, Role.ADMIN)
"""Roles of which one who is there must stay: without a leader nobody signs, without an administrator nobody helps."""


class Person(msgspec.Struct, frozen=True):
    """An officer's account as these rules see it."""

    id: int
    role: Role
    active: bool = True


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What an account is to be. `village` is that of a village head; the reach is only of roles that have one."""

    login: str
    name: str
    role: Role
    village: int = 0
    fields: tuple[str, ...] = ()
    villages: tuple[int, ...] = ()


def makeable(actor: Actor) -> tuple[Role, ...]:
    """Roles that this actor may give somebody."""
    known = [role for role in Role if not actor.province or role in OF_A_PROVINCE]
    return tuple(role for role in known if role is not Role.ADMIN or not _is_leader(actor))


def fault_of(wanted: Account, actor: Actor) -> str:
    """What is missing or cannot be, "" where nothing is: login, name, role, village."""
    if not LOGIN.fullmatch(wanted.login):
        return "login"
    if not wanted.name or len(wanted.name) > LONGEST_NAME:
        return "name"
    if wanted.role not in makeable(actor):
        return "role"
    if (wanted.role is Role.VILLAGE_HEAD) != bool(wanted.village):
        return "village"
    return "" if wanted.role in SCOPED or not (wanted.fields or wanted.villages) else "reach"


def refused(actor: Actor, person: Person, unit: int) -> str:
    """Why this actor may not touch that account, "" where they may: not_allowed, self, admin."""
    if not may(actor, "people.edit", unit):
        return "not_allowed"
    if actor.kind == OFFICER and actor.id == person.id:
        return "self"
    return "admin" if person.role is Role.ADMIN and _is_leader(actor) else ""


def is_needed(person: Person, staff: Sequence[Person]) -> bool:
    """Whether this is the last one there of a role that somebody must have."""
    if not person.active or person.role not in _NEEDED:
        return False
    return not any(one.active and one.role is person.role and one.id != person.id for one in staff)


def _is_leader(actor: Actor) -> bool:
    return actor.kind == OFFICER and actor.role is Role.LEADER
