"""Numbers on paper and wrong digits, where several browsers come at once; on both engines."""

import asyncio

import pytest
from sqlalchemy import insert, select, update

from feedback.kinds import Kind
from feedback.roles import OFFICER, Actor, Role
from feedback.states import State
from storage import page_openings
from storage.ids import new_id
from storage.page_openings import LIFE, WINDOW, WRONG, WRONG_PHONE, WRONG_SLIP, Tried
from storage.store import Store
from storage.tables import accounts, cases
from storage.threads import Public
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune

NUMBER = "467621"


@pytest.fixture
async def case(store: Store, commune: SampleCommune, now: int) -> Public:
    """An answered case with a telephone."""
    found = Public(
        id=new_id(), code="M-2026-K7M2QX-5", kind=Kind.FEEDBACK, state=State.ANSWERED, opened_at=now, answered_at=now
    )

    def unit(tx: Tx) -> None:
        account = tx.conn.scalar(select(accounts.c.id).limit(1))
        if account is None:
            account = _account(tx, commune, now)
        values = {"id": found.id, "unit_id": commune.commune, "code": found.code, "account_id": account}
        more = {
            "kind": "feedback",
            "category": "roads",
            "text": "Đèn hỏng",
            "state": "answered",
            "phone": "0912 345 678",
        }
        tx.execute(insert(cases).values(**values, **more, opened_at=now))

    await store.write(unit)
    return found


def _account(tx: Tx, commune: SampleCommune, now: int) -> int:
    from storage.tables import persons

    person, account = new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=commune.commune, created_at=now))
    values = {"person_id": person, "channel_account_id": commune.telegram, "platform_id": "71", "created_at": now}
    tx.execute(insert(accounts).values(id=account, **values))
    return account


def tries(store: Store, vault: Vault, case: Public, unit: int, typed: str, now: int) -> "asyncio.Future[Tried]":
    return asyncio.ensure_future(store.write(lambda tx: page_openings.enter(tx, vault, case, unit, typed, now)))


async def test_of_many_browsers_with_the_same_number_one_comes_in(
    store: Store, commune: SampleCommune, vault: Vault, case: Public, now: int
) -> None:
    officer = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    assert await store.write(lambda tx: page_openings.hand_out(tx, vault, officer, case.id, NUMBER, now))
    came = await asyncio.gather(*(tries(store, vault, case, commune.commune, NUMBER, now) for _ in range(8)))
    assert sorted(one.what for one in came) == ["open"] + ["used"] * 7
    assert {one.at for one in came if one.what == "used"} == {now}
    lines = await store.read(lambda conn: page_openings.listed(conn, case.id))
    assert [one.what for one in lines] == ["open", "number"]


async def test_however_many_guess_at_once_no_more_than_so_many_are_heard(
    store: Store, commune: SampleCommune, vault: Vault, case: Public, now: int
) -> None:
    guesses = [f"{number:04}" for number in range(3 * WRONG)]
    came = await asyncio.gather(*(tries(store, vault, case, commune.commune, one, now) for one in guesses))
    assert sum(one.what == "wrong" for one in came) == WRONG
    assert sum(one.what == "short" for one in came) == 2 * WRONG
    # the window is from the first of them: whoever goes on trying does not keep it shut
    half = now + WINDOW // 2
    assert (await tries(store, vault, case, commune.commune, "5678", half)).what == "short"
    assert (await tries(store, vault, case, commune.commune, "5678", now + WINDOW + 1)).what == "open"


async def test_whoever_guesses_shuts_the_owner_out_of_nothing(
    store: Store, commune: SampleCommune, vault: Vault, case: Public, now: int
) -> None:
    # given somebody who has tired out the last four digits
    officer = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    await store.write(lambda tx: page_openings.hand_out(tx, vault, officer, case.id, NUMBER, now))
    for number in range(WRONG):
        await tries(store, vault, case, commune.commune, f"{number:04}", now)
    # then even the right ones tell them nothing
    assert (await tries(store, vault, case, commune.commune, "5678", now)).what == "short"
    # and the owner comes in with the whole number, with the slip, or from the browser that had it open
    for typed in ("0912 345 678", "+84 912.345.678"):
        assert (await tries(store, vault, case, commune.commune, typed, now)).what == "open"
    assert (await tries(store, vault, case, commune.commune, NUMBER, now)).what == "open"
    again = await store.write(lambda tx: page_openings.enter(tx, vault, case, commune.commune, "5678", now, again=True))
    assert again.what == "open"


@pytest.mark.parametrize(
    ("guess", "most", "said"), [("{:06}", WRONG_SLIP, "often"), ("09123{:05}", WRONG_PHONE, "often")]
)
async def test_each_way_in_has_an_end_of_its_own(
    store: Store, commune: SampleCommune, vault: Vault, case: Public, now: int, guess: str, most: int, said: str
) -> None:
    def unit(tx: Tx) -> list[str]:
        return [
            page_openings.enter(tx, vault, case, commune.commune, guess.format(number), now).what
            for number in range(most + 1)
        ]

    came = await store.write(unit)
    assert came == ["wrong"] * most + [said]
    assert (await tries(store, vault, case, commune.commune, "5678", now)).what == "open", "the other way is open"


async def test_nothing_opens_or_is_handed_out_of_what_is_confidential(
    store: Store, commune: SampleCommune, vault: Vault, case: Public, now: int
) -> None:
    officer = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    await store.write(lambda tx: page_openings.hand_out(tx, vault, officer, case.id, NUMBER, now))
    await store.write(lambda tx: tx.execute(update(cases).values(confidential=1)).rowcount)
    for typed in (NUMBER, "5678"):
        assert (await tries(store, vault, case, commune.commune, typed, now)).what == "wrong"
    assert not await store.write(lambda tx: page_openings.hand_out(tx, vault, officer, case.id, "111111", now))


@pytest.mark.parametrize(("after", "what"), [(LIFE, "open"), (LIFE + 1, "wrong")])
async def test_a_number_is_good_for_a_month(
    store: Store, commune: SampleCommune, vault: Vault, case: Public, now: int, after: int, what: str
) -> None:
    officer = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    await store.write(lambda tx: page_openings.hand_out(tx, vault, officer, case.id, NUMBER, now))
    assert (await tries(store, vault, case, commune.commune, NUMBER, now + after)).what == what
