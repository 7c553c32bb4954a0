"""Where citizens are sent with what is not taken by chat, as the settings and the store know it."""

from dataclasses import dataclass, field

from app.settings import Settings
from bot.conversation.desk import Body, Guidance
from storage.units import Unit, seed_of


@dataclass(frozen=True, slots=True)
class Entered:
    """What the operator has entered. `commune` is the one that `reception` and `police_phone` are of."""

    commune: str = ""
    seed: str = ""
    """How that commune is found again after it was given another name."""
    reception: str = ""
    police_phone: str = ""
    inspectorate: Body = field(default_factory=Body)
    committee: Body = field(default_factory=Body)


def entered_in(settings: Settings) -> Entered:
    """The section [petitions]."""
    known = settings.petitions
    return Entered(
        commune=settings.commune.name,
        seed=seed_of(settings.commune.province, settings.commune.name),
        reception=known.reception,
        police_phone=known.police_phone,
        inspectorate=Body(address=known.inspectorate_address, phone=known.inspectorate_phone),
        committee=Body(address=known.province_address, phone=known.province_phone),
    )


def guidance(entered: Entered, unit: Unit, province: str, public_url: str) -> Guidance:
    """What a commune's citizens are told; `province` is its name."""
    own = unit.name == entered.commune or (unit.seed != "" and unit.seed == entered.seed)
    return Guidance(
        province=province,
        inspectorate=entered.inspectorate,
        committee=entered.committee,
        forms_url=f"{public_url}/{unit.slug}/mau-don",
        reception=unit.reception or (entered.reception if own else ""),
        police_phone=entered.police_phone if own else "",
    )
