"""500 messages in a minute: what is answered, what is said of the rest, and what is never dropped."""

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.messages import Inbound, InboundKind
from bot.flood import Flood
from tests.unit.desk import NOW, Citizen, MemoryDesk
from vietnam.time import MINUTE, SECOND

MOST = 5


def event(number: int, *, kind: InboundKind = "text", person: str = "one", account: int = 1) -> Inbound:
    return Inbound(
        channel="telegram", channel_account=account, dedupe_key=str(number), person=person, kind=kind, at=NOW, text="a"
    )


def test_five_hundred_in_a_minute_are_answered_as_far_as_may_be_and_told_of_once() -> None:
    flood = Flood(MOST)
    came = [flood.taken(event(number), NOW + number * 100) for number in range(500)]
    kinds = [one.kind for one in came if one is not None]
    assert kinds == ["text"] * MOST + ["flood"]
    # the words of what is dropped are not carried on
    told = came[MOST]
    assert told is not None
    assert told.text == ""
    # and the first word after the minute says how many were lost, once
    later = flood.taken(event(500), NOW + MINUTE)
    assert later is not None
    assert (later.kind, later.missed) == ("text", 495)
    again = flood.taken(event(501), NOW + 3 * MINUTE)
    assert again is not None
    assert again.missed == 0


def test_others_and_what_platforms_report_are_not_held_back() -> None:
    flood = Flood(MOST)
    for number in range(50):
        flood.taken(event(number), NOW)
    assert flood.taken(event(1, person="two"), NOW) == event(1, person="two")
    assert flood.taken(event(1, account=2), NOW) == event(1, account=2)
    kinds: tuple[InboundKind, ...] = ("media_ready", "media_refused", "gone", "back", "expire")
    for kind in kinds:
        assert flood.taken(event(1, kind=kind), NOW) == event(1, kind=kind)


def test_without_a_limit_everything_goes_on() -> None:
    flood = Flood(0)
    assert all(flood.taken(event(number), NOW) == event(number) for number in range(1_000))


def test_memory_stays_bounded_whoever_comes() -> None:
    flood = Flood(MOST)
    for number in range(45_000):
        flood.taken(event(number, person=str(number)), NOW + number)
    assert len(flood._chats) <= 20_000


@given(st.lists(st.integers(0, 40 * SECOND), max_size=120))
def test_nobody_is_answered_more_often_than_may_be_and_none_is_lost_uncounted(gaps: list[int]) -> None:
    flood, now, minute, answered, lost, told = Flood(MOST), NOW, -1, 0, 0, 0
    for number, gap in enumerate(gaps):
        now += gap
        one = flood.taken(event(number), now)
        if one is None or one.kind == "flood":
            lost += 1
            continue
        told += one.missed
        if minute < 0 or now - minute >= MINUTE:
            minute, answered = now, 0
        answered += 1
        assert answered <= MOST
    last = flood.taken(event(-1), now + MINUTE)
    assert last is not None
    assert told + last.missed == lost


# --- what the person hears ---


def test_a_flood_is_told_of_with_the_numbers_of_danger_and_leaves_what_is_open() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.says("gửi phản ánh", "đường sá")
    nonce = citizen.state.nonce
    citizen.send("flood")
    assert {"flood.stop", "flood.danger"} <= citizen.keys
    assert (citizen.state.nonce, citizen.draft.step) == (nonce, "text")


def test_what_was_lost_is_told_with_the_next_word() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.say("gửi phản ánh")
    assert "495" in citizen.send("text", text="đường sá", missed=495)
    assert "flood.missed" in citizen.keys
