"""Đối chiếu: what was entered for others, and the quiet note on what should be looked at again."""

import pytest
from sqlalchemy import insert, select, update

from storage.ids import new_id
from storage.tables import accounts, cases, officers, persons
from storage.tx import Tx
from tests.unit.test_helped import OTHERS, ROAD
from tests.web.house import House, browser_of, outside
from tests.web.piles import entered, furnish
from vietnam.text import fold
from vietnam.time import DAY

PAGE = "/can-bo/doi-chieu"


@pytest.fixture
def desk(house: House) -> House:
    outside(house, lambda tx: furnish(tx, house))
    outside(house, lambda tx: enter(tx, house))
    return house


def enter(tx: Tx, house: House) -> None:
    """Six cases in the same words by the head of a village, two of his own by the Front."""
    unit, (person, account) = house.commune.commune, (new_id(), new_id())
    ids = {row.login: row.id for row in tx.execute(select(officers.c.login, officers.c.id))}
    tx.execute(insert(persons).values(id=person, unit_id=unit, created_at=0))
    tx.execute(
        insert(accounts).values(
            id=account, person_id=person, channel_account_id=house.commune.webchat, platform_id="x", created_at=0
        )
    )
    told = [("truongthon", ROAD)] * 6 + [("mattran", OTHERS[0]), ("mattran", OTHERS[1])]
    for at, (who, text) in enumerate(told):
        tx.execute(
            insert(cases).values(
                id=new_id(), unit_id=unit, code=f"M-2026-AAAAA{at}-4", kind="feedback", category="roads", text=text,
                folded=fold(text), state="new", account_id=account, channel="visit", helper_id=ids[who],
                opened_at=house.at - at * DAY,
            )
        )  # fmt: skip


def page_of(house: House, login: str) -> str:
    with browser_of(house) as client:
        answer = entered(client, login).get(PAGE)
        assert answer.status_code == 200
        return answer.text


def test_the_leader_is_asked_to_look_again_and_told_why_it_may_be_right(desk: House) -> None:
    page = page_of(desk, "lanhdao")

    assert "<strong>Bà truongthon, nên xem lại:</strong> 6 việc có lời gần giống nhau." in page
    assert "Đây là điều cần hỏi lại, không phải kết luận" in page
    assert page.count('<li><a href="/can-bo/vu-viec/M-2026-AAAAA') == 6
    assert "<td>Mặt trận</td><td>2 việc</td>" in page
    assert "Bà mattran, nên xem lại" not in page


def test_the_front_compares_forms_and_sees_no_case(desk: House) -> None:
    page = page_of(desk, "mattran")
    assert "M-2026-" not in page
    assert "Việc nhập hộ" not in page


def test_a_confidential_case_is_in_no_count_and_no_list(desk: House) -> None:
    outside(
        desk, lambda tx: tx.execute(update(cases).where(cases.c.code < "M-2026-AAAAA2").values(confidential=1)).rowcount
    )
    page = page_of(desk, "lanhdao")

    assert "M-2026-" not in page
    assert "nên xem lại" not in page
    assert "<td>Trưởng thôn</td><td>4 việc</td>" in page


@pytest.mark.parametrize("login", ["tiepnhan", "truongthon"])
def test_helpers_themselves_have_no_such_page(desk: House, login: str) -> None:
    with browser_of(desk) as client:
        assert entered(client, login).get(PAGE).status_code == 403
