"""The page where a chat without a player has a question read out."""

from starlette.testclient import TestClient

from storage import recordings, survey_files
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.house import House

MP3 = b"ID3" + bytes(500)


def test_a_published_recording_is_played_to_whoever_has_its_address(
    house: House, citizen: TestClient, vault: Vault
) -> None:
    unit = house.commune.commune
    blob, voice = (run_apart(house.runtime.blobs.put(unit, "audio/mpeg", MP3)) for _ in range(2))
    run_apart(house.store.write(lambda tx: survey_files.put(tx, house.commune.version, "cau1.mp3", blob)))

    played = citizen.get(f"/nghe/{recordings.make(vault, blob)}")
    assert (played.status_code, played.content, played.headers["content-type"]) == (200, MP3, "audio/mpeg")

    # a citizen's own voice has no address, whatever is signed
    assert citizen.get(f"/nghe/{recordings.make(vault, voice)}").status_code == 404
    assert citizen.get(f"/nghe/{recordings.make(Vault(bytes(32)), blob)}").status_code == 404
