"""Surveys in the web chat that want a voice or a place, or are read aloud."""

import re

import pytest

from storage import survey_files, waves
from storage.tx import Tx
from surveys.definition import Kind, Privacy, Question, Survey
from tests.stores import run_apart
from tests.web.house import House, browser_of
from tests.web.test_chat_pages import CHAT, JSON, send, shown


@pytest.fixture
def told(house: House) -> House:
    """A survey with a recording, a voice and a place is open."""
    survey = Survey(
        id="ke",
        title="Phiếu kể",
        privacy=Privacy.CONFIDENTIAL,
        questions=(
            Question(id="tieng", kind=Kind.VOICE, text="Ông/Bà nói gì?", audio="tieng.ogg"),
            Question(id="noi", kind=Kind.PLACE, text="Ở đâu?"),
        ),
    )
    unit = house.commune.commune
    blob = run_apart(house.runtime.blobs.put(unit, "audio/ogg", b"OggS read aloud"))

    def publish(tx: Tx) -> None:
        version = waves.publish(tx, unit, survey, "told", house.at).version
        survey_files.put(tx, version, "tieng.ogg", blob)

    run_apart(house.store.write(publish))
    return house


def test_a_question_is_played_to_its_conversation_and_to_nobody_else(told: House) -> None:
    with browser_of(told) as client, browser_of(told) as stranger:
        page = client.get(CHAT + "?n=ks_ke").text
        played = re.search(r'<audio controls preload="none" src="(/mau/anh/\d+)"', page)
        assert played
        assert client.get(played[1]).content == b"OggS read aloud"
        stranger.get(CHAT)
        assert stranger.get(played[1]).status_code == 404


def test_a_voice_is_recorded_in_the_page_and_a_place_shared(told: House) -> None:
    with browser_of(told) as client:
        page = client.get(CHAT + "?n=ks_ke").text
        assert 'name="voice" accept="audio/*" capture' in page
        files = {"voice": ("a.ogg", b"OggS spoken", "audio/ogg")}
        assert client.post("/mau/gui", data={"m": "v" * 12}, files=files, headers=JSON).status_code == 200
        own = next(item for item in shown(client) if item["kind"] == "own")
        assert "<audio" in str(own["html"])
        assert client.get(f"/mau/anh/{own['blob']}").content == b"OggS spoken"
        assert "data-place" in client.get(CHAT).text
        assert send(client, m="l" * 12, place="21.512351,106.5")["status"] == 200
        assert "21.51235, 106.50000" in str(shown(client))


def test_a_file_that_is_no_voice_is_refused_in_the_chat(told: House) -> None:
    with browser_of(told) as client:
        client.get(CHAT + "?n=ks_ke")
        files = {"voice": ("a.ogg", b"no voice", "audio/ogg")}
        client.post("/mau/gui", data={"m": "v" * 12}, files=files, headers=JSON)
        assert told.services.say("voice.not_a_voice") in str(shown(client)[-1]["text"])


@pytest.mark.parametrize("place", ["x", "91,10", "1,181", "21.5", "21.5,106.5,1", "1e5,3"])
def test_a_place_that_is_none_is_refused(told: House, place: str) -> None:
    with browser_of(told) as client:
        client.get(CHAT + "?n=ks_ke")
        assert send(client, m="l" * 12, place=place)["error"] == "odd"
