"""Chờ duyệt on a leader's telephone: the whole answer, one tap, and what was seen is what is signed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from storage.tables import cases
from tests.web.house import PASSWORD, House, live, look, outside, signed_in
from tests.web.test_answers import PETITION, says, told
from vietnam.time import DAY, day_of

PAGE = "/can-bo/cho-duyet"
LONG = "Xã đã khảo sát và sẽ lắp hai đèn. " * 12


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


def drafted(house: House, desk: TestClient, text: str = LONG) -> tuple[str, int]:
    """A petition with a draft that waits; its code and the version that a leader sees now."""
    code = says(house, *PETITION)
    parts = {"outcome": "promised", "text": text, "day": (day_of(house.at) + timedelta(days=9)).isoformat()}
    sent = desk.post(f"/can-bo/vu-viec/{code}/trinh-duyet", data=parts)
    assert sent.status_code == 200
    return code, version(house, code)


def version(house: House, code: str) -> int:
    return look(house, lambda conn: int(conn.scalar(select(cases.c.version).where(cases.c.code == code)) or 0))


def test_the_whole_answer_stands_in_the_list_and_one_tap_sends_it(
    house: House, desk: TestClient, leader: TestClient
) -> None:
    code, seen = drafted(house, desk)
    page = leader.get(PAGE).text
    assert LONG.strip() in page
    assert "Nông Thị Mẫu" in page
    done = leader.post(f"{PAGE}/{code}", data={"way": "duyet", "seen": str(seen)})
    assert done.url.path == PAGE
    assert f'Đã duyệt câu trả lời cho việc <b class="code">{code}</b>' in done.text
    assert LONG.strip() in told(house)[-1].text
    assert "Không có câu trả lời nào đang chờ duyệt" in done.text


def test_it_goes_back_with_a_reason_which_is_kept_where_it_is_refused(
    house: House, desk: TestClient, leader: TestClient
) -> None:
    code, seen = drafted(house, desk)
    empty = leader.post(f"{PAGE}/{code}", data={"way": "tra-lai", "seen": str(seen), "text": "  "})
    assert empty.status_code == 422
    assert "<details open>" in empty.text
    done = leader.post(f"{PAGE}/{code}", data={"way": "tra-lai", "seen": str(seen), "text": "Xin ghi ngày lắp."})
    assert "Đã trả lại dự thảo" in done.text
    assert "Xin ghi ngày lắp." in desk.get(f"/can-bo/vu-viec/{code}").text
    assert not told(house)


@pytest.mark.parametrize("seen", ["1", "0", "", "abc", "-1", "9" * 30, "²"])
def test_what_was_not_seen_is_not_signed(house: House, desk: TestClient, leader: TestClient, seen: str) -> None:
    code, _ = drafted(house, desk, "Bản đầu.")
    desk.post(f"/can-bo/vu-viec/{code}/trinh-duyet", data={"text": "Bản sau."})
    refused = leader.post(f"{PAGE}/{code}", data={"way": "duyet", "seen": seen})
    assert refused.status_code == 422
    assert "Bản sau." in refused.text, "the page shows what stands now"
    assert not told(house)


def test_a_reason_for_a_draft_that_was_changed_meanwhile_is_not_lost(
    house: House, desk: TestClient, leader: TestClient
) -> None:
    code, seen = drafted(house, desk, "Bản đầu.")
    desk.post(f"/can-bo/vu-viec/{code}/trinh-duyet", data={"text": "Bản sau."})
    refused = leader.post(f"{PAGE}/{code}", data={"way": "tra-lai", "seen": str(seen), "text": "Lời đã viết."})
    assert (refused.status_code, "Lời đã viết." in refused.text) == (422, True)


def test_only_a_leader_of_the_commune_signs(house: House, desk: TestClient) -> None:
    code, seen = drafted(house, desk)
    assert desk.get(PAGE).status_code == 403
    assert desk.post(f"{PAGE}/{code}", data={"way": "duyet", "seen": str(seen)}).status_code == 403
    with signed_in(house, "xakhac") as stranger:
        assert stranger.post(f"{PAGE}/{code}", data={"way": "duyet", "seen": str(seen)}).status_code == 403


def test_html_in_a_draft_is_only_text(house: House, desk: TestClient, leader: TestClient) -> None:
    drafted(house, desk, "<script>alert(1)</script> =cmd|' /C calc'!A0")
    page = leader.get(PAGE).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_morning_line_is_on_the_leader_s_first_page_alone(
    house: House, desk: TestClient, leader: TestClient
) -> None:
    assert "Sáng nay không có việc quá hạn" in leader.get("/can-bo/").text
    code, _ = drafted(house, desk)
    desk.post(f"/can-bo/vu-viec/{code}/nhan")
    outside(house, lambda tx: tx.execute(update(cases).where(cases.c.code == code).values(due_at=house.at - DAY)))
    page = leader.get("/can-bo/").text
    assert "Sáng nay: 1 việc quá hạn (Nông Thị Mẫu 1), 1 văn bản chờ duyệt." in page
    assert "Sáng nay" not in desk.get("/can-bo/").text
    assert "Sáng nay" not in leader.get("/can-bo/lich").text


@pytest.mark.browser
def test_a_thumb_signs_on_a_small_phone(house: House, desk: TestClient, chromium: Any) -> None:
    code, _ = drafted(house, desk)
    with live(house) as address:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="vi-VN")
        page = context.new_page()
        page.goto(f"{address}/can-bo/dang-nhap?den={PAGE}")
        page.fill("[name=login]", "lanhdao")
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_selector(f"#viec-{code}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        button = page.locator(f"#viec-{code} button:has-text('Duyệt và gửi')")
        box = button.bounding_box()
        assert box["height"] >= 48
        assert box["width"] >= 200
        button.tap()
        page.wait_for_selector("text=Đã duyệt câu trả lời")
        context.close()
