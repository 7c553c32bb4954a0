"""Mặt trận's own door: what is late and what came back without a name, and kiến nghị giám sát with its answer."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from storage import oversight
from storage.ids import new_id
from storage.tables import acts, cases, front_entries, officers, oversight_requests
from storage.tx import Tx
from tests.web.house import House, _hashed, look, outside, signed_in
from tests.web.test_answers import PETITION, REPORT, says
from vietnam.time import DAY

HOME, PAGE = "/can-bo/mat-tran", "/can-bo/kien-nghi-giam-sat"
WRITTEN = {"subject": "Rác ở thôn Mẫu 1", "text": "Đề nghị UBND xem lại lịch thu gom.", "category": "environment"}


@pytest.fixture
def front(house: House) -> Iterator[TestClient]:
    def hire(tx: Tx) -> None:
        values = {"id": new_id(), "unit_id": house.commune.commune, "login": "mattran", "name": "Nông Thị Trận"}
        tx.execute(insert(officers).values(**values, role="front", password_hash=_hashed(), created_at=house.at))

    outside(house, hire)
    with signed_in(house, "mattran") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


def once(page: str) -> str:
    found = re.search(r'name="once" value="(\d+)"', page)
    assert found
    return found[1]


def one_request(house: House) -> tuple[int, str, int]:
    row = look(house, lambda conn: conn.execute(select(oversight_requests)).one())
    return row.id, row.state, row.version


def test_the_front_begins_at_its_own_page_and_sees_what_is_late_without_a_name(house: House, front: TestClient) -> None:
    late, again, fine = says(house, *REPORT), says(house, *PETITION), says(house, *REPORT)
    outside(
        house,
        lambda tx: (
            tx.execute(update(cases).where(cases.c.code == late).values(due_at=house.at - 3 * DAY, name="Bà Kín")),
            tx.execute(update(cases).where(cases.c.code == again).values(state="reopened", reopened=1)),
        ),
    )
    page = front.get("/can-bo/")
    assert page.url.path == HOME
    assert late in page.text
    assert "3 ngày" in page.text
    assert again in page.text
    assert fine not in page.text
    for word in ("Bà Kín", "Đèn đường", "ngã ba"):
        assert word not in page.text

    # and no case is opened from here
    assert front.get(f"/can-bo/vu-viec/{late}").status_code == 403


def test_what_is_confidential_or_about_officials_is_not_there(house: House, front: TestClient) -> None:
    kept, conduct = says(house, *REPORT), says(house, *REPORT)
    outside(
        house,
        lambda tx: (
            tx.execute(update(cases).where(cases.c.code == kept).values(due_at=house.at - DAY, confidential=1)),
            tx.execute(update(cases).where(cases.c.code == conduct).values(due_at=house.at - DAY, kind="conduct")),
        ),
    )
    page = front.get(HOME).text
    assert kept not in page
    assert conduct not in page
    refused = front.post(PAGE, data={**WRITTEN, "codes": kept})
    assert refused.status_code == 422
    assert "Không tìm thấy việc" in refused.text


def test_a_member_s_petition_is_entered_with_its_organisation(house: House, front: TestClient) -> None:
    form = front.get("/can-bo/nhap-ho").text
    assert "Hội Liên hiệp Phụ nữ" in form
    typed = {"heard": "visit", "kind": "petition", "category": "environment", "text": "Xin làm thêm cống thoát nước.",
             "name": "Lý Thị Hội", "organisation": "women"}  # fmt: skip
    done = front.post("/can-bo/nhap-ho", data=typed)
    assert done.status_code == 200
    kept = look(house, lambda conn: conn.scalar(select(front_entries.c.organisation)))
    assert kept == "women"
    page = front.get(HOME).text
    assert "Hội Liên hiệp Phụ nữ" in page
    assert "Lý Thị Hội" not in page


def test_an_organisation_is_the_front_s_to_say(house: House) -> None:
    with signed_in(house, "tiepnhan") as desk:
        assert "Hội Liên hiệp Phụ nữ" not in desk.get("/can-bo/nhap-ho").text
        typed = {"heard": "visit", "kind": "feedback", "category": "environment", "text": "Rác.", "unknown": "1"}
        assert desk.post("/can-bo/nhap-ho", data={**typed, "organisation": "women"}).status_code == 200
    assert look(house, lambda conn: conn.scalar(select(front_entries.c.organisation))) is None


def test_a_recommendation_is_written_answered_and_seen_by_both(
    house: House, front: TestClient, leader: TestClient
) -> None:
    code = says(house, *PETITION)
    number = once(front.get(PAGE).text)
    sent = front.post(PAGE, data={**WRITTEN, "codes": code.lower(), "once": number})
    assert "Đã gửi" in sent.text
    assert code in sent.text

    # the same form twice is one
    front.post(PAGE, data={**WRITTEN, "codes": code, "once": number})
    id, state, version = one_request(house)
    assert (state, version) == ("open", 1)

    # the leader is told, reads it, and answers once
    assert "kiến nghị giám sát cần trả lời: Rác ở thôn Mẫu 1" in leader.get("/can-bo/").text
    page = leader.get(PAGE).text
    assert WRITTEN["text"] in page
    assert f'href="/can-bo/vu-viec/{code}"' in page
    empty = leader.post(f"{PAGE}/{id}/tra-loi", data={"seen": "1", "text": " "})
    assert (empty.status_code, "Xin ghi nội dung trả lời" in empty.text) == (422, True)
    stale = leader.post(f"{PAGE}/{id}/tra-loi", data={"seen": "9", "text": "Xã đã đổi lịch."})
    assert (stale.status_code, "Xã đã đổi lịch." in stale.text) == (422, True)
    done = leader.post(f"{PAGE}/{id}/tra-loi", data={"seen": "1", "text": "Xã đã đổi lịch."})
    assert "Đã trả lời" in done.text
    assert "Xã đã đổi lịch." in front.get(PAGE).text
    assert "kiến nghị giám sát cần trả lời" not in leader.get("/can-bo/").text
    again = leader.post(f"{PAGE}/{id}/tra-loi", data={"seen": "2", "text": "Lần nữa."})
    assert (again.status_code, "đã được trả lời hoặc đã rút" in again.text) == (422, True)
    assert "Lần nữa." in again.text

    # and both acts are in the chain
    rows = look(house, lambda conn: conn.execute(select(acts.c.action).where(acts.c.thing == "oversight")).all())
    assert sorted(row.action for row in rows) == ["answer", "recommend"]


def test_late_ones_are_shown_to_both_and_told_once(house: House, front: TestClient, leader: TestClient) -> None:
    front.post(PAGE, data=WRITTEN)
    house.at += 17 * DAY
    assert outside(house, lambda tx: oversight.tell_late(tx, house.at)) == 1
    assert outside(house, lambda tx: oversight.tell_late(tx, house.at)) == 0
    for login in ("mattran", "lanhdao"):
        with signed_in(house, login) as desk:
            assert "quá hạn 2 ngày" in desk.get(PAGE).text


def test_who_may_not_is_refused_and_nothing_is_lost(house: House, front: TestClient, leader: TestClient) -> None:
    long = front.post(PAGE, data={**WRITTEN, "text": "a" * 4001})
    assert (long.status_code, "a" * 4001 in long.text) == (422, True)
    bad = front.post(PAGE, data={**WRITTEN, "codes": "không phải mã"})
    assert (bad.status_code, "không phải mã việc" in bad.text, WRITTEN["text"] in bad.text) == (422, True, True)
    front.post(PAGE, data=WRITTEN)
    id, *_ = one_request(house)
    assert leader.post(PAGE, data=WRITTEN).status_code == 403
    assert front.post(f"{PAGE}/{id}/tra-loi", data={"seen": "1", "text": "x"}).status_code == 403
    assert leader.post(f"{PAGE}/{id}/rut", data={"seen": "1", "text": "x"}).status_code == 403
    gone = front.post(f"{PAGE}/{id}/rut", data={"seen": "1", "text": "Đã rõ."})
    assert "Đã rút kiến nghị" in gone.text
    assert one_request(house)[1] == "withdrawn"
    with signed_in(house, "tiepnhan") as desk:
        assert desk.get(PAGE).status_code == 403
        assert desk.get(HOME).status_code == 403
    with signed_in(house, "xakhac") as desk:
        assert desk.post(f"{PAGE}/{id}/tra-loi", data={"seen": "1", "text": "x"}).status_code == 403
