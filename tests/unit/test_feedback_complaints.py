"""What people write when they mean khiếu nại, tố cáo or what belongs elsewhere, and that ordinary reports stay so."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.complaints import Matter, Reading, complaints, read_complaints
from vietnam.text import fold

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "phrasings/feedback/complaints.toml").read_text("utf-8"))
ROWS = [(typed, Reading(Matter(group["matter"]), group["sure"])) for group in TABLE["read"] for typed in group["typed"]]
ORDINARY = TABLE["ordinary"]["typed"]


@pytest.mark.parametrize(("typed", "reading"), ROWS)
def test_what_people_write(typed: str, reading: Reading) -> None:
    assert complaints().read(typed) == reading


@pytest.mark.parametrize("typed", ORDINARY)
def test_an_ordinary_report_stays_one(typed: str) -> None:
    assert complaints().read(typed) is None


def test_the_table_is_long_enough_has_everything_and_says_nothing_twice() -> None:
    typed = [*(typed for typed, _reading in ROWS), *ORDINARY]
    assert len(typed) >= 250
    assert [text for text, times in Counter(typed).items() if times > 1] == []
    assert {reading.matter for _typed, reading in ROWS} == set(Matter)


@pytest.mark.parametrize(("typed", "reading"), [row for row in ROWS if row[1].sure])
def test_it_is_seen_among_other_sentences(typed: str, reading: Reading) -> None:
    told = f"Kính chào xã. Đường vào thôn còn lầy lội. {typed}. Xin cảm ơn."
    assert complaints().read(told) == reading


NEEDS_ACCENTS = "ăn"
"""Without accents it is the "an" of "công an": then only what stands around it can tell."""


def test_without_accents_a_denunciation_is_never_read_as_anything_else() -> None:
    for typed, reading in ROWS:
        if reading.sure and reading.matter in (Matter.DENUNCIATION, Matter.ABOUT_CHAIRMAN):
            bare = complaints().read(fold(typed))
            assert bare is not None or NEEDS_ACCENTS in typed.split(), typed
            assert bare is None or bare.matter is reading.matter, typed


PLACES = (
    "đường vào thôn",
    "ngã ba chợ",
    "cổng trường",
    "xóm trên",
    "cầu Bản Mới",
    "khu tái định cư",
    "đầu ngõ",
    "thôn 5",
)
TROUBLES = (
    "rác không ai thu gom", "rác thải chất đống", "đèn đường hỏng", "bóng đèn không sáng", "mất nước sinh hoạt",
    "nước đục",
    "cống tắc", "đường lầy lội", "ổ gà to", "mặt đường sụt lún", "cây đổ chắn đường", "điện chập chờn",
    "cột điện nghiêng",
    "mương đầy bùn", "nước thải chảy ra đường", "bụi mù vì xe tải", "sóng điện thoại yếu", "chó thả rông",
    "xe chạy quá nhanh",
)  # fmt: skip
SINCE = (
    "từ hôm qua",
    "ba tuần nay",
    "từ Tết",
    "mỗi khi mưa",
    "đã lâu mà chưa ai sửa",
    "mấy tháng rồi",
    "cả ngày lẫn đêm",
)
WISHES = (
    "đề nghị xã cho sửa", "mong cán bộ xem giúp", "xin trưởng thôn nhắc nhở", "đề nghị chủ tịch cho kiểm tra",
    "trẻ con đi học khổ",
    "dân kêu mãi", "xin cảm ơn xã", "bao giờ thì xong ạ", "kính mong lãnh đạo xã quan tâm", "cán bộ thái độ thờ ơ",
)  # fmt: skip


@given(*map(st.sampled_from, (PLACES, TROUBLES, SINCE, WISHES)), st.booleans(), st.sampled_from((", ", ". ", " ")))
def test_reports_of_roads_rubbish_light_and_water_are_never_taken_for_more(
    place: str,
    trouble: str,
    since: str,
    wish: str,
    bare: bool,  # noqa: FBT001 - the test names it
    between: str,
) -> None:
    told = f"Ở {place} {trouble} {since}{between}{wish}"
    assert complaints().read(fold(told) if bare else told) is None


@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text: str) -> None:
    assert complaints().read(text) is None or isinstance(complaints().read(text), Reading)


@pytest.mark.parametrize(
    "changed",
    [
        ("kind = ", "kinds = "),
        ('kind = "crime"', 'kind = "theft"'),
        ('"<officer> ... ... <graft>"', '"<officers> ... ... <graft>"'),
        ("[classes]", "[classs]"),
        ("[classes]", "[classes"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(changed: tuple[str, str]) -> None:
    shipped = (Path(__file__).parents[2] / "feedback/complaints.toml").read_text("utf-8")
    with pytest.raises(ValueError, match=r"."):
        read_complaints(shipped.replace(*changed))
