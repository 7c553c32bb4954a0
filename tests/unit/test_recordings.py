"""The signed address of a recording opens that recording and nothing else."""

import pytest
from sqlalchemy import insert

from storage import recordings
from storage.store import Store
from storage.tables import blobs, survey_files
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune


def test_it_opens_what_it_was_made_for(vault: Vault) -> None:
    token = recordings.make(vault, 42)
    assert len(token) == 27
    assert recordings.read(vault, token) == 42
    for wrong in ("", "x", token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), token + "A", "ă" * 27):
        assert recordings.read(vault, wrong) is None
    assert recordings.read(Vault(bytes(32)), token) is None


async def test_a_citizens_voice_is_no_recording_of_a_survey(store: Store, commune: SampleCommune, now: int) -> None:
    def put(tx: Tx) -> None:
        row = {"unit_id": commune.commune, "media_type": "audio/mpeg", "size": 1, "sha256": b"x", "created_at": now}
        for id in (1, 2):
            tx.execute(insert(blobs).values(id=id, **row))
        tx.execute(insert(survey_files).values(version_id=commune.version, name="cau1.mp3", blob_id=1))

    await store.write(put)
    assert await store.read(lambda conn: recordings.type_of(conn, 1)) == "audio/mpeg"
    assert await store.read(lambda conn: recordings.type_of(conn, 2)) is None


@pytest.mark.parametrize("blob", [0, 1, 2**62])
def test_every_id_has_an_address(vault: Vault, blob: int) -> None:
    assert recordings.read(vault, recordings.make(vault, blob)) == blob
