"""The event stream, on a real port: what is new arrives, a broken stream goes on where it stopped, and it ends."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx2
import pytest

from tests.web.house import House, live, wait_for


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


class Listener:
    """One open stream, read in a thread."""

    def __init__(self, client: httpx2.Client, address: str, **headers: str) -> None:
        self.events: list[dict[str, object]] = []
        self.ids: list[str] = []
        self.ended = False
        self._thread = threading.Thread(target=self._read, args=(client, address, headers), daemon=True)
        self._thread.start()

    def _read(self, client: httpx2.Client, address: str, headers: dict[str, str]) -> None:
        # The test closes its client while a stream stands open.
        with suppress(httpx2.HTTPError), client.stream("GET", f"{address}/mau/luong", headers=headers) as stream:
            for line in stream.iter_lines():
                if line.startswith("id: "):
                    self.ids.append(line[4:])
                if line.startswith("data: "):
                    self.events.append(json.loads(line[6:]))
        self.ended = True


def test_a_stream_gives_what_is_there_and_what_comes(address: str) -> None:
    with httpx2.Client(timeout=20) as client, httpx2.Client(timeout=20) as sender:
        client.get(f"{address}/mau/")
        sender.cookies = client.cookies
        listener = Listener(client, address)
        wait_for(lambda: listener.events)
        answer = sender.post(
            f"{address}/mau/gui", data={"m": "a" * 12, "text": "menu"}, headers={"accept": "application/json"}
        )
        seq = answer.json()["seq"]
        wait_for(lambda: listener.events[-1]["seq"] == seq)
        assert [event["kind"] for event in listener.events] == ["ours", "own", "ours"]
        assert listener.ids == [str(event["seq"]) for event in listener.events]

        resumed = Listener(sender, address, **{"last-event-id": "1"})
        wait_for(lambda: resumed.events and resumed.events[-1]["seq"] == seq)
        assert [event["seq"] for event in resumed.events] == list(range(2, seq + 1))


def test_streams_end_when_the_process_is_to_end(house: House, address: str) -> None:
    with httpx2.Client(timeout=20) as client:
        client.get(f"{address}/mau/")
        listener = Listener(client, address)
        wait_for(lambda: listener.events)
        begun = time.monotonic()
        house.runtime.stop.set()
        wait_for(lambda: listener.ended)
        assert time.monotonic() - begun < 3
