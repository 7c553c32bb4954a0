"""Everything that is published of one question: the whole, and each way of dividing it, checked together.

A way divides the same answers again: by village, by channel, by the choices of another question. Its parts make up the
whole, so each way has a `Ledger` of its own, and they meet in the whole alone: a whole is published only where no way
could tell with it of one to four people, and a part only for days of which the whole is published. Then no way tells
anything of the whole that the others did not know, and what is safe in each is safe in all.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from reports.disclosure import Ledger
from surveys.definition import Question

WHOLE = "all"
COUNT = "count:"
"""What the cut of a count by level or choice begins with: no numbers of answers (reports.count_memory)."""


class Published(Protocol):
    """A number of answers that was published; `cut` is "all" or names a part (see `way_of`)."""

    @property
    def cut(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    @property
    def n(self) -> int: ...


def way_of(cut: str) -> str:
    """Which way of dividing a cut is a part of: "village" of "village:12", "group:sex" of "group:sex:nam"."""
    return cut.rpartition(":")[0]


def channel_way(channels: Iterable[str]) -> dict[str, list[str]]:
    """By channel: those that are known, and whatever came another way."""
    return {"channel": [*(f"channel:{id}" for id in sorted(channels) if id), "channel:"]}


def all_ways(villages: Iterable[int], channels: Iterable[str], questions: Iterable[Question]) -> dict[str, list[str]]:
    """Every way that the overall question is cut: `villages` are all places, `questions` those of groups."""
    ways = {"village": [f"village:{id}" for id in villages]} | channel_way(channels)
    for question in questions:
        way = f"group:{question.id}"
        ways[way] = [*(f"{way}:{choice.id}" for choice in question.choices), f"{way}:"]
    return ways


class CutLedger:
    """The published numbers of one question. `ways`: the cuts of each way, which together are all of it."""

    def __init__(self, ways: Mapping[str, Iterable[str]], earlier: Iterable[Published] = ()) -> None:
        """ValueError where a cut of `ways` stands under a way that it is no part of."""
        known = [cell for cell in earlier if not cell.cut.startswith(COUNT)]
        parts = {way: dict.fromkeys(cuts) for way, cuts in ways.items()}
        for cell in known:
            if cell.cut != WHOLE:
                parts.setdefault(way_of(cell.cut), {})[cell.cut] = None
        for way, cuts in parts.items():
            if any(way_of(cut) != way for cut in cuts):
                raise ValueError(f"{way}: {sorted(cuts)}")
            if way not in ways:
                # Only what was published of it is known here: all the others are one part.
                cuts.setdefault(f"{way}:", None)
        self._places = {cut: place for cuts in parts.values() for place, cut in enumerate(cuts)}
        self._ledgers = {way: Ledger(range(len(cuts))) for way, cuts in parts.items()} or {"": Ledger((0,))}
        self._wholes: set[tuple[date, date]] = set()
        for cell in known:
            self.record(cell.cut, cell.first, cell.last, cell.n)

    def record(self, cut: str, first: date, last: date, n: int) -> None:
        """Take in what is published whatever follows from it."""
        if cut != WHOLE:
            self._ledgers[way_of(cut)].record(self._places[cut], first, last, n)
            return
        self._wholes.add((first, last))
        for ledger in self._ledgers.values():
            ledger.record(None, first, last, n)

    def publish(self, cut: str, first: date, last: date, n: int) -> bool:
        """Whether `n` answers may be published; if so they are recorded."""
        if cut != WHOLE:
            if (first, last) not in self._wholes:
                return False
            return self._ledgers[way_of(cut)].publish(self._places[cut], first, last, n)
        before = {way: ledger.state() for way, ledger in self._ledgers.items()}
        if all(ledger.publish(None, first, last, n) for ledger in self._ledgers.values()):
            self._wholes.add((first, last))
            return True
        for way, state in before.items():
            self._ledgers[way].restore(state)
        return False
