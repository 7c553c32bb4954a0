"""Administration: villages, days off, channels and keeping, each for whom it is, each change an act, nothing lost."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.opening import seed
from app.places import village_of
from feedback.kinds import Kind
from storage import channel_rows, unit_days, units
from storage.tables import acts, alarms, cases, channel_tokens
from storage.tables import units as unit_rows
from storage.units import Unit, seed_commune
from tests.stores import run_apart
from tests.web.house import House, look, outside, signed_in
from tests.web.test_confidential_pages import heard, says
from tests.web.test_hands_pages import clerk, entered, leader, stranger
from vietnam.calendar import is_working_day
from vietnam.time import DAY, day_of
from vietnam.villages import read_village_lines

__all__ = ["clerk", "leader", "stranger"]
PLACES, DAYS = "/can-bo/dia-ban", "/can-bo/ngay-nghi"


@pytest.fixture
def admin(house: House) -> Iterator[TestClient]:
    with signed_in(house, "quantri") as client:
        yield client


def villages(house: House) -> list[Unit]:
    return look(house, lambda conn: units.villages(conn, house.commune.commune))


def change(client: TestClient, one: Unit, **fields: str) -> str:
    form = {
        "name": one.name,
        "former": one.former,
        "contact": one.contact,
        "phone": one.phone,
        "seen": str(one.version),
    }
    return client.post(f"{PLACES}/thon/{one.id}", data=form | fields).text


# --- villages ---------------------------------------------------------------------------------------------------------


def test_a_renamed_village_keeps_its_cases_and_goes_on_being_called_by_its_old_name(
    house: House, admin: TestClient, clerk: TestClient
) -> None:
    one = villages(house)[0]
    old = one.name
    case = entered(clerk, village=str(one.id))
    page = change(admin, one, name="thôn Hòa Bình", contact="Ông Lý Văn Mẫu", phone="0912 345 678")
    assert "Đã lưu" in page
    assert f"tên cũ: {old}" in page
    assert "thôn Hòa Bình" in clerk.get(f"/can-bo/vu-viec/{case}").text
    found = run_apart(village_of(house.runtime, look(house, lambda conn: units.unit(conn, house.commune.commune)), old))
    assert found.id == one.id
    assert done_to(house, "place") == ["rename"]


def test_a_citizen_who_types_the_old_name_is_understood(house: House, admin: TestClient) -> None:
    one = villages(house)[0]
    change(admin, one, name="thôn Hòa Bình")
    says(house, "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "ngã ba đầu thôn")
    assert "thôn nào" in heard(house)
    assert "thôn Hòa Bình" in heard(house)
    says(house, f"tôi ở {one.name}", "1", "1")
    assert look(house, lambda conn: list(conn.scalars(select(cases.c.village_id)))) == [one.id]


def done_to(house: House, thing: str) -> list[str]:
    """What acts were kept on such a thing, in order."""
    query = select(acts.c.action).where(acts.c.thing == thing).order_by(acts.c.id)
    return look(house, lambda conn: list(conn.scalars(query)))


def test_a_village_that_is_off_is_offered_to_nobody_and_loses_nothing(
    house: House, admin: TestClient, clerk: TestClient
) -> None:
    one = villages(house)[0]
    case = entered(clerk, village=str(one.id))
    seen = {"seen": str(one.version)}
    assert "Đã tắt" in admin.post(f"{PLACES}/thon/{one.id}/tat", data=seen).text
    assert one.id not in {village.id for village in villages(house)}
    assert f'value="{one.id}"' not in clerk.get("/can-bo/nhap-ho").text
    assert one.name in clerk.get(f"/can-bo/vu-viec/{case}").text
    page = admin.get(PLACES).text
    assert "1 việc" in page
    assert "Đã bật lại" in admin.post(f"{PLACES}/thon/{one.id}/bat", data={"seen": str(one.version + 1)}).text
    assert one.id in {village.id for village in villages(house)}


def test_the_order_is_the_commune_s_own_until_it_is_sorted_again(house: House, admin: TestClient) -> None:
    before = [one.name for one in villages(house)]
    second = villages(house)[1]
    admin.post(f"{PLACES}/thon/{second.id}/len", data={"seen": "1"})
    assert [one.name for one in villages(house)] == [before[1], before[0], *before[2:]]
    admin.post(f"{PLACES}/thon", data={"lines": "A Lềnh", "word": "bản"})
    assert villages(house)[-1].name == "bản A Lềnh", "a new one stands behind"
    admin.post(f"{PLACES}/xep")
    assert villages(house)[0].name == "bản A Lềnh"


def test_a_pasted_list_is_taken_whole_or_not_at_all(house: House, admin: TestClient) -> None:
    many = len(villages(house))
    lines = "1. Nà Sèn\nbản Khau Lùng\txã Cũ\t0912 345 678\n\ntổ dân phố 2;;\n"
    assert "Thêm mới 3" in admin.post(f"{PLACES}/thon", data={"lines": lines, "word": "thôn"}).text
    there = {one.name: (one.former, one.phone) for one in villages(house)}
    assert there["thôn Nà Sèn"] == ("", "")
    assert there["bản Khau Lùng"] == ("xã Cũ", "0912 345 678")
    again = admin.post(f"{PLACES}/thon", data={"lines": lines, "word": "thôn"}).text
    assert "Thêm mới 0" in again
    wrong = admin.post(f"{PLACES}/thon", data={"lines": "Nà Mới\n=cmd|x\n***\nNà Xa; ; gọi chú Ba", "word": "thôn"})
    assert wrong.status_code == 422
    assert "Dòng 3" in wrong.text
    assert "Dòng 4" in wrong.text
    assert "Nà Mới\n=cmd|x" in wrong.text, "what was pasted is still there"
    assert len(villages(house)) == many + 3


def test_two_who_change_the_same_village_see_both(house: House, admin: TestClient, leader: TestClient) -> None:
    one = villages(house)[0]
    change(leader, one, contact="Bà Lò Thị Thử")
    page = change(admin, one, contact="Ông Hoàng Văn Thử")
    assert "Ông Hoàng Văn Thử" in page
    assert "Bà Lò Thị Thử" in page
    assert villages(house)[0].contact == "Bà Lò Thị Thử"
    newer = villages(house)[0]
    assert "Đã lưu" in change(admin, newer, contact="Ông Hoàng Văn Thử")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Xin ghi tên thôn"),
        ({"name": "thôn " + "x" * 90}, "Xin ghi tên thôn"),
        ({"phone": "<script>"}, "Số điện thoại chỉ gồm"),
        ({"contact": "x" * 300}, "dài quá"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(
    house: House, admin: TestClient, fields: dict[str, str], said: str
) -> None:
    one = villages(house)[0]
    page = change(admin, one, **fields)
    assert said in page
    assert villages(house)[0] == one
    if fields.get("phone"):
        assert "&lt;script&gt;" in page


def test_namesakes_need_their_old_commune(house: House, admin: TestClient) -> None:
    one, other = villages(house)[:2]
    assert "xin ghi thêm xã cũ" in change(admin, one, name=other.name)
    assert "Đã lưu" in change(admin, one, name=other.name, former="xã Vân An")


def test_the_commune_is_reached_as_the_page_says_also_after_a_new_start(house: House, admin: TestClient) -> None:
    commune = look(house, lambda conn: units.unit(conn, house.commune.commune))
    form = {"phone": "0205 3825 999", "contact": "Bà Nông Thị Mẫu", "address": "Khu 1", "reception": "Thứ Năm"}
    assert "Đã lưu liên hệ" in admin.post(PLACES, data=form | {"seen": str(commune.version)}).text
    later = look(house, lambda conn: units.unit(conn, house.commune.commune))
    outside(
        house,
        lambda tx: seed_commune(
            tx, province="tỉnh Mẫu", commune=later.name, village_names=["thôn Mới Toanh"], phone="0000", contact=""
        ),
    )
    found = look(house, lambda conn: units.unit(conn, house.commune.commune))
    assert (found.phone, found.reception) == ("0205 3825 999", "Thứ Năm")
    assert "thôn Mới Toanh" not in [one.name for one in villages(house)], (
        "the page is the truth from its first change on"
    )


def test_the_settings_fill_a_store_until_the_page_is_used(house: House) -> None:
    first = outside(house, lambda tx: seed(tx, house.runtime.settings))
    wanted = house.runtime.settings.commune
    outside(
        house,
        lambda tx: seed_commune(
            tx, province=wanted.province, commune=wanted.name, village_names=["thôn Sau"], phone="1", contact=""
        ),
    )
    assert [one.name for one in look(house, lambda conn: units.villages(conn, first))] == ["thôn Sau"]
    renamed = update(unit_rows).where(unit_rows.c.id == first).values(name="xã Tên Mới")
    outside(house, lambda tx: tx.execute(renamed).rowcount)
    assert outside(house, lambda tx: seed(tx, house.runtime.settings)) == first, "it is found by what made it"


def test_only_leaders_and_administrators_change_places(house: House, clerk: TestClient, stranger: TestClient) -> None:
    one = villages(house)[0]
    assert clerk.get(PLACES).status_code == 200
    assert "Lưu liên hệ" not in clerk.get(PLACES).text
    for path in (PLACES, f"{PLACES}/thon", f"{PLACES}/xep", f"{PLACES}/thon/{one.id}", f"{PLACES}/thon/{one.id}/tat"):
        assert clerk.post(path, data={"seen": "1"}).status_code == 403
    assert one.name not in stranger.get(PLACES).text


def test_another_commune_s_village_is_not_there(house: House, admin: TestClient) -> None:
    other = look(house, lambda conn: units.commune_by_slug(conn, "xa-khac"))
    assert other is not None
    theirs = look(house, lambda conn: units.villages(conn, other.id))[0]
    for path in (f"{PLACES}/thon/{theirs.id}", f"{PLACES}/thon/{theirs.id}/tat", f"{PLACES}/thon/{theirs.id}/len"):
        assert admin.post(path, data={"name": "thôn Của Ta", "seen": "1"}).status_code == 404
    assert admin.post(f"{PLACES}/thon/{other.id}", data={"name": "xã Của Ta", "seen": "1"}).status_code == 404


# --- days off ---------------------------------------------------------------------------------------------------------


def test_a_day_off_holds_for_the_next_case_and_moves_no_promise_made_before(
    house: House, admin: TestClient, clerk: TestClient
) -> None:
    before = entered(clerk, kind="petition")
    first, last = day_of(house.at + DAY), day_of(house.at + 14 * DAY)
    form = {"first": first.isoformat(), "last": last.isoformat(), "kind": "off", "note": "Bão lớn"}
    page = admin.post(DAYS, data=form).text
    assert "Việc gửi đến từ bây giờ được hẹn theo lịch mới" in page
    assert "Bão lớn" in page
    after = entered(clerk, kind="petition", text="Cống thoát nước ở đầu thôn bị tắc, nước tràn vào nhà")
    due = {row.code: row.due_at for row in look(house, lambda conn: conn.execute(select(cases)).all())}
    assert due[after] - due[before] >= 13 * DAY
    # and through the chat, which asks the same table
    office = look(house, lambda conn: house.runtime.ledger.office_in(conn, house.commune.commune))
    assert office.promise(Kind.PETITION, house.at).due == due[after]


def test_a_day_entered_by_mistake_is_taken_back(house: House, admin: TestClient) -> None:
    wrong = "2026-12-09"
    admin.post(DAYS, data={"first": wrong, "kind": "off"})
    unit = house.commune.commune
    one = look(house, lambda conn: unit_days.own_days(conn, unit))[0]
    assert "Đã bỏ ngày đó" in admin.post(f"{DAYS}/{one.id}/bo").text
    table = look(house, lambda conn: house.runtime.ledger.office_in(conn, unit).table)
    assert is_working_day(date(2026, 12, 9), table)
    again = admin.post(f"{DAYS}/{one.id}/bo")
    assert (again.status_code, "đã được bỏ trước đó" in again.text) == (404, True)
    assert done_to(house, "days") == ["day_off", "day_back"]


def test_a_make_up_day_on_a_saturday_is_worked_in_this_commune_alone(house: House, admin: TestClient) -> None:
    admin.post(DAYS, data={"first": "2026-12-05", "kind": "work", "note": "Làm bù"})
    other = look(house, lambda conn: units.commune_by_slug(conn, "xa-khac"))
    assert other is not None
    saturday = date(2026, 12, 5)
    office_in = house.runtime.ledger.office_in
    mine = look(house, lambda conn: office_in(conn, house.commune.commune).table)
    theirs = look(house, lambda conn: office_in(conn, other.id).table)
    assert is_working_day(saturday, mine)
    assert not is_working_day(saturday, theirs)


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "", "kind": "off"},
        {"first": "32/13/2026", "kind": "off"},
        {"first": "2026-12-31", "last": "2026-12-01", "kind": "off"},
        {"first": "2026-01-01", "last": "2027-01-01", "kind": "off"},
        {"first": "2026-12-05", "kind": "off"},
        {"first": "2026-12-09", "kind": "work"},
        {"first": "2026-12-09", "kind": "off", "note": "x" * 300},
    ],
)
def test_days_that_make_no_sense_are_refused_and_stay_in_the_form(
    house: House, admin: TestClient, wrong: dict[str, str]
) -> None:
    page = admin.post(DAYS, data=wrong)
    assert page.status_code == 422
    assert f'value="{wrong["first"]}"' in page.text
    assert look(house, lambda conn: unit_days.own_days(conn, house.commune.commune)) == []


def test_days_are_entered_by_leaders_and_administrators(clerk: TestClient) -> None:
    assert clerk.get(DAYS).status_code == 200
    assert clerk.post(DAYS, data={"first": "2026-12-09", "kind": "off"}).status_code == 403
    assert clerk.post(f"{DAYS}/1/bo").status_code == 403


# --- channels, keeping ------------------------------------------------------------------------------------------------


def test_a_channel_that_its_platform_refuses_is_told_with_what_to_do(house: House, admin: TestClient) -> None:
    page = admin.get("/can-bo/kenh").text
    assert "Telegram" in page
    assert "có vấn đề" not in page
    account = house.commune.telegram
    row = {"key": f"channel:{account}", "unit_id": house.commune.commune, "kind": "channel", "params": "{}"}
    outside(house, lambda tx: tx.execute(alarms.insert().values(**row, since=house.at - DAY)).rowcount)
    page = admin.get("/can-bo/kenh").text
    assert "có vấn đề" in page
    assert "Xin báo người vận hành máy chủ" in page
    outside(house, lambda tx: channel_rows.set_active(tx, account, house.at, active=False))
    assert "đang tắt" in admin.get("/can-bo/kenh").text


def test_a_login_that_ends_soon_is_told_before_it_ends(house: House, admin: TestClient) -> None:
    values = {"channel_account_id": house.commune.telegram, "access_until": 0, "refresh_until": house.at + 5 * DAY}
    outside(house, lambda tx: tx.execute(channel_tokens.insert().values(**values)).rowcount)
    assert "Quyền gửi tin sẽ hết hạn ngày" in admin.get("/can-bo/kenh").text
    house.at += 6 * DAY
    with signed_in(house, "quantri") as later:
        assert "đăng nhập lại tài khoản Zalo" in later.get("/can-bo/kenh").text


def test_channels_are_shown_to_whoever_answers_for_them(clerk: TestClient, leader: TestClient) -> None:
    assert clerk.get("/can-bo/kenh").status_code == 403
    assert leader.get("/can-bo/kenh").status_code == 200


def test_what_is_kept_how_long_is_told_from_the_settings(clerk: TestClient) -> None:
    page = clerk.get("/can-bo/luu-giu").text
    assert "2 năm" in page
    assert "5 năm" in page
    assert "91/2025/QH15" in page


# --- lists of villages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nà Sèn", "thôn Nà Sèn"),
        ("THÔN 7", "THÔN 7"),
        ("3) Khau Lùng", "thôn Khau Lùng"),
        ("  bản  Xa ", "bản Xa"),
        ("7", "thôn 7"),
    ],
)
def test_a_line_becomes_a_name(text: str, name: str) -> None:
    lines, faults = read_village_lines(text, "thôn")
    assert ([one.name for one in lines], faults) == ([name], [])
