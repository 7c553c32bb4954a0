"""What a new store needs of the program when it is set up in the browser, and when it is started."""

import hashlib
import json
from functools import partial
from importlib import resources
from typing import Any

from pydantic import BaseModel, SecretStr
from sqlalchemy import Connection

from app.runtime import Runtime
from storage import first_runs, reading_acts, units, waves
from storage.units import Unit, seed_of
from surveys.reading import read_survey

SAMPLE = "chinh_quyen_than_thien.toml"
"""The questionnaire that every commune is asked to ask."""


async def publish_sample(runtime: Runtime, unit: int) -> str:
    """Publish the questionnaire that comes along and open it to everybody; the code of its wave."""
    body = resources.files("surveys").joinpath("ready", SAMPLE).read_bytes()
    survey, checksum = read_survey(body, SAMPLE), hashlib.sha256(body).hexdigest()
    published = await runtime.store.write(lambda tx: waves.publish(tx, unit, survey, checksum, runtime.now()))
    return published.code


async def address(runtime: Runtime) -> str:
    """Where a new store is set up in the browser; "" where there is somebody who can log in."""
    unit = await runtime.store.read(partial(_first, runtime))
    token = await runtime.store.write(lambda tx: first_runs.begin(tx, runtime.vault, unit.id, runtime.now()))
    return f"{runtime.settings.public_url}/cai-dat-lan-dau/{token}" if token else ""


def _first(runtime: Runtime, conn: Connection) -> Unit:
    known, wanted = units.communes(conn), runtime.settings.commune
    seed = seed_of(wanted.province, wanted.name)
    return next((unit for unit in known if unit.seed == seed or unit.name == wanted.name), known[0])


async def note_settings(runtime: Runtime) -> None:
    """That the settings file is another one than at the last start is an act in every commune: which parts of it."""
    digests = {name: _digest(runtime, name, value) for name, value in dict(runtime.settings).items()}
    for commune in await runtime.store.read(units.communes):
        change = partial(reading_acts.settings_changed, unit=commune.id, digests=digests, now=runtime.now())
        await runtime.store.write(change)


def _digest(runtime: Runtime, name: str, value: object) -> str:
    """Keyed: whoever has the store alone cannot try out short values against it."""
    return runtime.vault.token("settings", name, json.dumps(_plain(value), sort_keys=True, default=str)).hex()


def _plain(value: object) -> Any:  # noqa: ANN401 - what json takes
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, BaseModel):
        return {name: _plain(one) for name, one in value}
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted((_plain(one) for one in value), key=str)
    return value
