"""A whole running house for page tests: the real store, turn and wording, with a clock that the test sets."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import uvicorn
from sqlalchemy import Connection, insert, update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.runtime import Runtime
from app.serving import services_of
from app.settings import Settings
from app.wording import bot_wording
from storage.blobs import open_blobs
from storage.ids import new_id
from storage.opening import open_store
from storage.store import Store
from storage.tables import officers, units
from storage.tx import Tx
from storage.units import seed_commune
from storage.vault import Vault
from storage.waves import publish
from surveys.reading import read_survey
from tests.stores import UNHURRIED, SampleCommune, run_apart, seed_sample
from vietnam.time import DAY
from web.app import create_app
from web.console.passwords import hash_password
from web.limits import Limits
from web.services import Services

T = TypeVar("T")
PASSWORD = "mật khẩu mẫu 2026"
_DEADLINE = 60.0


@dataclass
class House:
    """`at` is the clock; `app` a fresh application over the same store."""

    runtime: Runtime
    services: Services
    at: int
    limits: Limits = field(default_factory=Limits)
    sample: SampleCommune | None = None

    @property
    def store(self) -> Store:
        return self.runtime.store

    @property
    def app(self) -> Starlette:
        return create_app(self.services, self.limits)

    @property
    def commune(self) -> SampleCommune:
        if self.sample is None:
            raise AssertionError("the house has not been seeded")
        return self.sample


def build(url: str, vault: Vault, now: int, folder: Path) -> House:
    """A house over a migrated, empty store."""
    store = open_store(url)
    settings = Settings.model_validate(
        {
            "storage": {"url": url},
            "web": {"public_url": "http://testserver"},
            "privacy": {"key_file": str(folder / "key")},
        }
    )
    runtime = Runtime(settings, store, vault, bot_wording(), open_blobs(url, store), patience=UNHURRIED)
    house = House(runtime=runtime, services=services_of(runtime), at=now)
    runtime.now = lambda: house.at
    house.services = services_of(runtime)
    return house


def furnish(tx: Tx, now: int, password_hash: str) -> SampleCommune:
    """A commune with an officer of each role who may log in, and a second commune with an officer of its own."""
    sample = seed_sample(tx, now - 10 * DAY)
    other = seed_commune(tx, province="tỉnh Mẫu", commune="xã Khác", village_names=["thôn Xa"], phone="", contact="")
    tx.execute(update(units).where(units.c.id == other).values(slug="xa-khac"))
    rows = [
        ("tiepnhan", "Nông Thị Mẫu", "reception"),
        ("lanhdao", "Hoàng Văn Mẫu", "leader"),
        ("quantri", "Quản trị", "admin"),
    ]
    people = [(sample.commune, *row) for row in rows] + [(other, "xakhac", "Cán bộ xã Khác", "reception")]
    for unit, login, name, role in people:
        values = {"id": new_id(), "unit_id": unit, "login": login, "name": name, "role": role}
        tx.execute(insert(officers).values(**values, password_hash=password_hash, created_at=now))
    return sample


def publish_ready(tx: Tx, commune: int, now: int) -> None:
    """Open the questionnaire "Chính quyền thân thiện" that the product ships."""
    name = "chinh_quyen_than_thien.toml"
    body = (Path(__file__).parents[2] / "surveys" / "ready" / name).read_bytes()
    publish(tx, commune, read_survey(body, name), "ready", now)


@contextmanager
def live(house: House) -> Iterator[str]:
    """The house on a real port, with a loop of its own in a thread; gives the address."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        house.services = replace(house.services, public_url=address)
        config = uvicorn.Config(
            house.app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=3
        )
        server = uvicorn.Server(config)
        sock.listen(64)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([sock])), daemon=True)
        thread.start()
        wait_for(lambda: server.started)
        try:
            yield address
        finally:
            house.runtime.stop.set()
            server.should_exit = True
            thread.join(_DEADLINE)


def wait_for(true: Callable[[], object]) -> None:
    """Until it is true, or the deadline."""
    until = time.monotonic() + _DEADLINE
    while not true():
        if time.monotonic() > until:
            raise AssertionError("not in time")
        time.sleep(0.01)


def outside(house: House, unit: Callable[[Tx], T]) -> T:
    """A unit of work from a test that has no loop running."""
    return run_apart(house.store.write(unit))


def look(house: House, at: Callable[[Connection], T]) -> T:
    """A look from a test that has no loop running."""
    return run_apart(house.store.read(at))


@contextmanager
def browser_of(house: House) -> Iterator[TestClient]:
    """A client with cookies of its own, as one person's browser."""
    with TestClient(house.app, follow_redirects=True) as client:
        yield client


@contextmanager
def signed_in(house: House, login: str) -> Iterator[TestClient]:
    """The browser of an officer at the desk."""
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})
        yield client


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def seeded(url: str, vault: Vault, now: int, folder: Path) -> House:
    """`build` and `furnish`; one hash for every officer of every test, since a hash takes its time."""
    house = build(url, vault, now, folder)
    house.sample = outside(house, lambda tx: furnish(tx, now, _hashed()))
    return house
