"""The page of a case: state and dates for whoever has the code, every word for its own citizen alone."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from feedback.acts import Act, Ask, Forward, Reply
from feedback.codes import make_code
from feedback.roles import OFFICER, Actor, Role
from storage import threads
from storage.tables import cases
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside
from tests.web.test_answers import REPORT, picture, says
from tests.web.test_hands_pages import FORM
from vietnam.time import DAY, HOUR

NAMED = (*REPORT[:5], "2", "Lan", "0912 345 678", "1")
REPLY = "Đã thay bóng đèn ở ngã ba."


def acted(house: House, *done: Act) -> None:
    officer = Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=Role.RECEPTION)
    for act in done:
        run_apart(house.runtime.act(_id(house), act, officer))


def _id(house: House) -> int:
    return look(house, lambda conn: int(conn.scalar(select(cases.c.id)) or 0))


def address(house: House) -> str:
    """The signed address, as it is said in the citizen's chat."""
    vault, id = house.runtime.vault, _id(house)
    return threads.address(vault, "/mau", id, house.at)


def state(house: House) -> str:
    return look(house, lambda conn: str(conn.scalar(select(cases.c.state))))


@pytest.fixture
def code(house: House) -> str:
    return says(house, *NAMED)


@pytest.fixture
def mine(house: House, code: str) -> Iterator[TestClient]:
    """The citizen's browser, come by the address from the chat."""
    del code
    with browser_of(house) as client:
        client.get(address(house))
        yield client


def test_the_code_alone_shows_state_and_dates_and_not_a_word(house: House, code: str, citizen: TestClient) -> None:
    acted(house, Ask("Ngã ba nào ạ?"), Reply(REPLY))
    page = citizen.get(f"/mau/tra-cuu/{code}").text
    assert code in page
    assert "đã trả lời" in page
    for word in ("Lan", "0912", "ngã ba", REPLY, "Ngã ba nào"):
        assert word not in page
    acted(house, Forward("Công an xã Mẫu Đơn"))
    assert "Mẫu Đơn" not in citizen.get(f"/mau/tra-cuu/{code}").text


def test_the_last_digits_of_the_telephone_open_the_thread(house: House, code: str, citizen: TestClient) -> None:
    acted(house, Ask("Ngã ba nào ạ?"), Reply(REPLY))
    wrong = citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": "0000"})
    assert wrong.status_code == 422
    assert "không khớp" in wrong.text
    assert REPLY not in wrong.text
    opened = citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": " 5678 "}).text
    for word in (REPLY, "Ngã ba nào ạ?", "Đèn đường ở ngã ba hỏng"):
        assert word in opened
    assert "0912" not in opened
    # an hour later it is closed again, and it can be closed before
    citizen.post(f"/mau/tra-cuu/{code}/dong")
    assert REPLY not in citizen.get(f"/mau/tra-cuu/{code}").text
    citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": "5678"})
    house.at += HOUR + 60_000
    assert REPLY not in citizen.get(f"/mau/tra-cuu/{code}").text


@pytest.mark.parametrize("typed", ["", "678", "345678", "5678 5678", "----", "đây", "५६७८", "5678; --"])
def test_only_the_four_digits_open_it(house: House, code: str, citizen: TestClient, typed: str) -> None:
    status = citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": typed}).status_code
    assert status == (200 if typed == "5678; --" else 422)


@pytest.mark.parametrize("typed", ["", "----", "0000"])
def test_where_no_telephone_was_left_nothing_fits(house: House, citizen: TestClient, typed: str) -> None:
    code = says(house, *REPORT)
    refused = citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": typed})
    assert refused.status_code == 422
    assert "hoặc việc này không ghi số điện thoại" in refused.text


def test_digits_are_not_tried_by_the_dozen(house: House, code: str, citizen: TestClient) -> None:
    statuses = [citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": f"{n:04}"}).status_code for n in range(6)]
    assert statuses == [422] * 5 + [429]
    assert citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": "5678"}).status_code == 429, "nor is the right one heard"


def test_an_address_is_good_for_a_month_and_only_whole(house: House, code: str, citizen: TestClient) -> None:
    acted(house, Reply(REPLY))
    good = address(house)
    assert REPLY in citizen.get(good).text
    with browser_of(house) as other:
        other_sign = "A" if good[-1] != "A" else "B"
        for broken in (good[:-1] + other_sign, good[:-2], good + "AA", "/mau/viec/%00", "/mau/viec/x"):
            refused = other.get(broken)
            assert refused.status_code == 410
            assert REPLY not in refused.text
        elsewhere = other.get(good.replace("/mau/", "/xa-khac/"))
        assert (elsewhere.status_code, REPLY in elsewhere.text) == (410, False)
        house.at += 30 * DAY + 60_000
        assert "đã hết hạn" in other.get(good).text


def test_a_browsers_pass_opens_one_case_only_and_is_no_address(house: House, code: str, citizen: TestClient) -> None:
    citizen.get(address(house))
    passed = citizen.cookies.get("nghedan_viec")
    assert passed
    assert citizen.get(f"/mau/viec/{passed}").status_code == 410
    says(house, *REPORT)
    other = look(house, lambda conn: str(conn.scalar(select(cases.c.code).where(cases.c.code != code))))
    with browser_of(house) as stranger:
        page = stranger.get(f"/mau/tra-cuu/{other}", headers={"cookie": f"nghedan_viec={passed}"})
        assert "Lời trả lời chỉ người gửi xem được" in page.text


def test_a_question_is_answered_on_the_page_with_pictures_and_the_chat_hears_of_it(
    house: House, code: str, mine: TestClient
) -> None:
    acted(house, Ask("Ngã ba nào ạ?"))
    page = f"/mau/tra-cuu/{code}"
    assert "Trả lời cán bộ" in mine.get(page).text
    answer = {"way": "tell", "text": "Ngã ba gần chợ.", "seen": "2"}
    said = mine.post(f"{page}/noi", data=answer, files=[("photos", picture()), ("photos", picture("gold"))]).text
    assert "Đã nhận" in said
    assert "Ngã ba gần chợ." in said
    assert state(house) == "in_progress"
    shown = re.findall(rf'src="({page}/anh/\d+)" alt="Ảnh Ông/Bà đã gửi"', said)
    assert len(shown) == 2
    assert mine.get(shown[0]).headers["content-type"] == "image/jpeg"
    with browser_of(house) as stranger:
        assert stranger.get(shown[0]).status_code == 404
    # sent off twice it is said once
    mine.post(f"{page}/noi", data=answer)
    assert mine.get(page).text.count("Ngã ba gần chợ.") == 1
    assert _heard(house) == f"Đã nhận qua trang web điều Ông/Bà vừa gửi thêm về việc {code}, và đã chuyển đến cán bộ."


def _heard(house: House) -> str:
    """The newest message to the citizen's chat."""
    import msgspec

    from storage.outbox import context
    from storage.tables import outbox

    def read(conn: object) -> str:
        row = conn.execute(select(outbox.c.id, outbox.c.body).order_by(outbox.c.seq.desc()).limit(1)).one()  # type: ignore[attr-defined]  # the store of one process has it
        return str(msgspec.json.decode(house.runtime.vault.open(bytes(row.body), context(row.id)))["text"])

    return look(house, read)


def test_settled_or_not_and_how_it_was_handled(house: House, code: str, mine: TestClient) -> None:
    acted(house, Reply(REPLY))
    page = f"/mau/tra-cuu/{code}"
    lacking = mine.post(f"{page}/noi", data={"way": "not_done", "text": " "})
    assert lacking.status_code == 422
    mine.post(f"{page}/noi", data={"way": "not_done", "text": "Đèn lại tắt."})
    assert state(house) == "reopened"
    acted(house, Reply("Đã thay cả dây."))
    assert "xin xã xem lại" not in mine.get(page).text, "once only"
    assert "hài lòng thế nào" in mine.post(f"{page}/noi", data={"way": "done"}).text
    rated = mine.post(f"{page}/noi", data={"way": "rate", "stars": "5"}).text
    assert "Ông/Bà đánh giá cách xử lý: rất hài lòng" in rated
    assert "hài lòng thế nào" not in rated
    assert _heard(house).startswith("Đã nhận qua trang web đánh giá")
    for stars in ("", "6", "0", "12", "x"):
        assert mine.post(f"{page}/noi", data={"way": "rate", "stars": stars}).status_code == 422


@pytest.mark.parametrize("way", ["tell", "not_done"])
def test_bad_pictures_are_refused_and_the_words_are_kept(house: House, code: str, mine: TestClient, way: str) -> None:
    acted(house, Reply(REPLY))
    page = f"/mau/tra-cuu/{code}/noi"
    typed = {"way": way, "text": "Lời đã viết công phu."}
    for files in ([("photos", ("a.jpg", b"<svg/>", "image/jpeg"))], [("photos", picture())] * 6):
        refused = mine.post(page, data=typed, files=files)
        assert refused.status_code == 422
        assert "Lời đã viết công phu.</textarea>" in refused.text
    long = mine.post(page, data={"way": way, "text": "a" * 4001})
    assert long.status_code == 422
    assert mine.post(page, content=b"x", headers={"content-type": "text/plain"}).status_code == 400


def test_without_the_second_factor_nothing_is_taken(house: House, code: str, citizen: TestClient) -> None:
    acted(house, Reply(REPLY))
    citizen.post(f"/mau/tra-cuu/{code}/noi", data={"way": "done"})
    assert state(house) == "answered"


@pytest.mark.parametrize("way", ["mo", "noi", "dong"])
def test_a_form_of_another_site_does_nothing(house: House, code: str, mine: TestClient, way: str) -> None:
    acted(house, Reply(REPLY))
    elsewhere = {"sec-fetch-site": "cross-site"}
    mine.post(f"/mau/tra-cuu/{code}/{way}", data={"way": "done", "so": "5678"}, headers=elsewhere)
    assert state(house) == "answered"
    assert REPLY in mine.get(f"/mau/tra-cuu/{code}").text


def test_what_is_confidential_looks_like_a_code_that_does_not_exist(
    house: House, code: str, mine: TestClient, citizen: TestClient
) -> None:
    acted(house, Reply(REPLY))
    nobodys = make_code("M", 2026, 7)
    none = citizen.get(f"/mau/tra-cuu/{nobodys}")
    outside(house, lambda tx: tx.execute(update(cases).values(confidential=1)))
    hidden = citizen.get(f"/mau/tra-cuu/{code}")
    assert hidden.status_code == none.status_code == 404
    assert hidden.text.replace(code, nobodys) == none.text
    for way in ("mo", "noi"):
        assert citizen.post(f"/mau/tra-cuu/{code}/{way}", data={"so": "5678", "way": "done"}).status_code == 404
    assert REPLY not in mine.get(f"/mau/tra-cuu/{code}").text
    assert citizen.get(address(house)).status_code == 410


def test_on_a_channel_that_may_be_closed_the_answer_names_its_page(house: House, code: str) -> None:
    facts = look(house, lambda conn: conn.execute(select(cases.c.id, cases.c.account_id)).one())
    run = house.runtime

    def page(tx: object) -> str:
        from feedback.acts import CaseFacts

        book = run.ledger.book(tx, facts.id, house.at)  # type: ignore[arg-type]
        chat, of_case = book.chat(), book.facts()
        assert isinstance(of_case, CaseFacts)
        return chat.thread_page(of_case.id, "evidence")

    assert outside(house, page) == "", "Telegram is never closed"


def test_whoever_told_it_at_the_desk_reads_and_answers_by_telephone_number(house: House, citizen: TestClient) -> None:
    with browser_of(house) as clerk:
        clerk.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        clerk.post("/can-bo/nhap-ho", data=FORM)
    code = look(house, lambda conn: str(conn.scalar(select(cases.c.code))))
    acted(house, Ask("Ngã ba nào ạ?"))
    page = f"/mau/tra-cuu/{code}"
    assert "Ngã ba nào ạ?" in citizen.post(f"{page}/mo", data={"so": FORM["phone"][-4:]}).text
    assert "Gần chợ." in citizen.post(f"{page}/noi", data={"way": "tell", "text": "Gần chợ."}).text
    assert state(house) == "in_progress"
    acted(house, Reply(REPLY))
    citizen.post(f"{page}/noi", data={"way": "done"})
    assert state(house) == "closed"
