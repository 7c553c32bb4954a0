"""The officers' event stream: what came from another process is told, and it ends when it is to end."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx2
import pytest

from feedback.roles import CITIZEN, Actor
from storage import act_rows, case_search
from storage.opening import open_store
from storage.tx import Tx
from tests.stores import run_apart
from tests.unit.test_case_search import account, bring
from tests.web.house import PASSWORD, House, live, wait_for
from web.console.live import MOST_OF_A_SESSION

ELSEWHERE = "import sys; from tests.web.test_queue_live import bring_apart; bring_apart(*sys.argv[1:])"


def bring_apart(url: str, unit: str, telegram: str, code: str) -> None:
    """What a second process does: a citizen's case comes in."""
    from types import SimpleNamespace
    from typing import Any, cast

    commune = cast("Any", SimpleNamespace(commune=int(unit), telegram=int(telegram)))

    def write(tx: Tx) -> None:
        id = bring(tx, commune, code, account_id=account(tx, commune), text="Việc từ nơi khác")
        citizen = Actor(kind=CITIZEN, unit=int(unit))
        act_rows.record(tx, citizen, "open", thing="case", thing_id=id, unit=int(unit), now=1, version=1)
        case_search.keep(tx, id)

    async def run() -> None:
        store = open_store(url)
        await store.write(write)
        await store.close()

    run_apart(run())


def from_elsewhere(house: House, code: str) -> None:
    """A case is opened by another process, which wakes nobody here."""
    url = house.runtime.settings.storage.url
    of = [str(house.commune.commune), str(house.commune.telegram)]
    subprocess.run([sys.executable, "-c", ELSEWHERE, url, *of, code], check=True, timeout=120)


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with live(house) as base:
        yield base


@pytest.fixture
def desk(address: str) -> Iterator[httpx2.Client]:
    """Reception, signed in."""
    with httpx2.Client(timeout=60, base_url=address, follow_redirects=True) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD}, headers={"origin": address})
        yield client


class Listener:
    """One open stream, read in a thread: (name, data) of each event."""

    def __init__(self, client: httpx2.Client, since: str = "") -> None:
        self.events: list[tuple[str, object]] = []
        self.begun = self.ended = False
        args = (client, f"/can-bo/luong?tu={since}")
        self._thread = threading.Thread(target=self._read, args=args, daemon=True)
        self._thread.start()
        wait_for(lambda: self.begun)

    def _read(self, client: httpx2.Client, path: str) -> None:
        headers = {"accept": "text/event-stream", "accept-encoding": "gzip"}
        name = ""
        with suppress(httpx2.HTTPError), client.stream("GET", path, headers=headers) as stream:
            assert "content-encoding" not in stream.headers
            for line in stream.iter_lines():
                self.begun = True
                if line.startswith("event: "):
                    name = line[7:]
                if line.startswith("data: "):
                    self.events.append((name, json.loads(line[6:])))
        self.begun = self.ended = True

    def told(self, name: str) -> list[object]:
        return [data for event, data in self.events if event == name]


def seq_of(desk: httpx2.Client) -> str:
    """The place that a page would begin to listen at."""
    return desk.get("/can-bo/").text.split('data-tu="')[1].split('"')[0]


def test_a_case_from_another_process_is_told_once(house: House, desk: httpx2.Client) -> None:
    # given a page that listens
    listener = Listener(desk, seq_of(desk))
    # when another process opens a case
    from_elsewhere(house, "XM-2026-AAAAAA-2")
    # then it is told, and so it is whoever asks without a stream
    wait_for(lambda: listener.told("queue"))
    assert listener.told("queue") == [{"new": 1, "replies": 0, "waiting": 1}]
    assert desk.get("/can-bo/luong").json()["queue"]["new"] == 1
    assert "queue" not in desk.get(f"/can-bo/luong?tu={seq_of(desk)}").json()


def test_a_stream_ends_with_the_session(desk: httpx2.Client, address: str) -> None:
    listener = Listener(desk)
    desk.post("/can-bo/dang-xuat", headers={"origin": address})
    wait_for(lambda: listener.ended)
    assert listener.told("end") == [{}]


def test_a_session_has_so_many_streams_and_the_oldest_gives_way(desk: httpx2.Client) -> None:
    listeners = [Listener(desk) for _ in range(MOST_OF_A_SESSION + 1)]
    wait_for(lambda: listeners[0].ended)
    assert listeners[0].told("end") == [{}]
    assert not any(one.ended for one in listeners[1:])


def test_streams_end_when_the_process_is_to_end(house: House, desk: httpx2.Client) -> None:
    listener = Listener(desk)
    begun = time.monotonic()
    house.runtime.stop.set()
    wait_for(lambda: listener.ended)
    assert time.monotonic() - begun < 30, "not only with its next beat"


def test_an_odd_question_to_the_stream_is_answered(desk: httpx2.Client) -> None:
    odd = ["?tu=x", "?tu=-1", "?tu=" + "9" * 30, "?vu-viec=%00", "?vu-viec=" + "x" * 9_000, ""]
    assert [desk.get(f"/can-bo/luong{query}").status_code for query in odd] == [200] * len(odd)


def test_nobody_listens_without_a_session(address: str) -> None:
    with httpx2.Client(timeout=60) as stranger:
        answer = stranger.get(f"{address}/can-bo/luong", headers={"accept": "text/event-stream"})
    assert answer.status_code == 303
