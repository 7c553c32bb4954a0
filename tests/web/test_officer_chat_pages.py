"""Nhắn tin cho cán bộ: a code that is shown once, what is linked, and the end of it."""

import re

from sqlalchemy import select
from starlette.testclient import TestClient

from storage import conversations, officer_accounts
from storage.tables import acts
from storage.tx import Tx
from tests.web.house import House, look, outside, signed_in

PAGE = "/can-bo/nhan-tin"


def code_on(page: str) -> str:
    found = re.search(r'class="one-code"[^>]*>CB ([2-9A-Z]{4}) ([2-9A-Z]{4})<', page)
    assert found
    return found[1] + found[2]


def link(house: House, code: str, person: str = "9001") -> bool:
    def unit(tx: Tx) -> bool:
        on = conversations.channel_account(tx.conn, house.commune.telegram)
        assert on is not None
        chat = conversations.lock(tx, house.runtime.vault, on, person, house.at)
        made = officer_accounts.link(tx, house.runtime.vault, code, on.id, chat.account_id, house.at)
        return made is not None

    return outside(house, unit)


def test_a_code_is_shown_once_and_the_one_before_it_is_void(house: House) -> None:
    with signed_in(house, "tiepnhan") as desk:
        first, second = code_on(desk.post(PAGE).text), code_on(desk.post(PAGE).text)
        assert first != second
        assert first not in desk.get(PAGE).text
        assert not link(house, first)
        assert link(house, second)
        assert not link(house, second), "used"
        assert "Đang nhận bình thường" in desk.get(PAGE).text


def test_who_unlinks_is_told_nothing_more_and_nobody_unlinks_another(house: House) -> None:
    with signed_in(house, "tiepnhan") as desk:
        link(house, code_on(desk.post(PAGE).text))
        found = re.search(rf'action="({PAGE}/\d+/thoi)"', desk.get(PAGE).text)
        assert found
        with signed_in(house, "lanhdao") as other:
            assert other.post(found[1]).status_code == 404
        assert "Đã thôi nhận" in desk.post(found[1]).text
        assert desk.post(found[1]).status_code == 404
    done = look(house, lambda conn: list(conn.scalars(select(acts.c.action).where(acts.c.action.contains("chat")))))
    assert sorted(done) == ["link_chat", "unlink_chat"]


def test_a_second_account_takes_the_place_of_the_first(house: House) -> None:
    with signed_in(house, "tiepnhan") as desk:
        for person in ("9001", "9002"):
            assert link(house, code_on(desk.post(PAGE).text), person)
        assert len(re.findall(rf'action="{PAGE}/\d+/thoi"', desk.get(PAGE).text)) == 1


def test_who_has_nothing_to_be_told_has_no_such_page(house: House, citizen: TestClient) -> None:
    with signed_in(house, "quantri") as desk:
        assert desk.get(PAGE).status_code == 403
        assert desk.post(PAGE).status_code == 403
    assert citizen.get(PAGE).url.path == "/can-bo/dang-nhap"
    assert citizen.get("/ky/" + "A" * 48).status_code == 410
    assert citizen.post("/ky/" + "A" * 48, data={"way": "duyet"}).status_code == 410
