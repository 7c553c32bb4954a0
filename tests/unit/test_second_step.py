"""Codes by time (the vectors of RFC 6238 and RFC 4226), taken once, and recovery codes."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from feedback import totp
from feedback.roles import Actor, Role
from storage import officer_access, officer_rows, officers, second_factor
from storage.officers import Officer
from storage.store import Store
from storage.tables import acts, recovery_codes, second_factors
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from web.console.account_second import otpauth

RFC = b"12345678901234567890"
SECRET = bytes(range(20))
CODES = ("abcde-fghjk", "mnpqr-stuvw")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_the_vectors_of_the_standard_by_time(seconds: int, code: str) -> None:
    assert totp.code_at(RFC, seconds * 1000 // totp.STEP, digits=8) == code


def test_the_vectors_of_the_standard_by_counter() -> None:
    told = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
    assert [totp.code_at(RFC, step) for step in range(10)] == told


def test_a_clock_may_be_a_step_off_and_no_more(now: int) -> None:
    here = now // totp.STEP
    taken = [totp.step_of(totp.code_at(SECRET, here + off), SECRET, now, 0) for off in (-2, -1, 0, 1, 2)]
    assert taken == [None, here - 1, here, here + 1, None]


def test_no_code_is_taken_twice_nor_one_before_it(now: int) -> None:
    here = now // totp.STEP
    assert totp.step_of(totp.code_at(SECRET, here), SECRET, now, here) is None
    assert totp.step_of(totp.code_at(SECRET, here - 1), SECRET, now, here) is None
    assert totp.step_of(totp.code_at(SECRET, here + 1), SECRET, now, here) == here + 1


@given(st.text(max_size=12))
def test_what_is_no_code_of_six_digits_is_never_one(typed: str) -> None:
    assert totp.step_of(f"{typed}x", SECRET, 1_700_000_000_000, 0) is None


@pytest.mark.parametrize("shape", ["{0}", " {0} ", "{1} {2}", "{1}\u00a0{2}"])
def test_a_code_is_taken_with_the_spaces_that_apps_show(shape: str, now: int) -> None:
    code = totp.code_at(SECRET, now // totp.STEP)
    assert totp.step_of(shape.format(code, code[:3], code[3:]), SECRET, now, 0) is not None


def test_the_address_says_what_apps_need() -> None:
    told = urlsplit(otpauth(SECRET, "nong.mau"))
    assert (told.scheme, told.netloc, told.path) == ("otpauth", "totp", "/Nghe%20D%C3%A2n:nong.mau")
    said = {name: value for name, (value,) in parse_qs(told.query).items()}
    assert base64.b32decode(said["secret"]) == SECRET == base64.b32decode(totp.typed_secret(SECRET).replace(" ", ""))
    assert (said["issuer"], said["digits"], said["period"]) == ("Nghe Dân", "6", "30")


# --- as it is stored --------------------------------------------------------------------------------------------------


@pytest.fixture
async def officer(store: Store, commune: SampleCommune, now: int) -> Officer:
    def add(tx: Tx) -> None:
        officer_rows.add(
            tx, unit_id=commune.commune, login="lan", name="Lan Mẫu", role=Role.LEADER, password_hash="x", now=now
        )

    await store.write(add)
    return await store.read(found)


def found(conn: Connection) -> Officer:
    known = officers.by_login(conn, "lan")
    assert known is not None
    return known[0]


async def on(store: Store, vault: Vault, officer: Officer, now: int) -> bool:
    code = totp.code_at(SECRET, now // totp.STEP)
    await store.write(lambda tx: second_factor.begin(tx, vault, officer.id, SECRET, now))
    return await store.write(lambda tx: second_factor.turn_on(tx, vault, officer, code, CODES, now))


async def tried(store: Store, vault: Vault, officer: Officer, typed: str, now: int) -> str:
    return await store.write(lambda tx: second_factor.passes(tx, vault, officer.id, typed, now))


async def test_it_is_on_once_a_code_has_proved_it(store: Store, vault: Vault, officer: Officer, now: int) -> None:
    # given a secret that was drawn, and no code yet
    await store.write(lambda tx: second_factor.begin(tx, vault, officer.id, SECRET, now))
    assert not (await store.read(found)).second
    assert await tried(store, vault, officer, totp.code_at(SECRET, now // totp.STEP), now) == ""
    # when a wrong code comes, then it stays off; with the right one it is on
    wrong = totp.code_at(SECRET, now // totp.STEP + 50)
    assert not await store.write(lambda tx: second_factor.turn_on(tx, vault, officer, wrong, CODES, now))
    assert await on(store, vault, officer, now)
    assert (await store.read(found)).second


async def test_a_code_and_a_recovery_code_open_once(store: Store, vault: Vault, officer: Officer, now: int) -> None:
    assert await on(store, vault, officer, now)
    later = now + totp.STEP
    code = totp.code_at(SECRET, later // totp.STEP)
    assert [await tried(store, vault, officer, code, later) for _ in range(2)] == ["code", ""]
    assert [await tried(store, vault, officer, "ABCDE fghjk", later) for _ in range(2)] == ["recovery", ""]
    assert (await store.read(lambda conn: second_factor.standing(conn, officer.id))).codes_left == 1


async def test_the_code_that_turned_it_on_does_not_open_the_door(
    store: Store, vault: Vault, officer: Officer, now: int
) -> None:
    assert await on(store, vault, officer, now)
    assert await tried(store, vault, officer, totp.code_at(SECRET, now // totp.STEP), now) == ""


async def test_neither_secret_nor_codes_can_be_read_from_the_store(
    store: Store, vault: Vault, officer: Officer, now: int
) -> None:
    assert await on(store, vault, officer, now)
    sealed = await store.read(lambda conn: bytes(conn.scalars(select(second_factors.c.secret)).one()))
    kept = await store.read(lambda conn: set(conn.scalars(select(recovery_codes.c.code))))
    assert SECRET not in sealed
    assert not any(code.replace("-", "") in one for code in CODES for one in kept)
    said = await store.read(lambda conn: " ".join(conn.scalars(select(acts.c.detail))))
    assert not any(code[:5] in said for code in CODES)


async def test_a_secret_that_nobody_proved_is_forgotten(store: Store, vault: Vault, officer: Officer, now: int) -> None:
    await store.write(lambda tx: second_factor.begin(tx, vault, officer.id, SECRET, now))
    later = now + 3_600_000
    assert await store.read(lambda conn: second_factor.awaited(conn, vault, officer.id, later)) is None


async def test_whoever_lost_both_is_let_in_by_an_administrator(
    store: Store, vault: Vault, officer: Officer, commune: SampleCommune, now: int
) -> None:
    assert await on(store, vault, officer, now)
    admin = Actor(kind="officer", unit=commune.commune, id=5, role=Role.ADMIN)
    given = await store.write(
        lambda tx: officer_access.give_password(tx, admin, officer.id, commune.commune, "new", now)
    )
    after = await store.read(found)
    assert (given, after.second, after.must_change) == (True, False, True)
    left = await store.read(lambda conn: conn.scalars(select(recovery_codes.c.code)).all())
    assert left == []


async def test_an_officer_of_another_commune_is_not_given_a_password(
    store: Store, officer: Officer, commune: SampleCommune, now: int
) -> None:
    stranger = Actor(kind="officer", unit=commune.commune + 1, id=5, role=Role.ADMIN)
    assert not await store.write(
        lambda tx: officer_access.give_password(tx, stranger, officer.id, commune.commune + 1, "new", now)
    )
    assert not (await store.read(found)).must_change
