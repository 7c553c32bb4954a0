"""The whole first conversation in a real browser: from hello to thank you, a photo, an answer, a report.

Given the demo a newcomer starts, a citizen on a phone and an officer at a desk do what they came for.
"""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from PIL import Image, ImageDraw

from tests.e2e.demo_shown import DESK, PHONE, Demo
from tests.e2e.serving import NGHEDAN, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
OPEN_ANSWER = "Xin có người hướng dẫn vào giờ đông."
REPLY = "Xã đã thay bóng đèn mới sáng nay. Cảm ơn Ông/Bà đã báo."


def a_photo() -> bytes:
    """A picture as a phone makes it: a lamp post, more or less, with a place in its EXIF."""
    picture = Image.new("RGB", (1200, 900), (150, 190, 220))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 620, 1200, 900), fill=(96, 120, 72))
    draw.polygon([(430, 900), (770, 900), (640, 620), (560, 620)], fill=(130, 130, 130))
    draw.rectangle((300, 180, 320, 700), fill=(70, 70, 70))
    draw.rectangle((300, 180, 420, 196), fill=(70, 70, 70))
    draw.ellipse((395, 190, 445, 230), fill=(60, 60, 60))
    exif = picture.getexif()
    exif[0x010F] = "a phone"
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def choose(page: Any, label: str) -> None:
    """Touch the choice of the newest question that begins so."""
    page.locator(".piece.ours").last.locator(
        "button", has_text=re.compile(f"^\\s*\\d*\\s*{re.escape(label)}")
    ).first.click()


def hears(page: Any, text: str) -> None:
    """The citizen sees a message of ours with that text."""
    page.locator(".piece.ours", has_text=text).last.wait_for(timeout=15_000)


def says(page: Any, text: str) -> None:
    page.fill("#text", text)
    page.click("button.send")


def answers_the_whole_survey(phone: Any, pictures: Path) -> None:
    """In words, by number, by touch, to the thank-you; then nothing of it is left on the screen."""
    hears(phone, "Câu 1/17")
    choose(phone, "Đất đai")
    hears(phone, "Câu 2/17")
    phone.screenshot(path=pictures / "chat-phone.png")
    typed = {3: "rat hai long", 4: "4", 17: OPEN_ANSWER}
    for number in range(2, 18):
        hears(phone, f"Câu {number}/17")
        if number in typed:
            says(phone, typed[number])
        else:
            phone.locator(".piece.ours").last.locator("button.choice").nth(1).click()
    hears(phone, "ở thôn nào")
    says(phone, "na")
    hears(phone, "cảm ơn")
    phone.locator(".erased:not(#nothing)").first.wait_for()
    phone.wait_for_function(f"!document.body.textContent.includes('{OPEN_ANSWER}')")


def sends_a_report_with_a_photo(phone: Any) -> str:
    """A phản ánh, anonymous; its code."""
    choose(phone, "Gửi phản ánh")
    hears(phone, "lĩnh vực nào")
    choose(phone, "Đường sá")
    hears(phone, "phản ánh điều gì")
    says(phone, "Đèn đường đầu thôn hỏng hai tuần nay, tối đi lại khó.")
    hears(phone, "Nếu có ảnh")
    phone.set_input_files("#photo", {"name": "den.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    hears(phone, "Việc này ở thôn nào")
    choose(phone, "thôn Na")
    hears(phone, "xem lại trước khi gửi")
    choose(phone, "Đồng ý và gửi ẩn danh")
    hears(phone, "Mã tra cứu")
    sent = phone.locator(".piece.ours", has_text="Mã tra cứu").last.inner_text()
    code = re.search(r"VL-\d{4}-[0-9A-Z]{6}-[0-9A-Z]", sent)
    assert code, sent
    return code[0]


def answers_the_case(desk: Any, demo: Demo, code: str, pictures: Path) -> None:
    """The officer logs in, sees the case and its picture, and replies."""
    desk.goto(f"{demo.url}/can-bo/")
    desk.fill("#login", "canbo")
    desk.fill("#password", demo.password)
    desk.click("main form button, form button[type=submit], form button")
    desk.get_by_text(code).first.wait_for()
    desk.screenshot(path=pictures / "officers.png")
    desk.get_by_text(code).first.click()
    desk.get_by_text("Đèn đường đầu thôn").first.wait_for()
    desk.wait_for_function("() => [...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert "thôn Na" in desk.content()
    desk.fill("#reply", REPLY)
    desk.get_by_role("button", name=re.compile("Gửi")).last.click()
    desk.get_by_text("Đã trả lời").first.wait_for()


def makes_the_report(desk: Any, demo: Demo) -> None:
    """By the button; every file can be fetched."""
    page = f"{demo.url}/can-bo/bao-cao"
    desk.goto(page)
    before = desk.content().count('.docx"')
    # The page is asked for beside the browser: one that is still moving on after the click cannot be reloaded.
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile("Tạo báo cáo")).click()
    wait_until(lambda: desk.request.get(page).text().count('.docx"') > before, "the report was not made", 90)
    desk.goto(page)
    for ending, magic in ((".docx", b"PK"), (".pdf", b"%PDF"), (".xlsx", b"PK")):
        with desk.expect_download() as download:
            desk.locator(f"a[href$='{ending}']").first.click()
        assert Path(download.value.path()).read_bytes().startswith(magic)


def test_a_citizen_is_heard_and_answered_and_the_report_is_made(chromium: Any, demo: Demo, pictures: Path) -> None:
    phone = chromium.new_context(**PHONE).new_page()
    faults: list[str] = []
    phone.on("pageerror", lambda fault: faults.append(str(fault)))
    phone.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)

    # From the poster's code to the first question in one message, and to the thank-you.
    phone.goto(f"{demo.url}/van-linh/?n=ks_chinh_quyen_than_thien")
    answers_the_whole_survey(phone, pictures)
    phone.reload()
    hears(phone, "Ông/Bà muốn làm gì?")
    code = sends_a_report_with_a_photo(phone)

    desk = chromium.new_context(**DESK).new_page()
    answers_the_case(desk, demo, code, pictures)
    # The answer is in the citizen's chat without a reload.
    hears(phone, REPLY)
    makes_the_report(desk, demo)
    assert faults == []


def test_the_report_of_the_demo_is_marked_as_sample(demo: Demo, pictures: Path) -> None:
    from pypdf import PdfReader

    text = "\n".join(page.extract_text() for page in PdfReader(demo.report).pages)
    assert "MẪU" in text
    assert "BÁO CÁO" in text
    if programme := shutil.which("pdftoppm"):
        target = pictures / "report-page"
        subprocess.run(
            [programme, "-png", "-r", "70", "-f", "1", "-l", "1", "-singlefile", demo.report, target], check=True
        )
        assert target.with_suffix(".png").stat().st_size > 10_000


def test_the_demo_says_where_its_pages_are(demo: Demo) -> None:
    for path in ("/van-linh/", "/can-bo/", "/health", "/ready"):
        with urlopen(demo.url + path, timeout=10) as answer:
            assert answer.status == 200, path


def test_the_command_that_the_demo_names_tells_of_a_wave_with_intervals(demo: Demo) -> None:
    done = subprocess.run([NGHEDAN, *demo.results], capture_output=True, text=True, timeout=30, check=True)
    assert "Mời ngẫu nhiên" in done.stdout
    assert "tỷ lệ trả lời" in done.stdout
    assert re.search(r"\([\d,]+ % - [\d,]+ %\)", done.stdout)
