"""A survey from the first word to its results, as an officer of forty other duties does it, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook

from storage import responses
from storage.tx import Tx
from surveys.definition import Survey
from surveys.paper_numbers import shown
from surveys.sheets.template_writing import write_template
from tests.web.house import House, live, outside
from tests.web.piles import ENTRY, number
from tests.web.test_browser import DESK, PHONE, wide
from tests.web.test_sessions_browser import signed_in
from tests.web.waves_at_desk import WAVES, front_of, wave, wound_up
from vietnam.time import day_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
TITLE = "Khảo sát mức độ hài lòng về vệ sinh môi trường và trật tự"


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


class Eyes:
    """Looks at the page as it stands: a picture for whoever judges it, and no wider than its window."""

    def __init__(self, page: Any, folder: Path, name: str) -> None:
        self.page, self.folder, self.name, self.number = page, folder, name, 0

    def __call__(self, what: str) -> None:
        self.page.wait_for_load_state()
        self.number += 1
        file = self.folder / f"{self.name}-{self.number:02}-{what}.png"
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.screenshot(path=file, full_page=True)
        assert wide(self.page) <= 0, what


def add(page: Any, kind: str) -> None:
    """Another question of that kind, open to be written."""
    count = page.locator(".questions .one").count()
    page.select_option("#moi", kind)
    page.click("button:has-text('Thêm câu')")
    page.wait_for_function("n => document.querySelectorAll('.questions .one').length > n", arg=count)
    page.wait_for_selector("#hoi")
    page.wait_for_load_state()


def keep(page: Any, questions: int) -> None:
    page.locator(".acts button.button").click()
    page.wait_for_selector(f"text=Phiếu dùng được, {questions} câu")


def written(page: Any, look: Eyes) -> None:
    """Five questions, one of them a grid and one on a condition, and the title in Tày."""
    page.fill("#ten", TITLE)
    page.click("button:has-text('Bắt đầu soạn')")
    page.wait_for_selector("text=Soạn phiếu")
    look("trong")
    add(page, "likert5")
    page.fill("#hoi", "Nhìn chung, Ông/Bà hài lòng với vệ sinh thôn xóm không?")
    page.check("[name=chung]")
    keep(page, 1)
    add(page, "yesno")
    page.fill("#hoi", "Nhà Ông/Bà có được thu gom rác không?")
    keep(page, 2)
    add(page, "text")
    page.fill("#hoi", "Vì sao chưa được thu gom?")
    page.select_option("#khi", label="Câu 2 là: Không")
    keep(page, 3)
    add(page, "matrix")
    page.fill("#hoi", "Ông/Bà hài lòng thế nào với:")
    page.fill("#dong", "Giờ thu gom rác\nThái độ người thu gom\nChỗ tập kết rác")
    assert "Ông/Bà hài lòng thế nào với:" in page.inner_text(".chat-of"), "what is typed stands in the chat at once"
    keep(page, 6)
    look("bang")
    add(page, "single")
    page.fill("#hoi", "Chỗ nào cần dọn trước?")
    page.fill("#lua_chon", "Chợ\nĐường thôn\nKhác (ghi rõ)")
    keep(page, 8)
    head = page.locator("details.head > summary")
    if not page.is_visible("#mo_dau"):
        head.click()
    page.check("[name=tieng_tyz]")
    page.click("text=Lưu phần đầu")
    page.wait_for_load_state()
    if not page.is_visible("#mo_dau"):
        head.click()
    page.fill("#dt-tyz", "Sam căn việc slạch slẻ")
    page.click("text=Lưu phần đầu")
    page.wait_for_selector("text=Phiếu dùng được, 8 câu")
    look("xong")


def walked(page: Any, look: Eyes) -> None:
    """The whole survey answered by its buttons, to what would be stored."""
    page.click("text=Trả lời thử")
    page.wait_for_selector(".choice")
    look("tra-loi-thu")
    said = ["Hài lòng", "Không", "Xe không vào được ngõ", "Bình thường", "Hài lòng", "Không hài lòng", "Chợ"]
    for done, words in enumerate(said, start=1):
        if words.startswith("Xe"):
            page.fill("#text", words)
            page.click(".send")
        else:
            page.locator("fieldset:not([disabled]) .choice").filter(
                has=page.locator(f".label:text-is('{words}')")
            ).click()
        page.wait_for_function("n => document.querySelectorAll('.piece.own').length === n", arg=done)
    look("xem-lai")
    page.locator("fieldset:not([disabled]) button", has_text="Gửi phiếu").click()
    page.wait_for_selector("text=Câu trả lời sẽ được lưu")
    look("da-tra-loi")
    stored = page.inner_text(".stored")
    assert "Xe không vào được ngõ" in stored
    assert "Chợ" in stored


def published_and_opened(page: Any, look: Eyes) -> str:
    """Published, and a wave opened in two steps; its address."""
    page.click("button:has-text('Công bố phiếu…')")
    page.wait_for_selector("h1:has-text('Công bố phiếu')")
    look("cong-bo")
    page.check("[name=chac]")
    page.click("button:has-text('Công bố phiếu')")
    page.wait_for_selector("text=Đã công bố phiên bản 1")
    look("da-cong-bo")
    page.click(".now >> text=Mở đợt khảo sát")
    page.wait_for_selector("h1:has-text('Mở đợt khảo sát')")
    page.select_option("#phieu", label=f"{TITLE} (phiên bản 1)")
    page.click("text=Xem đợt sẽ mở")
    page.wait_for_selector("[name=chac]")
    look("mo-dot")
    page.check("[name=chac]")
    page.click("button:has-text('Mở đợt')")
    page.wait_for_selector("text=Đã mở đợt.")
    look("dot")
    return str(page.url.partition("?")[0])


def three_forms(page: Any, address: str, look: Eyes) -> None:
    """Three paper forms typed in, and the pile closed."""
    page.goto(f"{address}{ENTRY}")
    page.select_option("#dot", label=next(one for one in page.locator("#dot option").all_inner_texts() if TITLE in one))
    page.fill(".open-batch #so", "3")
    page.click("text=Bắt đầu nhập")
    page.wait_for_selector("body.scripted")
    look("nhap-phieu")
    for n, keys in ((1, [*"42", "N", "g", "o", "Enter", *"345", "1", "Enter"]), (2, [*"51", *"555", "2", "Enter"]),
                    (3, [*"11", *"234", "1", "Enter"])):  # fmt: skip
        for key in [*number(n), *keys]:
            page.keyboard.press(key)
        page.wait_for_selector(f"text=Đã lưu phiếu {shown(number(n))}")
    look("da-nhap")


def answered(house: House, survey: Survey, code: str) -> None:
    """Citizens answer, and what may be released is."""
    of, random, vault = wave(house, code), Random(7), house.runtime.vault

    def unit(tx: Tx) -> None:
        for at, village in enumerate(house.commune.villages[:3]):
            for _ in range(12 + at):
                said: dict[str, Any] = {
                    one.id: random.choices((1, 2, 3, 4, 5), (1, 1, 2, 6, 4))[0]
                    for one in survey.questions
                    if one.kind == "likert5"
                }
                said |= {one.id: random.choice(("yes", "no")) for one in survey.questions if one.kind == "yesno"}
                said |= {one.id: random.choice(one.choices).id for one in survey.questions if one.kind == "single"}
                responses.seal(tx, vault, survey=survey, wave=of.id, unit=house.commune.commune, village=village,
                               channel="webchat", answers=said)  # fmt: skip

    outside(house, unit)
    day = day_of(house.at)
    while outside(house, lambda tx: responses.release(tx, vault, lambda _version: survey, day, Random(7))):
        pass


def asked_of(house: House, code: str) -> Survey:
    from storage.waves import survey_of
    from tests.web.house import look as read

    return read(house, lambda conn: survey_of(conn, wave(house, code).version))


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_survey_from_its_first_word_to_its_results(
    chromium: Any, house: House, address: str, tmp_path: Path, viewport: dict[str, int]
) -> None:
    page = signed_in(chromium, address, "lanhdao", viewport)
    look = Eyes(page, tmp_path, "phieu")
    page.goto(f"{address}/can-bo/phieu")
    look("danh-sach")
    written(page, look)
    walked(page, look)
    of = published_and_opened(page, look)
    code = next(iter(page.inner_text(".address").rsplit("ks_", 1)[1:]))
    with page.expect_download() as taken:
        page.click("text=Tải tờ dán")
    assert taken.value.suggested_filename.endswith(".pdf")
    helper = signed_in(chromium, address, "tiepnhan", viewport)
    three_forms(helper, address, Eyes(helper, tmp_path, "nhap"))
    answered(house, asked_of(house, code), code)
    page.goto(of)
    page.wait_for_selector("text=phiếu đã tính vào số liệu")
    look("dang-hoi")
    page.click("summary:has-text('Đóng đợt')")
    page.check("details[open] [name=chac]")
    page.click("details[open] button:has-text('Đóng đợt')")
    page.wait_for_selector("text=Đã đóng đợt.")
    wound_up(house)
    page.goto(of)
    look("da-dong")
    page.click("text=Xem kết quả")
    page.wait_for_selector("h1")
    look("ket-qua")
    assert "Giờ thu gom rác" in page.inner_text("main")
    for one in (page, helper):
        one.context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_faults_of_a_workbook_are_read_beside_its_rows(
    chromium: Any, address: str, tmp_path: Path, viewport: dict[str, int]
) -> None:
    file = tmp_path / "phieu.xlsx"
    file.write_bytes(write_template())
    book = load_workbook(file)
    sheet = book["Câu hỏi"]
    row = next(number for number in range(2, 30) if sheet.cell(number, 3).value)
    sheet.cell(row, 3).value = "Loại lạ"
    book.save(file)
    page = signed_in(chromium, address, "lanhdao", viewport)
    look = Eyes(page, tmp_path, "excel")
    page.goto(f"{address}/can-bo/phieu")
    page.set_input_files("#tep", file)
    page.click("text=Kiểm tra và xem thử")
    page.wait_for_selector("mark:has-text('Loại lạ')")
    look("sai")
    page.context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_front_s_survey_is_sealed_for_the_committee(
    chromium: Any, house: House, address: str, tmp_path: Path, viewport: dict[str, int]
) -> None:
    front_of(house)
    page = signed_in(chromium, address, "mattran", viewport)
    look = Eyes(page, tmp_path, "mat-tran")
    page.goto(f"{address}/can-bo/mat-tran")
    look("trang-dau")
    page.click("text=soạn, công bố phiếu của Mặt trận")
    page.wait_for_selector("h1:has-text('của Mặt trận')")
    look("phieu")
    page.fill("#ten", "Giám sát nhà văn hóa")
    page.click("button:has-text('Bắt đầu soạn')")
    add(page, "likert5")
    page.fill("#hoi", "Ông/Bà hài lòng với nhà văn hóa không?")
    keep(page, 1)
    look("soan")
    page.click("text=Công bố phiếu…")
    page.check("[name=mo][value=ngay]")
    page.check("[name=chac]")
    page.click("button:has-text('Công bố phiếu')")
    page.wait_for_selector("text=Đã công bố phiếu và mở đợt này")
    look("dot")
    leader = signed_in(chromium, address, "lanhdao", viewport)
    leader.goto(page.url.partition("?")[0])
    leader.wait_for_selector("text=Số liệu được giữ kín")
    Eyes(leader, tmp_path, "lanh-dao")("dot-mat-tran")
    leader.goto(f"{address}{WAVES}")
    assert "Của Mặt trận" in leader.inner_text("main")
    for one in (page, leader):
        one.context.close()
