"""Whom to invite: how many, how many of each village, and who. Anybody can draw the same sample again.

A row is drawn by the SHA-256 of "<seed>:<key>" (UTF-8): of each village the rows whose digests, as hexadecimal text,
come first. `printf '%s' '<seed>:<key>' | sha256sum` shows any one of them. The seed is recorded with the wave, so that
who doubts the sample draws it again; nobody can choose the rows without trying seeds, and the seed is made by chance
before the frame is looked at. Source: permanent random numbers (Ohlsson 1995, Coordination of samples using permanent
random numbers, in Cox et al., Business Survey Methods, Wiley), with a keyed digest for the random number.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from hashlib import sha256
from math import ceil

from surveys.samples import PopulationTooSmall

MARGIN = "0.05"
"""The margin of error that SIPAS takes (5 %)."""


class AllocationFault(ValueError):
    """So few cannot be shared out so that every village gets the least number."""


def sample_size(population: int, margin: str | float = MARGIN) -> int:
    """How many to ask of so many: n = N / (1 + N e²), rounded up, never more than there are.

    Source: Yamane (1967), Statistics: An Introductory Analysis, 2nd edition, p. 886; the guide to SIPAS uses it with
    e = 5 %. ValueError for a negative population, or a margin that is not between 0 and 1.
    """
    e = Fraction(str(margin))
    if population < 0 or not 0 <= e < 1:
        raise ValueError("a population is not negative, and a margin of error is from 0 to less than 1")
    return ceil(population / (1 + population * e * e))


def allocate(sizes: Mapping[int, int], n: int, *, least: int = 1) -> dict[int, int]:
    """How many of each village: in proportion to its rows, but at least `least`, or all where it has fewer.

    Fractions go by the largest remainder (Hamilton's method), of equal ones to the lower id; the sum is exactly `n`.
    PopulationTooSmall where there are fewer rows, AllocationFault where `n` does not suffice for the least numbers.
    """
    if n < 0 or least < 0 or any(size < 0 for size in sizes.values()):
        raise ValueError("a number of people is negative")
    if n > sum(sizes.values()):
        raise PopulationTooSmall(f"{n} to be drawn of {sum(sizes.values())}")
    floors = {id: min(least, size) for id, size in sizes.items()}
    if sum(floors.values()) > n:
        raise AllocationFault(f"{n} to be drawn, and {sum(floors.values())} needed for {least} of each village")
    free, left = {id for id, size in sizes.items() if size}, n
    while True:
        rows = sum(sizes[id] for id in free)
        pinned = {id for id in free if left * sizes[id] < floors[id] * rows}
        if not pinned:
            break
        free -= pinned
        left -= sum(floors[id] for id in pinned)
    found = {id: floors[id] if size else 0 for id, size in sizes.items()}
    for id in free:
        found[id] = left * sizes[id] // rows
    remainders = sorted(free, key=lambda id: (-(left * sizes[id] % rows), id))
    for id in remainders[: n - sum(found.values())]:
        found[id] += 1
    return found


def draw(rows: Iterable[tuple[str, int]], wanted: Mapping[int, int], seed: str) -> list[str]:
    """The keys that are invited: `rows` are (key, village), `wanted` is what `allocate` said; sorted by key.

    Neither the order of the rows nor the rows of another village matter. Keys must be lasting names of rows (their
    place in the frame will do). PopulationTooSmall where a village has fewer rows than wanted, ValueError where two
    rows have one key or the seed is empty.
    """
    if not seed:
        raise ValueError("a sample is drawn with a seed")
    ordered: dict[int, list[tuple[str, str]]] = {id: [] for id in wanted}
    seen: set[str] = set()
    for key, village in rows:
        if key in seen:
            raise ValueError(f"two rows have the key {key}")
        seen.add(key)
        if wanted.get(village):
            ordered[village].append((rank(seed, key), key))
    drawn: list[str] = []
    for village, n in wanted.items():
        if len(ordered[village]) < n:
            raise PopulationTooSmall(f"village {village}: {n} to be drawn of {len(ordered[village])}")
        drawn += [key for _, key in sorted(ordered[village])[:n]]
    return sorted(drawn)


def rank(seed: str, key: str) -> str:
    """The text that rows are drawn in the order of: 64 hexadecimal digits."""
    return sha256(f"{seed}:{key}".encode()).hexdigest()
