"""Blocking from the page of a case, the list, who may do it, and pictures that others may see."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import pytest
from sqlalchemy import Connection, insert, select, update
from starlette.testclient import TestClient

from bot.conversation.messages import Inbound, Place
from storage import following
from storage.ids import new_id
from storage.tables import accounts, acts, case_blobs, cases, keepers, officers
from storage.tables import blobs as blob_rows
from storage.tables import blocks as block_rows
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside
from vietnam.time import DAY

_ELSEWHERE = count()
REASON = "Gửi quảng cáo nhiều lần trong ngày"


@dataclass
class Person:
    """Somebody who writes by Telegram."""

    house: House
    name: str
    _numbers: "count[int]" = field(default_factory=count)

    def send(self, text: str = "", place: Place | None = None) -> None:
        inbound = Inbound(
            channel="telegram", channel_account=self.house.commune.telegram, person=self.name, at=self.house.at,
            dedupe_key=f"{self.name}:{next(self._numbers)}", kind="location" if place else "text", text=text,
            place=place,
        )  # fmt: skip
        run_apart(self.house.runtime.receive(inbound))

    def report(self, text: str = "Đèn đường ở ngã ba hỏng ba hôm nay") -> str:
        """Sends a report of roads, each from another place; the code of the newest case."""
        for said in ("gửi phản ánh", "đường sá", text):
            self.send(said)
        self.send(place=Place(lat=21.62 + next(_ELSEWHERE) / 50, lon=106.53))
        for said in ("bỏ qua", "gửi ẩn danh"):
            self.send(said)
        newest = select(cases.c.code).order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(1)
        return str(look(self.house, lambda conn: conn.scalar(newest)))


def how_many(house: House) -> int:
    return len(look(house, lambda conn: conn.execute(select(cases.c.id)).all()))


def account_of(conn: Connection, name: str) -> int:
    return int(conn.scalar(select(accounts.c.id).where(accounts.c.platform_id == name)) or 0)


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """The officer at the reception, signed in."""
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        yield client


def signed_in(house: House, login: str) -> TestClient:
    client = browser_of(house).__enter__()
    client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})
    return client


def block(desk: TestClient, code: str, **form: str) -> int:
    answered = desk.post(f"/can-bo/vu-viec/{code}/chan", data={"reason": REASON, "days": "7", **form})
    return answered.status_code


def test_whoever_is_blocked_opens_nothing_new_until_it_is_lifted(house: House, desk: TestClient) -> None:
    # given a case, and its sender blocked from its page
    person = Person(house, "81")
    code = person.report()
    assert "Không chặn ai" in desk.get("/can-bo/chan").text
    assert block(desk, code) == 200
    page = desk.get("/can-bo/chan").text
    assert REASON in page
    assert code in page
    assert "Người gửi đang bị chặn" in desk.get(f"/can-bo/vu-viec/{code}").text
    # then what they report is not taken
    before = how_many(house)
    person.report("Một việc khác nữa ở đầu cầu")
    assert how_many(house) == before
    # but others' is
    Person(house, "82").report("Cống tắc ở cuối thôn, nước tràn")
    assert how_many(house) == before + 1
    # and when it is lifted, theirs is again
    id = look(house, lambda conn: conn.scalar(select(block_rows.c.id)))
    assert "Đã bỏ chặn" in desk.post(f"/can-bo/chan/{id}/bo").text
    person.report("Một việc khác nữa ở đầu cầu")
    assert how_many(house) == before + 2


def test_a_block_ends_by_itself(house: House, desk: TestClient) -> None:
    person = Person(house, "81")
    code = person.report()
    block(desk, code, days="2")
    house.at += 2 * DAY
    before = how_many(house)
    person.report("Một việc khác nữa ở đầu cầu")
    assert how_many(house) == before + 1


def test_the_person_is_told_once_and_may_still_answer_what_an_officer_asks(house: House, desk: TestClient) -> None:
    person = Person(house, "81")
    code = person.report()
    block(desk, code)
    # words of their own to the case are not taken
    person.send("viết thêm cho cán bộ")
    person.send("Đèn vẫn chưa sáng")
    seen = look(house, lambda conn: conn.scalar(select(cases.c.version).where(cases.c.code == code)))
    # when an officer asks
    desk.post(f"/can-bo/vu-viec/{code}/hoi", data={"text": "Đèn ở cột số mấy ạ?", "seen": str(seen)})
    person.send("trả lời cán bộ")
    person.send("Cột số 12 ạ")
    kept = select(acts.c.action).where(acts.c.thing == "case", acts.c.action == "say")
    assert look(house, lambda conn: list(conn.scalars(kept))) == ["say"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"days": "8"}, "từ 1 đến 7"),
        ({"days": "0"}, "từ 1 đến 7"),
        ({"days": "mãi mãi"}, "từ 1 đến 7"),
        ({"reason": "   "}, "Xin ghi lý do"),
        ({"reason": "x" * 301}, "nhiều nhất 300"),
    ],
)
def test_a_block_without_reason_or_end_is_refused_with_what_was_written(
    house: House, desk: TestClient, form: dict[str, str], said: str
) -> None:
    code = Person(house, "81").report()
    refused = desk.post(f"/can-bo/vu-viec/{code}/chan", data={"reason": REASON, "days": "7", **form})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Không chặn ai" in desk.get("/can-bo/chan").text


def test_who_may_block_and_lift_and_of_which_commune(house: House, desk: TestClient) -> None:
    code = Person(house, "81").report()
    admin, stranger = signed_in(house, "quantri"), signed_in(house, "xakhac")
    assert block(admin, code) == 403
    assert block(stranger, code) == 404
    assert block(desk, code) == 200
    id = look(house, lambda conn: conn.scalar(select(block_rows.c.id)))
    assert admin.post(f"/can-bo/chan/{id}/bo").status_code == 403
    assert "Đã bỏ chặn" not in stranger.post(f"/can-bo/chan/{id}/bo").text
    assert REASON not in stranger.get("/can-bo/chan").text
    assert REASON in admin.get("/can-bo/chan").text
    with browser_of(house) as nobody:
        assert "Mật khẩu" in nobody.get("/can-bo/chan").text


def test_the_list_never_says_who_it_is(house: House, desk: TestClient) -> None:
    code = Person(house, "8155501234").report()
    block(desk, code)
    page = desk.get("/can-bo/chan").text
    account = look(house, lambda conn: conn.scalar(select(block_rows.c.account_id)))
    assert "8155501234" not in page
    assert str(account) not in page


def test_a_case_that_became_confidential_leaves_the_list(house: House, desk: TestClient) -> None:
    code = Person(house, "81").report()
    block(desk, code)
    outside(house, lambda tx: tx.execute(update(cases).values(confidential=1)))
    page = desk.get("/can-bo/chan").text
    assert code not in page
    assert REASON not in page


def test_no_page_tells_which_cases_are_by_the_same_hand(house: House, desk: TestClient) -> None:
    # given two anonymous cases of one person, blocked from the first
    person = Person(house, "81")
    first = person.report()
    house.at += 1000
    second = person.report("Một việc khác nữa ở đầu cầu")
    block(desk, first)
    # then the other says nothing of it
    assert "Người gửi đang bị chặn" not in desk.get(f"/can-bo/vu-viec/{second}").text
    # and to block from there too changes nothing in the line of the first
    block(desk, second)
    ends = look(house, lambda conn: list(conn.scalars(select(block_rows.c.lifted_at))))
    assert ends == [None, None]
    # and to end one leaves the other
    ids = look(house, lambda conn: list(conn.scalars(select(block_rows.c.id))))
    desk.post(f"/can-bo/chan/{ids[0]}/bo")
    before = how_many(house)
    person.report("Việc thứ ba ở cuối xóm")
    assert how_many(house) == before
    desk.post(f"/can-bo/chan/{ids[1]}/bo")
    person.report("Việc thứ ba ở cuối xóm")
    assert how_many(house) == before + 1


def test_whoever_is_blocked_for_what_turns_out_to_be_a_denunciation_may_write_again(
    house: House, desk: TestClient
) -> None:
    person = Person(house, "81")
    code = person.report()
    block(desk, code)
    keeper = select(officers.c.id).where(officers.c.login == "lanhdao").scalar_subquery()
    named = insert(keepers).values(unit_id=house.commune.commune, officer_id=keeper, at=house.at)
    outside(house, lambda tx: tx.execute(named))
    # when the case is marked
    desk.post(f"/can-bo/vu-viec/{code}/danh-dau", data={"way": "mark", "seen": "1"})
    assert look(house, lambda conn: conn.scalar(select(cases.c.confidential).where(cases.c.code == code))) == 1
    before = how_many(house)
    person.report("Một việc khác nữa ở đầu cầu")
    assert how_many(house) == before + 1


def test_how_many_report_the_same_stands_in_the_queue_and_on_the_page(house: House, desk: TestClient) -> None:
    code = Person(house, "81").report()
    assert "người cùng báo" not in desk.get("/can-bo/").text
    id = int(look(house, lambda conn: conn.scalar(select(cases.c.id))) or 0)
    unit = house.commune.commune
    for name in ("82", "83"):
        Person(house, name).send("xin chào")
        account = look(house, partial(account_of, name=name))
        outside(house, partial(following.follow, case_id=id, account_id=account, unit=unit, now=house.at))
    assert "3 người cùng báo" in desk.get("/can-bo/").text
    assert "3 người cùng báo việc này" in desk.get(f"/can-bo/vu-viec/{code}").text


def test_a_picture_is_let_and_hidden_again_by_the_own_desk_alone(house: House, desk: TestClient) -> None:
    # given a report with a picture
    code = Person(house, "81").report()
    blob = new_id()

    def picture(tx: Tx) -> None:
        row = {"id": blob, "unit_id": house.commune.commune, "media_type": "image/jpeg", "size": 1, "sha256": b"x"}
        tx.execute(insert(blob_rows).values(**row, kept=1, created_at=house.at))
        case = tx.conn.scalar(select(cases.c.id))
        tx.execute(insert(case_blobs).values(case_id=case, blob_id=blob))

    outside(house, picture)
    address = f"/can-bo/vu-viec/{code}/anh/{blob}"

    def shown() -> int:
        return int(look(house, lambda conn: conn.scalar(select(case_blobs.c.shown))) or 0)

    assert signed_in(house, "xakhac").post(f"{address}/cho-xem").status_code == 404
    assert signed_in(house, "quantri").post(f"{address}/cho-xem").status_code == 403
    assert desk.post(f"{address}/khac").status_code == 404
    assert desk.post(f"/can-bo/vu-viec/{code}/anh/1/cho-xem").status_code == 404
    assert shown() == 0
    assert "Thôi cho xem" in desk.post(f"{address}/cho-xem").text
    assert shown() == 1
    assert "Cho người báo cùng việc xem ảnh" in desk.post(f"{address}/thoi").text
    assert shown() == 0
    # and of what is about people nothing is ever let
    outside(house, lambda tx: tx.execute(update(cases).values(category="land")))
    assert "Cho người báo cùng việc" not in desk.get(f"/can-bo/vu-viec/{code}").text
    assert desk.post(f"{address}/cho-xem").status_code == 404


def test_the_desk_is_not_offered_to_block_whoever_complains_of_an_officer(house: House, desk: TestClient) -> None:
    code = Person(house, "81").report()
    outside(house, lambda tx: tx.execute(update(cases).values(category="conduct", kind="conduct")))
    assert "Tạm ngừng nhận phản ánh của người gửi" not in desk.get(f"/can-bo/vu-viec/{code}").text
    leader = signed_in(house, "lanhdao")
    assert "Tạm ngừng nhận phản ánh của người gửi" in leader.get(f"/can-bo/vu-viec/{code}").text
    assert block(desk, code) == 422
    assert block(leader, code) == 200
