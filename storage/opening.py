"""From `[storage] url` to a store."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.store import Store


class BadStorageUrl(ValueError):
    """The url is neither sqlite:///FILE nor postgresql://..."""


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite url, or None where the url is of PostgreSQL; BadStorageUrl for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as fault:
        raise BadStorageUrl(url) from fault
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Path(parsed.database)
    if parsed.get_backend_name() == "postgresql" and parsed.database:
        return None
    raise BadStorageUrl(parsed.render_as_string())


def open_store(url: str) -> Store:
    """The store of a url; the schema is not looked at (storage/migrate.py does that). BadStorageUrl as above."""
    path = sqlite_path(url)
    if path is not None:
        from storage.sqlite import SqliteStore

        return SqliteStore(path)
    from storage.postgres import PostgresStore

    return PostgresStore(url)
