"""Whether the questions of one factor measure one thing. It says nothing of the population, so any wave may ask."""

from collections.abc import Sequence


def cronbach_alpha(rows: Sequence[Sequence[float | None]]) -> float | None:
    """Cronbach's alpha: `rows` are persons, each with the values of the same two or more questions.

    k/(k-1) (1 - Σ s_i² / s²), the variances of the questions over that of the sum. Whoever left one out is left out.
    None with fewer than two questions or two such persons, or where all sums are alike. Below 0 where questions
    contradict each other. Questions asked the other way round have to be turned first.

    Source: Cronbach (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16, 297-334.
    """
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every person has a value, or None, for each of the same questions")
    whole = [[value for value in row if value is not None] for row in rows if None not in row]
    if len(whole) < 2 or len(whole[0]) < 2:
        return None
    k = len(whole[0])
    of_sum = _variance([sum(row) for row in whole])
    if not of_sum:
        return None
    return k / (k - 1) * (1 - sum(_variance(column) for column in zip(*whole, strict=True)) / of_sum)


def _variance(values: Sequence[float]) -> float:
    average = sum(values) / len(values)
    return sum((value - average) ** 2 for value in values) / (len(values) - 1)
