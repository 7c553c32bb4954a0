"""What a plan's file holds: reports owed, goals, sections, bodies, and how a commune signs."""

from calendar import isleap
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from reports.recipients import today_of

_DEFAULT = Path(__file__).with_name("profile.toml")
_LEAP_DAY = (29, 2)
YEARLY = ("6m", "9m", "12m")
"""Periods that a plan asks for with one day in the year."""


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A căn cứ. `quote` is the plan's wording; `report` how a report cites it, empty where it does not."""

    quote: str
    report: str = ""


class Owed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report the plan asks for: on which period, and before which day of each of its years.

    `before` is a day and month ("05/5"), empty where the plan names none; with `year_after` it is one of the year after
    the period. `due` is how the plan says when. `to_today` is only written where reports/recipients.toml does not know
    what `to_written` is today.
    """

    name: str
    quote: str
    period: Literal["", "month", "quarter", "6m", "9m", "12m"] = ""
    before: str = ""
    year_after: bool = False
    due: str = ""
    to_written: str
    to_today: str = ""

    @property
    def to(self) -> str:
        """Whom it goes to in today's two levels; empty where that is not known."""
        return self.to_today or today_of(self.to_written)

    def before_in(self, year: int) -> date | None:
        """The day it must precede for that year; 1 March for a 29 February that the year does not have."""
        if not self.before:
            return None
        day, month = (int(part) for part in self.before.split("/"))
        year += self.year_after
        if (day, month) == _LEAP_DAY and not isleap(year):
            return date(year, 3, 1)
        return date(year, month, day)


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A goal of the plan in its own words, and what it counts.

    `counts`: offices and communes, people, models, cases, plans and regulations. Never satisfaction: a share of units
    is not a share of satisfied people. `known` names the figure that fills its line; empty: an officer types it.
    """

    quote: str
    counts: Literal["units", "people", "models", "cases", "works"]
    goal: str
    known: Literal["", "cases.answered", "cases.in_time", "sessions.dialogues", "sessions.promises"] = ""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section of "Báo cáo kết quả thực hiện công tác dân vận chính quyền", as the plan orders its tasks.

    `fills`: the figures that are written into it, each where it stands first; `add`: what an officer still has to write
    there. `conduct` are the cases about officers, `receptions` the tiếp công dân where `dialogues` are to stand alone.
    """

    heading: str
    fills: tuple[Literal["surveys", "cases", "conduct", "receptions", "dialogues", "mood"], ...] = ()
    add: str = ""


class Mapped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body as the plan writes it, and what it is today where reports/recipients.toml does not know."""

    written: str
    today: str = ""

    @property
    def now(self) -> str:
        """The body in today's two levels; empty where that is not known."""
        return self.today or today_of(self.written)


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the commune's papers go out: Kính gửi, Nơi nhận, the lines over the signature, the mark of the number.

    `letters_mark` is the mark of the number of letters (công văn): who issues and who drafts. A People's Committee has
    no cơ quan chủ quản above its name (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """

    addressed: tuple[str, ...]
    copies: tuple[str, ...]
    signature: tuple[str, ...]
    signer: str = ""
    mark: str = "BC-UBND"
    letters_mark: str = "UBND-VP"


@cache
def default_profile() -> Profile:
    """How a commune signs that has not said so itself (reports/profile.toml)."""
    return msgspec.toml.decode(_DEFAULT.read_bytes(), type=Profile)


class SatisfactionTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A goal for the satisfaction index, as a share (0.9), only ever with the document that sets it."""

    value: float
    source: str


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One plan. `number` stays empty where the paper leaves it blank; `index` is the satisfaction index printed.

    It holds for the years from `year` to `until`; 0: for that one year. `profile` is what the file suggests: a report
    is addressed and signed as the commune's own profile says. `province` is the one whose papers its căn cứ are, as it
    was called then ("tỉnh Gia Lai"); empty: of whoever uses it.
    """

    id: str
    title: str
    number: str = ""
    year: int
    until: int = 0
    month: int = 0
    issuer: str
    province: str = ""
    signed: tuple[str, ...] = ()
    index: Literal["top2", "mean"] = "top2"
    bases: tuple[Basis, ...] = ()
    owed: tuple[Owed, ...] = ()
    targets: tuple[Target, ...] = ()
    outline: tuple[Section, ...] = ()
    recipients: tuple[Mapped, ...] = ()
    desks: tuple[Mapped, ...] = ()
    profile: Profile = msgspec.field(default_factory=default_profile)
    satisfaction_target: SatisfactionTarget | None = None

    @property
    def years(self) -> range:
        """The years it is written for."""
        return range(self.year, max(self.year, self.until) + 1)
