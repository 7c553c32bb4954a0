"""What people may ask about their own data: a copy, no further consent, erasure; on both engines."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.own_data import close_data_request
from feedback.acts import Decision, Refusal, Reply
from feedback.office import Office
from feedback.rights import CloseRequest, Right, decide_close, terms
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from storage import rights
from storage.schema.columns import metadata
from storage.store import Store
from storage.tables import accounts, cases, consents, conversations
from storage.vault import Vault
from tests.attacker.loot import rows
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import TZ, day_of, to_ms

SEEN_TO = {
    "conversations", "consents", "cases", "join_codes", "frame_rows", "invitations", "data_requests", "bookings",
    "case_followers", "blocks", "subscriptions", "officer_accounts",
}  # fmt: skip
"""Tables that point to an account, each of which storage.rights.erase sees to; a block stays, as the account does."""
OFFICER_HERE = Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION)


def test_every_table_that_points_to_an_account_is_seen_to_when_somebody_is_forgotten() -> None:
    pointing = {
        table.name
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "accounts" for key in column.foreign_keys)
    }
    assert pointing == SEEN_TO


@pytest.mark.parametrize(
    ("right", "reply", "done"),
    [
        (Right.ACCESS, date(2026, 10, 6), date(2026, 10, 13)),
        (Right.CORRECT, date(2026, 10, 6), date(2026, 10, 13)),
        (Right.WITHDRAW, date(2026, 10, 6), date(2026, 10, 19)),  # the fifteenth day is a Sunday
        (Right.ERASE, date(2026, 10, 6), date(2026, 10, 23)),
    ],
)
def test_the_terms_of_the_law(right: Right, reply: date, done: date) -> None:
    asked = to_ms(datetime(2026, 10, 3, 9, tzinfo=TZ))  # a Saturday
    assert tuple(map(day_of, terms(right, asked, Office()))) == (reply, done)


def test_an_answer_is_wanted_once_and_by_whoever_may() -> None:
    act = CloseRequest(answer=" Đã sửa. ")
    assert decide_close(act, OFFICER_HERE, 1, is_open=True) == "Đã sửa."
    assert decide_close(act, OFFICER_HERE, 1, is_open=False) == Refusal("act.already")
    assert decide_close(act, OFFICER_HERE, 2, is_open=True) == Refusal("act.not_allowed")
    assert decide_close(act, Actor(kind=CITIZEN, unit=1), 1, is_open=True) == Refusal("act.not_allowed")
    assert decide_close(CloseRequest(answer=" "), OFFICER_HERE, 1, is_open=True) == Refusal("act.reply_empty")
    assert decide_close(CloseRequest(answer="x" * 1001), OFFICER_HERE, 1, is_open=True) == Refusal("act.reply_long")


WHO, OTHER = "p" * 64, "q" * 64
WORDS = "Đèn đường ở ngã ba hỏng ba hôm nay rồi"
NAME, PHONE, NOTE, DRAFT = "Bùi Thị Quýt", "0912345678", "Tên tôi là Quýt chứ không phải Quít", "cái cống cạnh nhà tôi"
SENT = ("xin chào", WORDS, "1", "1", "bỏ qua", "bỏ qua", "2", NAME, PHONE, "1")


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def whole(house: House) -> str:
    """Every row of the store as text, with everything that is sealed opened."""
    loot = await rows(house.runtime.store)
    states = await house.runtime.store.read(
        lambda conn: list(conn.execute(select(conversations.c.id, conversations.c.state)))
    )
    opened = [
        house.runtime.vault.open(bytes(state), f"conversation:{id}".encode()).decode() for id, state in states if state
    ]
    return f"{loot.tables} {opened} {await house.heard(WHO)}"


async def test_whoever_is_forgotten_is_nowhere_any_more(house: House) -> None:
    # given somebody with a named case, a request, and a draft that was put aside; and somebody else
    await house.say(OTHER, *SENT)
    await house.say(WHO, *SENT, "/sua_du_lieu", NOTE, "Tôi muốn nói về " + DRAFT, "menu")
    before = await whole(house)
    assert all(word in before for word in (NAME, PHONE, NOTE, DRAFT, WORDS))
    # when they ask to be forgotten
    await house.say(WHO, "/xoa", "1")
    # then nothing of them is left but the words of the case, which point to nobody
    rest = await whole(house)
    assert NOTE not in rest
    assert DRAFT not in rest
    assert rest.count(NAME) < before.count(NAME)
    cases_left = await house.runtime.store.read(lambda conn: conn.execute(select(cases)).all())
    gone = next(row for row in cases_left if not row.name)
    kept = next(row for row in cases_left if row.name)
    assert (gone.text, gone.phone, gone.anonymous) == (WORDS, "", 1)
    assert kept.phone == PHONE
    mine = select(accounts.c.id).where(accounts.c.platform_id == WHO)
    account = await house.runtime.store.read(lambda conn: conn.scalars(mine).one())
    assert gone.account_id != account
    assert (await house.runtime.store.read(lambda conn: rights.held(conn, [account])))["cases"] == []


async def test_an_answer_to_a_case_of_somebody_forgotten_is_nobodys_message(house: House) -> None:
    await house.say(WHO, *SENT, "/xoa", "1")
    case = await house.runtime.store.read(lambda conn: conn.scalars(select(cases.c.id)).one())
    officer = Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=Role.RECEPTION)
    outcome = await house.runtime.act(case, Reply("Đã thay bóng đèn."), officer)
    assert isinstance(outcome, Decision)
    assert "Đã thay bóng đèn." not in " ".join(await house.heard(WHO))


async def test_who_takes_back_the_consent_keeps_the_case_and_its_answer(house: House) -> None:
    await house.say(WHO, *SENT, "/rut_dong_y", "1")
    case = await house.runtime.store.read(lambda conn: conn.execute(select(cases)).one())
    assert (case.name, case.phone, case.anonymous, case.text) == ("", "", 1, WORDS)
    proofs = await house.runtime.store.read(lambda conn: conn.execute(select(consents.c.withdrawn_at)).scalars().all())
    assert proofs == [house.at]
    officer = Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=Role.RECEPTION)
    await house.runtime.act(case.id, Reply("Đã thay bóng đèn."), officer)
    assert "Đã thay bóng đèn." in " ".join(await house.heard(WHO))


async def test_what_is_wrong_waits_for_an_officer_and_the_answer_comes_back(house: House) -> None:
    await house.say(WHO, *SENT, "/sua_du_lieu", NOTE)
    unit = house.commune.commune
    waiting = await house.runtime.store.read(lambda conn: rights.requests(conn, unit, waiting=True))
    assert [(one.what, one.note) for one in waiting] == [(Right.CORRECT, NOTE)]
    officer = Actor(kind=OFFICER, unit=unit, id=house.commune.officer, role=Role.RECEPTION)
    close = CloseRequest(answer="Đã sửa tên.")
    assert await close_data_request(house.runtime, waiting[0].id, close, officer) == "Đã sửa tên."
    assert await close_data_request(house.runtime, waiting[0].id, close, officer) == Refusal("act.already")
    assert "Đã sửa tên." in " ".join(await house.heard(WHO))
    assert await house.runtime.store.read(lambda conn: rights.requests(conn, unit, waiting=True)) == []
