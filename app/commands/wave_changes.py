"""Two waves side by side, as `nghedan wave results CODE --before CODE2` prints them."""

from typing import TYPE_CHECKING

from app.commands.common import Stop
from bot.conversation.wording import Wording
from surveys.definition import Kind

if TYPE_CHECKING:
    from app.wave_changes import Compared, NotComparable
    from app.wave_results import Shown
    from surveys.changes import QuestionChange


def refused(fault: "NotComparable", say: Wording) -> Stop:
    """Why two waves cannot be compared, in words."""
    key = "wave.unknown" if fault.why == "unknown" else f"changes.refused.{fault.why}"
    return Stop(say(key, code=fault.code), 1)


def printed(found: "Compared", say: Wording) -> list[str]:
    """The changes as lines."""
    lines = [_wave("changes.before", found.before, say), _wave("changes.after", found.after, say)]
    lines += [say(f"results.formula.{found.after.results.formula}"), say("changes.head")]
    lines += [_line(one, say) for one in found.changes]
    if found.left_out:
        lines.append(say("changes.left_out", count=len(found.left_out)))
    return lines


def _wave(key: str, shown: "Shown", say: Wording) -> str:
    sample = shown.results.invited
    told = [say(key, title=shown.title, code=shown.code), say("results.n", n=shown.results.n)]
    if sample is not None:
        rate = "-" if sample.rate is None else _number(100 * sample.rate) + " %"
        told.append(say("results.sample", invited=sample.invited, size=sample.size, rate=rate))
    return "\t".join(told)


def _line(one: "QuestionChange", say: Wording) -> str:
    if (
        one.statement is None
        or one.before is None
        or one.after is None
        or one.difference is None
        or one.low is None
        or one.high is None
    ):
        return f"{one.text}\t…\t{say('changes.withheld')}"
    is_score = one.kind == Kind.NPS
    scale, unit = (1.0, "") if is_score else (100.0, " %")
    points = say("changes.score" if is_score else "changes.points")
    named = {
        "difference": _number(scale * abs(one.difference)),
        "low": _signed(scale * one.low),
        "high": _signed(scale * one.high),
        "points": points,
    }
    cells = [one.text]
    for figure, n in ((one.before, one.n_before), (one.after, one.n_after)):
        cells.append(f"{_number(scale * figure)}{unit} ({say('results.answers', n=n or 0)})")
    return "\t".join([*cells, say(f"changes.{one.statement}", **named)])


def _number(value: float) -> str:
    # What rounds to nothing has no sign.
    return f"{round(value, 1) + 0.0:.1f}".replace(".", ",")


def _signed(value: float) -> str:
    text = _number(value)
    return text if text.startswith("-") or text == "0,0" else f"+{text}"
