"""Surveys looked at in the console before they open."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, func, select
from starlette.testclient import TestClient

from storage.tables import metadata, survey_versions, units
from surveys.ready import ready, ready_names
from surveys.sheets.template_writing import write_template
from surveys.wording import LABELS
from tests.web.house import House, browser_of, live, look, outside, publish_ready
from tests.web.piles import entered
from tests.web.test_browser import DESK, PHONE, wide
from web.console.walks import MOST_STEPS

SURVEYS = "/can-bo/phieu"
WALK, WHOLE = f"{SURVEYS}/xem-thu", f"{SURVEYS}/ca-phieu"
READY = "san:sau_thu_tuc"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_BUTTON = re.compile(r'<button form="walk"[^>]* name="(\w+)" value="([^"]*)"[^>]*>(.*?)</button>', re.DOTALL)
_FORM = {"enctype": "multipart/form-data"}

EVERYTHING = """
id = "du_thu"
title = "Phiếu thử mọi loại câu"
language = "vi"
privacy = "named"
intro = "Xin Ông/Bà trả lời thử."

[translations.en]
title = "A questionnaire of every kind"
"questions.chinh.text" = "Which one?"

[[questions]]
id = "chinh"
kind = "single"
text = "Ông/Bà chọn việc nào?"
choices = [{ id = "duong", text = "Đường" }, { id = "dien", text = "Điện" }]

[[questions]]
id = "vi_sao"
kind = "text"
text = "Vì sao là điện?"
show_if = 'chinh == "dien"'

[[questions]]
id = "loi_dan"
kind = "note"
text = "Phần sau hỏi về nơi ở."

[[questions]]
id = "anh"
kind = "photo"
text = "Xin gửi một tấm ảnh."

[[questions]]
id = "o_dau"
kind = "place"
text = "Chỗ ấy ở đâu?"

[[questions]]
id = "so_nguoi"
kind = "number"
text = "Nhà có mấy người?"
min = 1
max = 30

[[questions]]
id = "gap_doi"
kind = "calculated"
value = "so_nguoi * 2"
text = "Gấp đôi"
"""


@pytest.fixture
def officer(house: House) -> Iterator[TestClient]:
    """The reception at work."""
    with browser_of(house) as client:
        yield entered(client, "tiepnhan")


def carried(page: str) -> dict[str, str]:
    """What the page carries from one look to the next."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(page)}


def onward(client: TestClient, page: str, **done: str) -> str:
    """Something done on a page: the next page."""
    answer = client.post(WALK, data=carried(page) | done, headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def press(client: TestClient, page: str, label: str) -> str:
    """Press a button of the page by what stands on it, the last such one."""
    name, value = [
        (name, unescape(value))
        for name, value, inside in _BUTTON.findall(page)
        if label in unescape(re.sub(r"<[^>]+>", "", inside))
    ][-1]
    return onward(client, page, **{name: value})


def begin(client: TestClient, wanted: str = READY) -> str:
    answer = client.get(WALK, params={"phieu": wanted})
    assert answer.status_code == 200
    return answer.text


def tried(client: TestClient, data: bytes, name: str) -> Any:
    return client.post(SURVEYS, files={"tep": (name, data)})


def rows_of(house: House) -> dict[str, int]:
    """How many rows every table holds."""

    def count(conn: Connection) -> dict[str, int]:
        tables = metadata.sorted_tables
        return {table.name: conn.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    return look(house, count)


def states(page: str) -> list[str]:
    return re.findall(r'<li class="is-(\w+)">', page)


def test_the_list_has_ready_questionnaires_and_the_versions_of_the_commune(officer: TestClient, house: House) -> None:
    outside(house, lambda tx: publish_ready(tx, house.commune.commune, house.at))
    page = officer.get(SURVEYS).text
    for name in ready_names():
        assert f"phieu=san:{name}" in page
        assert ready(name).title in unescape(page)
    version = look(house, lambda conn: conn.scalar(select(survey_versions.c.id)))
    assert f"phieu=ban:{version}" in page
    assert "Đang hỏi" in page


def test_a_survey_is_walked_to_its_end_in_the_words_of_the_chat(officer: TestClient, house: House) -> None:
    # given the first question, as citizens see it
    before = rows_of(house)
    page = begin(officer)
    assert "Câu 1/3" in page
    assert states(page) == ["here", "waiting", "waiting"]
    # when one is pressed, one typed, one skipped, and the form sent off
    page = press(officer, page, LABELS["vi"].likert[4])
    assert f"Đã ghi: {LABELS['vi'].likert[4]}" in page
    assert states(page) == ["answered", "here", "waiting"]
    page = onward(officer, page, text="9")
    page = press(officer, page, "Bỏ qua")
    assert states(page)[-1] == "skipped"
    page = press(officer, page, "Gửi phiếu")
    # then what would be stored is shown in words, and nothing was stored
    stored = page[page.index("Câu trả lời sẽ được lưu") :]
    assert LABELS["vi"].likert[4] in stored
    assert LABELS["vi"].skipped in stored
    assert rows_of(house) == before


def test_the_same_page_again_is_the_same_page(officer: TestClient) -> None:
    page = press(officer, begin(officer), LABELS["vi"].likert[0])
    fields = carried(page)
    assert officer.post(WALK, data=fields).text == officer.post(WALK, data=fields).text
    # and a step back, and from the beginning
    assert states(onward(officer, page, undo="1")) == ["here", "waiting", "waiting"]
    assert carried(onward(officer, page, again="1"))["buoc"] == "[]"


def test_the_map_says_why_a_question_is_not_asked_and_leads_to_those_that_are(officer: TestClient) -> None:
    page = press(officer, begin(officer, "san:chinh_quyen_than_thien"), "Chưa đến lần nào")
    assert "hidden" in states(page)
    assert "Không hỏi nếu câu 1 trả lời: Chưa đến lần nào" in page
    assert "(đang là: câu 1 “Chưa đến lần nào”)" in page
    page = onward(officer, page, jump="gop_y")
    assert "Đến câu 17" in page
    assert states(page)[16] == "here"
    # a jump to what is hidden says why
    page = onward(officer, page, jump="thai_do")
    assert "không hỏi được" in page
    assert states(page)[16] == "here"


def test_a_file_is_tried_without_being_stored(officer: TestClient, house: House) -> None:
    before = rows_of(house)
    page = tried(officer, EVERYTHING.encode(), "phieu.toml").text
    assert "Ông/Bà chọn việc nào?" in page
    assert "Tệp dùng được" in page
    page = press(officer, page, "Đường")
    page = press(officer, page, "Coi như đã gửi ảnh")
    page = press(officer, page, "Coi như đã gửi vị trí")
    page = onward(officer, page, text="bốn")
    assert states(page) == ["answered", "hidden", "waiting", "answered", "answered", "answered", "hidden"]
    page = press(officer, page, "Đồng ý và gửi")
    stored = page[page.index("Câu trả lời sẽ được lưu") :]
    assert "Đã nhận ảnh" in stored
    assert re.search(r"Gấp đôi</dt><dd>8<", stored)
    assert rows_of(house) == before


def test_a_language_of_the_survey_can_be_chosen(officer: TestClient) -> None:
    page = tried(officer, EVERYTHING.encode(), "phieu.toml").text
    page = onward(officer, page, language="en")
    assert "Which one?" in page
    assert "Which one?" in onward(officer, onward(officer, page, text="1"), again="1")
    whole = officer.post(WHOLE, data=carried(page) | {"language": "en"}).text
    assert "A questionnaire of every kind" in whole
    assert "Chỉ hỏi khi câu 1: Điện" in whole


def test_an_excel_template_is_tried_the_same_way(officer: TestClient) -> None:
    page = tried(officer, write_template(), "phieu.xlsx").text
    assert "Câu trả lời sẽ được lưu" not in page
    assert "here" in states(page)


def test_every_fault_of_a_file_is_told_by_its_place_and_nothing_is_kept(officer: TestClient, house: House) -> None:
    before = rows_of(house)
    broken = EVERYTHING.replace('kind = "photo"', 'kind = "anh"').replace('"dien"\'', '"nuoc"\'')
    answer = tried(officer, broken.encode(), "phieu.toml")
    assert answer.status_code == 422
    faults = re.search(r'<table class="fault-rows">.*?<tbody>(.*?)</tbody>', answer.text, re.DOTALL)
    assert faults is not None
    assert faults[1].count("<tr>") == 2
    assert "câu 2 (vi_sao)" in unescape(faults[1])
    assert "câu 4 (anh)" in unescape(faults[1])
    # each beside the line that it is about
    assert 'kind = "anh"' in unescape(faults[1])
    assert rows_of(house) == before


@pytest.mark.parametrize(
    ("data", "name", "status", "said"),
    [
        (b"", "", 422, "Xin chọn một tệp"),
        (b"PK\x03\x04 no workbook", "phieu.xlsx", 422, "cần sửa"),
        (b"\xff\xfe\x00", "phieu.toml", 422, "cần sửa"),
        (b"x" * (11 << 20), "phieu.csv", 413, "Tệp lớn quá"),
    ],
)
def test_what_is_no_survey_is_refused_in_plain_words(
    officer: TestClient, data: bytes, name: str, status: int, said: str
) -> None:
    answer = tried(officer, data, name) if name else officer.post(SURVEYS, data={"x": "1"}, headers={}, files=None)
    assert answer.status_code == status
    assert said in answer.text


def test_the_whole_sheet_has_every_question_with_its_choices_and_conditions(officer: TestClient) -> None:
    page = unescape(officer.get(WHOLE, params={"phieu": "san:mot_cua"}).text)
    for question in ready("mot_cua").questions:
        assert question.text in page
        for choice in question.choices:
            assert choice.text in page
    assert "Chỉ hỏi khi câu 6: Trễ hẹn" in page


def test_a_version_of_another_commune_is_not_there(officer: TestClient, house: House) -> None:
    other = look(house, lambda conn: conn.scalar(select(units.c.id).where(units.c.slug == "xa-khac")))
    outside(house, lambda tx: publish_ready(tx, other or 0, house.at))
    theirs = select(survey_versions.c.id).where(survey_versions.c.unit_id == other)
    version = look(house, lambda conn: conn.scalar(theirs))
    for wanted in (
        f"ban:{version}",
        "ban:0",
        f"ban:{1 << 70}",
        f"ban:{'9' * 5000}",
        "ban:x",
        "san:khong_co",
        "san:../mot_cua",
        "",
        "x",
    ):
        for path in (WALK, WHOLE):
            assert officer.get(path, params={"phieu": wanted}).status_code == 404, wanted
            assert officer.post(path, data={"phieu": wanted}).status_code == 404, wanted


@pytest.mark.parametrize(
    "steps",
    [
        "x",
        '{"a": 1}',
        '[["shout", "1"]]',
        '[["choice", "7:khong_co"]]',
        '[["jump", "khong_co"]]',
        msgspec.json.encode([["jump", "9" * 5000]]).decode(),
        '[["text", "1"], ["language", "fr"]]',
        '[["language", "fr"]]',
        '[["send", "money"]]',
        msgspec.json.encode([["text", "x"]] * (MOST_STEPS + 1)).decode(),
        msgspec.json.encode([["text", "x" * 201_000]]).decode(),
    ],
)
def test_steps_that_are_none_are_refused(officer: TestClient, steps: str) -> None:
    assert officer.post(WALK, data={"phieu": READY, "buoc": steps}).status_code == 400


def test_a_walk_ends_somewhere(officer: TestClient) -> None:
    steps = msgspec.json.encode([["text", "x"]] * MOST_STEPS).decode()
    page = onward(officer, '<input type="hidden" name="phieu" value="san:sau_thu_tuc">', buoc=steps, text="5")
    assert "đã dài hết mức" in page
    assert carried(page)["buoc"] == steps.replace(" ", "")


def test_a_sealed_survey_of_another_commune_or_key_is_asked_for_again(officer: TestClient, house: House) -> None:
    fields = carried(tried(officer, EVERYTHING.encode(), "phieu.toml").text)
    with browser_of(house) as other:
        entered(other, "xakhac")
        assert other.post(WALK, data=fields).status_code == 422
    answer = officer.post(WALK, data=fields | {"tep": "AAAA"})
    assert answer.status_code == 422
    assert "Xin chọn lại tệp" in answer.text


def test_only_officers_who_see_surveys_come_in_and_only_from_our_own_pages(officer: TestClient, house: House) -> None:
    posts = (SURVEYS, WALK, WHOLE)
    for path in posts:
        answer = officer.post(path, data={"phieu": READY}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    with browser_of(house) as nobody:
        for path in posts:
            assert nobody.get(path).url.path == "/can-bo/dang-nhap"


def test_what_is_typed_is_shown_as_text(officer: TestClient) -> None:
    page = onward(officer, begin(officer), text="<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_walk_in_a_browser(house: House, chromium: Any, tmp_path: Any, script: bool) -> None:  # noqa: FBT001 - the test names it
    file = tmp_path / "phieu.toml"
    file.write_text(EVERYTHING, encoding="utf-8")
    with live(house) as address:
        for size in (PHONE, DESK):
            context = chromium.new_context(viewport=size, java_script_enabled=script, locale="vi-VN")
            page = context.new_page()
            page.goto(f"{address}/can-bo/")
            page.fill("#login", "tiepnhan")
            page.fill("#password", "mật khẩu mẫu 2026")
            page.click("main button")
            page.wait_for_selector(".side")
            page.goto(f"{address}{SURVEYS}")
            shot(page, tmp_path, f"list-{size['width']}")
            page.set_input_files("#tep", file)
            page.click("button:has-text('Kiểm tra và xem thử')")
            page.click(".choice >> text=Điện")
            # Enter sends the words, and presses no button
            page.fill("#text", "Hay mất điện.")
            page.keyboard.press("Enter")
            page.wait_for_selector("text=Coi như đã gửi ảnh")
            assert page.locator(".is-answered").count() == 2
            shot(page, tmp_path, f"walk-{size['width']}")
            page.click(".is-waiting >> text=Đến câu này >> nth=1")
            page.wait_for_selector(".is-here >> text=Nhà có mấy người?")
            page.fill("#text", "4")
            page.keyboard.press("Enter")
            page.click("text=Gửi phiếu")
            page.wait_for_selector("text=Câu trả lời sẽ được lưu")
            shot(page, tmp_path, f"end-{size['width']}")
            page.click("text=Xem cả phiếu")
            page.wait_for_selector(".whole")
            shot(page, tmp_path, f"whole-{size['width']}")
            # back to the walk, where it stood
            page.click("main >> text=Xem thử")
            page.wait_for_selector("text=Câu trả lời sẽ được lưu")
            context.close()


def shot(page: Any, folder: Any, name: str) -> None:
    """A picture to look at; the page fits its window."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    assert wide(page) <= 0, name
