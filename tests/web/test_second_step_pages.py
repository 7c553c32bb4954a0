"""The second step at the door: what the password alone does not open."""

from dataclasses import replace

from sqlalchemy import select
from starlette.testclient import TestClient

from feedback import totp
from feedback.roles import Role
from storage.tables import second_factors
from tests.web.at_the_door import ACCOUNT, at_work, enter, from_elsewhere, happened, second, secret_on_page, turn_on
from tests.web.house import PASSWORD, House, browser_of, look
from vietnam.time import MINUTE


def test_with_a_second_step_the_password_alone_opens_nothing(house: House) -> None:
    with browser_of(house) as mine, browser_of(house) as thief:
        enter(mine)
        secret, codes = turn_on(mine, house)
        # when somebody who knows the password tries
        told = thief.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        assert told.url.path == "/can-bo/dang-nhap/buoc-hai"
        # then no page opens, whatever is asked
        assert not at_work(thief)
        assert thief.get(ACCOUNT).url.path == "/can-bo/dang-nhap"
        assert second(thief, code="000000") == (422, "/can-bo/dang-nhap/buoc-hai")
        # and with the code they do
        assert second(thief, code=totp.code_at(secret, house.at // totp.STEP)) == (200, "/can-bo/")
        assert at_work(thief)
    with browser_of(house) as paper:
        enter(paper)
        assert second(paper, recovery=codes[3].upper()) == (200, "/can-bo/")
    entered = [detail for action, detail in happened(house) if action == "log_in"]
    assert [(one.get("second"), one.get("failed")) for one in entered] == [
        (None, None),
        ("code", 1),
        ("recovery", None),
    ]


def test_a_code_that_was_seen_over_the_shoulder_opens_nothing(house: House) -> None:
    with browser_of(house) as mine, browser_of(house) as other:
        enter(mine)
        secret, codes = turn_on(mine, house)
        mine.post("/can-bo/dang-xuat")
        code = totp.code_at(secret, house.at // totp.STEP)
        enter(mine)
        enter(other)
        assert second(mine, code=code)[0] == 200
        assert second(other, code=code)[0] == 422
        assert second(other, recovery=codes[0])[0] == 200
        enter(mine)
        mine.post("/can-bo/dang-xuat")
        enter(mine)
        assert second(mine, recovery=codes[0])[0] == 422


def test_wrong_codes_close_the_door_as_wrong_passwords_do(house: House) -> None:
    with browser_of(house) as mine:
        enter(mine)
        secret, _ = turn_on(mine, house)
    with from_elsewhere(house, "203.0.113.9") as guesser:
        # given somebody who knows the password: the right one does not begin the count anew
        for _ in range(2):
            enter(guesser)
            assert [second(guesser, code="000000")[0] for _ in range(2)] == [422] * 2
        assert second(guesser, code="000000")[0] == 422
        assert second(guesser, code=totp.code_at(secret, house.at // totp.STEP))[0] == 429
        assert enter(guesser) == 429


def test_the_second_page_waits_ten_minutes_and_leads_where_was_asked(house: House) -> None:
    with browser_of(house) as client:
        enter(client)
        secret, _ = turn_on(client, house)
        client.post("/can-bo/dang-xuat")
        client.post(
            "/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD, "den": "/can-bo/so-don?nam=2026"}
        )
        told = client.post(
            "/can-bo/dang-nhap/buoc-hai",
            data={"code": totp.code_at(secret, house.at // totp.STEP), "den": "/can-bo/so-don?nam=2026"},
        )
        assert str(told.url).endswith("/can-bo/so-don?nam=2026")
        client.post("/can-bo/dang-xuat")
        enter(client)
        house.at += 10 * MINUTE
        assert client.get("/can-bo/dang-nhap/buoc-hai").url.path == "/can-bo/dang-nhap"


def test_it_is_put_on_and_off_with_the_password_alone(house: House, citizen: TestClient) -> None:
    enter(citizen)
    # when an open session is found by somebody else
    assert citizen.post(f"{ACCOUNT}/buoc-hai", data={"password": "sai"}).status_code == 422
    assert look(house, lambda conn: conn.execute(select(second_factors)).all()) == []
    # then nothing of the step can be changed
    _, codes = turn_on(citizen, house)
    assert citizen.post(f"{ACCOUNT}/buoc-hai/tat", data={"password": "sai"}).status_code == 422
    assert citizen.post(f"{ACCOUNT}/buoc-hai/ma-du-phong", data={"password": ""}).status_code == 422
    # and the officer changes it
    fresh = citizen.post(f"{ACCOUNT}/buoc-hai/ma-du-phong", data={"password": PASSWORD}).text
    assert ("Mã dự phòng mới" in fresh, codes[0] in fresh) == (True, False)
    assert "Đã tắt bước thứ hai" in citizen.post(f"{ACCOUNT}/buoc-hai/tat", data={"password": PASSWORD}).text
    assert [action for action, _ in happened(house)] == ["log_in", "second_on", "codes", "second_off"]


def test_a_secret_that_was_not_proved_is_shown_again_and_never_after(house: House, citizen: TestClient) -> None:
    enter(citizen)
    first = citizen.post(f"{ACCOUNT}/buoc-hai", data={"password": PASSWORD})
    wrong = citizen.post(f"{ACCOUNT}/buoc-hai/bat", data={"code": "12345"})
    assert (wrong.status_code, secret_on_page(wrong.text)) == (422, secret_on_page(first.text))
    turn_on(citizen, house)
    assert citizen.get(f"{ACCOUNT}/buoc-hai").url.path == ACCOUNT


def test_where_it_is_required_leaders_set_it_up_before_anything_else(house: House) -> None:
    house.services = replace(house.services, second_step=frozenset({Role.LEADER, Role.ADMIN}))
    with browser_of(house) as leader, browser_of(house) as reception:
        enter(leader, "lanhdao")
        enter(reception)
        assert (leader.get("/can-bo/").url.path, at_work(reception)) == (ACCOUNT, True)
        assert "phải bật bước thứ hai" in leader.get(ACCOUNT).text
        turn_on(leader, house)
        assert at_work(leader)
