"""Raking answers to four margins, against ipfn on the same answers in the same run.

    python -m benchmarks.weights [--short] [--json FILE]

100,000 answers with sex, age, village and trade, unlike the population in all of them. Both get the answers as rows
(ipfn as a DataFrame with a column for each margin) and rake to the same tolerance; the weights must be equal to 1e-9.
Printed beside it: ipfn on a table that somebody else has already counted the rows into.
"""

import statistics
import time
from random import Random

import numpy as np
import pandas as pd
from ipfn.ipfn import ipfn
from numpy.typing import NDArray

from benchmarks.result import Measured, Outcome, hand_over, options
from surveys.samples import Invited, Stratum, invited
from surveys.waves import WaveKind
from surveys.weights import Margin, Raked, rake

SIZES = {"sex": 2, "age": 6, "village": 15, "trade": 8}
TOLERANCE = 1e-11
EQUAL = 1e-9


def answers(count: int, rng: Random) -> dict[str, list[str]]:
    """The categories of each answer, by margin; some are much rarer than others."""
    return {
        name: rng.choices([f"{name} {at}" for at in range(size)], [1 + 3 * rng.random() for _ in range(size)], k=count)
        for name, size in SIZES.items()
    }


def targets(rng: Random, people: int) -> dict[str, dict[str, float]]:
    """What the population is like: all margins together the same number of people."""
    found = {}
    for name, size in SIZES.items():
        shares = [1 + 2 * rng.random() for _ in range(size)]
        found[name] = {f"{name} {at}": people * share / sum(shares) for at, share in enumerate(shares)}
    return found


def ours(sample: Invited, rows: dict[str, list[str]], wanted: dict[str, dict[str, float]]) -> list[float]:
    margins = [Margin(name=name, values=values, target=wanted[name]) for name, values in rows.items()]
    raked = rake(sample, margins, tolerance=TOLERANCE)
    if not isinstance(raked, Raked):
        raise SystemExit(f"did not converge: {raked}")
    return raked.weights


def theirs(frame: pd.DataFrame, wanted: dict[str, dict[str, float]]) -> pd.DataFrame:
    margins = [pd.Series(target, name="total") for target in wanted.values()]
    return ipfn(frame, margins, [[name] for name in wanted], convergence_rate=TOLERANCE, rate_tolerance=0).iteration()


def counted(table: NDArray[np.float64], wanted: dict[str, dict[str, float]]) -> None:
    margins = [np.array(list(target.values())) for target in wanted.values()]
    ipfn(table, margins, [[at] for at in range(len(wanted))], convergence_rate=TOLERANCE, rate_tolerance=0).iteration()


def table_of(rows: dict[str, list[str]]) -> NDArray[np.float64]:
    """How many answers each combination has."""
    table = np.zeros(tuple(SIZES.values()))
    codes = [np.array([int(value.split()[1]) for value in values]) for values in rows.values()]
    np.add.at(table, tuple(codes), 1)
    return table


def main() -> None:
    asked = options("weights")
    count, rounds = (10_000, 2) if asked.short else (100_000, 3)
    rng = Random(1)
    rows, wanted = answers(count, rng), targets(rng, 250_000)
    whole = Stratum(size=250_000, invited=count, answered=count)
    sample = invited(WaveKind.INVITED, [whole])
    ours(sample, rows, wanted)  # numpy is imported where it is needed, once
    measured, apart = [], 0.0
    for _ in range(rounds):
        start = time.perf_counter()
        weights = ours(sample, rows, wanted)
        middle = time.perf_counter()
        # Its own copy: ipfn works in place. Row numbers come back with it, since it sorts.
        frame = pd.DataFrame({**rows, "total": np.ones(count)})
        begun = time.perf_counter()
        raked = theirs(frame, wanted)
        done = time.perf_counter()
        table = table_of(rows)
        last = time.perf_counter()
        counted(table, wanted)
        measured.append((middle - start, done - begun, time.perf_counter() - last))
        by_cell = {tuple(row[:-1]): row[-1] for row in raked[[*rows, "total"]].itertuples(index=False)}
        other = np.array([by_cell[cell] for cell in zip(*rows.values(), strict=True)])
        apart = max(apart, float(np.max(np.abs(np.array(weights) / other - 1))))
    figures = [
        Measured(
            name=f"ipfn on {count:,} rows against ours", value=statistics.median(b / a for a, b, _ in measured), least=5
        ),
        Measured(name="largest difference of a weight, relative", value=apart, unit="", most=EQUAL),
        Measured(name="ours", value=statistics.median(a for a, _, _ in measured) * 1e3, unit="ms"),
        Measured(name="ipfn on rows", value=statistics.median(b for _, b, _ in measured) * 1e3, unit="ms"),
        Measured(name="ipfn on a counted table", value=statistics.median(c for _, _, c in measured) * 1e3, unit="ms"),
    ]
    details = {"seconds": measured, "answers": count, "cells": int(np.prod(list(SIZES.values())))}
    hand_over(Outcome(name="weights", short=asked.short, figures=figures, details=details), asked.json)


if __name__ == "__main__":
    main()
