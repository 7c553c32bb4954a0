"""What an act makes of a wave, and when the night is: pure, so every case is written out."""

from datetime import datetime, time
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quiet import clock, quiet_until
from surveys.waves import (
    Act,
    Cancel,
    Change,
    Close,
    Pause,
    Refusal,
    Remind,
    Resume,
    Send,
    Sending,
    Wave,
    WaveKind,
    WaveState,
    decide,
)
from vietnam.time import DAY, TZ, local, to_ms

NOW = to_ms(datetime(2026, 10, 5, 12, tzinfo=TZ))
OPEN = Wave(kind=WaveKind.OPEN, state=WaveState.OPEN, sending=Sending.NONE, opens_at=NOW - 1, closes_at=None, invited=1)
ACTS: dict[str, Act] = {
    "send": Send(),
    "pause": Pause(),
    "resume": Resume(),
    "remind": Remind(),
    "close": Close(),
    "cancel": Cancel(),
}
#                      send       pause        resume     remind       close   cancel
SENDING = {
    Sending.NONE:      "running   not_sending  not_sending nobody_invited closed cancelled",
    Sending.RUNNING:   "again     paused       again       -            closed cancelled",
    Sending.PAUSED:    "is_paused again        running     is_paused    closed cancelled",
    Sending.DONE:      "running   paused       not_sending -            closed cancelled",
}  # fmt: skip


def told(made: Change | Refusal) -> str:
    match made:
        case Refusal(key=key):
            return key.removeprefix("wave.")
        case Change(again=True):
            return "again"
        case Change(state=state) if state is not None:
            return str(state)
        case Change(sending=sending):
            return "-" if sending is None else str(sending)


@pytest.mark.parametrize(
    ("sending", "act", "expected"),
    [(s, act, word) for s, row in SENDING.items() for act, word in zip(ACTS, row.split(), strict=True)],
)
def test_an_open_wave(sending: Sending, act: str, expected: str) -> None:
    assert told(decide(msgspec.structs.replace(OPEN, sending=sending), ACTS[act], NOW)) == expected


@pytest.mark.parametrize(
    ("state", "act", "expected"),
    [
        *((WaveState.CLOSED, act, "is_closed") for act in ("send", "pause", "resume", "remind", "cancel")),
        (WaveState.CLOSED, "close", "again"),
        *((WaveState.CANCELLED, act, "is_cancelled") for act in ("send", "pause", "resume", "remind", "close")),
        (WaveState.CANCELLED, "cancel", "again"),
        *((WaveState.PLANNED, act, "not_open_yet") for act in ("send", "pause", "resume", "remind", "close")),
        (WaveState.PLANNED, "cancel", "cancelled"),
    ],
)
def test_a_wave_that_is_not_open(state: WaveState, act: str, expected: str) -> None:
    assert told(decide(msgspec.structs.replace(OPEN, state=state), ACTS[act], NOW)) == expected


def test_a_wave_whose_time_is_over_sends_nothing_though_nobody_has_closed_it_yet() -> None:
    over = msgspec.structs.replace(OPEN, closes_at=NOW, sending=Sending.RUNNING)
    assert {told(decide(over, ACTS[act], NOW)) for act in ("send", "pause", "remind")} == {"is_closed"}


def test_nobody_to_invite_and_no_wave_at_all() -> None:
    assert told(decide(msgspec.structs.replace(OPEN, invited=0), Send(), NOW)) == "segment_empty"
    assert {told(decide(None, act, NOW)) for act in ACTS.values()} == {"unknown"}


@given(
    state=st.sampled_from(WaveState),
    sending=st.sampled_from(Sending),
    acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=6),
)
def test_the_same_twice_changes_nothing_the_second_time(state: WaveState, sending: Sending, acts: list[str]) -> None:
    wave = msgspec.structs.replace(OPEN, state=state, sending=sending)
    for act in acts:
        made = decide(wave, ACTS[act], NOW)
        if not isinstance(made, Change) or act == "remind":
            continue
        changed = {name: value for name in ("state", "sending") if (value := getattr(made, name)) is not None}
        wave = msgspec.structs.replace(wave, **changed)
        again = decide(wave, ACTS[act], NOW)
        assert isinstance(again, Change)
        assert again.again
    # and what is cancelled stays so
    if state is WaveState.CANCELLED:
        assert wave.state is WaveState.CANCELLED


# --- the night --------------------------------------------------------------------------------------------------------

moments = st.integers(NOW, NOW + 400 * DAY)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(now=moments, begins=clocks, ends=clocks)
def test_the_quiet_end_is_at_most_a_day_away_and_not_quiet_itself(now: int, begins: time, ends: time) -> None:
    until = quiet_until(now, begins, ends)
    if until is not None:
        assert now < until <= now + DAY
        assert local(until).time() == ends
        assert quiet_until(until, begins, ends) is None


@given(now=moments, at=clocks)
def test_the_same_time_twice_means_no_quiet_hours(now: int, at: time) -> None:
    assert quiet_until(now, at, at) is None


@pytest.mark.parametrize(
    ("begins", "ends", "quiet"),
    [
        ("21:00", "07:00", {21, 22, 23, 0, 1, 2, 3, 4, 5, 6}),
        ("12:00", "14:00", {12, 13}),
        ("00:00", "06:00", {*range(6)}),
    ],
)
def test_hours_of_the_night(begins: str, ends: str, quiet: set[int]) -> None:
    found = {
        hour
        for hour, minute in product(range(24), (0, 59))
        if quiet_until(to_ms(datetime(2026, 10, 5, hour, minute, tzinfo=TZ)), clock(begins), clock(ends)) is not None
    }
    assert found == quiet
