"""Arranging around a session: the host's busy days, another seat for a caller, its matter, what may be public."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.session_round import tell_round
from storage.tables import bookings
from tests.stores import run_apart
from tests.web.doors import Waiting, enter
from tests.web.house import House, browser_of, look
from tests.web.sessions_at_desk import a_day, announced, plan, planned
from vietnam.time import HOUR, start_of

CALENDAR = "/can-bo/lich"


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """The leader, signed in."""
    with browser_of(house) as client:
        enter(client, "lanhdao")
        yield client


def away(house: House, desk: TestClient, ahead: int, weekday: int) -> str:
    """The chairman is busy on a day; the page that follows."""
    day = a_day(house, ahead, weekday).isoformat()
    form = {"chu_tri": "chairman", "tu": day, "den": day, "ghi": "Họp Hội đồng nhân dân tỉnh"}
    page = desk.post(f"{CALENDAR}/ngay-ban", data=form)
    assert page.status_code == 200
    return page.text


def test_busy_days_stand_on_the_calendar_and_are_taken_away_again(house: House, desk: TestClient) -> None:
    page = away(house, desk, 20, 0)
    assert "Họp Hội đồng nhân dân tỉnh" in page
    found = re.search(rf"{CALENDAR}/ngay-ban/\d+/bo", page)
    assert found
    again = away(house, desk, 20, 0)
    assert len(re.findall(r"/ngay-ban/\d+/bo", again)) == 1, "the same form sent twice"

    gone = desk.post(found[0]).text

    assert "Đã bỏ ngày bận" in gone
    assert "Họp Hội đồng nhân dân tỉnh" not in gone
    assert desk.post(found[0]).status_code == 404
    with browser_of(house) as other:
        enter(other, "quantri")
        assert other.post(found[0]).status_code == 403


def test_a_session_on_a_day_that_becomes_busy_is_named_with_the_way_to_move_it(house: House, desk: TestClient) -> None:
    address = announced(house, desk)

    page = away(house, desk, 10, 2)

    day = a_day(house, 10, 2).strftime("%d/%m/%Y")
    warns = page.partition('class="warns"')[2].partition("</ul>")[0]
    assert f"Chủ tịch UBND bận ngày {day}" in warns
    assert f'href="{address}/doi"' in warns
    assert f"Người chủ trì bận ngày {day}: Họp Hội đồng nhân dân tỉnh" in desk.get(address).text


def test_announcing_the_whole_calendar_leaves_out_the_days_on_which_the_host_is_away(
    house: House, desk: TestClient
) -> None:
    # given every Wednesday, the chairman busy on the third of them
    page = desk.post(f"{CALENDAR}/moi", data=plan(house, lap="week", thu2="1")).text
    many = page.count('class="date"')
    first = re.search(r'card date-card" href="(/can-bo/lich/\d+)"', page)
    assert first
    away(house, desk, 24, 2)

    shown = desk.get(first[1]).text
    assert f"Công bố luôn {many - 2} buổi khác" in shown
    assert "1 buổi trùng ngày bận" in shown
    done = desk.post(f"{first[1]}/cong-bo", data={"seen": "0", "ca_lich": "1"}).text

    assert "1 buổi của lịch lặp lại chưa công bố được" in done
    assert desk.get(CALENDAR).text.count("Đã công bố</span>") == many - 1


def test_whoever_calls_gets_another_time_and_hears_of_it_in_the_chat(house: House, desk: TestClient) -> None:
    # given somebody with the first seat, booked in a chat
    address = announced(house, desk)
    chat = Waiting(house, "91", asked=False)
    chat._does("start", source=f"dt_{address.rpartition('/')[2]}")
    chat.says("1", "Đường vào thôn tôi bao giờ được sửa?", "Nguyễn Thị Lan, 0912 345 678")
    link = re.search(rf"{address}/khach/[\w-]+/doi-cho", desk.get(address).text)
    assert link
    form = desk.get(link[0]).text
    assert "số 8" in form

    page = desk.post(link[0], data={"sang": f"{address.rpartition('/')[2]}:8"}).text

    assert "Đã đổi chỗ" in page
    assert re.search(r"Mã mới: <b[^>]*>M-2026-[\w-]+</b>, Nguyễn Thị Lan, số 8, lúc 11:00", page)
    assert "số 8</span>" in page
    live = look(house, lambda conn: conn.execute(select(bookings).where(bookings.c.state == "booked")).all())
    assert [(row.seat, row.news) for row in live] == [(8, "moved")]
    run_apart(tell_round(house.runtime))
    assert "Đã đổi lịch cho Ông/Bà" in chat.hears()
    # and the old code opens nothing any more, a seat that is taken is refused
    assert desk.get(link[0]).status_code == 404
    new = re.search(rf"{address}/khach/[\w-]+/doi-cho", desk.get(address).text)
    assert new
    for wrong in ("", "x:y", "1:1", f"{address.rpartition('/')[2]}:99"):
        assert desk.post(new[0], data={"sang": wrong}).status_code in (404, 422)


def test_the_matter_stands_in_every_notice(house: House, desk: TestClient) -> None:
    address = announced(house, desk, ve="Đền bù km 12+500 QL1A", noi="Nhà VH thôn 3")
    assert "Nội dung: Đền bù km 12+500 QL1A." in desk.get(address).text
    assert "Đền bù km 12+500 QL1A" in desk.get(f"{address}/niem-yet").text
    assert "Đền bù km 12+500 QL1A" in desk.get("/mau/lich").text
    spoken = desk.get(f"{address}/truyen-thanh.txt").content.decode("utf-8-sig")
    assert "Nội dung: Đền bù ki lô mét mười hai cộng năm trăm quốc lộ một A." in spoken
    assert "Nhà văn hóa thôn ba" in spoken


def test_a_session_without_a_matter_names_what_is_usual_for_its_kind(house: House, desk: TestClient) -> None:
    address = planned(house, desk)
    for page in (f"{address}/niem-yet", f"{address}/truyen-thanh"):
        assert "nghe và trả lời kiến nghị, phản ánh, khiếu nại, tố cáo của công dân" in desk.get(page).text
    assert desk.post(f"{CALENDAR}/moi", data=plan(house, ve="x" * 600)).status_code == 422


def answered(house: House, desk: TestClient, public: str, **other: str) -> str:
    """A session of today with a question that was asked and answered; its address."""
    address = announced(house, desk, **other)
    house.at = start_of(a_day(house, 10, 2)) + 8 * HOUR
    enter(desk, "lanhdao")
    desk.post(f"{address}/hoi", data={"cau_hoi": "Tôi là Lò Thị Máy, chồng tôi đánh tôi", "linh_vuc": "security"})
    number = re.search(r"/tra-loi/(\d+)", desk.get(address).text)
    assert number
    form = {"tra_loi": "Công an xã đã đến làm việc.", "ai": "Chủ tịch", "cong_khai": public}
    assert desk.post(f"{address}/tra-loi/{number[1]}", data=form).status_code == 200
    desk.post(f"{address}/bien-ban", data={"noi_dung": "Đã họp.", "seen": "0"})
    house.at = start_of(a_day(house, 0)) + 12 * HOUR
    enter(desk, "lanhdao")
    desk.post(f"{address}/ket-thuc", data={"seen": "0"})
    return address


def test_of_a_question_only_the_officers_own_words_are_public(house: House, desk: TestClient) -> None:
    address = answered(house, desk, "Việc phòng, chống bạo lực gia đình.", loai="exchange", phut="", cho="50")
    number = address.rpartition("/")[2]
    assert "Đã công bố kết quả" in desk.post(f"{address}/ket-qua", data={"seen": "0"}).text

    page = desk.get("/mau/lich").text

    assert "Việc phòng, chống bạo lực gia đình." in page
    assert "Lò Thị Máy" not in page
    assert f"/can-bo/so-sach/buoi/{number}/ket-qua.docx" in desk.get(address).text
    # and it is there to be changed, the answer left as it is
    assert "Việc phòng, chống bạo lực gia đình." in desk.get(address).text


def test_a_reception_offers_no_paper_of_results_and_gives_none(house: House, desk: TestClient) -> None:
    address = answered(house, desk, "Không công khai gì.")
    number = address.rpartition("/")[2]
    assert "bien-ban.docx" in desk.get(address).text
    assert "ket-qua.docx" not in desk.get(address).text
    assert "ket-qua.docx" not in desk.get("/can-bo/so-sach").text
    for ending in ("docx", "pdf"):
        assert desk.get(f"/can-bo/so-sach/buoi/{number}/ket-qua.{ending}").status_code == 404
