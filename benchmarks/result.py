"""What a benchmark hands over: figures with the bounds they are held to, and whatever explains them."""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec


class Measured(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One figure. `least` and `most` are promises; `wanted` is where we want to be and never fails a run.

    `unit` is "x" for a ratio of two things measured in the same run, else "s", "MB", "1/s" and so on.
    A ratio travels from machine to machine; seconds and bytes are those of this one.
    """

    name: str
    value: float
    unit: str = "x"
    least: float | None = None
    most: float | None = None
    wanted: float | None = None

    def kept(self, slack: float = 1.0) -> bool:
        """Whether the promise is kept, each bound being let out by the factor `slack` (1 or more)."""
        enough = self.least is None or self.value * slack >= self.least
        return enough and (self.most is None or self.value <= self.most * slack)

    @property
    def travels(self) -> bool:
        """Whether it says the same on another machine: a ratio, a count or bytes, not a time of this one."""
        return self.unit not in {"s", "ms", "us", "1/s", "/s"}

    def bound(self) -> str:
        """The promise in words: "at least 4"."""
        parts = [f"at least {self.least:g}"] if self.least is not None else []
        parts += [f"at most {self.most:g}"] if self.most is not None else []
        parts += [f"wanted {self.wanted:g}"] if self.wanted is not None else []
        return ", ".join(parts)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one benchmark measured in one run; `details` is for whoever looks closer."""

    name: str
    short: bool
    figures: list[Measured]
    details: dict[str, Any] = {}

    def line(self, figure: Measured) -> str:
        """One row of a table of figures."""
        return f"{self.name:<10} {figure.name:<62} {figure.value:>10.3g} {figure.unit:<4} {figure.bound()}"


def options(name: str, argv: list[str] | None = None) -> argparse.Namespace:
    """The options every benchmark understands: `short` (bool) and `json` (Path or None)."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--short", action="store_true", help="a small form that ends in seconds")
    parser.add_argument("--json", type=Path, help="write the outcome there")
    return parser.parse_args(argv)


def hand_over(outcome: Outcome, json: Path | None) -> None:
    """Print the figures, and write them as JSON where that was asked for."""
    out = sys.stdout.write
    for figure in outcome.figures:
        out(f"{outcome.line(figure)}\n")
    if json:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(outcome)) + b"\n")
