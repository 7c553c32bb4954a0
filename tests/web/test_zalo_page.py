"""From a poster to Zalo, whose links carry no word: the page says what to send, and the chat understands it."""

from dataclasses import replace

from sqlalchemy import select
from starlette.testclient import TestClient

from bot.conversation.messages import Inbound
from storage import sources
from storage.counters import totals
from storage.outbox import context
from storage.tables import outbox
from tests.stores import run_apart
from tests.web.house import House, browser_of

WORD = "ks_mau--quay_3"


def test_without_an_account_on_zalo_there_is_no_such_page(citizen: TestClient) -> None:
    assert citizen.get("/mau/zalo").status_code == 404


def test_the_page_says_what_to_send_and_the_chat_begins_the_survey_of_the_poster(house: House) -> None:
    unit, at = house.commune.commune, house.at
    number = run_apart(house.store.write(lambda tx: sources.number_of(tx, unit, WORD)))
    assert run_apart(house.store.write(lambda tx: sources.number_of(tx, unit, WORD))) == number
    run_apart(house.store.write(lambda tx: sources.register(tx, unit, "mau", "quay_3", at)))
    house.services = replace(house.services, way_back=lambda channel: f"https://zalo.me/{channel}")
    with browser_of(house) as client:
        page = client.get("/mau/zalo", params={"n": WORD}).text
        assert f"KS {number}" in page
        assert 'href="https://zalo.me/zalo_oa"' in page
        assert "KS" not in client.get("/mau/zalo", params={"n": "ks_khac"}).text.partition("<main")[2]
    said = Inbound(
        channel="telegram", channel_account=house.commune.telegram, dedupe_key="1", person="77", kind="text",
        at=at, text=f"ks{number}",
    )  # fmt: skip
    run_apart(house.runtime.receive(said))
    newest = select(outbox).where(outbox.c.channel_account_id == house.commune.telegram)
    row = run_apart(house.store.read(lambda conn: conn.execute(newest).one()))
    assert "Câu 1/" in house.services.vault.open(bytes(row.body), context(row.id)).decode()
    assert run_apart(house.store.read(totals))[f"source.{unit}.mau.quay_3"] == 1


def test_a_number_that_no_poster_has_is_no_command(house: House) -> None:
    assert run_apart(house.store.read(lambda conn: sources.word_of(conn, house.commune.commune, 99))) == ""
