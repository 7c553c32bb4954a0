"""From settings to a runtime: the key, the schema, the first commune; each fault says what to do."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from storage import conversations, units
from storage.blobs import open_blobs
from storage.opening import BadStorageUrl, open_store, sqlite_path
from storage.revision import HEAD
from storage.store import Store
from storage.tables import units as unit_rows
from storage.tx import Tx
from storage.vault import KeyFileError, Vault, make_key_file, read_key_file
from vietnam.area import point_of


class CannotOpen(Exception):
    """The store cannot be opened as the settings say; the text is for the operator."""


async def open_runtime(settings: Settings, *, make: bool = False) -> Runtime:
    """A runtime over the store of the settings. `make`: a store and key that do not exist yet are made.

    CannotOpen says what is missing and what to do.
    """
    try:
        path = sqlite_path(settings.storage.url)
    except BadStorageUrl as fault:
        raise CannotOpen(f"[storage] url: {fault} is neither sqlite:///FILE nor postgresql://...") from fault
    if path is not None and not path.exists() and not make:
        raise CannotOpen(f"{path}: there is no store yet; `nghedan serve` makes it")
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.storage.url)
    try:
        await _bring_up_to_date(store, settings.storage.url)
        vault = await _vault(store, settings.privacy.key_file, make=make)
        runtime = Runtime(settings, store, vault, bot_wording(), open_blobs(settings.storage.url, store))
        await store.write(lambda tx: seed(tx, settings))
    except BaseException:
        await store.close()
        raise
    return runtime


async def _bring_up_to_date(store: Store, url: str) -> None:
    """Upgrade the schema in a child process, so that Alembic never enters this one."""

    def revision(conn: Connection) -> str | None:
        if not inspect(conn).has_table("alembic_version"):
            return None
        found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
        return found

    try:
        if await store.read(revision) == HEAD:
            return
    except OSError as fault:
        raise CannotOpen(f"[storage] url: the database does not answer ({fault})") from fault
    # By its input and not as an argument: the url may hold a password, and every user can list arguments.
    done = subprocess.run(  # noqa: ASYNC221 - nothing else runs yet
        [sys.executable, "-m", "storage.migrate"], input=url, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotOpen(f"the schema could not be brought up to date: {done.stderr.strip().splitlines()[-1:]}")


async def _vault(store: Store, key_file: Path, *, make: bool) -> Vault:
    try:
        vault = read_key_file(key_file)
    except KeyFileError as fault:
        rows = await store.read(lambda conn: conn.scalar(select(func.count()).select_from(unit_rows)))
        if fault.reason != "missing" or rows or not make:
            raise CannotOpen(
                f"[privacy] key_file: {fault.path} is {fault.reason}; without it nothing citizens wrote can be read:"
                " bring it back from its backup"
            ) from fault
        return make_key_file(key_file)
    if not await store.read(lambda conn: conversations.key_fits(conn, vault)):
        raise CannotOpen(
            f"[privacy] key_file: {key_file} is not the key that this store was sealed with:"
            " bring the right one back from its backup"
        )
    return vault


def seed(tx: Tx, settings: Settings) -> int:
    """The first commune of the settings with its channel accounts; the id of the commune. Harmless again."""
    wanted = settings.commune
    commune = units.seed_commune(
        tx,
        province=wanted.province,
        commune=wanted.name,
        village_names=wanted.units,
        phone=wanted.phone,
        contact=wanted.contact,
    )
    if (middle := point_of(wanted.centre)) is not None:
        units.set_middle(tx, commune, *middle, wanted.reach_km)
    conversations.ensure_channel_account(tx, commune, "webchat")
    given = {
        "telegram": settings.telegram.token.get_secret_value(),
        "zalo_oa": settings.zalo_oa.oa_id,
        "zalo_bot": settings.zalo_bot.token.get_secret_value(),
    }
    for channel, has in given.items():
        if has:
            conversations.ensure_channel_account(tx, commune, channel)
    return commune
