"""The page that a leader signs on from the own telephone, where the log-in has a second step."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from feedback import totp
from storage import act_chain, officer_accounts, sign_links
from storage.sign_links import Signing
from storage.tables import acts, cases, login_failures, officers
from storage.tx import Tx
from tests.web.at_the_door import enter, from_elsewhere, happened, second, turn_on
from tests.web.house import House, browser_of, look, outside, signed_in
from tests.web.test_answers import told
from tests.web.test_officer_chat_pages import code_on, link
from tests.web.test_waiting_pages import LONG, drafted, version
from vietnam.time import MINUTE

REASON = "Xin ghi rõ ngày lắp đèn."


class Leader:
    """A leader with a linked chat and a second step; `code` is what the telephone shows now."""

    def __init__(self, house: House) -> None:
        self.house = house
        with signed_in(house, "lanhdao") as client:
            assert link(house, code_on(client.post("/can-bo/nhan-tin").text))
            self.secret, self.paper = turn_on(client, house)

    @property
    def code(self) -> str:
        return totp.code_at(self.secret, self.house.at // totp.STEP)

    def page(self, code: str) -> str:
        """The address that a press of "Duyệt" in the chat brings."""

        def made(tx: Tx) -> str:
            whose = tx.conn.scalar(select(officers.c.id).where(officers.c.login == "lanhdao"))
            [own] = officer_accounts.of_officer(tx.conn, int(whose or 0))
            case = tx.conn.execute(select(cases.c.id, cases.c.version).where(cases.c.code == code)).one()
            until = self.house.at + sign_links.LIFE
            signing = Signing(link=own.id, case=case.id, version=case.version, until=until)
            return f"/ky/{sign_links.make(self.house.runtime.vault, signing)}"

        return outside(self.house, made)


@pytest.fixture
def leader(house: House) -> Leader:
    return Leader(house)


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def phone(house: House) -> Iterator[TestClient]:
    """A browser of nobody in particular."""
    with browser_of(house) as client:
        yield client


def standing(house: House, code: str) -> tuple[str, str]:
    row = look(
        house, lambda conn: conn.execute(select(cases.c.state, cases.c.draft_state).where(cases.c.code == code)).one()
    )
    return row.state, row.draft_state


def signed(house: House, code: str) -> list[str]:
    """The acts of leaders on the draft, in order."""
    mine = select(acts.c.action).join(cases, cases.c.id == acts.c.thing_id)
    query = mine.where(acts.c.thing == "case", cases.c.code == code, acts.c.action.in_(["approve", "return_draft"]))
    return look(house, lambda conn: list(conn.scalars(query)))


def test_the_code_is_asked_for_and_signs_once(
    house: House, desk: TestClient, leader: Leader, phone: TestClient
) -> None:
    code, _ = drafted(house, desk)
    address = leader.page(code)

    # given the page: the draft, and a field for the code in both ways out
    shown = phone.get(address)
    assert (shown.status_code, LONG.strip() in shown.text) == (200, True)
    assert len(re.findall(r'<input id="ma[^"]*" class="code" name="code"', shown.text)) == 2

    # when nothing, or something else, is typed, nothing is signed
    for typed in ("", "000000", "12345", "abcdef", leader.paper[0]):
        told_so = phone.post(address, data={"way": "duyet", "code": typed})
        assert told_so.status_code == 422
        assert "Mã chưa đúng, hoặc đã dùng rồi" in told_so.text
        house.at += 16 * MINUTE  # else the door would be closed by then
        address = leader.page(code)
    assert standing(house, code)[1] == "waiting"
    assert not told(house)

    # then the right one signs, and a second tap finds nothing to sign
    done = phone.post(address, data={"way": "duyet", "code": leader.code})
    assert (done.status_code, "Đã duyệt và gửi" in done.text) == (200, True)
    assert standing(house, code) == ("answered", "")
    assert signed(house, code) == ["approve"]
    house.at += totp.STEP
    again = phone.post(address, data={"way": "duyet", "code": leader.code})
    assert (again.status_code, "Không còn dự thảo" in again.text) == (410, True)
    assert signed(house, code) == ["approve"]
    assert all(isinstance(one, act_chain.Whole) for one in look(house, act_chain.verify))


def test_a_recovery_code_is_neither_taken_nor_used_up(
    house: House, desk: TestClient, leader: Leader, phone: TestClient
) -> None:
    code, _ = drafted(house, desk)
    assert phone.post(leader.page(code), data={"way": "duyet", "code": leader.paper[0]}).status_code == 422
    with browser_of(house) as door:
        enter(door, "lanhdao")
        assert second(door, recovery=leader.paper[0])[0] == 200


def test_a_code_that_was_used_at_the_door_signs_nothing_and_the_other_way_round(
    house: House, desk: TestClient, leader: Leader, phone: TestClient
) -> None:
    code, _ = drafted(house, desk)
    address, seen = leader.page(code), leader.code
    with browser_of(house) as door:
        enter(door, "lanhdao")
        assert second(door, code=seen)[0] == 200
    assert phone.post(address, data={"way": "duyet", "code": seen}).status_code == 422
    assert standing(house, code)[1] == "waiting"

    house.at += totp.STEP
    seen = leader.code
    assert "Đã duyệt" in phone.post(address, data={"way": "duyet", "code": seen}).text
    with browser_of(house) as thief:
        enter(thief, "lanhdao")
        assert second(thief, code=seen)[0] == 422


def test_wrong_codes_close_this_door_as_they_close_that_of_the_log_in(
    house: House, desk: TestClient, leader: Leader
) -> None:
    code, _ = drafted(house, desk)
    address = leader.page(code)
    with from_elsewhere(house, "203.0.113.9") as guesser:
        tries = [guesser.post(address, data={"way": "duyet", "code": "000000"}).status_code for _ in range(5)]
        assert tries == [422] * 5
        # the right one comes too late, here and at the log-in from there
        late = guesser.post(address, data={"way": "duyet", "code": leader.code})
        assert (late.status_code, "Đã nhập sai 5 lần" in late.text) == (429, True)
        assert LONG.strip() in late.text
        assert enter(guesser, "lanhdao") == 429
    assert standing(house, code)[1] == "waiting"
    # and nobody is locked out of the own telephone by it
    with browser_of(house) as own:
        assert "Đã duyệt" in own.post(address, data={"way": "duyet", "code": leader.code}).text


def test_guesses_from_many_places_wait_longer_and_longer(house: House, desk: TestClient, leader: Leader) -> None:
    code, _ = drafted(house, desk)
    address, statuses = leader.page(code), []
    for number in range(14):
        with from_elsewhere(house, f"203.0.113.{number + 1}") as guesser:
            statuses.append(guesser.post(address, data={"way": "duyet", "code": "000000"}).status_code)
    assert statuses == [422] * 10 + [429] * 4
    assert standing(house, code)[1] == "waiting"
    counts = look(house, lambda conn: sorted(conn.scalars(select(login_failures.c.count))))
    assert counts[-1] == 10


def test_it_is_returned_with_the_code_and_the_reason_is_kept_where_that_is_wrong(
    house: House, desk: TestClient, leader: Leader, phone: TestClient
) -> None:
    code, _ = drafted(house, desk)
    address = leader.page(code)
    wrong = phone.post(address, data={"way": "tra-lai", "text": REASON, "code": "000000"})
    assert (wrong.status_code, "<details open" in wrong.text) == (422, True)
    assert f">{REASON}</textarea>" in wrong.text

    # without a reason nothing is asked of the telephone, and its code stays good
    seen = leader.code
    empty = phone.post(address, data={"way": "tra-lai", "text": "  ", "code": seen})
    assert empty.status_code == 422
    assert "Mã chưa đúng" not in empty.text
    assert "Đã trả lại" in phone.post(address, data={"way": "tra-lai", "text": REASON, "code": seen}).text
    assert standing(house, code)[1] == "returned"


def test_an_address_that_is_over_asks_for_nothing(
    house: House, desk: TestClient, leader: Leader, phone: TestClient
) -> None:
    code, _ = drafted(house, desk)
    address = leader.page(code)
    house.at += sign_links.LIFE + MINUTE
    gone = phone.post(address, data={"way": "duyet", "code": leader.code})
    assert (gone.status_code, "đã hết hạn" in gone.text) == (410, True)
    assert LONG.strip() not in gone.text
    with browser_of(house) as door:
        enter(door, "lanhdao")
        assert second(door, code=leader.code)[0] == 200, "it was not used up"


def test_what_was_changed_meanwhile_stands_beside_what_was_read_and_costs_no_code(
    house: House, desk: TestClient, leader: Leader, phone: TestClient
) -> None:
    code, _ = drafted(house, desk)
    address = leader.page(code)
    read = re.search(r'name="seen" value="([^"]*)"', phone.get(address).text)
    assert read
    other = {"outcome": "explained", "text": "Bản khác hẳn <b>của</b> cán bộ."}
    assert desk.post(f"/can-bo/vu-viec/{code}/trinh-duyet", data=other).status_code == 200
    told_so = phone.post(address, data={"way": "tra-lai", "text": REASON, "seen": read[1], "code": leader.code})
    assert told_so.status_code == 422
    for words in ("Bản Ông/Bà vừa đọc", "Bản mới nhất", LONG.strip(), "Bản khác hẳn &lt;b&gt;", REASON, "chưa ký gì"):
        assert words in told_so.text, words
    assert "<form" not in told_so.text, "nothing is signed from here"
    assert standing(house, code)[1] == "waiting"

    # and the code is still good for the page of the new draft
    assert version(house, code) > 0
    assert "Đã duyệt" in phone.post(leader.page(code), data={"way": "duyet", "code": leader.code}).text


def test_without_a_second_step_nothing_is_asked(house: House, desk: TestClient, phone: TestClient) -> None:
    with signed_in(house, "lanhdao") as client:
        assert link(house, code_on(client.post("/can-bo/nhan-tin").text))
    plain = Leader.__new__(Leader)
    plain.house = house
    code, _ = drafted(house, desk)
    address = plain.page(code)
    assert 'name="code"' not in phone.get(address).text
    assert "Đã duyệt" in phone.post(address, data={"way": "duyet"}).text
    assert "second" not in dict(happened(house, "lanhdao"))
