"""Tâm tư, dư luận at the desk: one tap for one, one for a page, and what the page never shows."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from storage.tables import topic_tags
from tests.unit.opinions_said import answered, suggested
from tests.web.house import House, look, outside, signed_in

ROAD = "Đường ổ gà, mong ông Nguyễn Văn An sửa, gọi 0912 345 678"
PAGE = "/can-bo/tam-tu"


@pytest.fixture
def clerk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def stranger(house: House) -> Iterator[TestClient]:
    with signed_in(house, "xakhac") as client:
        yield client


def fields(page: str) -> dict[str, str]:
    """The form as the browser would send it, every tick that is set and no button."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page.partition('<form method="post" action="/can-bo/tam-tu"')[2]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="hidden"' in tag or " checked" in tag):
            found[name[1]] = value[1]
    for name, inside in re.findall(r'<select id="[^"]*" name="(topic\d+)">(.*?)</select>', page):
        chosen = re.search(r'value="(\w+)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    found |= dict(re.findall(r'<textarea[^>]* name="(quote\d+)"[^>]*>(.*?)</textarea>', page))
    return found


def tags(house: House) -> dict[str, str]:
    rows = look(house, lambda conn: conn.execute(select(topic_tags.c.topic, topic_tags.c.quote)).all())
    return {row.topic: row.quote for row in rows}


def test_the_page_proposes_and_one_tap_keeps_all(house: House, clerk: TestClient) -> None:
    outside(house, lambda tx: answered(tx, house.commune, ROAD, "Chợ nhiều rác quá", "Mong xã quan tâm"))
    page = clerk.get(PAGE).text

    form = fields(page)
    done = clerk.post(PAGE, data=form)

    assert done.status_code == 200
    assert "Đã ghi 2 ý kiến" in done.text, "what fits no field waits for the officer"
    assert tags(house) == {"roads": "", "environment": ""}
    assert "Mong xã quan tâm" in done.text


def test_one_button_keeps_one_with_the_words_that_will_be_printed(house: House, clerk: TestClient) -> None:
    outside(house, lambda tx: answered(tx, house.commune, ROAD))
    form = fields(clerk.get(PAGE).text)
    assert form["quote0"] == "Đường ổ gà, mong ông (...) sửa, gọi (...)"

    clerk.post(PAGE, data=form | {"cite0": "1", "one": "0"})

    assert tags(house) == {"roads": "Đường ổ gà, mong ông (...) sửa, gọi (...)"}
    marked = clerk.get(f"{PAGE}?muc=xong").text
    assert "Ghi lại" in marked
    assert fields(marked)["cite0"] == "1"


def test_a_quotation_with_a_telephone_comes_back_as_it_was_typed(house: House, clerk: TestClient) -> None:
    outside(house, lambda tx: answered(tx, house.commune, ROAD))
    form = fields(clerk.get(PAGE).text)

    page = clerk.post(PAGE, data=form | {"cite0": "1", "quote0": "mong sửa, gọi 0912 345 678", "one": "0"})

    assert page.status_code == 422
    assert "Câu trích còn số điện thoại" in page.text
    assert "mong sửa, gọi 0912 345 678</textarea>" in page.text
    assert tags(house) == {}


def test_nobody_is_named_on_the_page(house: House, clerk: TestClient) -> None:
    outside(house, lambda tx: suggested(tx, house.commune, "Mong có thêm đèn", house.at))

    page = clerk.get(PAGE).text

    assert "Mong có thêm đèn" in page
    for told in ("Bùi Thị Mẫu", "0912345678", "M-2026"):
        assert told not in page


def test_nothing_of_another_commune_can_be_seen_or_marked(
    house: House, clerk: TestClient, stranger: TestClient
) -> None:
    outside(house, lambda tx: answered(tx, house.commune, ROAD))
    form = fields(clerk.get(PAGE).text)

    assert "ổ gà" not in stranger.get(PAGE).text
    refused = stranger.post(PAGE, data=form | {"one": "0"})

    assert refused.status_code == 422
    assert tags(house) == {}


@pytest.mark.parametrize(
    "data",
    [
        {"ky": "2026-Q4"},
        {"id0": "answer-99999999999999999999-x", "one": "0"},
        {"id0": "case--1-", "one": "0"},
        {"id0": "letter-1-x", "one": "0"},
        {"id0": "case-7-", "one": "0", "topic0": "roads", "seen0": "x"},
        {"one": "77", "ky": "../../", "muc": "\u0000"},
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(house: House, clerk: TestClient, data: dict[str, str]) -> None:
    assert clerk.post(PAGE, data=data).status_code == 422
    assert clerk.get(f"{PAGE}?ky=2020-01&muc=xong&linh_vuc=x&da=<b>").status_code == 200
    assert tags(house) == {}
