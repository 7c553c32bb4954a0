"""At the session itself: who comes, what is asked and answered, what is promised, what goes out afterwards."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.doors import Waiting, enter
from tests.web.house import House, browser_of
from tests.web.sessions_at_desk import a_day, announced
from vietnam.time import DAY, HOUR, start_of


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """The leader, signed in."""
    with browser_of(house) as client:
        enter(client, "lanhdao")
        yield client


def on_the_day(house: House, desk: TestClient, hour: int = 8) -> None:
    """The clock stands at an hour of the session's day; the officer signs in again."""
    house.at = start_of(a_day(house, 10, 2)) + hour * HOUR
    enter(desk, "lanhdao")


def visitor(**other: str) -> dict[str, str]:
    """The form for somebody who has called."""
    usual = {"ten": "Nguyễn Thị Lan", "sdt": "0912 345 678", "linh_vuc": "roads", "cau_hoi": "Đường bao giờ sửa?"}
    return usual | {"cho": "1"} | other


def question_of(page: str) -> str:
    """The id of the first question on the page."""
    found = re.search(r"/tra-loi/(\d+)", page)
    assert found, page
    return found[1]


def test_somebody_who_calls_gets_a_seat_and_is_found_by_number(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    assert "Đã ghi vào danh sách" in desk.post(f"{address}/dat-cho", data=visitor()).text
    page = desk.get(address).text
    assert "Nguyễn Thị Lan" in page
    assert "1 trên 8 chỗ" in page
    assert "0912345678" in desk.get(f"{address}/phieu-truc").text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ten": ""}, "tên"),
        ({"ten": "x" * 200}, ""),
        ({"sdt": "12"}, "Số điện thoại chưa đúng"),
        ({"cau_hoi": "x" * 5_000}, ""),
        ({"linh_vuc": "magic"}, ""),
    ],
)
def test_a_visitor_who_cannot_be_written_down_is_told_why(
    house: House, desk: TestClient, wrong: dict[str, str], told: str
) -> None:
    address = announced(house, desk)
    page = desk.post(f"{address}/dat-cho", data=visitor(**wrong))
    assert page.status_code == 422
    assert told in page.text
    assert "0 trên 8 chỗ" in page.text


def test_the_ninth_waits_and_moves_up_when_a_seat_is_given_back(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    for number in range(9):
        desk.post(f"{address}/dat-cho", data=visitor(ten=f"Người số {number + 1}", sdt=""))
    page = desk.get(address).text
    assert "8 trên 8 chỗ, 1 người chờ" in page
    code = re.search(r"/khach/([^/]+)/tra-cho", page)
    assert code
    page = desk.post(f"{address}/khach/{code[1]}/tra-cho", data={"tu_xin": "1"}).text
    assert "Đã trả chỗ" in page
    assert "8 trên 8 chỗ</h2>" in page


def test_check_in_by_code_by_number_and_by_one_tap(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    for number in range(3):
        desk.post(f"{address}/dat-cho", data=visitor(ten=f"Người số {number + 1}", sdt=""))
    codes = re.findall(r"/khach/([^/]+)/tra-cho", desk.get(address).text)
    on_the_day(house, desk)
    assert "Đã ghi có mặt" in desk.post(f"{address}/co-mat", data={"ma": codes[0].lower()}).text
    assert "Đã ghi có mặt" in desk.post(f"{address}/co-mat", data={"ma": "2"}).text
    assert "Đã ghi có mặt" in desk.post(f"{address}/khach/{codes[2]}/co-mat").text
    assert desk.get(address).text.count("đã đến") == 3
    for wrong in ("", "77", "M-2026-AAAAAA-A", "x" * 300, "<b>"):
        page = desk.post(f"{address}/co-mat", data={"ma": wrong})
        assert page.status_code == 422
        assert "<b>" not in page.text.partition('name="ma"')[2][:200]
    assert desk.post(f"{address}/khach/{codes[0]}/no-such-thing").status_code == 404
    again = desk.post(f"{address}/khach/{codes[0]}/co-mat")
    assert again.status_code == 422
    assert "đã được ghi có mặt lúc 08:00" in again.text


def test_a_walk_in_is_there_at_once(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    on_the_day(house, desk)
    page = desk.post(f"{address}/dat-cho", data=visitor(tai_cho="1"))
    assert page.status_code == 200, page.text.partition('role="alert"')[2][:200]
    assert "đã đến" in page.text


def test_who_comes_beyond_the_seats_is_counted_apart_from_the_seats(house: House, desk: TestClient) -> None:
    # given two seats, both booked
    address = announced(house, desk, phut="", cho="2")
    for name in ("Lan", "Tư"):
        desk.post(f"{address}/dat-cho", data=visitor(ten=name))
    assert "<h2>Đã đặt 2 trên 2 chỗ</h2>" in desk.get(address).text
    # when both come, and a third without a seat
    on_the_day(house, desk)
    for number in ("1", "2"):
        desk.post(f"{address}/co-mat", data={"ma": number})
    desk.post(f"{address}/dat-cho", data=visitor(ten="Ba", tai_cho="1"))
    # then nobody reads of three on two seats
    assert "<h2>2 chỗ, đã đặt 2, 3 người đến</h2>" in desk.get(address).text
    assert "2 chỗ, đã đặt 2, 3 người đến" in desk.get("/can-bo/lich").text


def test_before_the_day_nothing_is_offered_that_would_be_refused(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    desk.post(f"{address}/dat-cho", data=visitor())
    page = desk.get(address).text
    for too_early in ("Ghi có mặt", "/co-mat", "<h2>Biên bản", "Buổi đã kết thúc"):
        assert too_early not in page
    on_the_day(house, desk)
    page = desk.get(address).text
    for now_due in ("Ghi có mặt", "/co-mat", "<h2>Biên bản", "Buổi đã kết thúc"):
        assert now_due in page
    assert page.index("Ghi có mặt") < page.index("<h2>Giấy tờ"), "the list comes first while people come"


def test_the_host_takes_the_session_into_a_telephone(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    assert f'href="{address}/lich.ics"' in desk.get(address).text
    file = desk.get(f"{address}/lich.ics")
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = file.text.replace("\r\n ", "").split("\r\n")
    day = f"{a_day(house, 10, 2):%Y%m%d}"
    assert f"DTSTART;TZID=Asia/Ho_Chi_Minh:{day}T073000" in lines
    assert f"DTEND;TZID=Asia/Ho_Chi_Minh:{day}T113000" in lines
    assert "SUMMARY:Tiếp công dân định kỳ" in lines
    desk.post(f"{address}/huy", data={"ly_do": "Bão", "seen": "0"})
    assert "STATUS:CANCELLED" in desk.get(f"{address}/lich.ics").text
    assert desk.get("/can-bo/lich/12/lich.ics").status_code == 404


def test_minutes_answers_and_promises_are_kept_and_faults_are_told(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    desk.post(f"{address}/dat-cho", data=visitor())
    on_the_day(house, desk)
    question = question_of(desk.get(address).text)
    assert desk.post(f"{address}/tra-loi/{question}", data={"tra_loi": " "}).status_code == 422
    assert desk.post(f"{address}/tra-loi/1", data={"tra_loi": "Có"}).status_code == 404
    page = desk.post(f"{address}/tra-loi/{question}", data={"tra_loi": "Sửa <b>ngay</b>.", "ai": "Chủ tịch"}).text
    assert "Sửa &lt;b&gt;ngay&lt;/b&gt;." in page
    promise = {"cau": question, "viec": "San gạt đường", "ai": "Tổ giao thông", "han": a_day(house, 5).isoformat()}
    for wrong in ({"viec": ""}, {"ai": ""}, {"han": ""}, {"han": "2020-01-01"}, {"cau": "12"}, {"viec": "x" * 9_999}):
        assert desk.post(f"{address}/hua", data=promise | wrong).status_code == 422, wrong
    assert "San gạt đường" in desk.post(f"{address}/hua", data=promise).text
    asked = {"cau_hoi": "Bao giờ có nước sạch?", "linh_vuc": "environment", "nguoi_hoi": "Ông Tư"}
    assert "Đã ghi câu hỏi" in desk.post(f"{address}/hoi", data=asked).text
    assert desk.post(f"{address}/hoi", data=asked | {"cau_hoi": ""}).status_code == 422
    assert desk.post(f"{address}/bien-ban", data={"noi_dung": "", "seen": "0"}).status_code == 422
    assert "Đã lưu biên bản" in desk.post(f"{address}/bien-ban", data={"noi_dung": "Tiếp một người.", "seen": "0"}).text


def test_two_officers_who_save_minutes_at_once_do_not_overwrite_each_other(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    on_the_day(house, desk)
    seen = re.search(r'name="seen" value="(\d+)"', desk.get(address).text)
    assert seen
    first = {"noi_dung": "Bản của tôi", "seen": seen[1]}
    assert desk.post(f"{address}/bien-ban", data=first).status_code == 200
    second = desk.post(f"{address}/bien-ban", data=first | {"noi_dung": "Bản của người kia"})
    assert second.status_code == 422
    assert "Bản của người kia" in second.text  # what was written is not lost


def test_results_wait_for_minutes_and_only_the_leader_publishes(house: House, desk: TestClient) -> None:
    other = {"loai": "periodic", "ten": "Đối thoại quý bốn", "phut": "", "cho": "50"}
    address = announced(house, desk, **other)
    desk.post(f"{address}/dat-cho", data=visitor())
    on_the_day(house, desk)
    question = question_of(desk.get(address).text)
    house.at += 4 * HOUR
    assert "Phải công bố kết quả chậm nhất" in desk.get(address).text
    desk.post(f"{address}/ket-thuc", data={"seen": "0"})
    assert desk.post(f"{address}/ket-qua", data={"seen": "0"}).status_code == 422
    desk.post(f"{address}/bien-ban", data={"noi_dung": "Đối thoại về đường và đất.", "seen": "0"})
    desk.post(f"{address}/tra-loi/{question}", data={"tra_loi": "Sửa trước Tết.", "ai": "Chủ tịch"})
    with browser_of(house) as helper:
        enter(helper, "tiepnhan")
        assert helper.post(f"{address}/ket-qua", data={"seen": "0"}).status_code == 403
    assert "Đã công bố kết quả" in desk.post(f"{address}/ket-qua", data={"seen": "0"}).text
    page = desk.get(address).text
    assert "0 trên 24 giấy đã nhận" in page
    village = re.search(r"/thon/(\d+)/ket-qua", page)
    assert village
    assert "1 trên 24 giấy đã nhận" in desk.post(f"{address}/thon/{village[1]}/ket-qua").text
    assert desk.post(f"{address}/thon/{village[1]}/ket-qua").status_code == 422


def test_results_that_are_late_are_said_to_be(house: House, desk: TestClient) -> None:
    address = announced(house, desk, loai="periodic", ten="Đối thoại quý bốn", phut="", cho="50")
    on_the_day(house, desk)
    house.at += 11 * DAY
    enter(desk, "lanhdao")
    assert "quá hạn công bố kết quả" in desk.get("/can-bo/lich").text
    assert "Nay đã muộn" in desk.get(address).text


def test_the_day_sheet_shows_earlier_cases_but_nobody_who_stays_unknown(house: House, desk: TestClient) -> None:
    named, hidden = Waiting(house, "71", asked=False), Waiting(house, "72", asked=False)
    report = ("Đèn đường hỏng ba hôm rồi", "1", "1", "bỏ qua", "bỏ qua")
    named.says(*report, "2", "Lan", "0912345678", "1")
    hidden.says("Rác đổ đầy ngõ nhà tôi", "1", "1", "bỏ qua", "bỏ qua", "1")
    rows = desk.get("/can-bo/").text
    codes = set(re.findall(r'class="code">([^<]+)<', rows))
    assert len(codes) == 2
    address = announced(house, desk)
    desk.post(f"{address}/dat-cho", data=visitor())
    sheet = desk.get(f"{address}/phieu-truc").text
    shown = {code for code in codes if code in sheet}
    assert len(shown) == 1
    assert "Đèn đường" in desk.get(f"/can-bo/vu-viec/{shown.pop()}").text


SURE = "Tôi tố cáo cán bộ địa chính nhận hối lộ năm triệu của nhà tôi"


def again(page: str, way: str) -> str:
    """The mark of the words that were asked about, as the form of that way sends it."""
    found = re.search(rf'/{way}">.*?name="dau" value="([^"]*)"', page, re.DOTALL)
    assert found, page
    return found[1]


def test_an_accusation_is_never_written_on_the_list_of_a_session(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    for more in ({}, {"dau": "1"}):
        page = desk.post(f"{address}/dat-cho", data=visitor(cau_hoi=SURE, **more))
        assert page.status_code == 422
        assert "Lời này là tố cáo nên không ghi ở đây" in page.text
        assert "0 trên 8 chỗ" in page.text
    assert SURE not in desk.get(f"{address}/phieu-truc").text


def test_what_may_be_a_complaint_is_asked_about_once(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    words = "Tôi muốn khiếu nại quyết định thu hồi đất của nhà tôi"
    page = desk.post(f"{address}/dat-cho", data=visitor(cau_hoi=words))
    assert page.status_code == 422
    assert "có thể là khiếu nại" in page.text
    assert words in page.text, "what was typed is not lost"
    # other words are asked about anew, the same ones are taken
    other = {"cau_hoi": f"{words} năm ngoái", "dau": again(page.text, "dat-cho")}
    assert desk.post(f"{address}/dat-cho", data=visitor(**other)).status_code == 422
    same = {"cau_hoi": words, "dau": again(page.text, "dat-cho")}
    assert "Đã ghi vào danh sách" in desk.post(f"{address}/dat-cho", data=visitor(**same)).text


def test_an_accusation_made_at_the_session_is_not_written_down_among_its_questions(
    house: House, desk: TestClient
) -> None:
    address = announced(house, desk)
    on_the_day(house, desk)
    page = desk.post(f"{address}/hoi", data={"cau_hoi": SURE, "linh_vuc": "roads"})
    assert page.status_code == 422
    assert "Lời này là tố cáo nên không ghi ở đây" in page.text
    assert "/tra-loi/" not in desk.get(address).text
