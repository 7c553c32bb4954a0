"""What is read aloud is written in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.spoken import clock_aloud, date_aloud, digits_aloud, number_aloud, text_aloud


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (35, "ba mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1_005, "một nghìn không trăm linh năm"),
        (2_026, "hai nghìn không trăm hai mươi sáu"),
        (2_000, "hai nghìn"),
        (1_000_000, "một triệu"),
        (3_200_015, "ba triệu hai trăm nghìn không trăm mười lăm"),
    ],
)
def test_numbers_are_read_as_people_read_them(value: int, said: str) -> None:
    assert number_aloud(value) == said


def test_days_and_hours_are_read_aloud() -> None:
    assert date_aloud(date(2026, 12, 2)) == (
        "thứ Tư, ngày mùng hai tháng mười hai năm hai nghìn không trăm hai mươi sáu"
    )
    assert "ngày hai mươi tư tháng tư" in date_aloud(date(2027, 4, 24))
    assert clock_aloud(7, 30) == "bảy giờ ba mươi phút sáng"
    assert clock_aloud(11, 0) == "mười một giờ trưa"
    assert clock_aloud(13, 30) == "một giờ ba mươi phút chiều"
    assert clock_aloud(19, 15) == "bảy giờ mười lăm phút tối"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0912345678", "không chín một, hai ba bốn, năm sáu bảy tám"),
        ("0205 381 2345", "không hai không năm, ba tám một, hai ba bốn năm"),
        ("113", "một một ba"),
        ("", ""),
        ("không có", ""),
    ],
)
def test_a_telephone_number_is_read_digit_by_digit(written: str, said: str) -> None:
    assert digits_aloud(written) == said


def test_a_place_is_read_without_abbreviations_and_figures() -> None:
    assert text_aloud("NVH thôn 12, UBND xã Mẫu") == "Nhà văn hóa thôn mười hai, Ủy ban nhân dân xã Mẫu"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Nhà VH thôn Đoàn Kết", "Nhà văn hóa thôn Đoàn Kết"),
        ("km 12+500, QL1A", "ki lô mét mười hai cộng năm trăm, quốc lộ một A"),
        ("Km12 QL.4", "ki lô mét mười hai quốc lộ bốn"),
        ("Phòng họp ĐT 601", "Phòng họp đường tỉnh sáu trăm linh một"),
        ("Trường THCS, TP. Lạng Sơn", "Trường trung học cơ sở, thành phố Lạng Sơn"),
        ("đ/c Hà, HTX Đoàn Kết", "đồng chí Hà, hợp tác xã Đoàn Kết"),
        ("GPMB 1.500 hộ, 20 ha", "giải phóng mặt bằng một nghìn năm trăm hộ, hai mươi héc ta"),
        ("số 5/12 phố Chợ", "số năm trên mười hai phố Chợ"),
        ("kinh tế, xã hội", "kinh tế, xã hội"),
    ],
)
def test_the_usual_abbreviations_of_a_notice_are_read_out(written: str, said: str) -> None:
    assert text_aloud(written) == said


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_without_a_figure(written: str) -> None:
    said = text_aloud(written)
    assert not any(one in "0123456789" for one in said)
    assert "  " not in said


@pytest.mark.parametrize("value", [-1, 10**12])
def test_what_nobody_reads_aloud_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="read aloud"):
        number_aloud(value)


@given(st.integers(0, 10**12 - 1))
def test_no_number_is_read_with_a_digit_or_a_double_space(value: int) -> None:
    said = number_aloud(value)
    assert said == said.strip()
    assert "  " not in said
    assert not any(one.isdigit() for one in said)


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_two_numbers_never_sound_alike(one: int, other: int) -> None:
    assert (one == other) == (number_aloud(one) == number_aloud(other))
