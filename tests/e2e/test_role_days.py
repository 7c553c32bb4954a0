"""A day of each role, in a real browser, on the demo that a newcomer starts; the pictures of the officers' handbook."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.demo_shown import DESK, PHONE, Demo
from tests.e2e.test_browser_walk import hears, sends_a_report_with_a_photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
ROLES = ("canbo", "lanhdao", "chuyenmon", "quantri", "mattran", "truongthon")
LOOKS = {
    "desk-light": {**DESK, "color_scheme": "light"},
    "desk-dark": {**DESK, "color_scheme": "dark"},
    "phone-light": {**PHONE, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HREFS = "all => all.map(one => one.getAttribute('href'))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BELL = "Chuông báo lớp học của thôn kêu cả đêm, xin kiểm tra."
THE_DAY = ("Gửi vụ việc", "Tiếp nhận", "Giao người xử lý", "Trình duyệt câu trả lời", "Duyệt và gửi câu trả lời")
"""What the log says of the case at the end of it, in order."""
WISH = "Đề nghị công khai tiến độ sửa đường đầu thôn."


@pytest.fixture(scope="module")
def shots(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the handbook's pictures go: into the documents with --pictures, else nowhere that is kept."""
    kept = request.config.getoption("--pictures", default=False)
    docs = Path(__file__).parents[2] / "docs" / "pictures"
    folder = (docs if kept else tmp_path_factory.mktemp("pictures")) / "so-tay"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def enter(chromium: Any, demo: Demo) -> Callable[..., Any]:
    """Log in in a browser of this kind: the page on which the officer begins; what the page complains of fails."""

    def entered(login: str, **look: Any) -> Any:
        page = chromium.new_context(**(look or DESK), bypass_csp=True).new_page()
        page.on("pageerror", lambda fault: pytest.fail(f"{login}: {fault}"))
        page.goto(f"{demo.url}/can-bo/dang-nhap")
        page.fill("#login", login)
        page.fill("#password", demo.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "dang-nhap" not in url)
        return page

    return entered


def faults_of(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    # What stands half under a bar that does not scroll is measured by what is seen of it just then.
    page.add_style_tag(content=".side, .bar { position: static !important; }")
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_that_a_role_is_shown_opens_fits_and_can_be_read_aloud(
    look: str, enter: Callable[..., Any], demo: Demo
) -> None:
    wrong: list[str] = []
    looked_at: set[str] = set()
    for login in ROLES:
        page = enter(login, **LOOKS[look])
        page.goto(f"{demo.url}/can-bo/tat-ca")
        there = page.eval_on_selector_all("main a", HREFS)
        assert there, f"{login} is shown no page"
        if "/can-bo/cai-dat" in there:
            page.goto(f"{demo.url}/can-bo/cai-dat")
            there += page.eval_on_selector_all("main ul.settings a", HREFS)
        for address in dict.fromkeys(there):
            answer = page.goto(f"{demo.url}{address}")
            if answer.status != 200:
                wrong.append(f"{login} {address}: {answer.status}")
                continue
            if page.evaluate(TOO_WIDE) > 0:
                wrong.append(f"{login} {address}: wider than the screen")
            if address not in looked_at:
                looked_at.add(address)
                wrong += [f"{login} {address}: {fault}" for fault in faults_of(page)]
        page.context.close()
    assert wrong == []
    assert len(looked_at) > 25


def test_a_day_from_the_citizen_s_message_to_the_log(
    enter: Callable[..., Any], chromium: Any, demo: Demo, shots: Path
) -> None:
    # A citizen writes from a phone.
    citizen = chromium.new_context(**PHONE).new_page()
    citizen.goto(f"{demo.url}/van-linh/")
    hears(citizen, "Ông/Bà muốn làm gì?")
    code = sends_a_report_with_a_photo(citizen)

    reception, leader = enter("canbo"), enter("lanhdao", **PHONE)
    _reception_gives_it_to_the_specialist(reception, demo, code, shots)
    _the_specialist_drafts_the_answer(enter("chuyenmon"), demo, code, shots)
    _the_leader_signs_with_one_tap(leader, demo, code, shots)
    hears(citizen, "Đã thay bóng đèn")

    _the_head_of_a_village_enters_for_a_neighbour(enter("truongthon", **PHONE), shots)
    reception.goto(f"{demo.url}/can-bo/")
    reception.get_by_text(BELL).first.wait_for()

    front = enter("mattran")
    _the_front_recommends(front, demo, shots)
    _the_leader_answers_it(leader, demo)
    front.reload()
    front.get_by_text("Xã sẽ niêm yết tiến độ").first.wait_for()

    _the_administrator_adds_a_colleague_and_reads_the_log(enter("quantri"), demo, code, shots)


def _reception_gives_it_to_the_specialist(page: Any, demo: Demo, code: str, shots: Path) -> None:
    page.goto(f"{demo.url}/can-bo/")
    page.get_by_text(code).first.wait_for()
    page.screenshot(path=shots / "tiep-nhan.png")
    page.get_by_text(code).first.click()
    page.get_by_role("button", name="Tiếp nhận").click()
    page.get_by_text("Đã tiếp nhận").first.wait_for()
    page.screenshot(path=shots / "vu-viec.png")
    form = page.locator("form[action$='/phan-cong']")
    form.locator("xpath=ancestor::details[1]").locator("summary").first.click()
    to = form.locator("select[name=to]")
    to.select_option(to.locator("option", has_text="chuyên môn").first.get_attribute("value"))
    form.locator("[name=reason]").fill("Việc về điện đường.")
    form.locator("button").click()
    page.get_by_text("Người được giao thấy việc này").first.wait_for()


def _the_specialist_drafts_the_answer(page: Any, demo: Demo, code: str, shots: Path) -> None:
    page.goto(f"{demo.url}/can-bo/")
    page.get_by_text(code).first.wait_for()
    page.screenshot(path=shots / "chuyen-mon.png")
    page.get_by_text(code).first.click()
    page.fill("#reply", "Đã thay bóng đèn đầu thôn. Cảm ơn Ông/Bà đã báo.")
    page.get_by_role("button", name="Trình lãnh đạo duyệt").first.click()
    page.get_by_text("Đã trình lãnh đạo duyệt").first.wait_for()


def _the_leader_signs_with_one_tap(page: Any, demo: Demo, code: str, shots: Path) -> None:
    page.goto(f"{demo.url}/can-bo/cho-duyet")
    waiting = page.locator("li", has_text=code).first
    waiting.get_by_text("Đã thay bóng đèn").wait_for()
    waiting.scroll_into_view_if_needed()
    page.screenshot(path=shots / "lanh-dao-duyet.png")
    waiting.get_by_role("button", name="Duyệt và gửi").click()
    page.get_by_text("Đã duyệt").first.wait_for()
    page.goto(f"{demo.url}/can-bo/tong-quan")
    page.screenshot(path=shots / "tong-quan.png")


def _the_head_of_a_village_enters_for_a_neighbour(page: Any, shots: Path) -> None:
    page.screenshot(path=shots / "truong-thon.png")
    page.locator("main").get_by_role("link", name="Nhập hộ").first.click()
    page.locator("main select[name=kind]").select_option("feedback")
    page.select_option("#category", index=1)
    page.fill("main textarea[name=text]", BELL)
    page.check("[name=unknown]")
    page.screenshot(path=shots / "nhap-ho.png")
    page.get_by_role("button", name="Lưu và in phiếu hẹn").click()
    page.wait_for_url("**/phieu-hen*")


def _the_front_recommends(page: Any, demo: Demo, shots: Path) -> None:
    page.screenshot(path=shots / "mat-tran.png")
    page.goto(f"{demo.url}/can-bo/kien-nghi-giam-sat")
    page.fill("[name=subject]", "Công khai tiến độ")
    page.fill("main textarea[name=text]", WISH)
    page.get_by_role("button", name="Gửi UBND").click()
    page.get_by_text(WISH).first.wait_for()
    page.screenshot(path=shots / "kien-nghi-giam-sat.png")


def _the_leader_answers_it(page: Any, demo: Demo) -> None:
    page.goto(f"{demo.url}/can-bo/kien-nghi-giam-sat")
    one = page.locator("li", has_text=WISH).first
    one.locator("textarea").first.fill("Xã sẽ niêm yết tiến độ tại nhà văn hóa thôn từ thứ Hai.")
    one.locator("button").first.click()
    page.get_by_text("đã trả lời").first.wait_for()


def _the_administrator_adds_a_colleague_and_reads_the_log(page: Any, demo: Demo, code: str, shots: Path) -> None:
    page.goto(f"{demo.url}/can-bo/can-bo")
    page.screenshot(path=shots / "can-bo.png")
    page.fill("#name", "Cán bộ mới (mẫu)")
    page.fill("#login", "canbo.moi")
    page.select_option("#role", "reception")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.get_by_text("Mật khẩu chỉ hiện lần này").first.wait_for()
    page.goto(f"{demo.url}/can-bo/nhat-ky")
    page.get_by_text(code).first.wait_for()
    page.screenshot(path=shots / "nhat-ky.png")
    assert "Thêm cán bộ" in page.locator("ol.acts > li", has_text="Cán bộ mới (mẫu)").first.inner_text()
    page.goto(f"{demo.url}/can-bo/nhat-ky?ma={code}")
    told = reversed(page.locator("ol.acts > li").all_inner_texts())
    said = [act for line in told for act in THE_DAY if act in line]
    assert set(said) == set(THE_DAY)
    assert (said[0], said[-1]) == (THE_DAY[0], THE_DAY[-1])
    page.goto(f"{demo.url}/can-bo/cai-dat")
    page.screenshot(path=shots / "cai-dat.png")
