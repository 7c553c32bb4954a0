"""Planning dialogues and receptions at the officers' desk: the calendar, its forms, the two clocks, the papers."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.doors import enter
from tests.web.house import House, browser_of
from tests.web.sessions_at_desk import a_day, announced, plan, planned
from vietnam.time import DAY

NEW = "/can-bo/lich/moi"


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """The officer at the reception, signed in."""
    with browser_of(house) as client:
        enter(client, "tiepnhan")
        yield client


def yearly(house: House, ahead: int) -> dict[str, str]:
    """The form of a conference so many days ahead."""
    return {
        "loai": "yearly",
        "ten": "Hội nghị đối thoại năm 2026",
        "ngay": a_day(house, ahead).isoformat(),
        "gio": "19:00",
        "den": "21:00",
        "phut": "",
        "cho": "100",
    }


def test_an_empty_calendar_says_what_to_do(desk: TestClient) -> None:
    assert "Chưa có buổi nào sắp tới" in desk.get("/can-bo/lich").text
    assert "Chưa có buổi nào đã qua" in desk.get("/can-bo/lich?muc=da-qua").text


def test_a_reception_is_planned_with_a_seat_for_every_slot(house: House, desk: TestClient) -> None:
    page = desk.post(NEW, data=plan(house)).text
    assert "Đã lên lịch" in page
    assert "0 trên 8 chỗ" in page
    assert "Tiếp công dân định kỳ" in desk.get("/can-bo/lich").text
    assert "0 trên 8 chỗ" in desk.get("/can-bo/lich?chu-tri=chairman").text
    assert "0 trên 8 chỗ" not in desk.get("/can-bo/lich?chu-tri=secretary").text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ten": ""}, "tên"),
        ({"ten": "x" * 300}, "dài"),
        ({"noi": ""}, "nơi họp"),
        ({"ngay": "2020-01-01"}, "qua"),
        ({"ngay": "hôm nào đó"}, "không có ngày “hôm nào đó”"),
        ({"ngay": "2026-11-31"}, "không có ngày “2026-11-31”"),
        ({"ngay": "31/11/2026"}, "không có ngày “31/11/2026”"),
        ({"ngay": ""}, "xin ghi ngày họp"),
        ({"ngay": "9999-12-31"}, "xem lại năm"),
        ({"ngay": "9999-12-31", "lap": "week", "thu2": "1"}, "xem lại năm"),
        ({"ngay": "2100-12-31"}, "xem lại năm"),
        ({"gio": "25:00"}, "không có giờ “25:00”"),
        ({"den": "11h75"}, "không có giờ “11h75”"),
        ({"loai": "hop-kin"}, "loại buổi"),
        ({"chu_tri": "ai-do"}, "người chủ trì"),
        ({"den": "07:00"}, "sau giờ bắt đầu"),
        ({"den": "07:35"}, "15 đến 720 phút"),
        ({"cho": "99999", "phut": ""}, "chỗ"),
        ({"phut": "1"}, "phút"),
        ({"mang": "javascript:alert(1)"}, "https"),
        ({"thon": "12345"}, "Thôn"),
        ({"lap": "week"}, "thứ"),
        ({"lap": "month_days", "cac_ngay": "31, 32"}, "ngày"),
        ({"lap": "month_weeks", "thu2": "1"}, "tuần"),
    ],
)
def test_a_plan_that_cannot_be_is_told_so_and_keeps_what_was_typed(
    house: House, desk: TestClient, wrong: dict[str, str], told: str
) -> None:
    form = plan(house, ten="Buổi thứ nhất") | wrong
    page = desk.post(NEW, data=form)
    assert page.status_code == 422
    trouble = page.text.partition('role="alert"')[2].partition("</p>")[0]
    assert told.lower() in trouble.lower()
    assert form["noi"] in page.text
    assert "Chưa có buổi nào sắp tới" in desk.get("/can-bo/lich").text


def test_html_in_a_plan_is_only_text(house: House, desk: TestClient) -> None:
    address = planned(house, desk, ten="<script>alert(1)</script>", noi='"><img src=x>')
    for path in (address, "/can-bo/lich", f"{address}/niem-yet", f"{address}/truyen-thanh", f"{address}/phieu-truc"):
        page = desk.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path


def test_two_days_a_month_become_sessions_moved_off_days_off(house: House, desk: TestClient) -> None:
    page = desk.post(NEW, data=plan(house, lap="month_days", cac_ngay="5, 20")).text
    assert "Đã lập lịch lặp lại" in page
    assert page.count("Tiếp công dân định kỳ</b>") >= 5
    assert "ngày 5 và 20 hằng tháng" in page
    # 5/12/2026 is a Saturday.
    assert "07/12" in page
    assert "dời từ thứ Bảy 05/12/2026" in page


def test_every_wednesday_is_said_in_plain_words(house: House, desk: TestClient) -> None:
    page = desk.post(NEW, data=plan(house, lap="week", thu2="1")).text
    assert "thứ Tư hằng tuần" in page


def test_a_host_cannot_be_at_two_places_at_once(house: House, desk: TestClient) -> None:
    planned(house, desk)
    page = desk.post(NEW, data=plan(house, ten="Buổi khác", gio="08:00", den="09:00", phut="", cho="10"))
    assert page.status_code == 422
    assert "Tiếp công dân định kỳ" in page.text.partition('role="alert"')[2].partition("</p>")[0]
    # The other host has a calendar of their own.
    planned(house, desk, chu_tri="secretary")


def test_days_on_which_a_host_is_busy_stand_in_the_way(house: House, desk: TestClient) -> None:
    day = a_day(house, 10, 2).isoformat()
    busy = {"chu_tri": "chairman", "tu": day, "den": day, "ghi": "Họp tỉnh"}
    assert "Đã ghi ngày bận" in desk.post("/can-bo/lich/ngay-ban", data=busy).text
    assert desk.post(NEW, data=plan(house)).status_code == 422
    for wrong in ({"tu": ""}, {"den": "2020-01-01"}, {"chu_tri": "nobody"}):
        assert desk.post("/can-bo/lich/ngay-ban", data=busy | wrong).status_code == 422


def test_the_clock_of_seven_days_is_seen_before_it_runs_out(house: House, desk: TestClient) -> None:
    address = planned(house, desk, **yearly(house, 9))
    assert "(còn 2 ngày)" in desk.get("/can-bo/lich").text
    assert "Phải niêm yết chậm nhất" in desk.get(address).text
    house.at += 3 * DAY
    enter(desk, "tiepnhan")
    page = desk.get(address).text
    assert "Nay đã muộn" in page
    late = desk.post(f"{address}/cong-bo", data={"ly_do": "Nhà văn hóa mới trống", "seen": "0"})
    assert late.status_code == 422  # the law's own dialogue is then held on another day
    assert 'role="alert"' in late.text


def test_one_press_announces_and_makes_every_paper(house: House, desk: TestClient) -> None:
    address = announced(house, desk, **yearly(house, 12), noi="NVH thôn 3")
    page = desk.get(address).text
    assert "Tờ niêm yết A4" in page
    assert "0 trên 12 giấy đã nhận" in page
    poster = desk.get(f"{address}/niem-yet").text
    assert "Hội nghị đối thoại năm 2026" in poster
    assert "<svg" in poster
    spoken = desk.get(f"{address}/truyen-thanh.txt")
    assert spoken.headers["content-disposition"].startswith("attachment")
    text = spoken.content.decode("utf-8-sig")
    assert "bảy giờ tối" in text
    assert "Nhà văn hóa thôn ba" in text
    assert not any(one.isdigit() for one in text)


def test_a_second_press_and_a_stale_page_change_nothing(house: House, desk: TestClient) -> None:
    address = planned(house, desk)
    assert desk.post(f"{address}/cong-bo", data={"seen": "99"}).status_code == 422
    assert "Đã công bố. Xin in" in desk.post(f"{address}/cong-bo", data={"seen": "1"}).text
    again = desk.post(f"{address}/cong-bo", data={"seen": "1"})
    assert again.status_code == 422
    assert "Đã công bố. Xin in" not in again.text


def test_a_change_is_made_once_with_its_reason(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    form = desk.get(f"{address}/doi").text
    assert 'value="07:30"' in form
    changed = plan(house, gio="13:30", den="17:00", phut="30", ly_do="Sáng mất điện", seen="2")
    assert "Đã đổi lịch" in desk.post(f"{address}/doi", data=changed).text
    assert "13:30 đến 17:00" in desk.get(address).text
    assert desk.post(f"{address}/doi", data=changed).status_code == 422
    assert desk.post(f"{address}/doi", data=changed | {"seen": "3", "ngay": ""}).status_code == 422


def test_a_session_is_cancelled_only_with_a_reason(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    assert desk.post(f"{address}/huy", data={"ly_do": "  ", "seen": "0"}).status_code == 422
    assert "Đã hủy" in desk.post(f"{address}/huy", data={"ly_do": "Bão số 9", "seen": "0"}).text
    assert "Bão số 9" in desk.get(address).text
    assert desk.post(f"{address}/huy", data={"ly_do": "Bão", "seen": "0"}).status_code == 422


def test_another_commune_and_a_stranger_see_nothing(house: House, desk: TestClient) -> None:
    address = planned(house, desk)
    with browser_of(house) as stranger:
        assert "dang-nhap" in str(stranger.get(address).url)
        enter(stranger, "xakhac")
        for path in (address, f"{address}/phieu-truc", f"{address}/truyen-thanh.txt", f"{address}/doi"):
            assert stranger.get(path).status_code == 404, path
        assert stranger.post(f"{address}/huy", data={"ly_do": "x", "seen": "0"}).status_code == 404
        assert "Tiếp công dân định kỳ" not in stranger.get("/can-bo/lich").text
    assert desk.get("/can-bo/lich/1").status_code == 404
    assert desk.get(f"/can-bo/lich/{1 << 70}").status_code == 404


def test_an_administrator_looks_and_changes_nothing(house: House, desk: TestClient) -> None:
    address = planned(house, desk)
    with browser_of(house) as admin:
        enter(admin, "quantri")
        assert "Công bố lịch</button>" not in admin.get(address).text
        assert admin.post(f"{address}/cong-bo", data={"seen": "0"}).status_code == 403
        assert admin.get(NEW).status_code == 403


def test_the_form_of_a_series_sent_twice_plans_nothing_twice(house: House, desk: TestClient) -> None:
    form = plan(house, lap="week", thu2="1")
    first = desk.post(NEW, data=form).text.count('class="date"')
    assert desk.post(NEW, data=form).status_code == 422
    assert desk.get("/can-bo/lich").text.count('class="date"') == first


def test_a_whole_series_is_announced_at_once_and_stopped(house: House, desk: TestClient) -> None:
    page = desk.post(NEW, data=plan(house, lap="week", thu2="1")).text
    many = page.count('class="date"')
    first = re.search(r'card date-card" href="(/can-bo/lich/\d+)"', page)
    assert first
    assert f"Công bố luôn {many - 1} buổi khác" in desk.get(first[1]).text
    desk.post(f"{first[1]}/cong-bo", data={"seen": "0", "nhan": "1", "ca_lich": "1"})
    assert desk.get("/can-bo/lich").text.count("Đã công bố</span>") == many
    assert "Đã dừng lịch lặp lại" in desk.post(f"{first[1]}/dung-lap", data={"ly_do": ""}).text
    assert desk.post(f"{first[1]}/dung-lap", data={"ly_do": ""}).status_code == 422
