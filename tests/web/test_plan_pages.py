"""Plans, the reports they ask for, and the profile, as an officer meets them in the console."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from reports.plans import FOLDER
from storage import plan_rows
from storage.tables import acts, reports
from tests.web.house import PASSWORD, House, browser_of, look, outside
from tests.web.test_report_page import drafted
from vietnam.time import TZ, to_ms

CAU_NGANG = "cau_ngang_2022_2026"
Y_TICH = "Kết quả thực hiện công tác dân vận chính quyền trên địa bàn xã"


def enter(client: TestClient, login: str) -> None:
    client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})


def own_file(*changes: tuple[str, str]) -> bytes:
    text = (FOLDER / "mau.toml").read_text("utf-8").replace('id = "mau"', 'id = "xa_ta"')
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text.encode()


def upload(client: TestClient, raw: bytes) -> str:
    return client.post("/can-bo/ke-hoach", files={"tep": ("xa_ta.toml", raw)}).text


def test_a_file_is_taken_in_and_what_it_asks_for_stands_on_two_pages(house: House) -> None:
    with browser_of(house) as leader:
        enter(leader, "lanhdao")
        # given no plan of this year: the pages say so, and where to go
        assert "Chưa có kế hoạch nào dùng cho năm 2026" in leader.get("/can-bo/bao-cao").text
        # when the commune's own file comes
        page = upload(leader, own_file())
        assert "Đã thêm kế hoạch" in page
        # then what is to be sent, until when, and to whom
        due = leader.get("/can-bo/bao-cao").text
        assert "Ban hành chậm nhất <strong>23/11/2026</strong> (trước ngày 25/11/2026)" in due
        assert "đến hết 19/11/2026, sớm hơn ngày cuối kỳ (14/12/2026) để kịp gửi" in due
        assert "Ủy ban nhân dân tỉnh (qua Sở Nội vụ)" in due
        assert "hạn đã qua trước khi xã dùng kế hoạch này" in due  # June's
        # the same file again takes its place
        assert "Đã thay kế hoạch cùng tên" in upload(leader, own_file())
        # the start page speaks of it two weeks ahead
        assert "Báo cáo sắp phải gửi" not in leader.get("/can-bo/").text
        house.at = to_ms(datetime(2026, 11, 10, 9, tzinfo=TZ))
        enter(leader, "lanhdao")
        assert "Báo cáo sắp phải gửi" in leader.get("/can-bo/").text


def test_every_fault_of_a_file_is_told_with_its_line(house: House) -> None:
    with browser_of(house) as leader:
        enter(leader, "lanhdao")
        page = upload(leader, own_file(('before = "10/6"', 'before = "31/6"'), ('"Như trên"', '"Như trên;"')))
        assert "Tệp có 2 chỗ cần sửa, chưa thêm" in page
        assert "Dòng 30: <code>owed[0].before</code>: &#39;31/6&#39; không phải là ngày và tháng" in page
        line = own_file().decode().split('"Như trên"')[0].count("\n") + 1
        assert f"<li>Dòng {line}: <code>profile.copies[0]</code>" in page
        for raw, said in ((b"\xff\xfe", "UTF-8"), (b"id = ", "TOML"), (b"x" * 300_000, "256 KB")):
            assert said in upload(leader, raw)
        assert "Xin chọn một kế hoạch" in leader.post("/can-bo/ke-hoach", data={"san": "../mau"}).text
        assert "Xin chọn một kế hoạch" in leader.post("/can-bo/ke-hoach", data={"san": "mau"}).text
        assert look(house, lambda conn: plan_rows.of_unit(conn, house.commune.commune)) == []


def test_a_plan_of_2024_asks_for_which_year_it_is(house: House) -> None:
    with browser_of(house) as leader:
        enter(leader, "lanhdao")
        asked = leader.post("/can-bo/ke-hoach", data={"san": "vinh_cuu_2024"})
        assert asked.status_code == 422
        assert "Dùng kế hoạch này cho năm nào?" in asked.text
        assert 'value="2026" required checked' in asked.text
        text = (FOLDER / "vinh_cuu_2024.toml").read_text("utf-8")
        assert "Năm phải từ" in leader.post("/can-bo/ke-hoach", data={"tep_cu": text, "nam": "1026"}).text
        page = leader.post("/can-bo/ke-hoach", data={"tep_cu": text, "nam": "2026"}).text
        assert "xã dùng cho năm 2026" in page
        assert "trước ngày 05/05/2026; gửi Ủy ban nhân dân tỉnh (qua Sở Nội vụ)" in page


def test_a_plan_goes_only_when_none_of_its_reports_is_under_way(house: House) -> None:
    with browser_of(house) as leader:
        enter(leader, "lanhdao")
        leader.post("/can-bo/ke-hoach", data={"san": CAU_NGANG})
        due = {"ke-hoach": CAU_NGANG, "ten": "Kết quả thực hiện công tác dân vận chính quyền", "ky": "2026-12m"}
        assert "Đang tạo báo cáo" in leader.post("/can-bo/bao-cao/phai-gui", data=due).text
        refused = leader.post("/can-bo/ke-hoach/bo", data={"ke-hoach": CAU_NGANG})
        assert refused.status_code == 409
        assert "còn báo cáo chưa phát hành xong" in refused.text
        outside(house, lambda tx: tx.execute(update(reports).values(state="frozen")))
        assert "đã phát hành" in leader.get("/can-bo/bao-cao").text
        assert "Đã thôi dùng kế hoạch" in leader.post("/can-bo/ke-hoach/bo", data={"ke-hoach": CAU_NGANG}).text
        assert leader.post("/can-bo/ke-hoach/bo", data={"ke-hoach": CAU_NGANG}).status_code == 404
        said = select(acts.c.action).where(acts.c.thing == "plan").order_by(acts.c.id)
        assert look(house, lambda conn: list(conn.scalars(said))) == ["add", "remove"]


def test_a_report_without_a_day_is_given_one(house: House) -> None:
    with browser_of(house) as leader, browser_of(house) as desk:
        enter(leader, "lanhdao")
        leader.post("/can-bo/ke-hoach", data={"san": "y_tich_2024", "nam": "2026"})
        enter(desk, "tiepnhan")
        assert "Kế hoạch không ghi ngày: “theo quy định”" in desk.get("/can-bo/bao-cao").text
        day = {"ke-hoach": "y_tich_2024", "ten": Y_TICH, "ky": "2026-12m", "truoc": "2026-12-10"}
        page = desk.post("/can-bo/ke-hoach/ngay", data=day).text
        assert "Đã ghi ngày phải gửi" in page
        assert "<strong>09/12/2026</strong> (trước ngày 10/12/2026, do cán bộ ghi)" in page
        # a day that does not fit is refused in words
        for odd in ("2026-02-01", "2036-12-10", "ngày mai", "0001-01-01"):
            assert 'class="trouble"' in desk.post("/can-bo/ke-hoach/ngay", data={**day, "truoc": odd}).text
        assert desk.post("/can-bo/ke-hoach/ngay", data={**day, "ten": "khác"}).status_code == 404
        # and it can be taken back
        assert "do cán bộ ghi" not in desk.post("/can-bo/ke-hoach/ngay", data={**day, "truoc": ""}).text


def test_the_profile_is_written_once_and_faults_are_told(house: House) -> None:
    with browser_of(house) as leader:
        enter(leader, "lanhdao")
        assert "Xã chưa ghi hồ sơ" in leader.get("/can-bo/ho-so-xa").text
        assert "Xã chưa ghi nơi nhận" in leader.get("/can-bo/bao-cao").text
        form = {
            "addressed": "Ủy ban nhân dân tỉnh Mẫu",
            "copies": "- Như trên;\n- Lưu: VT, VHXH.",
            "signature": "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
            "signer": "Nguyễn Văn Mẫu",
            "mark": "BC-UBND",
            "letters_mark": "UBND-VHXH",
        }
        wrong = leader.post("/can-bo/ho-so-xa", data={**form, "copies": "UBND huyện"})
        assert wrong.status_code == 422
        assert "không còn từ ngày 01/7/2025" in wrong.text
        assert "UBND huyện</textarea>" in wrong.text  # what was typed stays
        page = leader.post("/can-bo/ho-so-xa", data=form).text
        assert "Đã ghi." in page
        assert "KT. CHỦ TỊCH" in page
        assert "Xã chưa ghi" not in leader.get("/can-bo/bao-cao").text
        assert leader.post("/can-bo/ho-so-xa", data={"ky": "x"}).status_code == 422


@pytest.mark.parametrize("login", ["tiepnhan", "quantri"])
def test_who_may_change_what(house: House, login: str) -> None:
    admin = login == "quantri"
    with browser_of(house) as officer:
        enter(officer, login)
        assert (">Thêm kế hoạch</button>" in officer.get("/can-bo/ke-hoach").text) == admin
        assert officer.post("/can-bo/ke-hoach", data={"san": CAU_NGANG}).status_code == (200 if admin else 403)
        assert officer.post("/can-bo/ho-so-xa", data={"ky": "x"}).status_code == (422 if admin else 403)
        assert officer.post("/can-bo/ke-hoach/ngay", data={"ky": "x"}).status_code == (403 if admin else 200)
        assert officer.post("/can-bo/bao-cao/phai-gui", data={"ky": "x"}).status_code == (403 if admin else 404)


def test_another_communes_plans_are_not_seen(house: House) -> None:
    with browser_of(house) as leader, browser_of(house) as other:
        enter(leader, "lanhdao")
        upload(leader, own_file())
        enter(other, "xakhac")
        assert "năm 2026 trên địa bàn xã" not in other.get("/can-bo/ke-hoach").text
        assert other.post("/can-bo/bao-cao/phai-gui", data={"ke-hoach": "xa_ta", "ky": "2026-12m"}).status_code == 404


def test_a_report_in_a_few_lines_is_there_to_copy(house: House) -> None:
    report = drafted(house)
    with browser_of(house) as desk, browser_of(house) as other:
        enter(desk, "tiepnhan")
        page = desk.get(f"/can-bo/bao-cao/{report}/de-biet").text
        assert "ĐỂ BIẾT, KHÔNG THAY VĂN BẢN" in page
        assert "Văn bản chưa ban hành" in page
        assert f"/can-bo/bao-cao/{report}/de-biet" in desk.get(f"/can-bo/bao-cao/{report}").text
        # while it has no figures there is nothing to tell
        outside(house, lambda tx: tx.execute(update(reports).values(figures=None)))
        assert desk.get(f"/can-bo/bao-cao/{report}/de-biet").status_code == 404
        enter(other, "xakhac")
        assert other.get(f"/can-bo/bao-cao/{report}/de-biet").status_code == 404
