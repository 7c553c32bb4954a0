"""Typing forms in a real browser, by keyboard alone, on a desk and on a phone."""

import time
from typing import Any

import pytest
from sqlalchemy import select, update

from storage import paper_reading
from storage.tables import paper_batches
from surveys.keying import jumps
from surveys.paper import typed_questions
from surveys.paper_numbers import shown
from surveys.reading import read_survey
from surveys.ready import ready_file
from tests.web.house import PASSWORD, House, live, look, outside
from tests.web.piles import (
    ENTRY,
    FORM,
    SURVEY,
    furnish,
    meant,
    number,
    typed,
)
from tests.web.test_browser import DESK, PHONE, wide


@pytest.fixture
def desk(house: House) -> House:
    """A house where forms can be typed."""
    outside(house, lambda tx: furnish(tx, house))
    return house


def keys_of(n: int, answers: list[str]) -> list[str]:
    """What a typist presses for a form: a field that does not end by itself is ended with Enter."""
    survey = read_survey(ready_file(SURVEY), SURVEY)
    pressed = list(number(n))
    for (_, question), said in zip(typed_questions(survey), answers, strict=True):
        pressed += list(said) + ([] if said in jumps(question) else ["Enter"])
    return [*pressed, "Enter"]


@pytest.mark.browser
def test_a_form_of_seventeen_questions_by_keyboard_alone(desk: House, chromium: Any) -> None:
    with live(desk) as address:
        page = chromium.new_context(viewport=DESK, locale="vi-VN").new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        begin(page, address)
        for n in (1, 2):
            pressed = keys_of(n, FORM)
            begun = time.monotonic()
            for key in pressed:
                # A letter with a mark stands for the keys of an input method.
                _ = page.keyboard.press(key) if key.isascii() else page.keyboard.insert_text(key)
            page.wait_for_selector(f"text=Đã lưu phiếu {shown(number(n))}")
            seconds = time.monotonic() - begun
            print(f"form {n}: {len(pressed)} keys, of these {len(FORM[-1])} of words, {seconds:.1f} s")
            assert page.evaluate("document.activeElement.id") == "so"
        # whoever never went there is led past ten questions, and the keys pressed meanwhile are not lost
        short = ["6", *[""] * 9, *"4304", "", "", ""]
        for key in [*number(3), "6", *"4304", "Enter", "Enter"]:
            page.keyboard.press(key)
        page.wait_for_selector(f"text=Đã lưu phiếu {shown(number(3))}")
        # Backspace in an empty field goes back
        for key in [*number(4), "1", "Backspace"]:
            page.keyboard.press(key)
        assert page.evaluate("document.activeElement.name") == "q.viec"
        assert faults == []
        assert wide(page) <= 0
        page.context.close()
    batch = look(desk, lambda conn: conn.execute(select(paper_batches.c.id)).scalar_one())
    forms = {form.number: form for form in look(desk, lambda conn: paper_reading.bodies(conn, batch))}
    vault = desk.services.vault
    whole, brief = (paper_reading.opened(vault, forms[number(n)].id, forms[number(n)].body) for n in (2, 3))
    assert (whole, brief) == (meant(FORM), meant(short))


def begin(
    page: Any, address: str, wave: str = f"Khảo sát Chính quyền thân thiện ({SURVEY})", *, script: bool = True
) -> None:
    """Log in and open a pile."""
    page.goto(f"{address}/can-bo/")
    page.fill("#login", "tiepnhan")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "dang-nhap" not in url)
    page.goto(f"{address}{ENTRY}")  # the bar of a phone holds four pages, and this is none of them
    page.select_option("#dot", label=wave)
    page.fill(".open-batch #so", "30")
    page.click("text=Bắt đầu nhập")
    # From here on no key is lost, however fast somebody types.
    page.wait_for_selector("body.scripted" if script else "#typing")


@pytest.mark.browser
def test_the_screen_fits_a_phone_and_works_without_scripts(desk: House, chromium: Any) -> None:
    with live(desk) as address:
        context = chromium.new_context(viewport=PHONE, is_mobile=True, java_script_enabled=False, locale="vi-VN")
        page = context.new_page()
        begin(page, address, script=False)
        page.fill("#so", shown(number(1)))
        for name, said in typed(FORM).items():
            page.fill(f"[name='{name}']", said)
        # Enter in a field sends nothing half typed
        page.keyboard.press("Enter")
        assert page.locator("text=Đã lưu phiếu").count() == 0
        page.click("#save")
        page.wait_for_selector(f"text=Đã lưu phiếu {shown(number(1))}")
        context.close()
        context = chromium.new_context(viewport=PHONE, is_mobile=True, locale="vi-VN")
        page = context.new_page()
        begin(page, address)
        for path in ("", "/phieu"):
            page.goto(page.url.removesuffix("/phieu") + path)
            assert wide(page) <= 0
        page.goto(f"{address}{ENTRY}")
        assert wide(page) <= 0
        context.close()


@pytest.mark.browser
def test_other_kinds_of_question_by_keyboard(desk: House, chromium: Any) -> None:
    with live(desk) as address:
        page = chromium.new_context(viewport=DESK, locale="vi-VN").new_page()
        begin(page, address, "Phiếu mẫu (mau)")
        # 4 | 1 | choices 1 and 2 | 12 | 10 out of 10, after one slip | no | words
        words = [
            *"41",
            *"12",
            "Enter",
            *"12",
            "Enter",
            "5",
            "Backspace",
            "Backspace",
            *"10",
            "2",
            *"Tot",
            "Enter",
            "Enter",
        ]
        for key in [*number(1), *words]:
            page.keyboard.press(key)
        page.wait_for_selector(f"text=Đã lưu phiếu {shown(number(1))}")
        page.context.close()
    batch = look(desk, lambda conn: conn.execute(select(paper_batches.c.id)).scalar_one())
    [form] = look(desk, lambda conn: paper_reading.bodies(conn, batch))
    assert paper_reading.opened(desk.services.vault, form.id, form.body) == {
        "chung": 4,
        "mot": "a",
        "nhieu": ("a", "b"),
        "so": 12,
        "gioi_thieu": 10,
        "co_khong": "no",
        "gop_y": "Tot",
    }


@pytest.mark.browser
def test_what_is_refused_or_cannot_be_sent_stays_on_the_screen(desk: House, chromium: Any) -> None:
    with live(desk) as address:
        page = chromium.new_context(viewport=DESK, locale="vi-VN").new_page()
        begin(page, address)
        for key in [*number(1), "1", *"5434"]:
            page.keyboard.press(key)
        page.wait_for_function("() => document.activeElement.name === 'q.thai_do'")
        # without a connection the form waits
        page.context.set_offline(True)
        page.click("#save")
        page.wait_for_selector("#lost:not([hidden])")
        assert page.input_value("[name='q.thong_tin']") == "4"
        page.context.set_offline(False)
        page.click("#save")
        page.wait_for_selector(f"text=Đã lưu phiếu {shown(number(1))}")
        assert page.input_value("#so") == page.input_value("[name='q.thong_tin']") == ""
        assert page.inner_text("#forms") == "1"
        # a form that is in already is refused, and what was typed is still there
        for key in [*number(1), "1", "2"]:
            page.keyboard.press(key)
        page.wait_for_function("() => document.activeElement.name === 'q.thong_tin'")
        page.click("#save")
        page.wait_for_selector("text=đã nhập trong chồng này")
        assert page.input_value("[name='q.don_tiep']") == "2"
        page.context.close()


@pytest.mark.browser
def test_whoever_leaves_in_the_middle_is_asked_first(desk: House, chromium: Any) -> None:
    with live(desk) as address:
        page = chromium.new_context(viewport=DESK, locale="vi-VN").new_page()
        asked: list[str] = []

        def stay(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        begin(page, address)
        at = page.url
        # an empty form may be left
        page.click("text=Vụ việc")
        page.wait_for_url("**/can-bo/**")
        page.goto(at)
        page.wait_for_selector("body.scripted")
        # one with an answer is not lost by a click beside
        for key in [*number(1), "1", "5"]:
            page.keyboard.press(key)
        page.wait_for_function("() => document.activeElement.name === 'q.thong_tin'")
        page.click("nav >> text=Vụ việc", no_wait_after=True)
        page.wait_for_function("() => true")
        assert page.url == at
        assert page.input_value("[name='q.don_tiep']") == "5"
        assert asked == ["beforeunload"]
        # what is saved is not asked about
        page.click("#save")
        page.wait_for_selector(f"text=Đã lưu phiếu {shown(number(1))}")
        page.goto(f"{address}{ENTRY}")
        assert asked == ["beforeunload"]
        page.context.close()


@pytest.mark.browser
def test_a_pile_that_was_closed_meanwhile_says_that_the_form_is_not_in(desk: House, chromium: Any) -> None:
    with live(desk) as address:
        page = chromium.new_context(viewport=DESK, locale="vi-VN").new_page()
        begin(page, address)
        for key in [*number(1), "1", "5"]:
            page.keyboard.press(key)
        page.wait_for_function("() => document.activeElement.name === 'q.thong_tin'")
        outside(desk, lambda tx: tx.execute(update(paper_batches).values(closed_at=desk.at)).rowcount)
        page.click("#save")
        page.wait_for_selector("text=chưa được lưu")
        assert "Mở chồng phiếu mới" in page.inner_text("main")
        page.context.close()


@pytest.mark.browser
def test_a_wrong_key_is_told_on_a_phone_as_well_and_the_legend_is_in_sight(desk: House, chromium: Any) -> None:
    with live(desk) as address:
        page = chromium.new_context(viewport=PHONE, is_mobile=True, locale="vi-VN").new_page()
        begin(page, address)
        for key in [*number(1), "1", *"54", "7"]:
            page.keyboard.press(key)
        page.wait_for_function("() => document.activeElement.name === 'q.huong_dan_giay_to'")
        page.wait_for_selector(".row:focus-within .echo.odd")
        assert page.inner_text(".row:focus-within .echo") == "Không có ô này"
        legend = page.locator(".row:focus-within .codes").bounding_box()
        bar = page.locator("nav").last.bounding_box()
        assert legend["y"] + legend["height"] <= bar["y"]
        assert wide(page) <= 0
        page.context.close()
