"""What was written and chosen on the page of a case outlives whatever is refused there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from feedback.acts import Reply
from storage.tables import blobs, case_blobs, cases
from storage.threads import SESSION
from tests.stores import run_apart
from tests.web.house import House, browser_of, live, look
from tests.web.test_answers import picture, says
from tests.web.test_thread_page import NAMED, REPLY, acted, address
from vietnam.time import HOUR
from web import thread_pictures
from web.limits import Limit, Limits, Rate

WORDS = "Ngã ba gần nhà ông Tư."
NO_PICTURE = ("photos", ("a.jpg", b"<svg/>", "image/jpeg"))


@pytest.fixture
def code(house: House) -> str:
    return says(house, *NAMED)


@pytest.fixture
def mine(house: House, code: str) -> Iterator[TestClient]:
    """The citizen's browser, come by the address from the chat."""
    del code
    with browser_of(house) as client:
        client.get(address(house))
        yield client


def waiting(page: str) -> tuple[str, list[str]]:
    """The word that the form carries, and the addresses of the pictures that wait in it."""
    word = re.search(r'name="giu" value="([^"]+)"', page)
    return (word[1] if word else ""), re.findall(r'<img src="([^"]+\?giu=[^"]+)"', page)


def sent(house: House) -> int:
    """How many pictures the case has."""
    return look(house, lambda conn: int(conn.scalar(select(func.count()).select_from(case_blobs)) or 0))


def test_good_pictures_outlive_a_bad_one_and_go_with_the_next_try(house: House, code: str, mine: TestClient) -> None:
    page = f"/mau/tra-cuu/{code}/noi"
    files = [("photos", picture()), NO_PICTURE, ("photos", picture("gold"))]
    refused = mine.post(page, data={"way": "tell", "text": WORDS}, files=files)
    assert refused.status_code == 422
    assert "Lời Ông/Bà viết và 2 ảnh đã chọn còn ở dưới" in refused.text
    word, shown = waiting(refused.text)
    assert len(shown) == 2
    assert mine.get(shown[0]).headers["content-type"] == "image/jpeg"
    said = mine.post(page, data={"way": "tell", "text": WORDS, "giu": word}).text
    assert "Đã nhận" in said
    assert sent(house) == 2
    # what was sent waits no more
    again = mine.post(page, data={"way": "tell", "text": "a" * 4001, "giu": word}).text
    assert waiting(again) == ("", [])


def test_words_that_are_too_long_cost_no_picture_and_one_may_be_taken_out(
    house: House, code: str, mine: TestClient
) -> None:
    page = f"/mau/tra-cuu/{code}/noi"
    files = [("photos", picture()), ("photos", picture("gold"))]
    long = mine.post(page, data={"way": "tell", "text": "a" * 4001}, files=files)
    assert long.status_code == 422
    word, shown = waiting(long.text)
    assert len(shown) == 2
    mine.post(page, data={"way": "tell", "text": WORDS, "giu": word, "bo0": "1"}, files=[("photos", picture("navy"))])
    assert sent(house) == 2


def test_of_too_many_as_many_as_may_be_sent_wait(house: House, code: str, mine: TestClient) -> None:
    refused = mine.post(
        f"/mau/tra-cuu/{code}/noi", data={"way": "tell", "text": WORDS}, files=[("photos", picture())] * 6
    )
    assert "nhiều nhất 5 ảnh" in refused.text
    assert len(waiting(refused.text)[1]) == 5
    assert 'type="file"' not in refused.text.partition("Ảnh đã chọn")[2].partition("</form>")[0]


@pytest.mark.parametrize("limits", [Limits(session=Limit(Rate(0, HOUR))), Limits(thread_photos=Limit(Rate(1, HOUR)))])
def test_whoever_is_too_fast_loses_no_word(house: House, code: str, limits: Limits) -> None:
    house.limits = limits
    with browser_of(house) as client:
        client.get(address(house))
        refused = client.post(
            f"/mau/tra-cuu/{code}/noi", data={"way": "tell", "text": WORDS}, files=[("photos", picture())] * 2
        )
        assert "nhiều quá trong một lúc" in refused.text
        assert f"{WORDS}</textarea>" in refused.text


@pytest.mark.parametrize(
    "limits",
    [Limits(photos_of_an_address=Limit(Rate(1, HOUR))), Limits(thread_photos_of_all=Limit(Rate(1, HOUR)))],
)
def test_pictures_that_wait_are_bounded(house: House, code: str, limits: Limits) -> None:
    house.limits = limits
    with browser_of(house) as client:
        client.get(address(house))
        for _ in range(3):
            client.post(f"/mau/tra-cuu/{code}/noi", data={"way": "tell", "text": ""}, files=[("photos", picture())] * 5)
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(blobs))) == 1


def test_a_word_for_pictures_is_good_for_its_case_alone_and_for_hours(
    house: House, code: str, mine: TestClient
) -> None:
    refused = mine.post(
        f"/mau/tra-cuu/{code}/noi", data={"way": "tell", "text": ""}, files=[("photos", picture()), NO_PICTURE]
    )
    word, shown = waiting(refused.text)
    vault, at = house.runtime.vault, house.at
    case = look(house, lambda conn: int(conn.scalar(select(cases.c.id)) or 0))
    assert len(thread_pictures.read_word(vault, case, word, at)) == 1
    assert thread_pictures.read_word(vault, case + 1, word, at) == ()
    assert thread_pictures.read_word(vault, case, word, at + thread_pictures.LIFE + 60_000) == ()
    for broken in ("", "-", word[:-1], "x" + word, word.replace("-", "", 1), "đ" + word, word * 9):
        assert thread_pictures.read_word(vault, case, broken, at) == ()
    # nobody else sees them, nor any other picture by that word
    with browser_of(house) as stranger:
        assert stranger.get(shown[0]).status_code == 404
    other = outside_picture(house)
    assert mine.get(f"/mau/tra-cuu/{code}/anh/{other}?giu={word}").status_code == 404


def outside_picture(house: House) -> int:
    """A picture of the commune that belongs to nothing of this case."""
    return run_apart(house.runtime.blobs.put(house.commune.commune, "image/jpeg", b"x"))


def test_an_hour_that_is_over_costs_neither_words_nor_pictures(house: House, code: str, mine: TestClient) -> None:
    acted(house, Reply(REPLY))
    house.at += SESSION + 60_000
    page = f"/mau/tra-cuu/{code}"
    asked = mine.post(f"{page}/noi", data={"way": "not_done", "text": WORDS}, files=[("photos", picture())])
    assert asked.status_code == 403
    assert "tự đóng" in asked.text
    assert "Lời Ông/Bà viết và ảnh còn được giữ" in asked.text
    assert REPLY not in asked.text
    brought = dict(re.findall(r'<textarea name="(\w+)" hidden>\n([^<]*)</textarea>', asked.text))
    assert brought["text"] == WORDS
    # wrong digits keep them too
    wrong = mine.post(f"{page}/mo", data=brought | {"so": "0000"})
    assert wrong.status_code == 422
    assert dict(re.findall(r'<textarea name="(\w+)" hidden>\n([^<]*)</textarea>', wrong.text)) == brought
    opened = mine.post(f"{page}/mo", data=brought | {"so": "5678"})
    assert opened.status_code == 200
    assert "Lời này chưa gửi" in opened.text
    assert f"{WORDS}</textarea>" in opened.text
    word, shown = waiting(opened.text)
    assert len(shown) == 1
    assert sent(house) == 0
    assert "Đã nhận" in mine.post(f"{page}/noi", data={"way": "not_done", "text": WORDS, "giu": word}).text
    assert sent(house) == 1


def test_a_browser_that_was_closed_or_never_open_hands_in_nothing(house: House, code: str, mine: TestClient) -> None:
    page = f"/mau/tra-cuu/{code}"
    mine.post(f"{page}/dong")
    with browser_of(house) as stranger:
        for client in (mine, stranger):
            shown = client.post(f"{page}/noi", data={"way": "tell", "text": WORDS}, files=[("photos", picture())])
            assert WORDS not in shown.text
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(blobs))) == 0


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_in_a_browser_a_refusal_leaves_the_picture_in_its_form(
    house: House, chromium: Any, tmp_path: Any, *, scripts: bool
) -> None:
    code = says(house, *NAMED)
    good, bad = tmp_path / "a.jpg", tmp_path / "b.jpg"
    good.write_bytes(picture()[1])
    bad.write_bytes(b"<svg/>")
    with live(house) as base:
        page = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripts).new_page()
        page.goto(f"{base}/mau/tra-cuu/{code}")
        page.fill("#so", "5678")
        page.click("form[action$='/mo'] button")
        page.locator("summary", has_text="Viết thêm").click()
        page.fill("#text-tell", WORDS)
        page.set_input_files("#photos-tell", [good, bad])
        page.get_by_role("button", name="Gửi cho cán bộ").click()
        page.get_by_text("1 ảnh đã chọn còn ở dưới").wait_for()
        assert page.input_value("#text-tell") == WORDS
        assert page.locator(".held img").count() == 1
        if scripts:
            assert page.locator(".held img").evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
            page.set_input_files("#photos-tell", [good] * 5)
            page.get_by_role("button", name="Gửi cho cán bộ").click()
            page.get_by_text("Nhiều ảnh quá").wait_for()
            page.set_input_files("#photos-tell", [])
        page.get_by_role("button", name="Gửi cho cán bộ").click()
        page.get_by_text("Đã nhận. Xin cảm ơn Ông/Bà.").wait_for()
        assert page.locator(".talk img").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 390 if scripts else True
