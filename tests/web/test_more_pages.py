"""The page behind a signed address: it answers one question of one chat, for a day, and shows nothing of it."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from bot.conversation.messages import Inbound, InboundKind
from storage import conversations, links, waves
from storage.outbox import context
from storage.tables import outbox
from storage.tx import Tx
from surveys.definition import Kind, Privacy, Question, Survey
from tests.stores import run_apart
from tests.web.house import House, browser_of
from vietnam.time import HOUR


class Zalo:
    """A person on a channel that brings neither place nor long words."""

    def __init__(self, house: House) -> None:
        self.house = house
        unit = house.commune.commune
        self.account = run_apart(
            house.store.write(lambda tx: conversations.ensure_channel_account(tx, unit, "telegram"))
        )
        self.number = 0

    def writes(self, text: str = "", *, start: str | None = None) -> str:
        """The newest message afterwards, as JSON text."""
        self.number += 1
        kind: InboundKind = "text" if start is None else "start"
        inbound = Inbound(
            channel="telegram", channel_account=self.account, dedupe_key=f"u{self.number}", person="77", kind=kind,
            at=self.house.at, text=text, source=start or "",
        )  # fmt: skip
        run_apart(self.house.runtime.receive(inbound))
        return self.hears()

    def hears(self) -> str:
        """The newest message to the person, as JSON text."""

        def look(conn: Connection) -> str:
            mine = outbox.c.channel_account_id == self.account
            row = conn.execute(select(outbox).where(mine).order_by(outbox.c.seq.desc()).limit(1)).one()
            return self.house.services.vault.open(bytes(row.body), context(row.id)).decode()

        return run_apart(self.house.store.read(look))


@pytest.fixture
def zalo(house: House) -> Zalo:
    survey = Survey(
        id="noi",
        title="Phiếu nơi chốn",
        privacy=Privacy.CONFIDENTIAL,
        questions=(
            Question(id="o_dau", kind=Kind.PLACE, text="Ở đâu?"),
            Question(id="the_nao", kind=Kind.TEXT, text="Ở đó thế nào?"),
        ),
    )

    def publish(tx: Tx) -> None:
        waves.publish(tx, house.commune.commune, survey, "told", house.at)

    run_apart(house.store.write(publish))
    return Zalo(house)


@pytest.fixture
def anyone(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        yield client


def address(said: str) -> str:
    """The path of the page in a message."""
    found = re.search(r"http://testserver(/mau/them/[A-Za-z0-9_-]+)", said)
    assert found, said
    return found[1]


def test_a_place_by_the_page_is_the_answer_in_the_chat(zalo: Zalo, anyone: TestClient) -> None:
    page = address(zalo.writes(start="ks_noi"))
    shown = anyone.get(page)
    assert shown.status_code == 200
    assert "Ở đâu?" not in shown.text
    sent = anyone.post(page, data={"m": "a" * 12, "place": "21.5,106.5"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}?xong")
    assert "Đã nhận" in anyone.get(f"{page}?xong").text
    assert "Ở đó thế nào?" in zalo.hears()


def test_a_form_sent_twice_is_taken_once(zalo: Zalo, anyone: TestClient) -> None:
    page = address(zalo.writes(start="ks_noi"))
    for _ in range(2):
        anyone.post(page, data={"m": "b" * 12, "place": "21.5,106.5"})
    assert "Ở đó thế nào?" in zalo.hears()
    assert "đã qua" not in zalo.hears()


def test_an_address_is_over_after_a_day_and_says_what_to_do(zalo: Zalo, house: House, anyone: TestClient) -> None:
    page = address(zalo.writes(start="ks_noi"))
    house.at += 25 * HOUR
    for answer in (anyone.get(page), anyone.post(page, data={"text": "muộn"})):
        assert answer.status_code == 410
        assert "đã hết hạn" in answer.text
    assert "muộn" not in zalo.hears()


@pytest.mark.parametrize("forged", ["", "x", "A" * 40, "Ä" * 39])
def test_a_forged_address_is_over_as_well(anyone: TestClient, forged: str) -> None:
    assert anyone.get(f"/mau/them/{forged}").status_code in (404, 410)


def test_every_altered_sign_of_an_address_is_refused(zalo: Zalo, house: House) -> None:
    token = address(zalo.writes(start="ks_noi")).rpartition("/")[2]
    vault = house.services.vault
    assert links.read(vault, token, house.at) is not None
    for at in range(len(token)):
        other = "A" if token[at] != "A" else "B"
        assert links.read(vault, token[:at] + other + token[at + 1 :], house.at) is None


def test_an_address_of_another_commune_is_refused(zalo: Zalo, anyone: TestClient) -> None:
    page = address(zalo.writes(start="ks_noi"))
    assert anyone.get(page.replace("/mau/", "/xa-khac/")).status_code == 410


def test_a_question_that_is_past_takes_nothing_more(zalo: Zalo, anyone: TestClient) -> None:
    page = address(zalo.writes(start="ks_noi"))
    zalo.writes("bỏ qua")
    anyone.post(page, data={"m": "c" * 12, "place": "21.5,106.5"})
    assert "đã qua" in zalo.hears()


def test_nothing_in_the_form_is_said_and_nothing_is_lost(zalo: Zalo, anyone: TestClient) -> None:
    page = address(zalo.writes(start="ks_noi"))
    before = zalo.hears()
    assert "Chưa có nội dung" in anyone.post(page, data={"m": "d" * 12}).text
    long = anyone.post(page, data={"m": "d" * 12, "text": "ă" * 4001})
    assert long.status_code == 422
    assert "4.001 ký tự" in long.text
    assert "ă" * 4001 in long.text
    assert anyone.post(page, data={"place": "91,0"}).status_code == 422
    elsewhere = anyone.post(page, data={"text": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    assert anyone.post(page, content=b"\xff", headers={"content-type": "text/plain"}).status_code == 400
    assert zalo.hears() == before
