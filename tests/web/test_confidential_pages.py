"""Đánh dấu là tố cáo: the one named officer sees the case, the citizen goes on with it, for the others it is gone."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import func, insert, select, update
from starlette.testclient import TestClient

from bot.conversation.messages import Inbound
from storage import act_chain, notices
from storage.act_chain import Whole
from storage.tables import acts, blobs, case_blobs, cases, outbox
from storage.tables import notices as notice_rows
from tests.stores import run_apart
from tests.web.house import House, look, outside, signed_in
from vietnam.time import day_of

_numbers = count()
MARKER = "kumquatoza"
REPORT = (f"Đèn đường {MARKER} ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")
QUEUES = ("/can-bo/", "/can-bo/?muc=dang-xu-ly", "/can-bo/?muc=cho-dan", "/can-bo/?muc=da-tra-loi")


def says(house: House, *words: str) -> None:
    """Lan writes on Telegram."""
    for text in words:
        inbound = Inbound(
            channel="telegram", channel_account=house.commune.telegram, dedupe_key=f"c{next(_numbers)}", person="81",
            kind="text", at=house.at, text=text,
        )  # fmt: skip
        run_apart(house.runtime.receive(inbound))


def heard(house: House) -> str:
    """The newest message to Lan, opened with the key."""
    row = look(
        house,
        lambda conn: conn.execute(
            select(outbox.c.id, outbox.c.body).where(outbox.c.state != "own").order_by(outbox.c.seq.desc()).limit(1)
        ).one(),
    )
    return house.runtime.vault.open(row.body, b"outbox:%d" % row.id).decode()


@pytest.fixture
def code(house: House) -> str:
    says(house, *REPORT)
    return look(house, lambda conn: str(conn.scalar(select(cases.c.code))))


@pytest.fixture
def reception(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


def name_leader(leader: TestClient) -> None:
    """The leader names themselves: the only other person of the list is the reception officer."""
    page = leader.get("/can-bo/so-don/nguoi-giu").text
    id = page.partition(">Hoàng Văn Mẫu (")[0].rpartition('value="')[2].partition('"')[0]
    assert "Đã chỉ định" in leader.post("/can-bo/so-don/nguoi-giu", data={"officer": id}).text


def mark(client: TestClient, code: str, way: str = "mark") -> str:
    return client.post(f"/can-bo/vu-viec/{code}/danh-dau", data={"way": way}).text


def test_while_nobody_is_named_it_is_refused_and_said_what_to_do(reception: TestClient, code: str) -> None:
    assert "Chủ tịch chưa chỉ định" in reception.get(f"/can-bo/vu-viec/{code}/danh-dau").text
    assert "Xin báo Chủ tịch chỉ định" in mark(reception, code)
    assert reception.get(f"/can-bo/vu-viec/{code}").status_code == 200


def test_only_a_leader_names_and_only_who_is_there(house: House, reception: TestClient, leader: TestClient) -> None:
    assert reception.get("/can-bo/so-don/nguoi-giu").status_code == 403
    assert reception.post("/can-bo/so-don/nguoi-giu", data={"officer": "1"}).status_code == 403
    assert leader.post("/can-bo/so-don/nguoi-giu", data={"officer": "1"}).status_code == 400
    name_leader(leader)
    kept = look(house, lambda conn: conn.scalar(select(func.count()).where(acts.c.action == "name_keeper")))
    assert kept == 1


def test_from_marking_on_only_the_named_person_sees_it(
    house: House, reception: TestClient, leader: TestClient, code: str
) -> None:
    # given a case that two officers have seen, and a named person
    name_leader(leader)
    assert MARKER in reception.get(f"/can-bo/vu-viec/{code}").text
    # when the reception officer marks it
    done = mark(reception, code)
    # then it is gone for them, like a case that never was
    assert "Đã đánh dấu" in done
    assert code not in done
    strange = code[:-3] + ("AAA" if not code.endswith("AAA") else "BBB")
    for client in (reception, leader):
        for address in QUEUES:
            page = client.get(address).text
            assert code not in page
            assert MARKER not in page
        for wanted in (MARKER, code):
            found, nothing = (client.get(f"/can-bo/?tim={word}").text for word in (wanted, "zzz"))
            assert found.replace(wanted, "zzz") == nothing
        here, there = client.get(f"/can-bo/vu-viec/{code}"), client.get(f"/can-bo/vu-viec/{strange}")
        assert (here.status_code, here.text) == (there.status_code, there.text)
        assert client.post(f"/can-bo/vu-viec/{code}/nhan").status_code == 404
    assert reception.get("/can-bo/don-bao-mat").status_code == 403
    assert reception.get(f"/can-bo/don-bao-mat/{code}").status_code == 403
    # and there for the named person, with who had seen it; each look is written down
    assert code in leader.get("/can-bo/don-bao-mat").text
    page = leader.get(f"/can-bo/don-bao-mat/{code}").text
    assert MARKER in page
    assert "Đã mở, in, tải về hoặc nhập hộ trước khi đánh dấu: Nông Thị Mẫu" in page
    leader.get(f"/can-bo/don-bao-mat/{code}")
    reads = look(house, lambda conn: conn.scalar(select(func.count()).where(acts.c.action == "read")))
    assert reads == 2


def test_the_citizen_goes_on_with_the_named_person(
    house: House, reception: TestClient, leader: TestClient, code: str
) -> None:
    name_leader(leader)
    mark(reception, code)
    says(house, "phản ánh của tôi")
    assert code in heard(house)
    told = leader.post(f"/can-bo/don-bao-mat/{code}/hoi", data={"text": "Xin gọi số của tôi."}).text
    assert "Đã gửi câu hỏi" in told
    assert "Xin gọi số của tôi." in heard(house)
    says(house, "trả lời cán bộ")
    says(house, f"Vâng {MARKER} chiều nay")
    assert "Vâng" in leader.get(f"/can-bo/don-bao-mat/{code}").text
    assert MARKER not in reception.get("/can-bo/?muc=dang-xu-ly").text


def test_a_stranger_with_the_code_finds_nothing(
    house: House, citizen: TestClient, reception: TestClient, leader: TestClient, code: str
) -> None:
    name_leader(leader)
    assert citizen.get(f"/mau/tra-cuu/{code}").status_code == 200
    mark(reception, code)
    assert citizen.get(f"/mau/tra-cuu/{code}").status_code == 404


def test_the_named_person_gives_it_back(reception: TestClient, leader: TestClient, code: str) -> None:
    name_leader(leader)
    mark(reception, code)
    empty = leader.post(f"/can-bo/don-bao-mat/{code}/bo-dau", data={"text": " "})
    assert empty.status_code == 422
    done = leader.post(f"/can-bo/don-bao-mat/{code}/bo-dau", data={"text": "Chỉ là đèn hỏng."}).text
    assert "Đã bỏ dấu" in done
    page = reception.get(f"/can-bo/vu-viec/{code}").text
    assert "bỏ dấu tố cáo" in page
    assert MARKER in page


def test_about_the_chairman_nothing_is_kept(house: House, reception: TestClient, leader: TestClient, code: str) -> None:
    # given a case whose words are surely about the Chủ tịch, and nobody named: that is not needed
    outside(house, lambda tx: tx.execute(update(cases).values(matter="about_chairman")))
    reception.post(f"/can-bo/vu-viec/{code}/hoi", data={"text": f"Ai {MARKER}?"})
    says(house, "trả lời cán bộ", f"Chủ tịch {MARKER}")
    # and with a notice to the officers and a ZIP of cases that speak of it
    zipped = run_apart(house.runtime.blobs.put(house.commune.commune, "application/zip", b"PK"))
    outside(house, lambda tx: notices.add(tx, house.commune.commune, "notice.report_ready", {"period": code}, house.at))
    # when it is handed up
    assert "xóa nội dung" in mark(reception, code, "hand_up")
    # then the citizen knows where to go, and nobody has it, not even the one who is named afterwards
    told = heard(house)
    assert "Thanh tra" in told
    assert "đã được xóa" in told
    name_leader(leader)
    assert code not in leader.get("/can-bo/don-bao-mat").text
    assert leader.get(f"/can-bo/don-bao-mat/{code}").status_code == 404
    rows = look(house, lambda conn: [str(row) for table in (cases, acts) for row in conn.execute(select(table))])
    assert not [row for row in rows if MARKER in row]
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(case_blobs))) == 0
    assert look(house, lambda conn: conn.scalar(select(func.count()).where(blobs.c.kept == 1))) == 0
    assert look(house, lambda conn: conn.scalar(select(func.count()).where(blobs.c.id == zipped))) == 0
    assert look(house, lambda conn: list(conn.scalars(select(notice_rows.c.key)))) == ["notice.handed_up"]
    # that it was done, and by whom, only the person hears who is named
    assert "Nông Thị Mẫu. Lịch sử không ghi" in leader.get("/can-bo/").text
    assert "người đứng đầu đã được" not in reception.get("/can-bo/").text
    # and the chain of acts is whole
    assert all(isinstance(one, Whole) for one in look(house, act_chain.verify))
    says(house, "phản ánh của tôi")
    assert code not in heard(house)


def test_what_does_not_say_so_itself_is_deleted_by_no_one_alone(
    house: House, reception: TestClient, leader: TestClient, code: str
) -> None:
    # given a case of a lamp, which a clerk wants gone
    assert "phải có người giữ đơn tố cáo cùng xem" in reception.get(f"/can-bo/vu-viec/{code}/danh-dau").text
    assert "Xin báo Chủ tịch chỉ định" in mark(reception, code, "hand_up")
    assert MARKER in reception.get(f"/can-bo/vu-viec/{code}").text
    name_leader(leader)
    # when they say that it is about the Chủ tịch
    done = mark(reception, code, "hand_up")
    # then nothing is deleted, the citizen hears nothing, and the keeper is asked
    assert "Chưa xóa gì" in done
    assert "Thanh tra" not in heard(house)
    page = leader.get(f"/can-bo/don-bao-mat/{code}").text
    assert MARKER in page
    assert "Người đánh dấu cho rằng đây là tố cáo chính Chủ tịch UBND" in page
    assert "Đã nhắn người dân" in leader.post(f"/can-bo/don-bao-mat/{code}/chuyen-len", data={"seen": "0"}).text
    assert "Thanh tra" in heard(house)


@pytest.mark.parametrize("way", ["page", "paper", "register", "photo", "refused"])
def test_whoever_had_it_in_any_form_stands_in_the_mark(
    house: House, reception: TestClient, leader: TestClient, code: str, way: str
) -> None:
    blob = run_apart(house.runtime.blobs.put(house.commune.commune, "image/png", b"not a picture"))
    id = look(house, lambda conn: conn.scalar(select(cases.c.id)))
    outside(house, lambda tx: tx.execute(insert(case_blobs).values(case_id=id, blob_id=blob)))
    name_leader(leader)
    ways = {
        "page": "",
        "paper": "/giay/phieu-tiep-nhan.docx",
        "photo": f"/anh/{blob}",
    }
    if way == "register":
        month = day_of(house.at).strftime("%Y-%m")
        answer = reception.get(f"/can-bo/so-sach/so-theo-doi.xlsx?ky={month}")
    elif way == "refused":
        answer = reception.post(f"/can-bo/vu-viec/{code}/hoi", data={"text": " "})
        assert answer.status_code == 422
    else:
        answer = reception.get(f"/can-bo/vu-viec/{code}{ways[way]}")
    assert answer.status_code in (200, 422)
    mark(leader, code)
    page = leader.get(f"/can-bo/don-bao-mat/{code}").text
    assert "trước khi đánh dấu: Nông Thị Mẫu" in page
    assert "danh sách mà 4 người xem được" in page


def test_whoever_only_had_the_list_is_counted_and_not_called_a_reader(leader: TestClient, code: str) -> None:
    name_leader(leader)
    mark(leader, code)
    page = leader.get(f"/can-bo/don-bao-mat/{code}").text
    assert "chưa ai mở, in hay tải về. Phần đầu nội dung đã có trong danh sách mà 4 người xem được." in page


def test_a_page_that_is_old_marks_nothing(reception: TestClient, leader: TestClient, code: str) -> None:
    name_leader(leader)
    late = reception.post(f"/can-bo/vu-viec/{code}/danh-dau", data={"way": "mark", "seen": "7"})
    assert late.status_code == 422
    assert reception.post(f"/can-bo/vu-viec/{code}/danh-dau", data={"way": "?"}).status_code == 422
    assert reception.get(f"/can-bo/vu-viec/{code}").status_code == 200


def test_the_admin_may_not_mark(house: House, code: str) -> None:
    with signed_in(house, "quantri") as client:
        assert client.get(f"/can-bo/vu-viec/{code}/danh-dau").status_code == 403
        assert "Đánh dấu là tố cáo" not in client.get(f"/can-bo/vu-viec/{code}").text
