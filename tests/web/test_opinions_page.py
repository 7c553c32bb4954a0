"""The public page of a consultation."""

from datetime import date

from sqlalchemy import update
from starlette.testclient import TestClient

from storage import opinions
from storage.tables import waves
from storage.vault import Vault
from tests.stores import run_apart
from tests.unit.test_opinions import answered, opened
from tests.web.house import House, outside
from vietnam.time import MINUTE, start_of


def test_a_survey_without_a_draft_is_no_consultation(house: House) -> None:
    code = house.commune.survey.id
    found = run_apart(house.store.read(lambda conn: opinions.consultation(conn, house.commune.commune, code, house.at)))
    assert found is None


def test_the_public_page_asks_and_afterwards_shows_the_table(house: House, vault: Vault, citizen: TestClient) -> None:
    # given a consultation that is under way
    asked = run_apart(opened(house.store, house.commune, house.at))
    address = "/mau/lay-y-kien/lay_y_kien"
    page = citizen.get(address).text
    assert "du-thao.pdf" in page
    assert "?n=ks_lay_y_kien" in page
    # when it has ended
    run_apart(answered(house.store, vault, house.commune, asked, house.at))
    house.at += MINUTE
    page = citizen.get(address).text
    # then what few people said is not counted out loud, nor can it be found by subtracting
    assert "6 người trả lời" in page
    assert page.count("không nêu vì quá ít") == 2
    assert "đang tổng hợp ý kiến" in page
    assert citizen.get("/mau/lay-y-kien/khong_co").status_code == 404


def test_a_consultation_that_ends_at_midnight_was_open_until_the_day_before(house: House, citizen: TestClient) -> None:
    asked = run_apart(opened(house.store, house.commune, house.at))
    midnight = start_of(date(2026, 11, 1))
    outside(house, lambda tx: tx.execute(update(waves).where(waves.c.id == asked.wave).values(closes_at=midnight)))
    house.at = midnight + MINUTE
    assert "Đã hết hạn góp ý (hết ngày 31/10/2026)" in citizen.get("/mau/lay-y-kien/lay_y_kien").text
