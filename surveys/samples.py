"""Whom the numbers speak for. What is said of everybody can only be asked for where everybody could have been drawn.

Intervals, response rates, weights and statements of change take `Invited` or `InvitedCounts`. An open wave has neither:
whoever asks these of it is told so by the type checker, before anything runs (DL8).
"""

from collections.abc import Iterable, Mapping
from typing import Literal, overload

import msgspec

from surveys.waves import WaveKind


class PopulationTooSmall(ValueError):
    """More answers than invitations, or more invitations than rows of the frame: one of the numbers is wrong."""


class Stratum(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the frame that was drawn from on its own: usually a village, named by its id.

    `size`: rows of the frame; `invited`: rows drawn; `answered`: answers that came. PopulationTooSmall where these do
    not fit into one another, ValueError where one is negative.
    """

    id: int = 0
    size: int
    invited: int
    answered: int

    def __post_init__(self) -> None:
        if min(self.size, self.invited, self.answered) < 0:
            raise ValueError(f"stratum {self.id}: a number of people is negative")
        if not self.answered <= self.invited <= self.size:
            raise PopulationTooSmall(
                f"stratum {self.id}: {self.answered} answers of {self.invited} invited of {self.size} in the frame"
            )


class Invited(msgspec.Struct, frozen=True, kw_only=True, tag="invited"):
    """A random sample of a frame. Without strata the whole frame is one. Made by `invited`, for invited waves alone."""

    strata: tuple[Stratum, ...]

    @property
    def size(self) -> int:
        """Rows of the frame: the N of every formula."""
        return sum(stratum.size for stratum in self.strata)

    @property
    def invited(self) -> int:
        """Rows drawn from it."""
        return sum(stratum.invited for stratum in self.strata)

    @property
    def answered(self) -> int:
        """Answers that came."""
        return sum(stratum.answered for stratum in self.strata)


class Open(msgspec.Struct, frozen=True, kw_only=True, tag="open"):
    """Whoever followed a link or a QR code, and speaks for nobody else. `answered`: answers that came."""

    answered: int


Sample = Invited | Open


class InvitedCounts(msgspec.Struct, frozen=True, kw_only=True):
    """A tally (surveys.tally) of a random sample."""

    sample: Invited
    tally: Mapping[str, float]


class OpenCounts(msgspec.Struct, frozen=True, kw_only=True):
    """A tally of whoever answered."""

    sample: Open
    tally: Mapping[str, float]


def invited(kind: Literal[WaveKind.INVITED], strata: Iterable[Stratum]) -> Invited:
    """The sample of an invited wave. A wave's kind fits only after `if wave.kind is WaveKind.INVITED`."""
    if kind is not WaveKind.INVITED:
        raise TypeError("only an invited wave is a random sample")
    return Invited(strata=tuple(strata))


@overload
def counted(sample: Invited, tally: Mapping[str, float]) -> InvitedCounts: ...
@overload
def counted(sample: Open, tally: Mapping[str, float]) -> OpenCounts: ...
def counted(sample: Sample, tally: Mapping[str, float]) -> InvitedCounts | OpenCounts:
    """A tally with the sample that it counts."""
    if isinstance(sample, Invited):
        return InvitedCounts(sample=sample, tally=tally)
    return OpenCounts(sample=sample, tally=tally)
