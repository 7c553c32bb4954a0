"""Opinions on a draft answered in the console, and public at once."""

import re
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from storage.tables import acts
from storage.vault import Vault
from tests.stores import run_apart
from tests.unit.test_opinions import answered, opened
from tests.web.house import House, browser_of, look
from tests.web.waves_at_desk import WAVES, entered, front_of, wave
from vietnam.time import MINUTE

PUBLIC = "/mau/lay-y-kien/lay_y_kien"
_FORM = re.compile(r'name="ma" value="([^"]+)"><input type="hidden" name="truoc" value="([^"]+)"')


def closed(house: House, vault: Vault) -> str:
    """A consultation that is over; the address of its opinions."""
    asked = run_apart(opened(house.store, house.commune, house.at))
    run_apart(answered(house.store, vault, house.commune, asked, house.at))
    house.at += MINUTE
    return f"{WAVES}/{wave(house, 'lay_y_kien').id}/y-kien"


def reply(client: TestClient, address: str, which: int, **fields: str) -> Any:
    key, seen = _FORM.findall(client.get(address).text)[which]
    form = {"ma": key, "truoc": seen, "trang": "1", "cong_khai": "Đường nên rộng hơn", "ket_qua": "accepted"}
    return client.post(address, data=form | {"giai_trinh": ""} | fields)


def test_an_opinion_is_answered_and_stands_on_the_public_page(house: House, vault: Vault) -> None:
    address = closed(house, vault)
    with browser_of(house) as desk, browser_of(house) as citizen:
        entered(desk, "tiepnhan")
        assert "Trả lời ý kiến" in desk.get(address.removesuffix("/y-kien")).text
        assert "Còn <b>2</b> trong 2 ý kiến chưa trả lời" in desk.get(address).text
        done = reply(desk, address, 0)
        assert "Đã lưu và công khai" in done.text
        assert "Còn <b>1</b> trong 2" in done.text
        assert "Đường nên rộng hơn" in citizen.get(PUBLIC).text
        # sent twice it is one answer
        acted = select(acts.c.id).where(acts.c.action == "answer_opinions")
        last = reply(desk, address, 1)
        assert last.status_code == 200
        assert len(look(house, lambda conn: conn.execute(acted).all())) == 1


def test_what_is_missing_is_asked_for_and_stays_typed(house: House, vault: Vault) -> None:
    address = closed(house, vault)
    with browser_of(house) as leader:
        entered(leader, "lanhdao")
        for fields, said in (
            ({"ket_qua": ""}, "Xin chọn kết quả"),
            ({"ket_qua": "explained"}, "phải ghi lời giải trình"),
            ({"cong_khai": " "}, "Xin ghi ý kiến công khai"),
            ({"giai_trinh": "x" * 4001}, "nhiều nhất 4000 ký tự"),
        ):
            refused = reply(leader, address, 0, **{"giai_trinh": "", **fields})
            assert refused.status_code == 422
            assert said in refused.text
        kept = reply(leader, address, 0, ket_qua="explained", cong_khai="Lời <b>vừa</b> ghi")
        assert "Lời &lt;b&gt;vừa&lt;/b&gt; ghi</textarea>" in kept.text


def test_two_officers_do_not_write_over_each_other(house: House, vault: Vault) -> None:
    address = closed(house, vault)
    with browser_of(house) as desk, browser_of(house) as leader:
        entered(desk, "tiepnhan")
        entered(leader, "lanhdao")
        key, seen = _FORM.findall(desk.get(address).text)[0]
        mine = {"ma": key, "truoc": seen, "trang": "1", "cong_khai": "Lời tiếp nhận", "ket_qua": "accepted"}
        leader.post(address, data=mine | {"cong_khai": "Lời lãnh đạo"})
        refused = desk.post(address, data=mine)
        assert refused.status_code == 409
        assert "Lời lãnh đạo" in refused.text
        assert "Lời tiếp nhận</textarea>" in refused.text


def test_there_is_nothing_to_answer_before_the_close_or_elsewhere(house: House, vault: Vault) -> None:
    front_of(house)
    run_apart(opened(house.store, house.commune, house.at))
    address = f"{WAVES}/{wave(house, 'lay_y_kien').id}/y-kien"
    with browser_of(house) as desk, browser_of(house) as front, browser_of(house) as stranger:
        entered(desk, "tiepnhan")
        assert desk.get(address).status_code == 404
        assert desk.get(f"{WAVES}/{wave(house, 'mau').id}/y-kien").status_code == 404
        assert desk.post(address, data={"ma": "1-x"}).status_code == 404
        entered(front, "mattran")
        assert front.get(address).status_code == 403
        entered(stranger, "xakhac")
        assert stranger.get(address).status_code == 404
