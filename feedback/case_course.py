"""How a case went, read from its acts: answered, with another authority, settled, taken up again, rated; and when."""

from collections.abc import Iterable

import msgspec

from feedback.states import MOVES, State

_ANSWERS = frozenset({"reply", "approve"})

_ELSEWHERE = frozenset({"merge", "part"})
"""Joined into another case, and out of it again: it was neither answered nor settled by that."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One act on a case. `after` is the state it left, "" where the act does not say; `stars` 1 to 5 of a rating."""

    at: int
    action: str
    after: str = ""
    stars: int = 0


Span = tuple[int, int | None]
"""From one instant until before another (UTC ms); None: still so."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Of one case, in the order of time; instants are UTC milliseconds.

    `answers`: every answer that came while one was owed, or while another authority had the case; what is added to an
    answer is none. `away`: with another authority. `done`: settled, with whether the citizen said so; without a word
    of theirs it is settled once its time for one is over. `reopened`: the citizen said that it was not. `rated`: stars.
    """

    answers: tuple[int, ...] = ()
    away: tuple[Span, ...] = ()
    done: tuple[tuple[int, int | None, bool], ...] = ()
    reopened: tuple[int, ...] = ()
    rated: tuple[tuple[int, int], ...] = ()


def course(steps: Iterable[Step]) -> Course:
    """The course of one case from its acts, oldest first. An act that no state allows changes none."""
    state = State.NEW
    answers, reopened, rated = [], [], []
    away: list[Span] = []
    done: list[tuple[int, int | None, bool]] = []
    joined = False
    for step in steps:
        if step.action in _ELSEWHERE:
            joined = step.action == "merge"
            continue
        if step.action == "reopen" and joined:  # it was another matter than that with which it was answered
            joined, state = False, State.RECEIVED
            continue
        before, state = state, _after(state, step)
        if step.action in _ANSWERS and before is not State.ANSWERED:
            answers.append(step.at)
        if step.action == "reopen":
            reopened.append(step.at)
        if step.action == "rate" and step.stars:
            rated.append((step.at, step.stars))
        if state is before:
            continue
        if before is State.FORWARDED:
            away[-1] = (away[-1][0], step.at)
        if before is State.CLOSED:
            done[-1] = (done[-1][0], step.at, done[-1][2])
        if state is State.FORWARDED:
            away.append((step.at, None))
        if state is State.CLOSED:
            done.append((step.at, None, step.action == "confirm"))
    return Course(
        answers=tuple(answers), away=tuple(away), done=tuple(done), reopened=tuple(reopened), rated=tuple(rated)
    )


def _after(state: State, step: Step) -> State:
    """The state after an act: as the act says, and where its words are gone, as the table of moves has it."""
    if step.after in {str(one) for one in State}:
        return State(step.after)
    return MOVES.get(step.action, {}).get(state, state)
