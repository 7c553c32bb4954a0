"""The notice on the wall of a session that was moved or called off: what it was, what it is, and why."""

from datetime import datetime

import msgspec

from reports.document import Document, Paragraph
from reports.session_papers import compose_session
from tests.unit.paper_samples import MADE, OFFICE, SESSION
from vietnam.time import TZ, to_ms


def said(document: Document) -> str:
    return "\n".join([*document.about, *(one.text for one in document.blocks if isinstance(one, Paragraph))])


def test_a_moved_session_says_from_when_to_when_and_why() -> None:
    before = to_ms(datetime(2026, 10, 13, 14, 0, tzinfo=TZ))
    moved = msgspec.structs.replace(SESSION, earlier_at=before, earlier_place="Nhà văn hóa", reason="Bão số 9.")
    paper = said(compose_session("notice", moved, OFFICE, MADE))
    assert "Lịch đã thông báo trước đây: 14:00, thứ Ba, ngày 13/10/2026" in paper
    assert "Địa điểm đã thông báo trước đây: Nhà văn hóa" in paper
    assert "Lý do thay đổi: Bão số 9.\n" in paper
    assert "Thời gian: từ 07:30 đến 11:30, thứ Năm, ngày 15/10/2026." in paper
    assert "trước đây" not in said(compose_session("notice", SESSION, OFFICE, MADE))


def test_a_session_that_is_off_has_a_notice_of_that() -> None:
    off = msgspec.structs.replace(SESSION, state="cancelled", reason="Bão số 9")
    paper = said(compose_session("notice", off, OFFICE, MADE))
    assert "Về việc không tổ chức" in paper
    assert "07:30, thứ Năm, ngày 15/10/2026. Nay buổi này không tổ chức." in paper
    assert "Lý do: Bão số 9." in paper
    assert "Đăng ký chỗ" not in paper
