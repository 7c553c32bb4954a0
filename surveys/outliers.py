"""Whether one helper's pile of forms differs from the others' of the same wave more than chance explains (nhập hộ).

A finding is a question to ask, not a verdict: a helper may have been to another village, or to people of one trade.
Piles of fewer than 20 forms are not judged, nor is anybody against fewer than 20 forms of others.

What is compared, form by form, is whether the person is satisfied (4 or 5 on one question), whether all scale answers
of the form are the same, and whether the form took less time than nine in ten of the others'. Each is a two-by-two
table, tested by Fisher's exact test; where three or more others differ among themselves more than chance explains, by
the beta-binomial with their spread as well, and the milder of the two counts. The level is shared among all tests of
a wave by Holm's rule: the rarest must pass LEVEL divided by the number of tests, the next by one less, and so on, until
one does not. Apart from that, forms entered faster than a skilled typist can press the keys are named as well.

Sources: Fisher (1935), The logic of inductive inference, JRSS 98, 39-82; Kleinman (1973), Proportions with extraneous
variance, JASA 68, 46-54 (the moments of the beta-binomial); Dunn (1961), Multiple comparisons among means, JASA 56,
52-64 (Bonferroni's bound); Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal
of Statistics 6, 65-70; Card, Moran and Newell (1980), The keystroke-level model for user performance time with
interactive systems, CACM 23, 396-410 (a key of a skilled typist: 0.2 s); on signs of made-up forms Bredl, Storfinger
and Menold (2011), A literature review of methods to detect fabricated survey data, Universität Giessen, Zentrum für
internationale Entwicklungsforschung 56.
"""

from collections.abc import Mapping, Sequence
from math import exp, lgamma
from typing import Literal, NamedTuple

import msgspec

from surveys.definition import Answer, Kind, Survey
from surveys.distributions import log_choose
from surveys.statistics import valid

FEWEST = 20
LEVEL = 0.01
_SCALE_ANSWERS = 5
"""Fewer scale answers than these can be alike without any carelessness."""
_QUICK = 0.1
_ALIKE = 1e-9

_KEY = 0.2
"""Seconds a skilled typist takes for a key; nobody reads a form, turns it and takes the next one in none at all."""

Code = Literal["satisfied_more", "satisfied_less", "alike", "quick", "hurried"]


class Pile(msgspec.Struct, frozen=True, kw_only=True):
    """What one helper entered in a wave. `counts`: the tally of the question that is compared (likert5).

    `alike`: how many forms have all scale answers the same (`count_alike`), of `with_scale` that have enough of them;
    `seconds`: how long each form took, () where nobody measured it.
    """

    helper: str
    forms: int
    counts: Mapping[str, float]
    alike: int = 0
    with_scale: int = 0
    seconds: tuple[float, ...] = ()
    hurried: int = 0
    """Forms of those piles that took less time than their keys do (`too_fast`)."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One pile stands out: `count` of `of` forms against `others_count` of `others_of`, by chance as rarely as `p`.

    `p` is that of the one test, one of so many `tests` (Holm). "hurried" is no test: `count` of the helper's `of` forms
    came faster than anybody types, whatever the others' did.
    """

    helper: str
    code: Code
    count: int
    of: int
    others_count: int
    others_of: int
    p: float
    tests: int


class _Share(NamedTuple):
    has: int
    of: int


def outliers(piles: Sequence[Pile], *, level: float = LEVEL, fewest: int = FEWEST) -> list[Finding]:
    """The findings, the rarest first. Two piles of one helper are to be put together before."""
    tests: list[tuple[str, str, _Share, list[_Share]]] = []
    for pile in piles:
        others = [other for other in piles if other is not pile]
        for what, mine, theirs in _compared(pile, others):
            if mine.of >= fewest and sum(share.of for share in theirs) >= fewest:
                tests.append((pile.helper, what, mine, theirs))
    found = [
        Finding(
            helper=pile.helper, code="hurried", count=pile.hurried, of=pile.forms, others_count=0, others_of=0, p=0.0,
            tests=0,
        )
        for pile in piles
        if pile.hurried >= fewest
    ]  # fmt: skip
    chances = [_chance(mine, theirs) for _, _, mine, theirs in tests]
    passed = holm(chances, level)
    for (helper, what, mine, theirs), p, rare in zip(tests, chances, passed, strict=True):
        all_theirs = _Share(sum(share.has for share in theirs), sum(share.of for share in theirs))
        more = mine.has * all_theirs.of > all_theirs.has * mine.of
        if not rare or (what != "satisfied" and not more):
            continue
        code: Code = "alike" if what == "alike" else "quick" if what == "quick" else "satisfied_less"
        if what == "satisfied" and more:
            code = "satisfied_more"
        found.append(
            Finding(
                helper=helper,
                code=code,
                count=mine.has,
                of=mine.of,
                others_count=all_theirs.has,
                others_of=all_theirs.of,
                p=p,
                tests=len(tests),
            )
        )
    return sorted(found, key=lambda finding: (finding.p, finding.helper, finding.code))


def holm(chances: Sequence[float], level: float = LEVEL) -> list[bool]:
    """Which of some tests may be called rare, so that any is called so wrongly at most as often as `level`."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    passed = [False] * len(chances)
    for left, at in zip(range(len(chances), 0, -1), order, strict=True):
        if chances[at] > level / left:
            break
        passed[at] = True
    return passed


def too_fast(forms: int, seconds: float, keys: int) -> bool:
    """Whether so many forms of so many keys each came in less time than a skilled typist needs for the keys alone."""
    return forms > 0 and seconds < forms * keys * _KEY


def count_alike(survey: Survey, forms: Sequence[Mapping[str, Answer]]) -> tuple[int, int]:
    """How many forms have all their likert5 answers (1 to 5) the same, of how many with five such answers or more."""
    scale = [question.id for question in survey.questions if question.kind is Kind.LIKERT5]
    alike = of = 0
    for form in forms:
        said = [form[id] for id in scale if form.get(id) in {1, 2, 3, 4, 5}]
        if len(said) >= _SCALE_ANSWERS:
            of += 1
            alike += len(set(said)) == 1
    return alike, of


def fisher(count: int, of: int, others_count: int, others_of: int) -> float:
    """The two-sided p of Fisher's exact test: all tables with these margins that are as rare as this one, or rarer."""
    total, column = of + others_of, count + others_count
    whole = log_choose(total, column)

    def likely(k: int) -> float:
        return exp(log_choose(of, k) + log_choose(others_of, column - k) - whole)

    seen = likely(count)
    first, last = max(0, column - others_of), min(of, column)
    return min(1.0, sum(p for k in range(first, last + 1) if (p := likely(k)) <= seen * (1 + _ALIKE)))


def _chance(mine: _Share, theirs: list[_Share]) -> float:
    has, of = sum(share.has for share in theirs), sum(share.of for share in theirs)
    return max(fisher(mine.has, mine.of, has, of), _spread(mine, theirs))


def _compared(pile: Pile, others: Sequence[Pile]) -> list[tuple[str, _Share, list[_Share]]]:
    found = [
        ("satisfied", _satisfied(pile), [_satisfied(other) for other in others]),
        (
            "alike",
            _Share(pile.alike, pile.with_scale),
            [_Share(other.alike, other.with_scale) for other in others],
        ),
    ]
    theirs = sorted(seconds for other in others for seconds in other.seconds)
    if theirs and pile.seconds:
        bound = theirs[int(_QUICK * len(theirs))]
        quick = [_Share(sum(s < bound for s in one.seconds), len(one.seconds)) for one in (pile, *others)]
        found.append(("quick", quick[0], quick[1:]))
    return found


def _satisfied(pile: Pile) -> _Share:
    return _Share(int(pile.counts.get("4", 0) + pile.counts.get("5", 0)), valid(pile.counts))


def _spread(mine: _Share, theirs: Sequence[_Share]) -> float:
    """The two-sided p by the beta-binomial with the others' mean and spread; 0 where they do not differ too much."""
    some = [share for share in theirs if share.of]
    total = sum(share.of for share in some)
    mean = sum(share.has for share in some) / total if total else 0.0
    if len(some) < 3 or not 0 < mean < 1:
        return 0.0
    # The one-way analysis of variance of the others' forms, and how alike two forms of one helper are beyond chance.
    between = sum(share.of * (share.has / share.of - mean) ** 2 for share in some) / (len(some) - 1)
    inside = sum(share.has * (1 - share.has / share.of) for share in some) / max(total - len(some), 1)
    size = (total - sum(share.of**2 for share in some) / total) / (len(some) - 1)
    alike = (between - inside) / (between + (size - 1) * inside) if between + (size - 1) * inside > 0 else 0.0
    if alike <= 0:
        return 0.0
    if alike >= 1:
        return 1.0
    a, b = mean * (1 - alike) / alike, (1 - mean) * (1 - alike) / alike

    def likely(k: int) -> float:
        return exp(log_choose(mine.of, k) + _log_beta(k + a, mine.of - k + b) - _log_beta(a, b))

    seen = likely(mine.has)
    return min(1.0, sum(p for k in range(mine.of + 1) if (p := likely(k)) <= seen * (1 + _ALIKE)))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
