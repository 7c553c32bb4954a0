"""Names and telephones as people write them in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.naming import mistyped, name_and_phone
from feedback.kinds import Kind
from feedback.session_acts import MAX_NAME
from tests.unit.desk import Citizen, MemoryDesk

PHONE = "0912345678"


@pytest.mark.parametrize(
    ("line", "name", "phone"),
    [
        ("Nguyễn Thị Lan, 0912 345 678", "Nguyễn Thị Lan", PHONE),
        ("0912.345.678 - Lan", "Lan", PHONE),
        ("Tôi tên là Lan, số điện thoại: +84 912 345 678", "Lan", PHONE),
        ("tên tôi là lan số của tôi là 0912345678", "lan", PHONE),
        ("Họ tên: Lan. Điện thoại: 0912345678", "Lan", PHONE),
        (PHONE, "", PHONE),
        # where somebody lives is no name
        ("Lò Văn A, thôn 3, 0912345678", "Lò Văn A", PHONE),
        ("lò văn a thôn 3 0912345678", "lò văn a", PHONE),
        ("thôn Bản Mới, Lò Văn A, 0912345678", "Lò Văn A", PHONE),
        ("Lan, số nhà 12, 0912345678", "Lan", PHONE),
        ("Lan số nhà 12 0912345678", "Lan", PHONE),
        ("Bàn Văn Tổ ở thôn Khe Sâu 0912345678", "Bàn Văn Tổ", PHONE),
        # a cooperative has "xã" in its name
        ("Hợp tác xã Mẫu, bà Lan, 0912345678", "Hợp tác xã Mẫu", PHONE),
        ("Lò Văn A xã Mẫu 0912345678", "Lò Văn A", PHONE),
        # words that are names as well
        ("Nông Văn Số", "Nông Văn Số", ""),
        ("Lò Văn Số 0912345678", "Lò Văn Số", PHONE),
        ("Lò Văn Số, số 0912345678", "Lò Văn Số", PHONE),
        ("Nguyễn Văn Bản 0912345678", "Nguyễn Văn Bản", PHONE),
        ("Ma Văn Khu 0912345678", "Ma Văn Khu", PHONE),
        ("Thời", "Thời", ""),
        ("Huy", "Huy", ""),
        # of two telephones the first
        ("Lan 0912345678 hoặc 0987654321", "Lan", PHONE),
        ("Lan, 0912345678, 0987654321", "Lan", PHONE),
        # what is none
        ("Lan 12345", "Lan", ""),
        ("091234567 Lan", "Lan", ""),
        ("không", "", ""),
        ("ok", "", ""),
        ("thoi", "", ""),
        ("thôi ok", "", ""),
        ("Tôi tố cáo ông Chủ tịch xã nhận hối lộ, 0912345678", "", PHONE),
        ("", "", ""),
    ],
)
def test_a_name_and_a_number_are_read_from_one_line(line: str, name: str, phone: str) -> None:
    assert name_and_phone(line) == (name, phone)


@pytest.mark.parametrize(
    ("line", "wrong"), [("Lan 12345", True), ("091234567", True), ("số nhà 12", False), ("", False)]
)
def test_a_number_that_was_meant_as_a_telephone_is_told_apart(line: str, wrong: bool) -> None:  # noqa: FBT001 - the table says it
    assert mistyped(line) is wrong


@given(st.text(max_size=120))
def test_a_name_is_short_and_has_no_digit(line: str) -> None:
    name, phone = name_and_phone(line)
    assert len(name) <= MAX_NAME
    assert not any(sign.isdigit() for sign in name)
    assert not phone or phone.isdecimal()


def test_in_a_request_both_are_taken_from_one_line() -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{Kind.DIALOGUE}")
    lan.says("1", "Hỏi về đất ở.", "bỏ qua", "Lò Thị Máy 0912345678")
    assert (lan.draft.name, lan.draft.phone) == ("Lò Thị Máy", PHONE)
    assert "draft.ask.day" in lan.keys, "the telephone is not asked again"
