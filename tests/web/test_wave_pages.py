"""Waves in the console: opened, followed, closed and read, by both sides, with everything that is refused."""

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.capabilities import CAPABILITIES
from storage.tables import acts, frame_rows, published_cells
from surveys.waves import Sending, WaveState
from tests.stores import VILLAGES
from tests.web.house import House, browser_of, look
from tests.web.waves_at_desk import (
    FRAMES,
    WAVES,
    a_list,
    answered,
    bring_in,
    entered,
    front_of,
    open_one,
    released,
    wave,
    wound_up,
)
from vietnam.time import DAY
from web.console.wave_opening import CHANNELS


def page(client: TestClient, house: House, code: str) -> str:
    return client.get(f"{WAVES}/{wave(house, code).id}").text


def act(client: TestClient, house: House, code: str, what: str, **fields: str) -> Any:
    return client.post(f"{WAVES}/{wave(house, code).id}/{what}", data={"chac": "1"} | fields)


def test_the_channels_of_the_form_are_those_that_there_are() -> None:
    assert sorted(CHANNELS) == sorted(CAPABILITIES)


# --- an open wave -----------------------------------------------------------------------------------------------------


def test_a_wave_is_shown_before_it_is_opened(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        # when the form is sent without having read what it will be
        shown = open_one(leader, chac="", ma="mau-2", den="2026-12-31")
        # then it says so, and nothing stands open yet
        assert shown.status_code == 200
        assert "Đợt sẽ mở" in shown.text
        assert "đến hết ngày 31/12/2026" in shown.text
        assert "mau-2" not in leader.get(WAVES).text
        # confirmed it is open, and its page says who opened it
        opened = open_one(leader, ma="mau-2", den="2026-12-31")
        assert "Đã mở đợt." in opened.text
        assert "Hoàng Văn Mẫu mở đợt" in opened.text
        assert "/?n=ks_mau-2</a>" in opened.text
        assert wave(house, "mau-2").state is WaveState.OPEN


def test_a_form_sent_twice_opens_one_wave(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        first, second = open_one(leader, ma="mot"), open_one(leader, ma="mot")
        assert first.url == second.url
        # another wave under the same word is refused in words, and what was typed stays
        other = open_one(leader, ma="mot", ten="Đợt khác")
        assert other.status_code == 409
        assert "đang dùng cho một đợt chưa đóng" in other.text
        assert 'value="Đợt khác"' in other.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"phieu": ""}, "Xin chọn một phiếu"),
        ({"phieu": "../../x"}, "Xin chọn một phiếu"),
        ({"cach": "khac"}, "Xin chọn cách hỏi"),
        ({"ma": "Có dấu!"}, "Chữ trong đường dẫn chỉ gồm"),
        ({"tu": "hôm nay"}, "Chưa đọc được ngày “hôm nay”"),
        ({"den": "0001-01-01"}, "Chưa đọc được ngày"),
        ({"tu": "2026-12-05", "den": "2026-12-01"}, "Ngày kết thúc phải sau ngày bắt đầu"),
        ({"den": "2020-01-01"}, "Ngày kết thúc phải sau ngày bắt đầu"),
        ({"nhac_lan": "3", "nhac_ngay": "2"}, "Nhắc nhiều nhất 2 lần"),
        ({"nhac_lan": "1", "nhac_ngay": "0"}, "Xin ghi nhắc sau mấy ngày"),
        ({"nhac_ngay": "-1"}, "Chưa đọc được số “-1”"),
        ({"cach": "invited"}, "cần một danh sách"),
        ({"cach": "invited", "danh_sach": "<b>x</b>"}, "Không có danh sách ấy"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(house: House, fields: dict[str, str], said: str) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        refused = open_one(leader, ten="Đợt <b>của xã</b> 🏡", **fields)
        assert refused.status_code in (409, 422)
        assert said in refused.text
        assert "Đợt &lt;b&gt;của xã&lt;/b&gt; 🏡" in refused.text


def test_progress_counts_what_is_released_and_says_where_people_began(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        answered(house, wave(house, "mau"), {0: 7})
        assert "<b>0</b><span>phiếu đã tính" in page(leader, house, "mau")
        released(house)
        assert "<b>7</b><span>phiếu đã tính" in page(leader, house, "mau")
        # a running wave speaks for nobody else and of no village
        shown = leader.get(f"{WAVES}/{wave(house, 'mau').id}/ket-qua").text
        assert "Ý kiến tự nguyện, không suy rộng cho toàn xã." in shown
        assert "Số liệu theo thôn có sau khi đóng đợt" in shown
        # what is shown is remembered as published
        assert look(house, lambda conn: conn.execute(select(published_cells.c.question)).first()) is not None


def test_a_poster_is_made_for_a_place_and_for_every_village(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        address = f"{WAVES}/{wave(house, 'mau').id}"
        one = desk.post(f"{address}/to-dan", data={"noi": "Quầy 3", "co": "A5", "dang": "pdf"})
        assert one.headers["content-type"] == "application/pdf"
        assert one.content.startswith(b"%PDF")
        assert "to-dan_mau_quay_3_A5.pdf" in one.headers["content-disposition"]
        # a place is counted from now on
        assert "quay 3" in desk.get(address).text
        every = desk.post(f"{address}/to-dan", data={"thon": "tat-ca", "co": "A4"})
        with zipfile.ZipFile(io.BytesIO(every.content)) as folder:
            assert len(folder.namelist()) == len(VILLAGES)
        assert desk.get(f"{address}/ma.svg").headers["content-type"] == "image/svg+xml"


# --- ends -------------------------------------------------------------------------------------------------------------


def test_closing_asks_first_and_then_gives_results_by_village(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        answered(house, wave(house, "mau"), {0: 30, 1: 20, 2: 2})
        asked = act(leader, house, "mau", "dong", chac="")
        assert asked.status_code == 422
        assert "Xin đánh dấu đã đọc" in asked.text
        assert wave(house, "mau").state is WaveState.OPEN
        assert "Đã đóng đợt" in act(leader, house, "mau", "dong").text
        assert "vốn đã như vậy" in act(leader, house, "mau", "dong").text
        address = f"{WAVES}/{wave(house, 'mau').id}/ket-qua"
        assert "những phiếu cuối đang được gom chung" in leader.get(address).text
        wound_up(house)
        shown = leader.get(address).text
        assert "<b>52</b><span>phiếu đã tính" in shown
        assert VILLAGES[0] in shown
        # the one of two answers is withheld, in words
        assert "không công bố" in shown


def test_calling_off_needs_a_reason_which_is_kept(house: House) -> None:
    with browser_of(house) as leader, browser_of(house) as desk:
        entered(leader, "lanhdao")
        refused = act(leader, house, "mau", "huy", ly_do="  ")
        assert refused.status_code == 422
        assert "Xin ghi lý do hủy" in refused.text
        kept = act(leader, house, "mau", "huy", ly_do="Phiếu <i>in sai</i>", chac="")
        assert kept.status_code == 422
        assert 'value="Phiếu &lt;i&gt;in sai&lt;/i&gt;"' in kept.text
        done = act(leader, house, "mau", "huy", ly_do="Phiếu in sai")
        assert "Đã hủy đợt" in done.text
        assert "Phiếu in sai" in done.text
        assert wave(house, "mau").state is WaveState.CANCELLED
        said = select(acts.c.detail).where(acts.c.thing == "wave", acts.c.action == "cancel")
        assert "Phiếu in sai" in str(look(house, lambda conn: conn.scalar(said)))
        # who may only look does nothing
        entered(desk, "tiepnhan")
        assert act(desk, house, "mau", "dong").status_code == 403


# --- a list and an invited wave ---------------------------------------------------------------------------------------


def test_a_list_comes_in_once_and_shows_nobody(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        came = bring_in(leader, a_list())
        assert "Đã nhập “Các hộ”: 24 hộ, nhắn tin được 0, còn 24 mời bằng thư giấy" in came.text
        assert "Nguyễn Văn" not in came.text
        assert "đã nhập từ trước" in bring_in(leader, a_list(), name="Tên khác").text
        other = bring_in(leader, a_list(12))
        assert other.status_code == 409
        assert "Đã có danh sách khác mang tên" in other.text
        assert 'value="Các hộ"' in other.text


def test_faults_of_a_list_stand_beside_its_rows(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        wrong = a_list(6).decode().replace(VILLAGES[1], "thôn Xa").replace(",Nguyễn Văn 3,", ",,").encode()
        refused = bring_in(leader, wrong)
        assert refused.status_code == 422
        assert "Chưa có dòng nào được nhập" in refused.text
        assert "<mark>thôn Xa</mark>" in refused.text
        assert "<mark>(trống)</mark>" in refused.text
        assert "ô B5" in refused.text
        assert look(house, lambda conn: conn.execute(select(frame_rows.c.id)).first()) is None
        for data, said in ((b"", "Xin chọn tệp danh sách"), (b"PK\x03\x04rubbish", "chỗ cần sửa")):
            assert said in bring_in(leader, data).text


def test_a_sample_is_drawn_by_village_with_a_seed_that_is_shown(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        bring_in(leader, a_list(90))
        meant = {"cach": "invited", "danh_sach": "Các hộ", "mau": "so", "mau_so": "30", "moi": "household", "ma": "m1"}
        shown = open_one(leader, **meant, chac="").text
        assert "Chọn ngẫu nhiên <b>30</b> trong 90" in shown
        assert "<td>thôn Mẫu 1</td><td>30</td><td>10</td>" in shown
        opened = open_one(leader, **meant, tu_khoa="bốc thăm 21/11")
        assert "bốc thăm 21/11" in opened.text
        assert "Chọn <b>30</b> trong 90" in opened.text
        # too many is refused with what was typed
        many = open_one(leader, **meant | {"mau_so": "91", "ma": "m2"})
        assert "Muốn mời 91 nhưng chỉ có 90" in many.text
        assert 'name="mau_so" value="91"' in many.text


def test_inviting_pausing_and_going_on(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        bring_in(leader, a_list(30))
        open_one(leader, cach="invited", danh_sach="Các hộ", mau="tat-ca", ma="m1")
        assert "Chưa gửi thư mời" in page(leader, house, "m1")
        assert act(leader, house, "m1", "moi", chac="").status_code == 422
        assert act(leader, house, "m1", "tiep").status_code == 409
        assert "Bắt đầu gửi thư mời" in act(leader, house, "m1", "moi").text
        assert "vốn đã như vậy" in act(leader, house, "m1", "moi").text
        assert "Đã tạm dừng gửi" in act(leader, house, "m1", "dung").text
        assert wave(house, "m1").sending is Sending.PAUSED
        assert "Xin bấm “Gửi tiếp”" in act(leader, house, "m1", "nhac").text
        assert "Đang gửi tiếp" in act(leader, house, "m1", "tiep").text


def test_invitations_on_paper_are_a_file_and_an_act(house: House) -> None:
    with browser_of(house) as leader, browser_of(house) as desk:
        entered(leader, "lanhdao")
        bring_in(leader, a_list(9))
        open_one(leader, cach="invited", danh_sach="Các hộ", mau="tat-ca", ma="m1")
        assert act(leader, house, "m1", "thu-moi", chac="", dang="csv").status_code == 422
        file = act(leader, house, "m1", "thu-moi", dang="csv", **{"moi-nguoi": "1"})
        assert file.text.count("Nguyễn Văn") == 9
        assert file.headers["cache-control"] == "no-store"
        assert act(leader, house, "m1", "thu-moi", dang="pdf", **{"moi-nguoi": "1"}).content.startswith(b"%PDF")
        assert "lấy thư mời giấy (9 thư)" in page(leader, house, "m1")
        entered(desk, "tiepnhan")
        assert act(desk, house, "m1", "thu-moi", dang="csv").status_code == 403


def test_results_of_an_invited_wave_have_a_rate_and_intervals(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        bring_in(leader, a_list(240))
        open_one(leader, cach="invited", danh_sach="Các hộ", mau="so", mau_so="120", moi="household", ma="m1")
        answered(house, wave(house, "m1"), {0: 30, 1: 25, 2: 20})
        act(leader, house, "m1", "dong")
        wound_up(house)
        shown = leader.get(f"{WAVES}/{wave(house, 'm1').id}/ket-qua").text
        assert "tỷ lệ trả lời: 75 phiếu, đã mời 120 trong 240" in shown
        assert "<b>62,5%</b>" in shown
        assert "có trọng số theo số dân của thôn" in shown
        assert "không suy rộng" not in shown
        assert 'class="span"' in shown


def test_two_invited_waves_are_compared_in_words(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        bring_in(leader, a_list(240))
        for code in ("m1", "m2"):
            entered(leader, "lanhdao")
            open_one(leader, cach="invited", danh_sach="Các hộ", mau="so", mau_so="120", moi="household", ma=code)
            answered(house, wave(house, code), {0: 30, 1: 25, 2: 20})
            act(leader, house, code, "dong")
            wound_up(house)
            house.at += DAY
        entered(leader, "lanhdao")
        shown = leader.get(f"{WAVES}/{wave(house, 'm2').id}/ket-qua?truoc=m1").text
        assert "chưa đủ căn cứ để nói tăng hay giảm" in shown
        assert leader.get(f"{WAVES}/{wave(house, 'm2').id}/ket-qua?truoc=khong-co").status_code == 200


# --- two sides --------------------------------------------------------------------------------------------------------


def test_the_front_has_its_own_waves_from_opening_to_results(house: House) -> None:
    front_of(house)
    with browser_of(house) as front, browser_of(house) as leader:
        entered(front, "mattran")
        entered(leader, "lanhdao")
        # given a wave of the Front on a survey that the People's Committee asks too
        opened = open_one(front, ten="Mặt trận hỏi dân")
        assert "Đã mở đợt." in opened.text
        assert "Đợt khảo sát" in opened.text
        mine = wave(house, "mau-mt")
        answered(house, mine, {0: 20, 1: 15})
        address = f"{WAVES}/{mine.id}"
        # then nobody reads it before the close, not even the Front
        assert "giữ kín đến khi đóng đợt" in front.get(f"{address}/ket-qua").text
        assert leader.get(f"{address}/ket-qua").status_code == 403
        seen = leader.get(address).text
        assert "Mặt trận theo dõi đợt này" in seen
        assert "Đóng đợt" not in seen
        # nor does the People's Committee do anything to it
        for what in ("dong", "huy", "moi", "dung", "tiep", "nhac", "to-dan", "thu-moi"):
            assert act(leader, house, "mau-mt", what, ly_do="x").status_code == 403
        assert wave(house, "mau-mt").state is WaveState.OPEN
        assert "Đã đóng đợt" in act(front, house, "mau-mt", "dong").text
        wound_up(house)
        # after it the Front reads, and then the People's Committee as well
        assert "<b>35</b><span>phiếu đã tính" in front.get(f"{address}/ket-qua").text
        assert "<b>35</b><span>phiếu đã tính" in leader.get(f"{address}/ket-qua").text


def test_the_front_touches_no_wave_of_the_committee(house: House) -> None:
    front_of(house)
    with browser_of(house) as front:
        entered(front, "mattran")
        assert front.get(f"{WAVES}/{wave(house, 'mau').id}").status_code == 200
        assert front.get(f"{WAVES}/{wave(house, 'mau').id}/ket-qua").status_code == 403
        for what in ("dong", "huy", "moi", "to-dan"):
            assert act(front, house, "mau", what, ly_do="x").status_code == 403
        assert wave(house, "mau").state is WaveState.OPEN
        assert front.post(FRAMES, data={"ten": "x"}).status_code == 403
        assert front.get("/can-bo/khao-sat").status_code == 403


def test_a_wave_of_another_commune_is_not_there(house: House) -> None:
    with browser_of(house) as stranger:
        entered(stranger, "xakhac")
        id = wave(house, "mau").id
        for path in ("", "/ket-qua", "/ma.svg"):
            assert stranger.get(f"{WAVES}/{id}{path}").status_code == 404
        assert stranger.post(f"{WAVES}/{id}/to-dan", data={}).status_code == 404
        assert "mau" not in stranger.get(WAVES).text.partition("<main")[2]


def test_a_wave_that_is_sealed_shows_no_figure_to_its_own_side(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        open_one(leader, ma="kin", kin="1")
        answered(house, wave(house, "kin"), {0: 20})
        released(house)
        assert "Số liệu được giữ kín đến khi đóng đợt" in page(leader, house, "kin")
        assert "giữ kín đến khi đóng đợt" in leader.get(f"{WAVES}/{wave(house, 'kin').id}/ket-qua").text
