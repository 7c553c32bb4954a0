"""Files published with a version of a survey: recordings of its questions, the document that it asks about."""

from sqlalchemy import Connection, insert, select

from storage import blobs
from storage.tables import survey_files
from storage.tx import Tx


def put(tx: Tx, version_id: int, name: str, blob_id: int) -> None:
    """Keep a blob as the file of that name; IntegrityError where the version has one of that name already."""
    blobs.keep(tx, [blob_id])
    tx.execute(insert(survey_files).values(version_id=version_id, name=name, blob_id=blob_id))


def blob_of(conn: Connection, version_id: int, name: str) -> int:
    """The blob of a version's file; 0 where it has none of that name."""
    mine = (survey_files.c.version_id == version_id) & (survey_files.c.name == name)
    return conn.scalar(select(survey_files.c.blob_id).where(mine)) or 0
