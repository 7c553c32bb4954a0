"""Phân công, chuyển người xử lý, điểm nóng, nhập hộ: what the pages do, and that no other unit's ids open anything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from feedback.acts import Reply, Take
from feedback.roles import OFFICER, Actor, Role
from storage.ids import new_id
from storage.tables import acts, calls, cases, officers, outbox, routing_rules, works
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside, signed_in

LAMP = "Đèn đường ở ngã ba hỏng ba hôm nay rồi"
FORM = {
    "heard": "visit", "kind": "feedback", "category": "roads", "works": "", "village": "", "text": LAMP, "where": "",
    "name": "Lò Thị Mẫu", "phone": "0912345678", "day": "",
}  # fmt: skip
"""Every field that a browser sends."""


@pytest.fixture
def clerk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


@pytest.fixture
def stranger(house: House) -> Iterator[TestClient]:
    """An officer of another commune."""
    with signed_in(house, "xakhac") as client:
        yield client


@pytest.fixture
def head(house: House) -> Iterator[TestClient]:
    """The head of the first village."""

    def hire(tx: Tx) -> None:
        password = tx.conn.scalar(select(officers.c.password_hash).where(officers.c.login == "tiepnhan"))
        row = {"id": new_id(), "unit_id": house.commune.villages[0], "login": "truongthon", "name": "Trưởng thôn"}
        tx.execute(insert(officers).values(**row, role="village_head", password_hash=password, created_at=house.at))

    outside(house, hire)
    with signed_in(house, "truongthon") as client:
        yield client


def id_of(house: House, login: str) -> int:
    found = look(house, lambda conn: conn.scalar(select(officers.c.id).where(officers.c.login == login)))
    assert found is not None
    return int(found)


def entered(client: TestClient, **changed: str) -> str:
    """A case that was entered; its code."""
    page = client.post("/can-bo/nhap-ho", data=FORM | changed)
    assert page.status_code == 200, page.text
    found = re.search(r"/nhap-ho/([A-Z0-9-]+)/phieu-hen", str(page.url))
    assert found is not None
    return found[1]


def row_of(house: House, code: str) -> Any:
    return look(house, lambda conn: conn.execute(select(cases).where(cases.c.code == code)).one())


def test_an_entered_case_is_flagged_and_has_a_slip_without_its_words(house: House, clerk: TestClient) -> None:
    code = entered(clerk)
    row = row_of(house, code)
    assert (row.channel, row.helper_id, row.name) == ("visit", id_of(house, "tiepnhan"), "Lò Thị Mẫu")
    assert row.assigned_role == "reception"
    slip = clerk.get(f"/can-bo/nhap-ho/{code}/phieu-hen").text
    assert code in slip
    assert "Xã trả lời chậm nhất ngày" in slip
    assert LAMP not in slip
    assert "Lò Thị Mẫu" not in slip
    page = clerk.get(f"/can-bo/vu-viec/{code}").text
    assert "nhập hộ người dân" in page
    assert "Đến gặp tận nơi" in page


def test_what_the_person_is_to_be_told_becomes_one_line_of_the_call_list(house: House, clerk: TestClient) -> None:
    code = entered(clerk)
    case = row_of(house, code).id
    officer = Actor(kind=OFFICER, unit=house.commune.commune, id=id_of(house, "tiepnhan"), role=Role.RECEPTION)
    run_apart(house.runtime.act(case, Take(), officer))
    assert "Không có ai cần gọi" in clerk.get("/can-bo/can-goi").text, "that work goes on is worth no call"
    for words in ("Đã thay bóng đèn.", "Đã thay cả dây."):
        run_apart(house.runtime.act(case, Reply(words), officer))
    page = clerk.get("/can-bo/can-goi").text
    assert page.count(f'/can-bo/vu-viec/{code}"') == 1
    assert "0912345678" in page.replace(" ", "")
    states = look(house, lambda conn: [r.state for r in conn.execute(select(outbox.c.state))])
    assert set(states) <= {"held"}, "nothing waits for a platform that there is not"
    (call,) = look(house, lambda conn: list(conn.scalars(select(calls.c.id).where(calls.c.state == "open"))))
    assert clerk.get(f"/can-bo/can-goi/{call}/phieu").status_code == 200
    clerk.post(f"/can-bo/can-goi/{call}", data={"what": "called"})
    assert "Không có ai cần gọi" in clerk.get("/can-bo/can-goi").text


def test_after_the_answer_the_officer_reads_that_the_person_is_to_be_called(clerk: TestClient) -> None:
    code = entered(clerk)
    page = clerk.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "Đã thông cống.", "seen": "0"}).text
    assert "Người này không dùng trò chuyện" in page
    assert "vào cuộc trò chuyện của người dân" not in page


def test_without_a_telephone_the_person_is_told_in_person(house: House, clerk: TestClient) -> None:
    code = entered(clerk, unknown="1")
    row = row_of(house, code)
    assert (row.anonymous, row.name, row.phone) == (1, "", "")
    officer = Actor(kind=OFFICER, unit=house.commune.commune, id=id_of(house, "tiepnhan"), role=Role.RECEPTION)
    run_apart(house.runtime.act(row.id, Reply("Đã thay bóng đèn."), officer))
    assert "xin báo trực tiếp" in clerk.get("/can-bo/can-goi").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": ""}, "Xin chọn loại."),
        ({"category": ""}, "Xin chọn một lĩnh vực"),
        ({"text": "  "}, "Xin viết nội dung"),
        ({"phone": "123"}, "Số điện thoại này chưa đúng"),
        ({"kind": "dialogue", "phone": ""}, "Xin cho số điện thoại"),
        ({"village": "999"}, "không thuộc xã"),
        ({"works": "999"}, "không có trong danh sách"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    house: House, clerk: TestClient, changed: dict[str, str], said: str
) -> None:
    page = clerk.post("/can-bo/nhap-ho", data=FORM | changed)
    assert page.status_code == 422
    assert said in page.text
    assert "Lò Thị Mẫu" in page.text
    assert look(house, lambda conn: conn.execute(select(cases.c.id)).all()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Chủ tịch xã nhận hối lộ của dân", "tố cáo người đứng đầu xã. Chưa lưu gì"),
        ("Tôi tố cáo ông trưởng thôn lấy tiền hỗ trợ của dân", "Tố cáo không nhập ở đây"),
        ("Tôi khiếu nại quyết định thu hồi đất", "Khiếu nại không nhập ở đây"),
    ],
)
def test_what_the_law_wants_signed_is_asked_about_once_and_not_entered_by_the_way(
    house: House, clerk: TestClient, text: str, said: str
) -> None:
    page = clerk.post("/can-bo/nhap-ho", data=FORM | {"text": text})
    assert page.status_code == 422
    assert said in page.text
    assert text in page.text, "what was typed stays"
    assert look(house, lambda conn: conn.execute(select(cases.c.id)).all()) == []
    # whoever says that it is none may enter it, and the mark stays on it
    asked = re.search(r'name="asked" value="([a-z_]+)"', page.text)
    assert asked is not None
    code = entered(clerk, text=text, asked=asked[1])
    assert row_of(house, code).matter in {asked[1], ""}
    # other words are asked about anew
    other = "Tôi khiếu nại" if asked[1] != "complaint" else "Chủ tịch xã nhận hối lộ"
    assert clerk.post("/can-bo/nhap-ho", data=FORM | {"text": other, "asked": asked[1]}).status_code == 422


@pytest.mark.parametrize("kind", ["business", "dialogue"])
@pytest.mark.parametrize("changed", [{"name": ""}, {"name": " "}, {"name": "", "unknown": "1"}])
def test_a_kind_that_may_not_be_anonymous_is_not_entered_without_a_name(
    house: House, clerk: TestClient, kind: str, changed: dict[str, str]
) -> None:
    page = clerk.post("/can-bo/nhap-ho", data=FORM | {"kind": kind} | changed)
    assert page.status_code == 422
    assert "Loại này cần ghi tên" in page.text
    assert look(house, lambda conn: conn.execute(select(cases.c.id)).all()) == []


def test_the_head_of_a_village_enters_for_the_own_village_and_sees_only_the_own_slips(
    house: House, head: TestClient, clerk: TestClient
) -> None:
    other = entered(clerk)
    code = entered(head, village=str(house.commune.villages[1]))
    assert row_of(house, code).village_id == house.commune.villages[0]
    assert code in head.get("/can-bo/nhap-ho").text
    assert other not in head.get("/can-bo/nhap-ho").text
    assert head.get(f"/can-bo/nhap-ho/{other}/phieu-hen").status_code == 404
    assert head.get(f"/can-bo/vu-viec/{code}").status_code == 403
    assert head.get("/can-bo/diem-nong").status_code == 403
    assert head.get("/can-bo/phan-cong").status_code == 403


def test_a_case_is_given_to_a_colleague_who_sees_it_first(house: House, clerk: TestClient, leader: TestClient) -> None:
    first, second = entered(clerk), entered(clerk, text="Cầu treo gãy ván")
    boss = id_of(house, "lanhdao")
    told = {"to": f"o{boss}", "reason": "Cần lãnh đạo xem", "seen": "1"}
    page = clerk.post(f"/can-bo/vu-viec/{second}/phan-cong", data=told).text
    assert "Đã chuyển." in page
    assert "Cần lãnh đạo xem" in page
    queue = leader.get("/can-bo/").text
    assert queue.index(second) < queue.index(f'<b class="code">{first}')
    assert queue.count(">của tôi<") == 1
    again = clerk.post(f"/can-bo/vu-viec/{second}/phan-cong", data=told | {"seen": "0"})
    assert again.status_code == 422
    assert "đang ở đúng người đó" in again.text


@pytest.mark.parametrize(
    ("to", "said"),
    [("o99", "không còn nhận việc"), ("front", "không còn nhận việc"), ("", "không còn nhận việc"), ("o", "không còn")],
)
def test_to_nobody_who_is_there_nothing_is_given(house: House, clerk: TestClient, to: str, said: str) -> None:
    code = entered(clerk)
    page = clerk.post(f"/can-bo/vu-viec/{code}/phan-cong", data={"to": to, "reason": "Nhờ xử lý"})
    assert page.status_code == 422
    assert said in page.text
    assert "Nhờ xử lý" in page.text
    there = id_of(house, "xakhac")
    assert clerk.post(f"/can-bo/vu-viec/{code}/phan-cong", data={"to": f"o{there}", "reason": "a"}).status_code == 422


def test_a_case_flagged_as_over_level_goes_to_the_leaders_and_is_a_hot_spot(house: House, clerk: TestClient) -> None:
    code = entered(clerk)
    page = clerk.post(f"/can-bo/vu-viec/{code}/vuot-cap", data={"reason": "Đất do tỉnh quản lý"}).text
    assert "Vượt quá thẩm quyền của xã" in page
    assert row_of(house, code).assigned_role == "leader"
    spots = clerk.get("/can-bo/diem-nong").text
    assert code in spots
    outside(house, lambda tx: tx.execute(update(cases).values(confidential=1)))
    assert code not in clerk.get("/can-bo/diem-nong").text


def test_hot_spots_show_the_numbers_that_raised_them(house: House, clerk: TestClient) -> None:
    for number in range(5):
        entered(clerk, village=str(house.commune.villages[0]), name=f"Người {number}")
    page = clerk.get("/can-bo/diem-nong").text
    assert "5 người" in page
    assert "5 việc" in page
    assert "mốc 5 người" in page
    assert "thôn Mẫu 1" in page


def test_the_table_is_edited_by_leaders_alone_and_each_edit_is_on_record(
    house: House, clerk: TestClient, leader: TestClient
) -> None:
    line = {"kind": "", "category": "land", "village": "", "to": f"o{id_of(house, 'tiepnhan')}"}
    assert clerk.post("/can-bo/phan-cong", data=line).status_code == 403
    assert "Nông Thị Mẫu" in leader.post("/can-bo/phan-cong", data=line).text
    empty = leader.post("/can-bo/phan-cong", data=line | {"category": ""})
    assert (empty.status_code, "ít nhất một điều kiện" in empty.text) == (422, True)
    code = entered(clerk, category="land")
    assert row_of(house, code).assigned_id == id_of(house, "tiepnhan")
    outside(house, lambda tx: tx.execute(update(officers).where(officers.c.login == "tiepnhan").values(role="admin")))
    assert "không còn nhận việc" in leader.get("/can-bo/phan-cong").text
    id = look(house, lambda conn: conn.scalar(select(routing_rules.c.id)))
    assert "Đã bỏ dòng đó" in leader.post(f"/can-bo/phan-cong/{id}/bo").text
    actions = look(house, lambda conn: list(conn.scalars(select(acts.c.action).where(acts.c.thing == "routing"))))
    assert sorted(actions) == ["put", "remove"]


def test_nothing_of_another_unit_is_opened_or_changed(house: House, leader: TestClient, stranger: TestClient) -> None:
    village = str(house.commune.villages[0])
    leader.post("/can-bo/phan-cong", data={"category": "land", "village": village, "to": "leader"})
    leader.post("/can-bo/cong-trinh", data={"name": "Đường liên thôn"})
    line = look(house, lambda conn: conn.scalar(select(routing_rules.c.id)))
    one = look(house, lambda conn: conn.scalar(select(works.c.id)))
    outside(house, lambda tx: tx.execute(update(officers).where(officers.c.login == "xakhac").values(role="leader")))
    code = entered_by(house)
    assert stranger.post(f"/can-bo/phan-cong/{line}/bo").status_code == 404
    assert stranger.post(f"/can-bo/cong-trinh/{one}", data={"on": "0"}).status_code == 404
    assert stranger.post("/can-bo/phan-cong", data={"village": village, "to": "leader"}).status_code == 422
    for way in ("phan-cong", "vuot-cap"):
        assert stranger.post(f"/can-bo/vu-viec/{code}/{way}", data={"to": "leader", "reason": "a"}).status_code == 404
    assert stranger.get(f"/can-bo/nhap-ho/{code}/phieu-hen").status_code in {403, 404}
    assert code not in stranger.get("/can-bo/diem-nong").text
    assert "Đường liên thôn" not in stranger.get("/can-bo/phan-cong").text


def entered_by(house: House) -> str:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        return entered(client)


def test_works_come_and_go(house: House, clerk: TestClient) -> None:
    assert "Đường liên thôn" in clerk.post("/can-bo/cong-trinh", data={"name": "  Đường  liên thôn "}).text
    one = look(house, lambda conn: conn.scalar(select(works.c.id)))
    code = entered(clerk, works=str(one))
    assert "Đường liên thôn" in clerk.get(f"/can-bo/vu-viec/{code}").text
    assert "đã kết thúc" in clerk.post(f"/can-bo/cong-trinh/{one}", data={"on": "0"}).text
    assert "Đường liên thôn" not in clerk.get("/can-bo/nhap-ho").text
    assert clerk.post("/can-bo/cong-trinh", data={"name": "Đường liên thôn"}).status_code == 422
