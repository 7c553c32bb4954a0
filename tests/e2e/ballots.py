"""What people are made to say in a survey of survey_sheets.py, and what has to come of it.

Counted here once more, apart from the program: whoever checks figures takes a `Recount`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any

from tests.e2e.serving import VILLAGES
from tests.e2e.survey_sheets import WATERS

GROUP = 5
"""Fewer than these are neither released together nor shown."""
_LEVELS_IN_TURN = (4, 5, 4, 3, 2, 4, 5, 0, 4, 3)
_RARE = 3
"""How many of all get their water from the stream, and how many say that it is murky."""


@dataclass(frozen=True)
class Ballot:
    """What one person says; `days` only where the water is `murky`."""

    level: int
    water: int
    murky: bool
    days: int
    village: str
    channel: str


def ballots(channel: str, people: int, village: str = "", *, rare: bool = False) -> list[Ballot]:
    """What so many people say; without a village they live here and there. `rare`: the first few say what few say."""
    return [
        Ballot(
            level=_LEVELS_IN_TURN[number % len(_LEVELS_IN_TURN)],
            water=2 if rare and number < _RARE else number % 2,
            murky=rare and number < _RARE,
            days=number + 1,
            village=village or VILLAGES[number % len(VILLAGES)],
            channel=channel,
        )
        for number in range(people)
    ]


class Recount:
    """What came in, counted from the ballots.

    `batches` were handed in, one release after each; `broken` left off after the second question. Of a village and
    channel five or more are released together, and at the end what remains, without the village; of fewer than five
    nothing is kept but that they came.
    """

    def __init__(self, *batches: Sequence[Ballot], broken: Sequence[Ballot] = ()) -> None:
        self.n = sum(map(len, batches)) + len(broken)
        self.placed: dict[str, list[Ballot]] = {"": []}
        waiting: list[Ballot] = []
        for batch in batches:
            waiting += batch
            groups = Counter((one.village, one.channel) for one in waiting)
            for one in [*waiting]:
                if groups[one.village, one.channel] >= GROUP:
                    self.placed.setdefault(one.village, []).append(one)
                    waiting.remove(one)
        self.whole = [one for village in self.placed.values() for one in village]
        for rest, whole in ((waiting, True), (broken, False)):
            if len(rest) >= GROUP:
                self.placed[""] += rest
                self.whole += rest if whole else ()
        self.counted = [one for village in self.placed.values() for one in village]

    @property
    def waters(self) -> "Counter[str]":
        """How many households use each source of water."""
        return Counter(WATERS[ballot.water] for ballot in self.counted)

    @property
    def murky(self) -> int:
        """How many said that the water is murky now and then."""
        return sum(ballot.murky for ballot in self.whole)

    def satisfaction(self, village: str | None = None) -> tuple[int, int]:
        """How many have an opinion, and how many of these are satisfied: everywhere, in a village, or ("") in none."""
        levels = Counter(ballot.level for ballot in (self.counted if village is None else self.placed[village]))
        return levels.total() - levels[0], levels[4] + levels[5]


def interval(share: float, n: int, size: int) -> tuple[float, float]:
    """Wilson's interval at 95 %, with the finite population taken into account; once more, apart from the program."""
    effective = n * (size - 1) / (size - n)
    z = NormalDist().inv_cdf(0.975)
    centre = share + z**2 / (2 * effective)
    reach = z * sqrt(share * (1 - share) / effective + (z / (2 * effective)) ** 2)
    return (centre - reach) / (1 + z**2 / effective), (centre + reach) / (1 + z**2 / effective)


def percent(share: float) -> str:
    """As it is printed."""
    return f"{100 * share:.1f}".replace(".", ",") + " %"


def few_are_hidden(asked: dict[str, Any], count: Recount) -> None:
    """What three people said cannot be seen, nor be computed from what can."""
    shown = {bar["text"]: bar for bar in asked["single"]["distribution"]}
    assert 0 < count.waters[WATERS[2]] < GROUP
    assert shown[WATERS[2]]["withheld"]
    hidden = [name for name, bar in shown.items() if bar.get("withheld")]
    assert len(hidden) > 1
    assert all(shown[name]["count"] == count.waters[name] for name in shown if name not in hidden)
    assert 0 < count.murky < GROUP
    assert asked["number"]["withheld"]


def printed(text: str, count: Recount, size: int) -> None:
    """The same figures as the officer reads them."""
    lines = text.splitlines()
    valid, satisfied = count.satisfaction()
    low, high = interval(satisfied / valid, valid, size)
    assert "Mời ngẫu nhiên" in lines[1]
    assert any("tỷ lệ trả lời" in line and percent(count.n / size) in line for line in lines), text
    figure = f"{valid} ý kiến\t{percent(satisfied / valid)}\t({percent(low)} - {percent(high)})"
    assert any(figure in line for line in lines), text
    assert any(f"{WATERS[2]}: …" in line for line in lines), text
    uncounted = count.n - len(count.counted)
    assert any(f"{uncounted} phiếu chỉ được đếm" in line for line in lines) == bool(uncounted), text
    assert any("…\tdưới 5" in line for line in lines), text
