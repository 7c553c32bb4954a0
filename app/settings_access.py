"""How officers come in."""

from typing import Literal

from pydantic import Field

from app.settings_section import Section
from feedback.roles import Role


class Access(Section):
    """How officers come in."""

    second_step: Literal["optional", "required", "everybody"] = Field(
        "optional", description="required: leaders and administrators must have a second step at the door; everybody"
    )
    first_password_hours: int = Field(
        72, ge=1, le=720, description="hours in which a password that somebody else gave an officer opens the door"
    )


def second_step_roles(access: Access) -> frozenset[Role]:
    """Roles that see no page before they have set up a second step."""
    if access.second_step == "everybody":
        return frozenset(Role)
    return frozenset({Role.LEADER, Role.ADMIN}) if access.second_step == "required" else frozenset()
