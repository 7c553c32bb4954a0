"""An officer and a citizen talk about a case: questions, answers, other authorities, settled or not."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.conversation.messages import Inbound
from storage.tables import cases
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look
from vietnam.time import DAY

_numbers = count()
REPORT = ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")


def says(house: House, *words: str) -> None:
    """Lan writes on Telegram."""
    for text in words:
        inbound = Inbound(
            channel="telegram", channel_account=house.commune.telegram, dedupe_key=f"k{next(_numbers)}", person="71",
            kind="text", at=house.at, text=text,
        )  # fmt: skip
        run_apart(house.runtime.receive(inbound))


@pytest.fixture
def code(house: House) -> str:
    says(house, *REPORT)
    return look(house, lambda conn: str(conn.scalar(select(cases.c.code))))


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        yield client


def test_from_the_first_reading_to_the_citizens_word_that_it_is_settled(
    house: House, desk: TestClient, code: str
) -> None:
    page = f"/can-bo/vu-viec/{code}"
    assert "Đã tiếp nhận. Người dân được báo" in desk.post(f"{page}/tiep-nhan").text
    assert code in desk.get("/can-bo/?muc=dang-xu-ly").text

    # a question goes out, and the case waits in a place of its own
    assert "Đã gửi câu hỏi" in desk.post(f"{page}/hoi", data={"text": "Ngã ba nào ạ?"}).text
    assert code in desk.get("/can-bo/?muc=cho-dan").text
    says(house, "trả lời cán bộ", "Ngã ba gần chợ.")
    queue = desk.get("/can-bo/?muc=dang-xu-ly").text
    assert code in queue
    assert "người dân vừa nhắn" in queue
    assert "Ngã ba gần chợ." in desk.get(page).text

    # an answer; the citizen says that it is not settled, once
    assert "Đã gửi câu trả lời" in desk.post(f"{page}/tra-loi", data={"text": "Đã thay bóng."}).text
    assert "người dân vừa nhắn" not in desk.get("/can-bo/?muc=da-tra-loi").text
    says(house, "chưa xong", "Đèn lại tắt rồi.")
    queue = desk.get("/can-bo/").text
    assert "1 việc người dân báo chưa xong" in queue
    assert code in queue
    desk.post(f"{page}/tra-loi", data={"text": "Đã thay cả dây."})
    says(house, "đã xong", "5")
    told = desk.get(page).text
    assert "báo đã xong" in told
    assert "<dt>Đánh giá</dt><dd>Rất hài lòng</dd>" in told
    assert 'class="state state-closed"' in told


def test_until_when_it_is_answered_is_shown_with_how_that_was_found(house: House, desk: TestClient, code: str) -> None:
    page = f"/can-bo/vu-viec/{code}"
    shown = desk.get(page).text
    assert "<dt>Hạn trả lời</dt>" in shown
    assert "24 giờ làm việc, tính từ ngày" in shown
    assert ", còn " in desk.get("/can-bo/").text
    # more time has a reason, and the citizen hears it
    refused = desk.post(f"{page}/gia-han", data={"by": "8", "text": " "})
    assert refused.status_code == 422
    assert "Xin ghi lý do" in refused.text
    assert "Mỗi lần gia hạn từ 1 đến 24." in desk.post(f"{page}/gia-han", data={"by": "99", "text": "Chờ"}).text
    done = desk.post(f"{page}/gia-han", data={"by": "8", "text": "Đang chờ vật tư."}).text
    assert "Đã xin lỗi người dân và báo ngày hẹn mới." in done
    assert "Gia hạn 8 giờ làm việc: Đang chờ vật tư." in done
    assert "<dt>Đã xin lỗi vì chậm</dt><dd>1 lần</dd>" in done
    # past its day it stands first, and is said to be late
    house.at += 20 * DAY
    desk.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
    queue = desk.get("/can-bo/?muc=moi").text
    assert "1 việc quá hạn." in queue
    assert "quá hạn " in queue


def test_another_authority_is_named_and_the_citizen_told(desk: TestClient, code: str) -> None:
    page = f"/can-bo/vu-viec/{code}"
    refused = desk.post(f"{page}/chuyen", data={"to": " ", "text": "Xin chờ tin."})
    assert refused.status_code == 422
    assert "Xin ghi rõ chuyển đến cơ quan nào." in refused.text
    assert "Xin chờ tin." in refused.text, "what was written is not lost"
    done = desk.post(f"{page}/chuyen", data={"to": " Điện lực  khu vực ", "text": ""})
    assert "Đã báo người dân" in done.text
    assert "<dt>Chuyển đến</dt><dd>Điện lực khu vực</dd>" in done.text


@pytest.mark.parametrize("way", ["hoi", "chuyen", "tra-loi"])
def test_two_officers_at_the_same_second_do_not_overwrite_each_other(desk: TestClient, code: str, way: str) -> None:
    page = f"/can-bo/vu-viec/{code}"
    desk.post(f"{page}/nhan")
    late = desk.post(f"{page}/{way}", data={"text": "Muộn.", "to": "Công an xã", "seen": "1"})
    assert late.status_code == 422
    assert "vừa được người khác cập nhật" in late.text
    assert "Muộn." in late.text


def test_whoever_may_only_look_has_no_buttons(house: House, code: str) -> None:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "quantri", "password": PASSWORD})
        page = client.get(f"/can-bo/vu-viec/{code}").text
        assert "<form" not in page.partition("<main")[2]
        for way in ("tiep-nhan", "hoi", "chuyen"):
            assert client.post(f"/can-bo/vu-viec/{code}/{way}", data={"text": "a", "to": "b"}).status_code == 403
