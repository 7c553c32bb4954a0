"""A khiếu nại or tố cáo written on the page of a case: asked about before anything is kept; and cries for help."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from feedback.acts import Ask
from storage.tables import acts, cases
from tests.web.house import House, browser_of, look
from tests.web.test_answers import picture, says
from tests.web.test_thread_page import NAMED, acted, address, state

BRIBE = "Cán bộ địa chính nhận hối lộ năm triệu của nhà tôi."
TAKEN = "Tôi muốn khiếu nại quyết định thu hồi đất của nhà tôi."
CHAIRMAN = "Chủ tịch xã nhận hối lộ 50 triệu của công ty."
FIRE = "Cháy nhà ở xóm trên, có người kẹt trong nhà, cứu với!"


@pytest.fixture
def code(house: House) -> str:
    return says(house, *NAMED)


@pytest.fixture
def mine(house: House, code: str) -> Iterator[TestClient]:
    """The citizen's browser, with an officer's question on the page."""
    del code
    acted(house, Ask("Ngã ba nào ạ?"))
    with browser_of(house) as client:
        client.get(address(house))
        yield client


def sends(client: TestClient, code: str, **form: str) -> str:
    return client.post(f"/mau/tra-cuu/{code}/noi", data={"way": "tell", "seen": "0", **form}).text


def asked_of(page: str) -> str:
    found = re.search(r'name="cho" value="(\d+)"', page)
    assert found
    return found[1]


def told(house: House) -> list[str]:
    """What the citizen has added."""
    query = select(acts.c.detail).where(acts.c.thing == "case", acts.c.action == "say")
    return look(house, lambda conn: [str(detail) for detail in conn.scalars(query)])


@pytest.mark.parametrize("text", [BRIBE, TAKEN, CHAIRMAN])
def test_it_is_asked_first_and_after_a_yes_explained_and_not_kept(
    house: House, mine: TestClient, code: str, text: str
) -> None:
    page = sends(mine, code, text=text)
    assert "Xin hỏi Ông/Bà trước khi gửi" in page
    assert text in page, "nothing that was written is lost while it is asked"
    assert page.count('role="alert"') == 1 + page.count('role="alert" hidden')
    assert told(house) == []
    assert state(house) == "waiting"
    page = sends(mine, code, text=text, la="yes", cho=asked_of(page))
    assert "Những lời vừa viết không được gửi" in page
    assert "/mau/mau-don/" in page
    assert text not in page
    assert told(house) == []
    assert text not in mine.get(f"/mau/tra-cuu/{code}").text


def test_after_a_no_it_is_sent_with_the_hint(house: House, mine: TestClient, code: str) -> None:
    page = sends(mine, code, text=BRIBE)
    assert "Đã nhận." in sends(mine, code, text=BRIBE, la="no", cho=asked_of(page))
    assert len(told(house)) == 1
    assert look(house, lambda conn: conn.scalar(select(cases.c.matter))) == "denunciation"


def test_a_sure_complaint_that_was_sent_on_says_that_it_takes_the_place_of_no_petition(
    house: House, mine: TestClient, code: str
) -> None:
    page = sends(mine, code, text=TAKEN, la="no", cho=asked_of(sends(mine, code, text=TAKEN)))
    assert "không thay cho đơn khiếu nại" in page
    assert "/mau/mau-don/khieu-nai" in page
    assert len(told(house)) == 1


def test_against_the_chairman_it_is_not_sent_after_a_no_either(house: House, mine: TestClient, code: str) -> None:
    page = sends(mine, code, text=CHAIRMAN)
    page = sends(mine, code, text=CHAIRMAN, la="no", cho=asked_of(page))
    assert "Thanh tra" in page
    assert "viết lại riêng việc đó" in page
    assert told(house) == []


def test_an_answer_counts_only_for_the_words_that_were_asked_about(house: House, mine: TestClient, code: str) -> None:
    page = sends(mine, code, text=BRIBE)
    again = sends(mine, code, text=f"{BRIBE} Cả năm ngoái nữa.", la="no", cho=asked_of(page))
    assert "Xin hỏi Ông/Bà trước khi gửi" in again
    assert told(house) == []


def test_it_is_asked_of_what_is_said_to_be_missing_as_well(house: House, mine: TestClient, code: str) -> None:
    from feedback.acts import Reply

    acted(house, Reply("Đã thay bóng đèn."))
    assert "Xin hỏi Ông/Bà trước khi gửi" in sends(mine, code, way="not_done", text=BRIBE)
    assert state(house) == "answered"


def test_pictures_wait_while_it_is_asked(house: House, mine: TestClient, code: str) -> None:
    address = f"/mau/tra-cuu/{code}/noi"
    page = mine.post(address, data={"way": "tell", "seen": "0", "text": BRIBE}, files=[("photos", picture())]).text
    assert "Ảnh đã chọn" in page
    word = re.search(r'name="giu" value="([^"]+)"', page)
    assert word
    sends(mine, code, text=BRIBE, la="no", cho=asked_of(page), giu=word[1])
    assert "photos" in told(house)[0]


def test_an_ordinary_answer_is_asked_nothing(house: House, mine: TestClient, code: str) -> None:
    assert "Đã nhận." in sends(mine, code, text="Ngã ba gần chợ, đèn hỏng ba hôm nay.")
    assert len(told(house)) == 1


@pytest.mark.parametrize("text", [FIRE, f"{FIRE} {BRIBE}"])
def test_whoever_cries_for_help_reads_the_number_first(mine: TestClient, code: str, text: str) -> None:
    page = sends(mine, code, text=text)
    assert page.index("114 (cứu hỏa, cứu nạn)") < page.index("<dl>")


def test_and_no_number_stands_there_for_anybody_else(mine: TestClient, code: str) -> None:
    assert "cứu nạn" not in sends(mine, code, text="Ngã ba gần chợ.")
    for number in ("", "x", "9", "114114"):
        assert "cứu nạn" not in mine.get(f"/mau/tra-cuu/{code}?xong&goi={number}").text
