"""On a case page: tố cáo has a place of its own, the two ways out of the commune differ; notices lead on."""

import re

from sqlalchemy import update
from starlette.testclient import TestClient

from app.retention_round import retention_round
from storage import notices
from storage.tables import cases
from tests.stores import run_apart
from tests.web.house import House, outside
from tests.web.test_hands_pages import FORM, clerk, entered, leader
from vietnam.time import DAY

__all__ = ["clerk", "leader"]


def test_marking_as_denunciation_stands_apart_from_blocking(clerk: TestClient) -> None:
    page = clerk.get(f"/can-bo/vu-viec/{entered(clerk)}").text
    apart = re.search(r'<section class="apart" aria-label="Tố cáo">(.*?)</section>', page, re.DOTALL)
    assert apart is not None
    assert "Đánh dấu là tố cáo</a>" in apart[1]
    assert "<details" not in apart[1]


def test_the_two_ways_for_what_the_commune_cannot_decide_each_say_what_becomes_of_it(clerk: TestClient) -> None:
    page = clerk.get(f"/can-bo/vu-viec/{entered(clerk)}").text
    assert re.search(r"<summary>Báo cáo lãnh đạo: vượt quá thẩm quyền <small>[^<]*Việc ở lại xã\.</small>", page)
    assert re.search(r"<summary>Chuyển cơ quan có thẩm quyền <small>[^<]*Người dân được báo nơi giải quyết", page)


def test_the_notice_of_an_answer_to_sign_leads_to_the_page_where_it_is_signed(house: House, leader: TestClient) -> None:
    told = {"code": "M-2026-AAAAAA-1", "name": "Mẫu"}
    outside(house, lambda tx: notices.add(tx, house.commune.commune, "notice.draft_waiting", told, house.at))
    row = re.search(r'<form class="told".*?</form>', leader.get("/can-bo/").text, re.DOTALL)
    assert row is not None
    assert '<a href="/can-bo/cho-duyet">Xem và duyệt</a>' in row[0]


def test_a_case_whose_words_are_gone_says_so_wherever_it_is_opened(house: House, clerk: TestClient) -> None:
    # given a case that was passed on, and years
    code = entered(clerk)
    passed_on = {"to": "Điện lực huyện", "text": "Xin gọi 19006769", "seen": "1"}
    assert clerk.post(f"/can-bo/vu-viec/{code}/chuyen", data=passed_on).status_code == 200
    opened = update(cases).where(cases.c.code == code).values(moved_at=house.at - 800 * DAY)
    outside(house, lambda tx: tx.execute(opened).rowcount)
    # when the round of the day has come by
    run_apart(retention_round(house.runtime))
    # then its page says that it is empty and why, and its papers can still be made
    page = clerk.get(f"/can-bo/vu-viec/{code}").text
    assert "Đã hết thời hạn lưu" in page
    assert "Đã xóa theo thời hạn lưu" in page
    assert "vì hết thời hạn lưu" in page
    assert FORM["text"] not in page
    assert "19006769" not in page
    assert "Điện lực huyện" in page
    assert "Gửi trả lời" not in page
    assert code not in clerk.get("/can-bo/can-goi").text, "there is no number left to call"
    for paper in ("phieu-tiep-nhan", "phieu-chuyen"):
        assert clerk.get(f"/can-bo/vu-viec/{code}/giay/{paper}.docx").status_code == 200
    assert clerk.get("/can-bo/", params={"tim": code}).status_code == 200
