"""Answers kept ready: what one may hold, how its places are filled in, and what never goes to a citizen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.acts import MAX_REPLY, Refusal
from feedback.canned import MAX_TITLE, PLACES, UNKNOWN, Canned, checked, filled, fits, left, shipped
from feedback.notes import tells_of


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (Canned(title="Đã vá đường", text="Việc {ma} ở {xa} đã xong."), ""),
        (Canned(title="  ", text="Xong."), "canned.empty"),
        (Canned(title="Xong", text=" \n "), "canned.empty"),
        (Canned(title="x" * (MAX_TITLE + 1), text="Xong."), "canned.title_long"),
        (Canned(title="Xong", text="x" * (MAX_REPLY + 1)), "act.reply_long"),
        (Canned(title="Xong", text="Kính gửi {ten}"), "canned.place"),
        (Canned(title="Xong", text="Việc {ma"), "canned.brace"),
        (Canned(title="Xong", text="Việc }"), "canned.brace"),
        (Canned(title="Xong", text="Xong.", kind="tố cáo"), "canned.what"),
        (Canned(title="Xong", text="Xong.", category="x"), "canned.what"),
        (Canned(title="Xong", text="Xong.", outcome="x"), "canned.what"),
    ],
)
def test_what_one_may_hold(one: Canned, why: str) -> None:
    found = checked(one)
    assert (found.key if isinstance(found, Refusal) else "") == why


def test_places_are_filled_in_and_what_is_not_known_is_left_for_the_officer() -> None:
    text = filled("Việc {ma}, hẹn {ngay_hen}, {can_bo}.", {"ma": "M-1", "can_bo": "Nông Thị Mẫu", "ngay_hen": ""})
    assert text == f"Việc M-1, hẹn {UNKNOWN}, Nông Thị Mẫu."
    assert left(text) == UNKNOWN
    assert left("Đã xong [ghi ngày].") == "[ghi ngày]"
    assert left("Đã xong (ngày 3).") == ""


@given(st.dictionaries(st.sampled_from(PLACES), st.text(max_size=30)))
def test_what_is_filled_in_is_never_filled_in_again(values: dict[str, str]) -> None:
    # a commune called "{ma}" is printed as it is
    assert filled("{xa}", values) == (values.get("xa") or UNKNOWN)


def test_the_shipped_ones_are_right_and_are_for_what_they_say() -> None:
    assert len({one.id for one in shipped()}) == len(shipped()) > 4
    thanks = next(one for one in shipped() if one.kind == "praise")
    assert fits(thanks, "praise", "other")
    assert not fits(thanks, "feedback", "roads")


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("Đã gọi điện lực, chiều mai cử thợ.", ()),
        ("Hỏi thêm ở thôn Nà Sèn và cầu Pắc Ngà.", ()),
        ("Đã gặp ông Nông Văn Tài, số 0912 345 678.", ("Nông Văn Tài", "0912 345 678")),
        ("Chị Hoa báo lại.", ("Hoa",)),
        ("UBND tỉnh Lạng Sơn đã có văn bản.", ()),
    ],
)
def test_a_note_that_names_people_is_asked_about(note: str, names: tuple[str, ...]) -> None:
    assert tells_of(note) == names
