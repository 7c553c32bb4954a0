"""The line of a morning: what is late and who holds it, first whoever holds most, nobody last."""

from hypothesis import given
from hypothesis import strategies as st

from app.wording import bot_wording
from feedback.morning import Holder, Morning, line

SAY = bot_wording()


def test_each_part_stands_only_where_there_is_something_of_it() -> None:
    held = (Holder(name="", many=1), Holder(name="Lê Thị An", many=2), Holder(name="Trần Văn Bình", many=3))
    assert line(Morning(late=held, hot=2, to_sign=4), SAY) == (
        "Sáng nay: 6 việc quá hạn (Trần Văn Bình 3, Lê Thị An 2, chưa ai nhận 1), 2 điểm nóng, 4 văn bản chờ duyệt."
    )
    assert line(Morning(hot=1), SAY) == "Sáng nay: 1 điểm nóng."
    assert line(Morning(), SAY) == "Sáng nay không có việc quá hạn, điểm nóng hay văn bản chờ duyệt."


@given(st.lists(st.integers(1, 9), max_size=12), st.integers(0, 9))
def test_what_is_named_adds_up_to_all_that_is_late(many: list[int], left: int) -> None:
    late = tuple(Holder(name=f"Cán bộ {chr(65 + at)}", many=one) for at, one in enumerate(many))
    late += (Holder(name="", many=left),) if left else ()
    said = line(Morning(late=late), SAY)
    if not late:
        assert "không có" in said
        return
    whole, _, inside = said.removeprefix("Sáng nay: ").partition(" việc quá hạn (")
    parts = inside.removesuffix(").").split(", ")
    assert int(whole) == sum(many) + left == sum(int(part.rpartition(" ")[2]) for part in parts)
    assert len(parts) <= 7
