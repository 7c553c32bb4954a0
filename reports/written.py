"""What officers wrote into the documents of a report: their words by place, and the lines of targets."""

import msgspec

from reports.criteria import Criteria


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer wrote into the line of a target: what was reached, its share, a note."""

    reached: str = ""
    share: str = ""
    note: str = ""


class Points(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer wrote into the line of a criterion: the points ("7,5"), and what they are given for."""

    points: str = ""
    note: str = ""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An officer's own words by place ("general", "section.1", ..., "limits", "next", "ask") and by target.

    Sections count from 1, in the order of the plan; `targets` are by their id (reports.sheets.target_id). `criteria` is
    the commune's own biểu tự đánh giá, with the points by the id of their criterion.
    """

    words: dict[str, str] = {}
    targets: dict[str, Done] = {}
    criteria: Criteria | None = None
    points: dict[str, Points] = {}


NOTHING = Written()


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into both documents of a report. `before`: what the draft of the period before said.

    `agreed`: a leader has agreed to it; what nobody wrote in the report that makes itself is then left out of it.
    """

    survey: Written = NOTHING
    danvan: Written = NOTHING
    before: Written = NOTHING
    agreed: bool = False
