"""Somebody has reported it already; a place far away; an album of forty; who may open nothing now."""

import pytest

from bot.conversation.effects import FollowCase, GiveConsent, Say, UnfollowCase
from bot.conversation.messages import Media, Place
from feedback.blocking import Barred
from feedback.kinds import Kind
from feedback.nearness import Near
from feedback.states import State
from tests.unit.desk import NOW, Citizen, MemoryDesk
from vietnam.area import ASHORE, around
from vietnam.time import DAY, MINUTE

STORY = "Cống trước cổng chợ bị tắc, nước tràn ra đường"
THEIRS = Near(id=77, category="roads", village=102, metres=100, opened_at=NOW - DAY, state=State.NEW)
MINE = Near(
    id=78, category="roads", metres=50, opened_at=NOW - DAY, state=State.RECEIVED, own=True, code="M-2026-K7M2QX-4"
)
HERE = around(21.62, 106.53, 15)
SEA = Place(lat=20.0, lon=109.5)


def near(*found: Near) -> Citizen:
    """Somebody who has said what, where and in which thôn."""
    citizen = Citizen(MemoryDesk(near_cases=list(found)))
    citizen.says("gửi phản ánh", "đường sá", STORY, "bỏ qua", "mai")
    return citizen


def wanted(citizen: Citizen, kind: type) -> list[object]:
    return [effect for effect in citizen.effects if isinstance(effect, kind)]


# --- near cases ---


def test_without_a_near_case_nothing_is_asked_and_it_is_looked_up_once() -> None:
    citizen = near()
    assert citizen.draft.step == "review"
    citizen.say("gửi ẩn danh")
    assert len(citizen.desk.asked_near) == 1
    (report,) = citizen.desk.asked_near
    assert (report.category, report.village, "cong" in report.words) == ("roads", 102, True)
    assert len(citizen.opened) == 1


def test_a_report_with_picture_and_place_is_six_messages_though_a_near_case_is_asked_about() -> None:
    citizen = Citizen(MemoryDesk(near_cases=[THEIRS]))
    citizen.photo(blob=7, text=STORY)
    for said in ("phản ánh", "3", "mai", "việc khác", "gửi"):
        citizen.say(said)
    assert len(citizen.opened) == 1


def test_a_stranger_is_told_field_thon_distance_day_and_state_and_not_a_word_or_code() -> None:
    citizen = Citizen(MemoryDesk(near_cases=[THEIRS]))
    citizen.says("gửi phản ánh", "đường sá", STORY, "bỏ qua")
    said = citizen.say("mai")
    assert "Đường sá, điện, nước ở thôn Mai, cách khoảng 100 m; báo ngày 02/10/2026" in said
    assert "M-2026" not in said
    assert "77" not in said


@pytest.mark.parametrize("said", ["1", "theo dõi", "đúng, theo dõi việc này", "đúng rồi", "cùng việc"])
def test_whoever_follows_sends_nothing_and_is_told_so(said: str) -> None:
    citizen = near(THEIRS)
    citizen.say(said)
    assert wanted(citizen, FollowCase) == [FollowCase(case=77)]
    assert [effect.purpose for effect in citizen.effects if isinstance(effect, GiveConsent)] == ["follow"]
    assert citizen.opened == []
    assert {"near.following", "near.not_sent", "near.unfollow", "menu.title"} <= citizen.keys
    assert citizen.state.dialogue is None


def test_pictures_are_spoken_of_only_where_there_were_any() -> None:
    for pictures, what in ((0, "nên lời Ông/Bà"), (1, "nên lời và ảnh Ông/Bà")):
        citizen = Citizen(MemoryDesk(near_cases=[THEIRS]))
        citizen.says("gửi phản ánh", "đường sá", STORY)
        for blob in range(pictures):
            citizen.photo(blob=blob + 1)
        citizen.says(*(["bỏ qua"] if not pictures else []), "mai")
        assert what in citizen.say("1")


@pytest.mark.parametrize("said", ["2", "việc khác", "không", "không phải, việc khác mà", "gửi tiếp"])
def test_another_matter_goes_on_as_ever(said: str) -> None:
    citizen = near(THEIRS)
    citizen.say(said)
    assert citizen.draft.step == "review"
    citizen.say("1")
    assert len(citizen.opened) == 1
    assert wanted(citizen, FollowCase) == []


def test_with_several_yes_alone_does_not_say_which() -> None:
    citizen = near(THEIRS, MINE)
    citizen.say("đúng rồi")
    assert citizen.draft.step == "near"
    citizen.say("theo dõi việc 1")
    assert wanted(citizen, FollowCase) == [FollowCase(case=77)]


def test_ones_own_case_takes_the_words_and_pictures_as_more_of_it() -> None:
    desk = MemoryDesk(near_cases=[MINE])
    citizen = Citizen(desk)
    citizen.says("gửi phản ánh", "đường sá", STORY)
    citizen.photo(blob=7)
    citizen.say("mai")
    assert "near.own" in citizen.keys
    assert MINE.code in citizen.say("cái gì")
    citizen.say("1")
    (act,) = [effect for effect in citizen.effects if type(effect).__name__ == "ActOnCase"]
    assert (act.code, act.act.text, act.act.blobs) == (MINE.code, STORY, (7,))  # type: ignore[union-attr]  # another kind fails the test


def test_a_case_settled_in_that_moment_leaves_the_persons_own_to_be_sent() -> None:
    citizen = near(THEIRS)
    citizen.refusals = ["near.gone"]
    citizen.say("1")
    assert "near.gone" in citizen.keys
    assert citizen.draft.step == "review"
    citizen.say("1")
    assert len(citizen.opened) == 1


def test_a_picture_that_was_let_is_shown_and_only_such_a_one() -> None:
    def shown(*found: Near) -> list[int]:
        return [effect.blob for effect in near(*found).effects if isinstance(effect, Say) and effect.blob]

    assert shown(THEIRS) == []
    assert shown(THEIRS, Near(id=5, category="roads", opened_at=NOW, photo=9)) == [9]


@pytest.mark.parametrize("kind", [Kind.PETITION, Kind.DIALOGUE])
def test_only_of_what_is_seen_on_the_spot_it_is_looked_up(kind: Kind) -> None:
    citizen = Citizen(MemoryDesk(near_cases=[THEIRS])).at_review(kind)
    assert citizen.desk.asked_near == []


def test_back_leads_to_the_thon_and_a_picture_at_the_question_belongs_to_the_case() -> None:
    citizen = near(THEIRS)
    citizen.photo(blob=7)
    assert (citizen.draft.step, citizen.draft.photos) == ("near", [Media(blob=7)])
    citizen.say("quay lại")
    assert citizen.draft.step == "village"
    citizen.say("quế")
    assert citizen.draft.step == "near"


def test_following_ends_by_button_or_word_and_a_strange_button_does_nothing() -> None:
    citizen = near(THEIRS)
    citizen.say("1")
    citizen.press_id("go:unfollow.77")
    assert wanted(citizen, UnfollowCase) == [UnfollowCase(case=77)]
    citizen.say("thôi theo dõi")
    assert wanted(citizen, UnfollowCase) == [UnfollowCase(case=0)]
    citizen.press_id("go:unfollow.abc")
    assert wanted(citizen, UnfollowCase) == []
    assert "nav.past" in citizen.keys


# --- odd places ---


def away() -> Citizen:
    citizen = Citizen(MemoryDesk(lies=HERE))
    citizen.says("gửi phản ánh", "đường sá", STORY)
    citizen.send("location", place=SEA)
    return citizen


def test_a_place_within_the_commune_is_not_asked_about() -> None:
    citizen = Citizen(MemoryDesk(lies=HERE))
    citizen.says("gửi phản ánh", "đường sá", STORY)
    citizen.send("location", place=Place(lat=21.63, lon=106.52))
    assert citizen.draft.step == "village"


@pytest.mark.parametrize(
    ("said", "place", "where"),
    [("đúng chỗ này", SEA, ""), ("đúng", SEA, ""), ("2", None, ""), ("đầu cầu treo", None, "đầu cầu treo")],
)
def test_a_place_in_the_sea_is_asked_about_once_and_taken_as_it_is_meant(
    said: str, place: Place | None, where: str
) -> None:
    citizen = away()
    assert {"odd.ask_far", "odd.keep", "odd.drop"} <= citizen.keys
    citizen.say(said)
    assert citizen.draft.step == "village"
    assert (citizen.draft.place, citizen.draft.where) == (place, where)
    citizen.says("mai", "gửi")
    assert [(act.point, act.where) for act in citizen.opened] == [((SEA.lat, SEA.lon) if place else None, where)]


def test_a_better_point_is_taken_and_another_odd_one_asked_about_again() -> None:
    citizen = away()
    citizen.send("location", place=Place(lat=16.0, lon=112.0))
    assert citizen.draft.step == "odd_place"
    citizen.send("location", place=Place(lat=21.62, lon=106.53))
    assert citizen.draft.step == "village"


def test_no_alone_asks_for_a_better_one() -> None:
    citizen = away()
    citizen.say("không đúng")
    assert "odd.correct" in citizen.keys
    assert citizen.draft.step == "odd_place"


def test_a_place_that_comes_at_the_review_is_looked_at_too() -> None:
    citizen = Citizen(MemoryDesk(lies=HERE)).at_review(Kind.FEEDBACK)
    citizen.send("location", place=SEA)
    assert citizen.draft.step == "odd_place"
    citizen.say("1")
    assert citizen.draft.step == "review"
    citizen.say("gửi")
    assert [act.point for act in citizen.opened] == [(SEA.lat, SEA.lon)]


# --- an album of forty ---


@pytest.mark.parametrize("album", ["", "one"])
def test_of_an_album_of_forty_five_go_along_and_the_rest_is_told_of_once(album: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.says("gửi phản ánh", "đường sá", STORY)
    said, fetched = [], 0
    for number in range(40):
        said.append(citizen.send("photo", media=(Media(ref=f"f{number}"),), album=album))
        fetched += len(citizen.fetched)
    full = [number for number, words in enumerate(said) if "nhiều nhất 5 ảnh; các ảnh sau" in words]
    assert full == [5]
    assert said[6:] == [""] * 34
    assert len(citizen.draft.photos) == fetched == 5
    # and the question that is open can be answered as before
    citizen.say("mai")
    assert citizen.draft.step == "review"


def test_a_picture_too_many_much_later_is_told_of_again() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.says("gửi phản ánh", "đường sá", STORY)
    for blob in range(1, 7):
        citizen.photo(blob=blob)
    citizen.at += MINUTE
    citizen.effects.clear()
    citizen.photo(blob=8)
    assert "draft.photos_full" in citizen.keys


def test_pictures_beyond_the_fifth_at_the_review_do_not_send_it_anew_each_time() -> None:
    citizen = Citizen(MemoryDesk()).at_review(Kind.FEEDBACK)
    said = [citizen.photo(blob=number) for number in range(1, 40)]
    assert [number for number, words in enumerate(said) if words] == [0, 1, 2, 3, 4, 5]


# --- who may open nothing now ---

BLOCKED = Barred(until=NOW + 7 * DAY, reason="Gửi quảng cáo nhiều lần")


@pytest.mark.parametrize("begin", ["gửi phản ánh", "gửi kiến nghị", "đề nghị gặp", STORY])
def test_whoever_is_blocked_is_told_why_until_when_and_what_stays_open(begin: str) -> None:
    citizen = Citizen(MemoryDesk(bar=BLOCKED))
    said = citizen.say(begin)
    assert "10/10/2026" in said
    assert BLOCKED.reason in said
    assert "0205 000 0000" in said
    assert {"bar.blocked", "bar.why", "bar.still", "menu.title"} <= citizen.keys
    assert citizen.state.dialogue is None
    assert citizen.opened == []


def test_a_cry_for_help_of_a_blocked_person_is_answered_first() -> None:
    citizen = Citizen(MemoryDesk(bar=BLOCKED))
    citizen.say("Cháy nhà rồi, cứu với, có người mắc kẹt trong nhà")
    assert any("emergency" in key for key in citizen.keys)


def test_tracking_and_help_stay_open() -> None:
    citizen = Citizen(MemoryDesk(bar=BLOCKED))
    citizen.says("tra cứu", "trợ giúp")
    assert not {"bar.blocked", "bar.many"} & citizen.keys


def test_as_many_cases_today_as_anybody_may_open() -> None:
    citizen = Citizen(MemoryDesk(bar=Barred(until=NOW + DAY, many=10)))
    assert "10 việc" in citizen.say("gửi phản ánh")
    assert "bar.many" in citizen.keys


def test_a_block_that_falls_while_a_case_is_written_ends_it_at_the_sending() -> None:
    citizen = Citizen(MemoryDesk()).at_review(Kind.FEEDBACK)
    citizen.desk.bar = BLOCKED
    citizen.refusals = ["bar.blocked"]
    citizen.say("gửi")
    assert {"bar.blocked", "bar.why"} <= citizen.keys
    assert citizen.opened == []


def test_a_place_in_the_sea_is_asked_about_where_nobody_said_where_the_commune_lies() -> None:
    citizen = Citizen(MemoryDesk(lies=ASHORE))
    citizen.says("gửi phản ánh", "đường sá", STORY)
    citizen.send("location", place=SEA)
    assert citizen.draft.step == "odd_place"
    assert "odd.ask_country" in citizen.keys
    assert "odd.ask_far" not in citizen.keys


def test_the_review_reads_back_a_place_in_words_and_no_degrees() -> None:
    citizen = Citizen(MemoryDesk(lies=HERE))
    citizen.says("gửi phản ánh", "đường sá", STORY)
    citizen.send("location", place=Place(lat=21.63, lon=106.52))
    citizen.say("mai")
    assert "Chỗ: vị trí trên bản đồ" in citizen.heard
    assert "21.63" not in citizen.heard


def test_a_petition_keeps_the_place_that_is_named_after_its_picture() -> None:
    citizen = Citizen(MemoryDesk(lies=HERE))
    citizen.says("gửi kiến nghị", "đường sá", "Xin làm gờ giảm tốc cho xe chạy chậm lại")
    citizen.photo(blob=7)
    citizen.say("Ngã ba chợ, gần nhà văn hóa")
    assert citizen.draft.where == "Ngã ba chợ, gần nhà văn hóa"
    assert "village.not_found" not in citizen.keys
    citizen.say("bỏ qua")
    assert "Chỗ: Ngã ba chợ" in citizen.heard
    citizen.say("gửi")
    assert [act.where for act in citizen.opened] == ["Ngã ba chợ, gần nhà văn hóa"]
