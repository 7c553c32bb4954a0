"""The chat as a thing on a phone: large print, contrast, kept on the first screen, a place on the map, read aloud."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from starlette.testclient import TestClient

from feedback.acts import Reply
from feedback.roles import OFFICER, Actor, Role
from storage import maps
from storage.tables import cases
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import House, live
from tests.web.test_browser import PHONE, press, wide, write

pytestmark = pytest.mark.browser
CUT_OFF = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
EDGES = {"north": 21.6, "south": 21.5, "west": 106.4, "east": 106.6}


@pytest.fixture
def mapped(house: House) -> House:
    """The commune has a picture, twice as wide as high."""
    data = BytesIO()
    Image.new("RGB", (640, 320), "#9db98f").save(data, "JPEG")
    unit = house.commune.commune
    blob = run_apart(house.runtime.blobs.put(unit, "image/jpeg", data.getvalue(), width=640, height=320))

    def put(tx: Tx) -> None:
        maps.put(tx, unit, blob, **EDGES)

    run_apart(house.store.write(put))
    return house


@pytest.fixture
def address(mapped: House) -> Iterator[str]:
    with live(mapped) as base:
        yield base


def opened(chromium: Any, address: str, **more: Any) -> Any:
    """A page at the chat; whatever the browser complains about fails."""
    context = chromium.new_context(viewport=PHONE, locale="vi-VN", has_touch=True, **more)
    page = context.new_page()
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    page.on("console", lambda line: pytest.fail(line.text) if "Content Security" in line.text else None)
    page.goto(f"{address}/mau/")
    return page


def point(house: House) -> tuple[float, float]:
    row = run_apart(house.store.read(lambda conn: conn.execute(select(cases.c.lat, cases.c.lon)).one()))
    return row.lat, row.lon


def at_the_place(page: Any) -> None:
    """A case that asks for a picture or a place."""
    press(page, "Gửi phản ánh")
    press(page, "Đường sá")
    write(page, "Đường vào thôn bị sạt lở.")


def to_the_end(page: Any) -> None:
    """The thôn, nobody's name, and off."""
    for label in ("Bỏ qua", "Đồng ý và gửi ẩn danh"):
        press(page, label)


def test_large_print_and_contrast_are_chosen_once_and_nothing_is_cut_off(chromium: Any, address: str) -> None:
    page = opened(chromium, address)
    page.click("#larger")
    page.check("input[value='3']")
    page.check("input[name=contrast]")
    page.click("text=Dùng cách này")
    page.wait_for_selector("html.size3.contrast")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    at_the_place(page)
    press(page, "Bỏ qua")
    to_the_end(page)
    page.wait_for_selector(".bubble b")
    assert page.locator(".bubble").evaluate_all(CUT_OFF) == []
    assert wide(page) == 0
    page.goto(f"{address}/mau/rieng-tu")
    assert page.locator("html.size3.contrast").count() == 1
    assert wide(page) == 0
    page.context.close()


@pytest.mark.parametrize("value", ["9", "1cc", "2cx", "", "\u0110"])
def test_an_odd_cookie_is_the_ordinary_look(citizen: TestClient, value: str) -> None:
    page = citizen.get("/mau/rieng-tu", headers=[(b"cookie", f"xem={value}".encode())])
    assert page.status_code == 200
    assert '<html lang="vi">' in page.text


def test_the_chat_can_be_kept_on_the_first_screen_and_opens_without_a_line(chromium: Any, address: str) -> None:
    page = opened(chromium, address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    manifest = json.loads(page.request.get(f"{address}/mau/manifest.webmanifest").text())
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    for icon in manifest["icons"]:
        answer = page.request.get(address + icon["src"])
        assert answer.status == 200
        if icon["type"] == "image/png":
            assert "x".join(map(str, Image.open(BytesIO(answer.body())).size)) == icon["sizes"]
    page.context.set_offline(True)
    page.goto(f"{address}/mau/")
    assert "Chưa có kết nối mạng" in page.inner_text("h1")
    page.context.set_offline(False)
    page.click("text=Mở lại cuộc trò chuyện")
    page.wait_for_selector("#compose")
    look = "caches.keys().then(async names => (await (await caches.open(names[0])).keys()).map(one => one.url))"
    kept = page.evaluate(look)
    assert all("/static/" in url or url.endswith("/ngoai-tuyen") for url in kept), kept
    page.context.close()


def test_a_place_is_shown_on_the_map_with_a_finger(chromium: Any, address: str, mapped: House) -> None:
    page = opened(chromium, address)
    at_the_place(page)
    page.click("text=Chỉ trên bản đồ")
    board = page.locator(".pin-board")
    box = board.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    page.click(".pin-send")
    page.wait_for_selector("text=Đã nhận vị trí")
    to_the_end(page)
    lat, lon = point(mapped)
    assert lat == pytest.approx(21.575, abs=0.002)
    assert lon == pytest.approx(106.5, abs=0.002)
    page.context.close()


def test_a_place_is_shown_with_the_arrow_keys(chromium: Any, address: str, mapped: House) -> None:
    page = opened(chromium, address)
    at_the_place(page)
    page.click("text=Chỉ trên bản đồ")
    page.locator(".pin-board").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.click(".pin-send")
    page.wait_for_selector("text=Đã nhận vị trí")
    to_the_end(page)
    assert pytest.approx((21.55, 106.52), abs=1e-6) == point(mapped)
    page.context.close()


def test_a_place_is_shown_without_scripts(chromium: Any, address: str, mapped: House) -> None:
    page = opened(chromium, address, java_script_enabled=False)
    for label in ("Gửi phản ánh", "Đường sá"):
        page.click(f"text={label}")
    page.fill("#text", "Đường vào thôn bị sạt lở.")
    page.click(".send")
    page.click("text=Chỉ trên bản đồ")
    page.click("input[type=image]", position={"x": 160, "y": 40})
    page.wait_for_url("**/mau/**")
    assert "Đã nhận vị trí" in page.inner_text("#log")
    for label in ("Bỏ qua", "Đồng ý và gửi ẩn danh"):
        page.locator("fieldset:not([disabled]) button", has_text=label).last.click()
    assert pytest.approx((21.575, 106.5), abs=0.002) == point(mapped)
    page.context.close()


@pytest.mark.parametrize(
    "pin", [{"m": "a"}, {"pin.x": "0", "pin.y": "0"}, {"pin.x": "9999", "pin.y": "1"}, {"place": "91,0"}]
)
def test_a_touch_beside_the_map_is_asked_for_again(mapped: House, citizen: TestClient, pin: dict[str, str]) -> None:
    citizen.get("/mau/")
    answer = citizen.post("/mau/ban-do", data=pin)
    assert answer.status_code == 422
    assert "Xin chạm lại" in answer.text


def test_without_a_picture_there_is_no_map(house: House, citizen: TestClient) -> None:
    for path in ("/mau/ban-do", "/mau/ban-do.jpg"):
        assert citizen.get(path).status_code == 404
    assert house.commune.commune


PAGES = ("", "rieng-tu", "hien-thi", "ban-do", "tra-cuu", "ngoai-tuyen")


def test_every_page_of_a_citizen_can_be_read_aloud_and_used_without_a_mouse(chromium: Any, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for look in ("1", "3c"):
        page = opened(chromium, address, bypass_csp=True)
        page.context.add_cookies([{"name": "xem", "value": look, "url": address}])
        for name in PAGES:
            page.goto(f"{address}/mau/{name}")
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
            assert [
                (name, fault["id"], fault["nodes"][0]["html"][:120]) for fault in found.response["violations"]
            ] == []
            assert wide(page) == 0, name
        page.context.close()


def test_the_first_visit_is_light_on_an_old_line(chromium: Any, address: str) -> None:
    """Bytes of everything that the first screen needs, as they travel without compression."""
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if "luong" not in answer.url else None)
    page.goto(f"{address}/mau/")
    page.wait_for_selector("fieldset button")
    assert sum(sizes) < 150_000
    context.close()


def test_who_reads_further_up_is_told_of_what_comes_below(chromium: Any, address: str, mapped: House) -> None:
    # given somebody whose case was sent off, and who reads what was said of it
    page = opened(chromium, address)
    at_the_place(page)
    press(page, "Bỏ qua")
    to_the_end(page)
    page.wait_for_selector(".bubble b")
    page.evaluate("window.scrollTo({top: 0})")
    page.wait_for_function("() => window.scrollY === 0")

    # when an officer answers
    case = run_apart(mapped.store.read(lambda conn: conn.scalar(select(cases.c.id))))
    officer = Actor(kind=OFFICER, unit=mapped.commune.commune, id=mapped.commune.officer, role=Role.RECEPTION)
    run_apart(mapped.runtime.act(case or 0, Reply("Xã đã cho khơi rãnh sáng nay."), officer))

    # then nothing moves below their eyes, and one touch leads to it
    page.wait_for_selector("#news:visible")
    assert page.evaluate("window.scrollY") == 0
    page.click("#news")
    assert page.get_by_text("Xã đã cho khơi rãnh sáng nay.").is_visible()
    assert page.locator("#news").is_hidden()
    assert wide(page) == 0
    page.context.close()


def test_what_follows_erased_words_is_read_from_its_top(chromium: Any, address: str) -> None:
    # given somebody who wrote a denunciation, as words that are not to stay
    page = opened(chromium, address)
    write(page, "Cán bộ địa chính nhận hối lộ năm triệu của nhà tôi mới chịu làm sổ đỏ")

    # when it is one
    page.locator("fieldset:not([disabled]) button", has_text="Phải, tôi muốn tố cáo").tap()
    page.wait_for_selector(".erased")
    told = page.get_by_text("Tố cáo là báo cho Nhà nước biết")
    told.wait_for()
    page.wait_for_function("() => window.scrollY > 0")

    # then where to go is read next, and the first menu offers nothing any more
    assert 0 < told.bounding_box()["y"] < PHONE["height"] / 2
    assert page.locator("fieldset:not([disabled])").count() == 1
    assert page.locator("#news").is_hidden()
    page.context.close()
