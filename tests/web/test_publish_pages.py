"""Surveys published from the console: faults beside the rows of the file, what is said before, versions, files."""

import re
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from starlette.testclient import TestClient

from storage.tables import acts, blobs, survey_files, survey_versions
from storage.tx import Tx
from storage.waves import publish
from surveys.reading import read_survey
from surveys.sheets.template_writing import write_template
from surveys.waves import WaveState
from tests.stores import sample_survey
from tests.web.house import House, browser_of, look, outside
from tests.web.waves_at_desk import SURVEY, entered, front_of, open_one, wave

SURVEYS = "/can-bo/phieu"
PUBLISH = f"{SURVEYS}/cong-bo"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')

FIRST = """
id = "ve_sinh"
title = "Vệ sinh môi trường"

[[questions]]
id = "rac"
kind = "likert5"
text = "Việc thu gom rác thế nào?"

[[questions]]
id = "noi"
kind = "single"
text = "Chỗ nào cần dọn nhất?"
choices = [{ id = "cho", text = "Chợ" }, { id = "duong", text = "Đường thôn" }]
"""
SECOND = (
    FIRST.replace("thế nào?", "ra sao?").replace('{ id = "cho", text = "Chợ" }, ', "")
    + """
[[questions]]
id = "y_kien"
kind = "text"
text = "Ông/Bà muốn góp ý gì?"
"""
)
SECOND = SECOND.replace('text = "Đường thôn" }', 'text = "Đường thôn" }, { id = "suoi", text = "Bờ suối" }')


def upload(client: TestClient, data: bytes, name: str = "phieu.toml") -> Any:
    return client.post(SURVEYS, files={"tep": (name, data)})


def asked(client: TestClient, data: str) -> Any:
    """A file that holds, tried, and then the page before it is published."""
    hidden = {name: unescape(value) for name, value in _HIDDEN.findall(upload(client, data.encode()).text)}
    return client.post(PUBLISH, data=hidden, files={"khong": ("", b"")})


def confirmed(client: TestClient, page: Any, files: dict[str, bytes] | None = None, **fields: str) -> Any:
    """That page, sent on."""
    hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}
    sent = [("kem", (name, data)) for name, data in (files or {}).items()] or [("kem", ("", b""))]
    return client.post(PUBLISH, data=hidden | {"chac": "1", "mo": ""} | fields, files=sent)


def versions(house: House, slug: str = "ve_sinh") -> list[int]:
    query = select(survey_versions.c.number).where(survey_versions.c.body.like(f'%"id":"{slug}"%'))
    return look(house, lambda conn: sorted(conn.scalars(query)))


# --- faults -----------------------------------------------------------------------------------------------------------


def test_faults_of_a_workbook_stand_beside_its_rows(house: House, tmp_path: Any) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        file = tmp_path / "phieu.xlsx"
        file.write_bytes(write_template())
        book = load_workbook(file)
        sheet = book["Câu hỏi"]
        row = next(number for number in range(2, 30) if sheet.cell(number, 3).value)
        question = str(sheet.cell(row, 2).value)
        sheet.cell(row, 3).value = "Loại lạ"
        book.save(file)
        refused = upload(desk, file.read_bytes(), "phieu.xlsx")
        assert refused.status_code == 422
        assert f"<b>ô C{row}</b>" in refused.text
        assert "Trang tính “Câu hỏi”" in refused.text
        assert "<mark>Loại lạ</mark>" in refused.text
        # the row itself is there to be recognised
        assert question[:40] in unescape(refused.text)


def test_faults_of_a_text_stand_beside_its_lines(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        refused = upload(desk, FIRST.replace('"likert5"', '"likert9"').encode())
        line = FIRST.partition("likert5")[0].count("\n") + 1
        assert f"<b>dòng {line}</b>" in refused.text
        assert "kind = &#34;likert9&#34;" in refused.text


# --- publishing -------------------------------------------------------------------------------------------------------


def test_a_survey_is_published_after_it_was_said_what_it_will_be(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        before = asked(leader, FIRST)
        assert "phiên bản đầu tiên" in before.text
        refused = confirmed(leader, before, chac="")
        assert refused.status_code == 422
        assert "Chưa có gì được công bố" in refused.text
        assert versions(house) == []
        done = confirmed(leader, before)
        assert "Đã công bố phiên bản 1" in done.text
        # the same again changes nothing
        assert "đã công bố từ trước (phiên bản 1)" in confirmed(leader, before).text
        assert versions(house) == [1]
        # it stands in the list of acts with the officer's name
        who = select(acts.c.actor).where(acts.c.thing == "survey").order_by(acts.c.id.desc())
        assert str(look(house, lambda conn: conn.scalar(who.limit(1)))).startswith("officer:")
        # and a wave can be opened of it
        assert "Vệ sinh môi trường (phiên bản 1)" in leader.get("/can-bo/dot/moi").text


def test_what_changed_is_said_in_words(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        confirmed(leader, asked(leader, FIRST))
        page = asked(leader, SECOND)
        for said in (
            "sẽ là <strong>phiên bản 2</strong>",
            "Câu 1 đổi lời: “Việc thu gom rác thế nào?” thành “Việc thu gom rác ra sao?”",
            "Câu 2 thêm lựa chọn “Bờ suối”",
            "Câu 2 bỏ lựa chọn “Chợ”",
            "Thêm câu 3: “Ông/Bà muốn góp ý gì?”",
        ):
            assert said in page.text
        confirmed(leader, page)
        listed = leader.get(SURVEYS).text
        link = re.search(r'href="(/can-bo/phieu/thay-doi\?phieu=ban:\d+)"', listed)
        assert link
        assert "Câu 2 bỏ lựa chọn “Chợ”" in leader.get(link[1]).text


def test_an_open_wave_changes_its_version_only_when_that_was_said(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        opened = confirmed(leader, asked(leader, FIRST), mo="ngay")
        assert "Đã công bố phiếu và mở đợt này" in opened.text
        before = wave(house, "ve_sinh")
        page = asked(leader, SECOND)
        assert "vẫn hỏi phiên bản 1" in page.text
        assert "Đợt ve_sinh đang hỏi phiên bản 1 sẽ đóng" in page.text
        # published alone, the wave goes on as it was
        confirmed(leader, page)
        assert wave(house, "ve_sinh") == before
        # and with it, another takes its place
        confirmed(leader, asked(leader, SECOND), mo="ngay")
        after = wave(house, "ve_sinh")
        assert (after.number, after.follows) == (2, before.id), "the same text again is the version it was"
        assert versions(house) == [1, 2]


def test_the_same_text_again_is_the_same_version_whichever_way_it_comes(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        confirmed(leader, asked(leader, FIRST))
        # opened of the same file, it is asked as the version it is
        page = asked(leader, FIRST)
        assert "công bố lại không tạo phiên bản mới" in page.text
        opened = confirmed(leader, page, mo="ngay")
        assert "Phiếu không có gì thay đổi so với phiên bản đã công bố. Đã mở đợt này" in opened.text
        assert (versions(house), wave(house, "ve_sinh").number) == ([1], 1)
        first = wave(house, "ve_sinh")
        # sent twice, or written in another way, nothing changes any more
        again = confirmed(leader, asked(leader, f"# lời ghi chú\n{FIRST}"), mo="ngay")
        assert "đang mở từ trước, không có gì thay đổi" in again.text
        assert wave(house, "ve_sinh") == first
        # and after it was closed, another wave asks the same version
        leader.post(f"/can-bo/dot/{first.id}/dong", data={"chac": "1"})
        assert "Đã mở đợt này" in confirmed(leader, asked(leader, FIRST), mo="ngay").text
        second = wave(house, "ve_sinh")
        assert (second.number, second.version, second.state) == (1, first.version, WaveState.OPEN)
        assert second.id != first.id
        # who opened it stands in the list of acts
        done = select(acts.c.actor).where(acts.c.thing == "wave", acts.c.thing_id == second.id, acts.c.action == "open")
        assert str(look(house, lambda conn: conn.scalar(done))).startswith("officer:")


def test_two_officers_at_once_publish_one_version(house: House) -> None:
    with browser_of(house) as leader, browser_of(house) as admin:
        entered(leader, "lanhdao")
        entered(admin, "quantri")
        mine, theirs = asked(leader, FIRST), asked(admin, SECOND)
        confirmed(leader, mine)
        refused = confirmed(admin, theirs)
        assert refused.status_code == 409
        assert "đã có người công bố phiên bản 1" in refused.text
        assert "Câu 2 bỏ lựa chọn" in refused.text
        assert versions(house) == [1]
        assert "Đã công bố phiên bản 2" in confirmed(admin, refused).text


def test_a_wave_of_the_front_is_not_taken_away(house: House) -> None:
    front_of(house)
    with browser_of(house) as leader, browser_of(house) as front:
        entered(leader, "lanhdao")
        entered(front, "mattran")
        confirmed(leader, asked(leader, FIRST))
        open_one(front, phieu="ve_sinh", ma="ve_sinh")
        refused = confirmed(leader, asked(leader, SECOND), mo="ngay")
        assert refused.status_code == 409
        assert "chỉ Mặt trận thay được đợt của mình" in refused.text
        assert wave(house, "ve_sinh").state is WaveState.OPEN
        assert versions(house) == [1]


def test_a_survey_comes_with_its_files(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        with_file = FIRST.replace('title = "Vệ', 'document = "du-thao.pdf"\ntitle = "Vệ')
        page = asked(leader, with_file)
        assert "du-thao.pdf" in page.text
        assert "Chưa có tệp “du-thao.pdf”" in confirmed(leader, page).text
        wrong = confirmed(leader, page, {"du-thao.pdf": b"hello"})
        assert wrong.status_code == 422
        assert versions(house) == []
        assert "Đã công bố phiên bản 1" in confirmed(leader, page, {"C:\\\\x\\du-thao.pdf": b"%PDF-1.7 x"}).text
        kept = select(blobs.c.size).join(survey_files, survey_files.c.blob_id == blobs.c.id)
        assert look(house, lambda conn: conn.scalar(kept)) == len(b"%PDF-1.7 x")


def test_a_ready_questionnaire_with_places_to_fill_in_is_not_published(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        assert "còn chỗ để cán bộ điền" in leader.get(f"{PUBLISH}?phieu=san:lay_y_kien").text
        page = leader.get(f"{PUBLISH}?phieu=san:sau_thu_tuc")
        assert "Đã công bố phiên bản 1" in confirmed(leader, page).text


def test_whoever_receives_cases_publishes_nothing(house: House) -> None:
    with browser_of(house) as other:
        entered(other, "tiepnhan")
        assert other.get(f"{PUBLISH}?phieu=san:sau_thu_tuc").status_code == 403
        assert other.post(PUBLISH, data={"phieu": "san:sau_thu_tuc", "chac": "1"}).status_code == 403


def test_the_front_reads_the_survey_that_it_may_ask(house: House) -> None:
    front_of(house)
    with browser_of(house) as front:
        entered(front, "mattran")
        version = wave(house, "mau").version
        assert SURVEY.questions[0].text in front.get(f"{SURVEYS}/ca-phieu?phieu=ban:{version}").text
        assert front.get(f"{SURVEYS}/xem-thu?phieu=ban:{version}").status_code == 200


@pytest.mark.parametrize("way", ["toml", "xlsx", "xlsform", "../../x"])
def test_a_survey_is_taken_out_as_a_file_and_comes_back(house: House, way: str) -> None:
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        file = desk.get(f"{SURVEYS}/tai?phieu=ban:{wave(house, 'mau').version}&dang={way}")
        assert file.status_code == 200
        back = upload(desk, file.content, "mau.toml" if way == "toml" else "mau.xlsx")
        assert back.status_code == 200
        assert desk.get(f"{SURVEYS}/mau.xlsx").content.startswith(b"PK")


def test_what_is_no_survey_is_not_there(house: House) -> None:
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        version = wave(house, "mau").version
        for wanted in ("", "san:", "san:../x", "ban:0", "ban:99999999999999999999", f"ban:{version}"):
            assert leader.get(f"{PUBLISH}?phieu={wanted}").status_code == 404
        assert leader.get(f"{SURVEYS}/thay-doi?phieu=ban:{version}").status_code == 404
        assert leader.post(PUBLISH, data={"tep": "AAAA", "chac": "1"}).status_code == 422


def test_a_survey_of_another_commune_is_not_there(house: House) -> None:
    def unit(tx: Tx) -> int:
        return publish(tx, house.commune.province, read_survey(FIRST.encode(), "x"), "x", house.at).version

    theirs = outside(house, unit)
    with browser_of(house) as desk:
        entered(desk, "tiepnhan")
        for page in ("xem-thu", "ca-phieu", "thay-doi", "tai"):
            assert desk.get(f"{SURVEYS}/{page}?phieu=ban:{theirs}").status_code == 404
    assert sample_survey() == SURVEY
