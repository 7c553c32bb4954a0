"""The officers' pages: the door, the queue, a case, reports, and that nobody sees another commune's rows."""

import re

import msgspec
import pytest
from sqlalchemy import func, insert, select
from starlette.testclient import TestClient

from bot.channels.webchat import parse
from bot.channels.webchat.parse import Refused, Visitor
from storage.ids import new_id
from storage.login_tries import LOCK
from storage.tables import acts, cases, conversations, notices, officer_sessions, outbox, report_files, reports
from storage.tx import Tx
from tests.web.house import PASSWORD, House, browser_of, look, outside
from vietnam.time import DAY, HOUR

TEXT = "Đường vào nhà văn hoá thôn bị sạt lở sau mưa lớn."
ANONYMOUS = ("gửi phản ánh", "đường sá", TEXT, "bỏ qua", "thôn mẫu 3", "đồng ý và gửi")
NAMED = (
    "gửi kiến nghị",
    "môi trường",
    "Đề nghị thu gom rác hai lần một tuần.",
    "bỏ qua",
    "thôn mẫu 5",
    "ghi tên",
    "Lương Văn Mẫu",
    "0912 345 678",
    "đồng ý và gửi",
)


def enter(client: TestClient, login: str = "tiepnhan", password: str = PASSWORD) -> int:
    """Log in; the status of the page that follows."""
    return client.post("/can-bo/dang-nhap", data={"login": login, "password": password}).status_code


async def said(house: House, person: str, words: tuple[str, ...]) -> None:
    """A citizen's way through the chat, typed."""
    visitor = Visitor(house.commune.webchat, person)
    await house.services.receive(parse.start(visitor, "", at=house.at))
    for number, word in enumerate(words):
        inbound = parse.words(visitor, f"word{number:08d}", word, at=house.at)
        assert not isinstance(inbound, Refused)
        await house.services.receive(inbound)


def bring(client: TestClient, house: House, words: tuple[str, ...], person: str = "a" * 64) -> str:
    """A case that a citizen opened in the chat; its code."""
    client.portal.call(said, house, person, words)  # type: ignore[union-attr]  # an open client has one
    codes = select(cases.c.code).order_by(cases.c.id.desc())
    return look(house, lambda conn: conn.execute(codes).scalars().first() or "")


def test_without_a_session_every_page_leads_to_the_door(citizen: TestClient) -> None:
    for path in ("", "khao-sat", "bao-cao", "tin-chua-gui", "vu-viec/X", "bao-cao/1/a.pdf", "vu-viec/X/anh/1"):
        assert citizen.get(f"/can-bo/{path}").url.path == "/can-bo/dang-nhap"
    assert str(citizen.post("/can-bo/vu-viec/X/nhan").url).endswith("/can-bo/dang-nhap")


def test_an_officer_comes_in_and_goes_out(citizen: TestClient, house: House) -> None:
    assert enter(citizen) == 200
    assert "Nông Thị Mẫu" in citizen.get("/can-bo/").text
    token = citizen.cookies["nghedan_can_bo"]
    citizen.post("/can-bo/dang-xuat")
    assert look(house, lambda conn: conn.execute(select(officer_sessions)).all()) == []
    citizen.cookies.set("nghedan_can_bo", token, path="/can-bo")
    assert str(citizen.get("/can-bo/").url).endswith("/can-bo/dang-nhap")


def test_the_session_cookie_is_strict_and_only_its_hash_is_stored(citizen: TestClient, house: House) -> None:
    citizen.follow_redirects = False
    answer = citizen.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/can-bo"))
    stored = look(house, lambda conn: conn.execute(select(officer_sessions.c.token_hash)).scalar_one())
    assert citizen.cookies["nghedan_can_bo"].encode() not in bytes(stored)


def test_a_session_ends_when_it_idles_and_after_a_week(citizen: TestClient, house: House) -> None:
    begun = house.at
    enter(citizen)
    house.at += 11 * HOUR
    assert "Vụ việc của người dân" in citizen.get("/can-bo/").text
    house.at += 11 * HOUR
    assert "Vụ việc của người dân" in citizen.get("/can-bo/").text
    house.at += 12 * HOUR
    assert "Mật khẩu" in citizen.get("/can-bo/").text
    enter(citizen)
    begun = house.at
    while house.at < begun + 7 * DAY - 11 * HOUR:
        house.at += 11 * HOUR
        assert "Vụ việc của người dân" in citizen.get("/can-bo/").text
    house.at = begun + 7 * DAY
    assert "Mật khẩu" in citizen.get("/can-bo/").text


def test_an_unknown_login_is_answered_like_a_wrong_password(citizen: TestClient) -> None:
    wrong = citizen.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": "sai"})
    unknown = citizen.post("/can-bo/dang-nhap", data={"login": "tiepnham", "password": "sai"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("tiepnhan", "-") == unknown.text.replace("tiepnham", "-")


def test_five_failures_lock_that_login_at_that_address_only(house: House) -> None:
    with browser_of(house) as guesser, TestClient(house.app, client=("10.0.0.7", 1)) as officer:
        for _ in range(5):
            assert enter(guesser, password="sai") == 422
        assert enter(guesser) == 429
        assert "15 phút" in guesser.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD}).text
        assert enter(guesser, "lanhdao") == 200
        assert enter(officer) == 200
        house.at += LOCK
        guesser.cookies.clear()
        assert enter(guesser) == 200


def test_a_login_form_of_another_site_is_refused(citizen: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    answer = citizen.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    enter(citizen)
    for path in ("dang-xuat", "vu-viec/X/nhan", "vu-viec/X/tra-loi", "bao-cao", "thong-bao/1"):
        assert citizen.post(f"/can-bo/{path}", headers=headers).status_code == 403


def test_the_first_look_says_what_to_do(citizen: TestClient, house: House) -> None:
    enter(citizen)
    empty = citizen.get("/can-bo/").text
    assert "Chưa có việc mới" in empty
    assert "http://testserver/mau/" in empty
    house.at -= 2 * DAY
    first = bring(citizen, house, ANONYMOUS)
    house.at += DAY
    bring(citizen, house, NAMED, "b" * 64)
    house.at += DAY
    page = citizen.get("/can-bo/").text
    assert "<strong>2 việc mới</strong>" in page
    assert f">{first}</a>, đã chờ 2 ngày." in page
    assert page.index("sạt lở") < page.index("thu gom rác")
    found = citizen.get("/can-bo/", params={"tim": "SAT LO"}).text
    assert "sạt lở" in found
    assert "thu gom" not in found


def test_a_case_is_taken_and_answered_and_the_answer_reaches_the_chat(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, ANONYMOUS)
    enter(citizen)
    taken = citizen.post(f"/can-bo/vu-viec/{code}/nhan")
    assert "Đã nhận xử lý" in taken.text
    assert "Nông Thị Mẫu</strong> nhận xử lý" in taken.text
    again = citizen.post(f"/can-bo/vu-viec/{code}/nhan")
    assert again.status_code == 422
    assert house.services.say("act.already") in again.text
    answered = citizen.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "Xã sẽ san gạt trước ngày 10/10."})
    assert "Đã gửi câu trả lời" in answered.text
    assert "Xã sẽ san gạt trước ngày 10/10." in answered.text
    assert code in citizen.get("/can-bo/?muc=da-tra-loi").text
    rows = look(house, lambda conn: conn.execute(select(outbox).order_by(outbox.c.seq)).all())
    told = house.runtime.vault.open(rows[-1].body, b"outbox:%d" % rows[-1].id).decode()
    assert "Xã sẽ san gạt trước ngày 10/10." in told


@pytest.mark.parametrize(("text", "key"), [("  ", "act.reply_empty"), ("x" * 3_501, "act.reply_long")])
def test_a_reply_that_is_refused_keeps_its_words(citizen: TestClient, house: House, text: str, key: str) -> None:
    code = bring(citizen, house, ANONYMOUS)
    enter(citizen)
    page = citizen.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": text})
    assert page.status_code == 422
    assert house.services.say(key) in page.text
    assert text in page.text


def test_a_reply_clicked_twice_reaches_the_chat_once(citizen: TestClient, house: House) -> None:
    # given an officer whose page sends the same reply twice
    code = bring(citizen, house, ANONYMOUS)
    enter(citizen)
    page = citizen.get(f"/can-bo/vu-viec/{code}").text
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    reply = {"text": "Đã cho người dọn.", "seen": seen}
    answers = [citizen.post(f"/can-bo/vu-viec/{code}/tra-loi", data=reply) for _ in range(2)]
    # then the second is refused with its words kept, and the citizen was told once
    assert [answer.status_code for answer in answers] == [200, 422]
    assert "Đã cho người dọn." in answers[1].text
    sent = select(func.count()).select_from(acts).where(acts.c.action == "reply")
    assert look(house, lambda conn: conn.scalar(sent)) == 1


def test_an_anonymous_case_never_shows_who_it_was(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, ANONYMOUS)

    def betray(tx: Tx) -> None:
        tx.execute(cases.update().values(name="Tên Thật", phone="0900000000"))

    citizen.portal.call(house.store.write, betray)  # type: ignore[union-attr]  # an open client has one
    enter(citizen)
    for path in (f"vu-viec/{code}", "", "?tim=that"):
        page = citizen.get(f"/can-bo/{path}").text
        assert "Tên Thật" not in page
        assert "0900000000" not in page
        assert "a" * 64 not in page
    assert "Ẩn danh" in citizen.get(f"/can-bo/vu-viec/{code}").text


def test_a_named_case_shows_name_and_telephone(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, NAMED)
    enter(citizen)
    page = citizen.get(f"/can-bo/vu-viec/{code}").text
    assert "Lương Văn Mẫu" in page
    assert "tel:0912345678" in page


def seed_report(house: House, state: str, blob: int | None) -> int:
    """A report of the sample commune, with a file where a blob is given."""
    id = new_id()

    def unit(tx: Tx) -> None:
        row = {"id": id, "unit_id": house.commune.commune, "period": "2026-09", "state": state}
        tx.execute(insert(reports).values(**row, asked_at=house.at, made_at=house.at))
        if blob is not None:
            tx.execute(insert(report_files).values(report_id=id, name="Báo cáo 09-2026.docx", blob_id=blob))

    outside(house, unit)
    return id


def test_a_finished_report_can_be_fetched_by_its_own_commune_only(house: House) -> None:
    with browser_of(house) as officer, browser_of(house) as other:
        put = house.runtime.blobs.put
        blob = officer.portal.call(put, house.commune.commune, "application/x", b"PK docx")  # type: ignore[union-attr]  # an open client has one
        report = seed_report(house, "ready", blob)
        enter(officer)
        enter(other, "xakhac")
        assert "Văn bản (Word)" in officer.get("/can-bo/bao-cao").text
        file = officer.get(f"/can-bo/bao-cao/{report}/Báo cáo 09-2026.docx")
        assert file.content == b"PK docx"
        assert "wordprocessingml" in file.headers["content-type"]
        assert file.headers["content-disposition"].startswith("attachment; ")
        assert "filename*=UTF-8''B%C3%A1o" in file.headers["content-disposition"]
        assert other.get(f"/can-bo/bao-cao/{report}/Báo cáo 09-2026.docx").status_code == 404
        assert officer.get(f"/can-bo/bao-cao/{report}/khac.docx").status_code == 404
        assert "Văn bản (Word)" not in other.get("/can-bo/bao-cao").text


def test_a_report_is_asked_for_by_who_may(house: House) -> None:
    with browser_of(house) as officer, browser_of(house) as admin:
        enter(officer)
        page = officer.post("/can-bo/bao-cao", data={"ky": "2026-09"})
        assert "Đang tạo" in page.text
        assert 'http-equiv="refresh"' in page.text
        assert officer.post("/can-bo/bao-cao", data={"ky": "2026-9m"}).text.count("Đang tạo") == 2
        assert "9 tháng đầu năm 2026" in page.text
        assert officer.post("/can-bo/bao-cao", data={"ky": "1999-01"}).status_code == 422
        enter(admin, "quantri")
        assert "Tạo báo cáo</button>" not in admin.get("/can-bo/bao-cao").text
        assert admin.post("/can-bo/bao-cao", data={"ky": "2026-09"}).status_code == 403


def test_another_communes_rows_are_not_there(house: House) -> None:
    with browser_of(house) as other:
        code = bring(other, house, NAMED)
        enter(other, "xakhac")
        for path in (f"vu-viec/{code}", f"vu-viec/{code}/anh/1"):
            assert other.get(f"/can-bo/{path}").status_code == 404
        for path in ("nhan", "tra-loi"):
            assert other.post(f"/can-bo/vu-viec/{code}/{path}", data={"text": "x"}).status_code == 404
        assert code not in other.get("/can-bo/").text
        assert look(house, lambda conn: conn.scalar(select(cases.c.state))) == "new"


@pytest.mark.parametrize(
    "path", ["vu-viec/a%00", f"vu-viec/X/anh/{1 << 63}", f"bao-cao/{1 << 70}/a.pdf", "bao-cao/1/a%00.pdf"]
)
def test_what_no_store_can_hold_is_not_there(citizen: TestClient, path: str) -> None:
    enter(citizen)
    assert citizen.get(f"/can-bo/{path}").status_code == 404


def test_a_log_in_of_odd_characters_is_a_wrong_one(citizen: TestClient) -> None:
    for odd in ("\\ud800", "\\x00"):
        body = f'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n{odd}\r\n'
        body += f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{odd}\r\n--b--\r\n'
        form = {"content-type": "multipart/form-data; boundary=b; charset=raw_unicode_escape"}
        assert citizen.post("/can-bo/dang-nhap", content=body.encode(), headers=form).status_code == 422


def test_what_could_not_be_sent_is_listed_without_a_word_of_it(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, NAMED)

    def die(tx: Tx) -> None:
        conversation = tx.conn.scalar(select(conversations.c.id))
        values = {"id": new_id(), "unit_id": house.commune.commune, "conversation_id": conversation, "seq": 900}
        values |= {"channel_account_id": house.commune.telegram, "lane": 0, "state": "dead", "next_at": 0}
        tx.execute(insert(outbox).values(**values, created_at=house.at, fault="Forbidden: bot was blocked by the user"))

    citizen.portal.call(house.store.write, die)  # type: ignore[union-attr]  # an open client has one
    enter(citizen)
    page = citizen.get("/can-bo/tin-chua-gui").text
    assert "Người nhận đã chặn" in page
    assert "không gửi lại được" in page, "its words are erased"
    assert "thu gom rác" not in page
    assert code not in page


def test_a_letter_that_could_not_be_sent_is_sent_again_once_and_only_by_its_own_unit(
    citizen: TestClient, house: House
) -> None:
    bring(citizen, house, NAMED)
    id = new_id()

    def die(tx: Tx) -> None:
        conversation = tx.conn.scalar(select(conversations.c.id))
        values = {"id": id, "unit_id": house.commune.commune, "conversation_id": conversation, "seq": 900}
        values |= {"channel_account_id": house.commune.telegram, "lane": 0, "state": "dead", "next_at": 0}
        tx.execute(insert(outbox).values(**values, body=b"x", created_at=house.at, fault="Bad Gateway"))

    citizen.portal.call(house.store.write, die)  # type: ignore[union-attr]  # an open client has one
    assert citizen.post(f"/can-bo/tin-chua-gui/{id}/gui-lai", follow_redirects=False).status_code in (303, 403)
    assert look(house, lambda conn: conn.scalar(select(outbox.c.state).where(outbox.c.id == id))) == "dead"
    enter(citizen)
    assert "Gửi lại" in citizen.get("/can-bo/tin-chua-gui").text
    assert "Đã xếp tin vào hàng gửi lại" in citizen.post(f"/can-bo/tin-chua-gui/{id}/gui-lai").text
    assert look(house, lambda conn: conn.scalar(select(outbox.c.state).where(outbox.c.id == id))) == "ready"
    again = citizen.post(f"/can-bo/tin-chua-gui/{id}/gui-lai")
    assert again.status_code == 200
    assert "Đã xếp tin vào hàng gửi lại" not in again.text


def test_a_notice_is_shown_until_it_is_put_away(citizen: TestClient, house: House) -> None:
    id = new_id()

    def tell(tx: Tx) -> None:
        params = msgspec.json.encode({"period": "tháng 09/2026"}).decode()
        row = {"id": id, "unit_id": house.commune.commune, "key": "notice.report_ready", "params": params}
        tx.execute(insert(notices).values(**row, at=house.at))

    citizen.portal.call(house.store.write, tell)  # type: ignore[union-attr]  # an open client has one
    enter(citizen)
    told = house.services.say("notice.report_ready", period="tháng 09/2026")
    assert told in citizen.get("/can-bo/").text
    citizen.post(f"/can-bo/thong-bao/{id}")
    assert told not in citizen.get("/can-bo/").text


@pytest.mark.parametrize("query", ["?muc=khong", "?trang=0", "?trang=-1", "?trang=999999999", "?tim=%25%00_'"])
def test_an_odd_question_to_the_queue_is_answered(citizen: TestClient, query: str) -> None:
    enter(citizen)
    assert citizen.get(f"/can-bo/{query}").status_code == 200


@pytest.mark.parametrize("login", ["tiepnhan", "lanhdao", "quantri", "xakhac"])
def test_every_page_opens_for_every_role(citizen: TestClient, login: str) -> None:
    enter(citizen, login)
    for path in ("", "khao-sat", "bao-cao", "tin-chua-gui"):
        assert citizen.get(f"/can-bo/{path}").status_code == 200
