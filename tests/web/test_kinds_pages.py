"""Phân công: a leader switches off what the commune does not use; others only see it; one kind always stays."""

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from feedback.kinds import Kind
from storage import kinds_off
from storage.act_chain import Broken, verify
from storage.tables import acts
from tests.web.house import House, look
from tests.web.test_hands_pages import FORM, clerk, entered, leader, row_of, stranger

__all__ = ["clerk", "leader", "stranger"]
PAGE, SWITCH = "/can-bo/phan-cong", "/can-bo/phan-cong/dung"


def switch(client: TestClient, name: str, *, what: str = "kind", on: bool = False) -> str:
    page = client.post(SWITCH, data={"what": what, "name": name, "on": str(int(on))})
    assert page.status_code in (200, 422), page.text
    return page.text


@pytest.fixture
def off(leader: TestClient) -> TestClient:
    """The leader, after praise and the field of security were switched off."""
    assert "Đã tắt" in switch(leader, "praise")
    assert "Đã tắt" in switch(leader, "security", what="field")
    return leader


def test_what_is_off_is_not_offered_to_whoever_types_a_case_in(
    house: House, off: TestClient, clerk: TestClient
) -> None:
    form = clerk.get("/can-bo/nhap-ho").text
    assert 'value="praise"' not in form
    assert 'value="security"' not in form
    refused = clerk.post("/can-bo/nhap-ho", data=FORM | {"kind": "praise"})
    assert (refused.status_code, "xã hiện không dùng" in refused.text) == (422, True)
    refused = clerk.post("/can-bo/nhap-ho", data=FORM | {"category": "security"})
    assert (refused.status_code, "xã hiện không dùng" in refused.text) == (422, True)
    switch(off, "praise", on=True)
    assert row_of(house, entered(clerk, kind="praise")).kind == "praise"


def test_cases_that_came_before_keep_their_kind(house: House, leader: TestClient, clerk: TestClient) -> None:
    code = entered(clerk, kind="praise")
    switch(leader, "praise")
    page = clerk.get(f"/can-bo/vu-viec/{code}")
    assert (page.status_code, "Khen" in page.text) == (200, True)
    assert row_of(house, code).kind == "praise"


def test_a_line_to_what_is_off_is_shown_as_idle(house: House, leader: TestClient) -> None:
    leader.post(PAGE, data={"kind": "praise", "category": "", "village": "", "to": "leader"})
    assert "Đang nghỉ" not in leader.get(PAGE).text
    assert "Đang nghỉ" in switch(leader, "praise")
    assert "Đang nghỉ" not in switch(leader, "praise", on=True)


def test_the_last_kind_stays_on(house: House, leader: TestClient) -> None:
    for kind in list(Kind)[1:]:
        switch(leader, kind)
    page = leader.post(SWITCH, data={"what": "kind", "name": str(next(iter(Kind))), "on": "0"})
    assert page.status_code == 422
    assert "Xin bật một loại khác trước" in page.text
    assert look(house, lambda conn: kinds_off.in_use(conn, house.commune.commune)).kinds == (Kind.FEEDBACK,)


def test_the_counter_sees_it_and_switches_nothing(off: TestClient, clerk: TestClient, stranger: TestClient) -> None:
    page = clerk.get(PAGE).text
    assert "đã tắt" in page
    assert "Bật lại" not in page
    assert clerk.post(SWITCH, data={"what": "kind", "name": "praise", "on": "1"}).status_code == 403
    assert "đã tắt" not in stranger.get(PAGE).text, "each unit has its own"


def test_each_change_is_on_record_with_who_and_when(house: House, off: TestClient) -> None:
    page = off.get(PAGE).text
    assert "tắt loại việc “Khen”" in page
    assert "tắt lĩnh vực" in page
    mine = select(acts.c.action).where(acts.c.thing == "kinds").order_by(acts.c.version)
    assert look(house, lambda conn: list(conn.scalars(mine))) == ["switch_off", "switch_off"]
    switch(off, "praise")  # it is off already: nothing happens, and nothing is written
    assert look(house, lambda conn: len(list(conn.scalars(mine)))) == 2
    found = look(house, verify)
    assert found
    assert not [one for one in found if isinstance(one, Broken)]


@pytest.mark.parametrize(
    "wrong", [{"what": "kind", "name": "weather"}, {"what": "field", "name": "praise"}, {"what": "", "name": ""}]
)
def test_what_there_is_not_is_refused(off: TestClient, wrong: dict[str, str]) -> None:
    assert off.post(SWITCH, data=wrong | {"on": "0"}).status_code == 422
