"""What a quotation must not tell: names, telephones, addresses; and that it says nothing the person did not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.mood import LONGEST_QUOTE, Mark, OpinionKey, fault_of
from feedback.redacting import GONE, faithful, redacted, still_tells


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("Đề nghị ông Nguyễn Văn An ở thôn Nà Sèn sửa", "Đề nghị ông (...) ở thôn (...) sửa"),
        ("toi la Tran Thi Mai, so nha 12 duong Le Loi", "toi la (...), so nha (...)"),
        ("Hộ chị Lò Thị Pành CCCD 014203001234, xe 12A-123.45", "Hộ chị (...), xe (...)"),
        ("gọi tôi 0912.345.678 hoặc zalo @nguyen123", "gọi tôi (...) hoặc zalo (...)"),
        ("Viết về abc.d@gmail.com, xem https://a.vn/b", "Viết về (...), xem (...)"),
        ("Cán bộ Hoàng Thị Lan rất nhiệt tình", "Cán bộ (...) rất nhiệt tình"),
        ("Nguyễn Thị Hoa hay giúp bà con", "(...) hay giúp bà con"),
        ("Tổ 3 khu 5 tối om", "Tổ (...) khu (...) tối om"),
        ("Mạng  hay\nmất", "Mạng hay mất"),
    ],
)
def test_what_tells_who_or_where_is_taken_out(said: str, printed: str) -> None:
    assert redacted(said) == printed


@pytest.mark.parametrize(
    "said",
    [
        "Cán bộ một cửa hướng dẫn rõ, UBND xã nên mở thêm bàn",
        "Hỗ trợ 5.000.000 đồng cho hộ nghèo từ ngày 15/10/2026",
        "Đường từ Hà Nội về còn xấu, Lạng Sơn cũng vậy",
        "Bà con mong có nước sạch. Ông/Bà xem giúp",
        "Nhà văn hóa thôn đã cũ, cần 20 ghế",
    ],
)
def test_what_tells_nobody_stays(said: str) -> None:
    assert redacted(said) == said


@given(st.text(max_size=120))
def test_what_is_proposed_is_always_the_persons_own_words(said: str) -> None:
    printed = redacted(said)
    assert faithful(printed, said)
    assert redacted(printed) == printed or GONE in redacted(printed)


@given(before=st.text(alphabet="abc đường ,.", max_size=20), phone=st.from_regex(r"0[35789]\d{8}", fullmatch=True))
def test_a_telephone_never_stays(before: str, phone: str) -> None:
    printed = redacted(f"{before} {phone[:4]} {phone[4:7]} {phone[7:]} nhé")
    assert not still_tells(printed)
    assert still_tells(f"{before} {phone}")


@pytest.mark.parametrize(
    ("quote", "good"),
    [
        ("Đường ổ gà, mong sửa", True),
        ("duong o ga (...) sua", True),
        ("Đường … mong sửa", True),
        ("mong sửa đường", False),
        ("Đường ổ gà nguy hiểm", False),
        ("", True),
    ],
)
def test_words_may_be_left_out_and_none_added_or_turned_around(quote: str, *, good: bool) -> None:
    assert faithful(quote, "Đường ổ gà, mong sửa") is good


def test_every_fault_of_a_mark_is_named() -> None:
    key, said = OpinionKey("answer", 1, "q"), "Đường ổ gà, gọi 0912345678"

    def fault(topic: str = "roads", quote: str = "", words: str = said) -> str:
        return fault_of(Mark(key=key, topic=topic, quote=quote), words)

    assert fault() == fault(quote="Đường ổ gà") == fault(quote="  ") == ""
    assert fault("weather") == "topic"
    assert fault(quote="Đường " * LONGEST_QUOTE) == "long"
    assert fault(quote="gọi 0912345678") == "tells"
    assert fault(quote="Đường đẹp") == "words"
    assert fault(quote="Tôi tố cáo", words="Tôi tố cáo cán bộ nhận hối lộ") == "denounced"
