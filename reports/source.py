"""What a report needs to know, said as small read-only questions; app/wiring.py answers them from the store."""

from datetime import date
from typing import Literal, Protocol

import msgspec

from surveys.definition import Survey
from surveys.samples import Stratum

NO_FIELD = "other"
"""Việc khác: the field of a case that belongs to none; last in every table."""

Tally = dict[str, float]
"""Counts of one question: likert5 "0".."5" and "9", nps "0".."10", yesno "yes" and "no", choice ids,
number "n" and "sum", text "n"; "-" where the question was shown and skipped."""


class Unit(msgspec.Struct, frozen=True):
    """A commune or village; `name` carries its own word ("thôn Nà Sèn")."""

    id: int
    name: str


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs. `name` as in a heading ("xã Vạn Linh"), `province` ("tỉnh Lạng Sơn")."""

    id: int
    name: str
    province: str
    villages: tuple[Unit, ...]


class AskedSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen version that was answered in the period, in waves of one kind (open or invited): never mixed."""

    version: int
    survey: Survey
    kind: str
    number: int
    checksum: str = ""
    """SHA-256 of the survey's file: what communes asked with the same file may stand side by side."""
    one_stop: bool = False
    """Whether it asks those whom the one-stop service (một cửa) has served: then their number is its N."""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """People whom the one-stop service served in a calendar month ("2026-10"), in one field ("" for all together)."""

    month: str
    field: str
    count: int


class SampleRow(msgspec.Struct, frozen=True, kw_only=True):
    """One response of a random sample: the village that was named, and its answers on the scale, 1 to 5."""

    village: int | None
    levels: dict[str, int]


class SampleRows(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the invited waves of a version in some days. Of more than one wave only their number is told.

    `over`: the wave had ended by then; `elsewhere`: answers of it that were released on other days; `strata`: empty
    where nothing is known of its frame.
    """

    waves: int
    over: bool = False
    elsewhere: int = 0
    strata: tuple[Stratum, ...] = ()
    rows: tuple[SampleRow, ...] = ()


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One case, without a word that a citizen wrote. Days are local; None where it has not happened.

    `answered` is the first answer; `reopened`: the citizen has had it taken up again, and it was `settled`, answered
    again, then. `works`: a công trình or dự án by its name. `away`: from the day it went to another authority to the
    day it came back or was answered. `done`: from the day it was closed to the day it was taken up again, and whether
    the citizen had said that it was settled (else its time for that was over). `rated`: on which day, 1 to 5 stars.
    """

    kind: str
    category: str
    village: int | None
    opened: date
    answered: date | None
    reopened: date | None = None
    settled: date | None = None
    works: str = ""
    away: tuple[tuple[date, date | None], ...] = ()
    done: tuple[tuple[date, date | None, bool], ...] = ()
    rated: tuple[tuple[date, int], ...] = ()

    def touches(self, first: date, last: date) -> bool:
        """Whether it was open, away, or anything happened with it, between two days."""
        days = [self.opened, self.answered, self.reopened, self.settled, *(day for day, _ in self.rated)]
        days += [day for span in (*self.away, *(one[:2] for one in self.done)) for day in span]
        happened = any(day is not None and first <= day <= last for day in days)
        return happened or self.open_on(last) or self.away_on(last)

    def away_on(self, day: date) -> bool:
        """Whether another authority had it at the end of a day: that one owes the answer."""
        return any(since <= day and (until is None or until > day) for since, until in self.away)

    def open_on(self, day: date) -> bool:
        """Whether an answer was owed here at the end of a day."""
        if self.away_on(day):
            return False
        if self.opened <= day and (self.answered is None or self.answered > day):
            return True
        return self.reopened is not None and self.reopened <= day and (self.settled is None or self.settled > day)


class JoinedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A message that came on a day and was joined into another case; `into` tells matters apart and nothing else."""

    kind: str
    category: str
    opened: date
    into: int


Apology = Literal["in_time", "incomplete", "after", "none"]
"""How a citizen was told that a promised day would not be kept: before it had passed with reason, new day and a name;
as early, but without one of these; only afterwards; not at all."""


class MissedDay(msgspec.Struct, frozen=True, kw_only=True):
    """A promised day that passed without the answer. `by_officer`: an officer wrote the apology, not the program."""

    kind: str
    category: str
    day: date
    apology: Apology
    by_officer: bool = False


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to what had been promised. `in_time`: by the day that stood then; `works`: a công trình by its name."""

    kind: str
    category: str
    village: int | None
    works: str
    day: date
    in_time: bool
    by_first_day: bool
    stars: int = 0
    """1 to 5, how the citizen rated it by the end of the period; 0 where not said."""


class OverdueLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case without the answer that was promised for the day `due`."""

    code: str
    kind: str
    category: str
    village: int | None
    due: date


Helper = Literal["officer", "village_head", "front"]
"""Who enters for others: cán bộ, trưởng thôn, Mặt trận."""


class Help(msgspec.Struct, frozen=True, kw_only=True):
    """What was entered for others: forms of surveys (piles closed in the period) and cases (received in it), by whom.

    `forms_unlike`: some helper's forms differ from the others' of a wave more than chance explains, or were entered
    faster than anybody types; `cases_alike`: some helper's cases are nearly the same words. Never whose.
    """

    forms: dict[Helper, int] = {}
    cases: dict[Helper, int] = {}
    forms_unlike: bool = False
    cases_alike: bool = False


class SessionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A dialogue or reception by the day it was to begin on. `kind` is a feedback.sessions.SessionKind.

    `state`: held, cancelled, or open where nobody has entered yet how it went. `visitors` came, `absent` had a seat
    and did not; `published`: its results were out by the end of the period.
    """

    kind: str
    day: date
    state: Literal["held", "cancelled", "open"]
    visitors: int = 0
    absent: int = 0
    published: bool = False


class QuestionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was asked in a session of `day`, and when it got its answer."""

    kind: str
    day: date
    answered: date | None = None


class PromiseLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised in a session on the day `made` until `due`; how and when it ended, None while it has not."""

    kind: str
    made: date
    due: date
    ended: date | None = None
    dropped: bool = False


class MarkedOpinion(msgspec.Struct, frozen=True, kw_only=True):
    """An opinion that an officer marked with a field. `survey`: version, kind of wave and question; None: a góp ý.

    `day`: of release, or on which the góp ý came. `quote` is what of it may be printed, "" for nothing.
    """

    survey: tuple[int, str, str] | None
    village: int | None
    day: date
    topic: str
    quote: str = ""


class CaseSource(Protocol):
    """What is known of cases between two local days, both included."""

    def commune(self) -> Commune: ...

    def cases(self, first: date, last: date) -> list[CaseLine]:
        """Cases opened by `last` that were open, or anything happened with, from `first` on."""
        ...

    def joined(self, first: date, last: date) -> list[JoinedLine]:
        """Messages of the period that are the same matter as another case: with `cases` all that came."""
        ...

    def missed_days(self, first: date, last: date) -> list[MissedDay]:
        """Promised days of the period that passed without the answer."""
        ...

    def answers(self, first: date, last: date) -> list[Answered]:
        """Answers of the period to what had been promised."""
        ...

    def overdue(self, day: date) -> list[OverdueLine]:
        """What had been promised for a day before `day` and was not answered by the end of `day`, oldest first."""
        ...


class Source(CaseSource, Protocol):
    """Figures of one commune between two local days, both included; `kind` of wave as `asked` gives it."""

    def asked(self, first: date, last: date) -> list[AskedSurvey]: ...

    def responses(self, version: int, first: date, last: date, kind: str = "open") -> dict[str, int]:
        """Released responses by channel ("" where it was blanked at close)."""
        ...

    def tallies(self, version: int, first: date, last: date, kind: str = "open") -> dict[str, Tally]:
        """Counts by question id, all villages and channels."""
        ...

    def tallies_by_village(
        self, version: int, first: date, last: date, kind: str = "open"
    ) -> dict[int, dict[str, Tally]]:
        """Counts by village id and question id; the commune's own id where the village was blanked."""
        ...

    def tallies_by_channel(
        self, version: int, first: date, last: date, kind: str = "open"
    ) -> dict[str, dict[str, Tally]]:
        """Counts by channel ("" where it was blanked at close) and question id."""
        ...

    def crossed(
        self, version: int, question: str, by: str, first: date, last: date, kind: str = "open"
    ) -> dict[str, Tally]:
        """Counts of a question by the choice that was made in the question `by`; "" where none was."""
        ...

    def sampled(self, version: int, first: date, last: date) -> SampleRows | None:
        """What came of the invited waves of a version; None where nothing did."""
        ...

    def served(self, first: date, last: date) -> list[Served]:
        """What was typed of the one-stop service for the months that the days touch."""
        ...

    def help(self, first: date, last: date) -> Help: ...

    def sessions(self, first: date, last: date) -> list[SessionLine]:
        """Dialogues and receptions that were to begin in the period, as they stood at its end."""
        ...

    def questions(self, last: date) -> list[QuestionLine]:
        """Every question of a session that began by the end of `last`, as it stood then."""
        ...

    def session_promises(self, last: date) -> list[PromiseLine]:
        """Every promise of a session made by the end of `last`, as it stood then."""
        ...

    def marked_opinions(self, first: date, last: date) -> list[MarkedOpinion]:
        """Open answers and góp ý of the days that were marked; nothing confidential."""
        ...

    def suggestions(self, first: date, last: date) -> int:
        """How many góp ý of the days there are to be marked."""
        ...
