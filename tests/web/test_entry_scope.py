"""Who may type forms: every page and every row by role, village and owner of the wave."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from storage import paper_reading
from storage.paper_reading import Batch
from storage.tables import acts, waves
from tests.web.house import PASSWORD, House, browser_of, look, outside
from tests.web.piles import (
    ENTRY,
    PATHS,
    POSTS,
    check_all,
    entered,
    furnish,
    number,
    open_pile,
    sealed,
    type_in,
    wave,
)


@pytest.fixture
def desk(house: House) -> House:
    """A house where forms can be typed."""
    outside(house, lambda tx: furnish(tx, house))
    return house


@pytest.fixture
def officer(desk: House) -> Iterator[TestClient]:
    """The reception at work."""
    with browser_of(desk) as client:
        yield entered(client, "tiepnhan")


def refused_everywhere(client: TestClient, batch: int) -> None:
    for path in PATHS:
        assert client.get(f"{ENTRY}/{batch}{path}").status_code == 404, path
    for path in POSTS:
        data = {"so": number(1), "lan": number(1), "dung": "hai", "chac": "co"}
        assert client.post(f"{ENTRY}/{batch}{path}", data=data).status_code == 404, path


def test_a_village_head_types_for_the_own_village_alone(desk: House, officer: TestClient) -> None:
    own, other = desk.commune.villages[2], desk.commune.villages[3]
    elsewhere = open_pile(officer, desk, village=str(other))
    nowhere = open_pile(officer, desk)
    with browser_of(desk) as client:
        # given a head who logs in and lands where there is work
        page = client.post("/can-bo/dang-nhap", data={"login": "truongthon", "password": PASSWORD})
        assert page.url.path == "/can-bo/thon"
        assert "Bà truongthon" in page.text
        assert "Vụ việc" not in page.text
        # then another village's pile is not there, however it is asked for
        for batch in (elsewhere, nowhere):
            refused_everywhere(client, batch)
        assert client.get("/can-bo/khao-sat").status_code == client.get("/can-bo/bao-cao").status_code == 403
        assert client.get("/can-bo/vu-viec/X").status_code == client.get("/can-bo/tin-chua-gui").status_code == 403
        # and whichever village is asked for, the pile is the own one's
        mine = open_pile(client, desk, village=str(other), expected=1)
        row = look(desk, lambda conn: paper_reading.batch_of(conn, mine, desk.at))
        assert isinstance(row, Batch)
        assert row.village == own
        assert row.unit == desk.commune.commune
        type_in(client, mine, 1)
        check_all(client, desk, mine)
        client.post(f"{ENTRY}/{mine}/dong")
    assert [place for place, _, _ in sealed(desk)] == [own]


def test_nobody_else_has_the_pages(desk: House, officer: TestClient) -> None:
    batch = open_pile(officer, desk)
    type_in(officer, batch, 1)
    for login in ("lanhdao", "quantri"):
        with browser_of(desk) as client:
            entered(client, login)
            assert client.get(ENTRY).status_code == 403
            assert client.get(f"{ENTRY}/{batch}").status_code == 403
            assert client.post(f"{ENTRY}/{batch}/dong").status_code == 403
    with browser_of(desk) as client:
        refused_everywhere(entered(client, "xakhac"), batch)
    with browser_of(desk) as client:
        assert client.get(f"{ENTRY}/{batch}").url.path == "/can-bo/dang-nhap"


def test_the_waves_of_the_front_are_typed_by_the_front(desk: House, officer: TestClient) -> None:
    outside(desk, lambda tx: tx.execute(update(waves).values(owner="front")).rowcount)
    assert "Hiện không có đợt khảo sát nào nhận phiếu" in officer.get(ENTRY).text
    facts = {"dot": str(wave(desk)), "nguon": "paper", "thon": "", "so": "3"}
    assert officer.post(ENTRY, data=facts).status_code == 422
    with browser_of(desk) as client:
        batch = open_pile(entered(client, "mattran"), desk)
        type_in(client, batch, 1)
    refused_everywhere(officer, batch)


def test_a_colleague_checks_but_does_not_see_the_first_typing(desk: House, officer: TestClient) -> None:
    batch = open_pile(officer, desk, expected=1)
    type_in(officer, batch, 1)
    with browser_of(desk) as client:
        entered(client, "mattran")
        assert client.get(f"{ENTRY}/{batch}/phieu?so={number(1)}").status_code == 404
        assert client.post(f"{ENTRY}/{batch}/bo", data={"lan": number(1)}).status_code == 404
        assert client.post(f"{ENTRY}/{batch}/huy", data={"chac": "co"}).status_code == 404
        check_all(client, desk, batch)
        assert client.post(f"{ENTRY}/{batch}/dong").status_code == 200
    assert len(sealed(desk)) == 1
    done = look(desk, lambda conn: conn.execute(select(acts.c.action).where(acts.c.thing == "paper")).scalars().all())
    assert sorted(done) == ["close", "draw", "open"]


def test_a_form_of_another_site_changes_nothing(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk)
    for path in POSTS:
        answer = officer.post(f"{ENTRY}/{batch}{path}", headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403


def pile_of(client: TestClient, house: House, numbers: range, mark: str) -> None:
    """A closed pile whose forms say the same everywhere."""
    answers = ["1", *[mark] * 8, "1", *[mark] * 4, "2", "1", ""]
    batch = open_pile(client, house, expected=len(numbers))
    for n in numbers:
        type_in(client, batch, n, answers)
    check_all(client, house, batch, answers)
    assert "niêm phong" in client.post(f"{ENTRY}/{batch}/dong").text


def test_a_helper_whose_forms_are_unlike_the_others_is_named_to_the_leader(desk: House, officer: TestClient) -> None:
    pile_of(officer, desk, range(1, 22), "3")
    with browser_of(desk) as client:
        pile_of(entered(client, "mattran"), desk, range(30, 51), "5")
    with browser_of(desk) as client:
        page = entered(client, "lanhdao").get("/can-bo/doi-chieu")
        assert "<strong>Bà mattran, nên xem lại:</strong> Các phiếu nhập hộ hài lòng nhiều hơn hẳn" in page.text
        assert page.text.count("21 / 21 phiếu") == 2
        # while a wave's results are sealed, nothing of its contents is said
        outside(desk, lambda tx: tx.execute(update(waves).values(sealed=1)).rowcount)
        page = client.get("/can-bo/doi-chieu")
        assert "niêm phong đến khi đóng" in page.text
        assert "hài lòng" not in page.text
        outside(desk, lambda tx: tx.execute(update(waves).values(sealed=0, owner="front")).rowcount)
        assert "Chưa có chồng phiếu nào" in client.get("/can-bo/doi-chieu").text
    assert officer.get("/can-bo/doi-chieu").status_code == 403
