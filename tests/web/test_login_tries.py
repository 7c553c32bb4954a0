"""Wrong tries at the door, from one place and from many: strangers lock no officer out."""

from dataclasses import replace

from sqlalchemy import select

from storage.login_tries import CALM, LOCK, TRIES
from storage.tables import login_failures
from tests.web.at_the_door import ACCOUNT, enter, from_elsewhere, happened
from tests.web.house import PASSWORD, House, browser_of, look
from vietnam.time import MINUTE
from web.limits import Limit, Rate


def test_many_strangers_slow_each_other_down_and_never_the_officer(house: House) -> None:
    house.limits = replace(house.limits, logins=Limit(Rate(10**6, 1)))
    app = house.app
    with from_elsewhere(house, "113.160.5.9") as known, from_elsewhere(house, "14.0.0.9") as newcomer:
        # given an officer who has worked here before
        enter(known)
        known.post("/can-bo/dang-xuat")
        # when one login is tried from many addresses
        told = []
        for number in range(CALM + 5):
            with from_elsewhere(house, f"198.51.100.{number}", app) as stranger:
                told.append(enter(stranger, password="sai"))
        # then the tries wait, also with the right password from where the officer has never been
        assert told == [422] * CALM + [429] * 5
        assert (
            "từ nhiều nơi" in newcomer.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD}).text
        )
        # but not where the officer has been, by the browser or by the address alone
        assert enter(known) == 200
        with from_elsewhere(house, "113.160.5.9") as same_office:
            assert enter(same_office) == 200
        known.post("/can-bo/dang-xuat")
        # and a short while later a newcomer may try as well
        house.at += MINUTE
        assert enter(newcomer) == 200


def test_the_wait_grows_with_every_try_and_ends(house: House) -> None:
    house.limits = replace(house.limits, logins=Limit(Rate(10**6, 1)))
    app = house.app
    waits = []
    for number in range(CALM + 4):
        with from_elsewhere(house, f"198.51.100.{number}", app) as stranger:
            begun = house.at
            while enter(stranger, password="sai") == 429:
                house.at += 500
            waits.append(house.at - begun)
    assert waits[:CALM] == [0] * CALM
    assert waits[CALM:] == [1_000, 2_000, 4_000, 8_000]
    house.at += LOCK
    with from_elsewhere(house, "14.0.0.9") as newcomer:
        assert enter(newcomer) == 200


def test_a_colleague_at_the_same_address_closes_no_browser_that_is_known(house: House) -> None:
    with browser_of(house) as mine, browser_of(house) as colleague:
        enter(mine)
        mine.post("/can-bo/dang-xuat")
        assert [enter(colleague, password="sai") for _ in range(TRIES)] == [422] * TRIES
        assert (enter(colleague), enter(mine)) == (429, 200)


def test_failed_tries_are_a_count_and_no_row_each(house: House) -> None:
    app = house.app
    for number in range(8):
        with from_elsewhere(house, f"198.51.100.{number}", app) as stranger:
            enter(stranger, password="sai")
            enter(stranger, "khongco", password="sai")
    assert happened(house) == []
    with browser_of(house) as officer:
        enter(officer)
        assert "có 8 lần nhập sai" in officer.get(ACCOUNT).text
    assert happened(house)[0][1]["failed"] == 8
    kept = look(house, lambda conn: " ".join(conn.scalars(select(login_failures.c.place))))
    assert "198.51" not in kept
