"""Telegram's side of a webhook: connections that stay open, each posting its next update when the last was answered.

A process of its own, so that it does not measure itself, and without an HTTP library: the requests are made before the
clock runs, an answer is parsed by httptools. It takes a Load as JSON on stdin and says a Heard.
"""

import asyncio
import sys
import time
from typing import cast

import httptools
import msgspec
import uvloop

_OK = 200


class Load(msgspec.Struct, frozen=True):
    """What is posted: the bodies of each connection, in their order."""

    port: int
    path: str
    secret: str
    lanes: list[list[msgspec.Raw]]


class Heard(msgspec.Struct, frozen=True):
    """What came of it: `began` and `ended` by the monotonic clock of the machine, `took` seconds of each answer.

    The first answer of each connection is waited for before that and not counted: it opens the connection.
    """

    began: float
    ended: float
    took: list[float]
    refused: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / (self.ended - self.began)


class _Lane(asyncio.Protocol):
    """One connection; `opened` is done when its first update was answered, `done` when its last was."""

    def __init__(self, requests: list[bytes]) -> None:
        self._requests = iter(requests)
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport
        self._sent_at = 0.0
        self.took: list[float] = []
        self.refused = 0
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def begin(self) -> None:
        """Post the next one, if there is one."""
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            self.done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        for waiting in (self.opened, self.done):
            if not waiting.done():
                waiting.set_exception(exc or ConnectionError("the server hung up"))

    def on_message_complete(self) -> None:
        """The parser has seen the whole answer."""
        took = time.perf_counter() - self._sent_at
        self.refused += self._parser.get_status_code() != _OK
        if not self.opened.done():
            self.opened.set_result(None)
            return
        self.took.append(took)
        self.begin()


def _request(load: Load, body: msgspec.Raw) -> bytes:
    content = bytes(body)
    head = (
        f"POST {load.path} HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {load.secret}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def knock(load: Load) -> Heard:
    """Post everything, every connection at its own pace."""
    loop = asyncio.get_running_loop()
    lanes: list[_Lane] = []
    for bodies in load.lanes:
        requests = [_request(load, body) for body in bodies]
        lane = _Lane(requests)
        await loop.create_connection(lambda lane=lane: lane, "127.0.0.1", load.port)  # type: ignore[misc]  # a default binds what the loop changes
        lanes.append(lane)
    for lane in lanes:
        lane.begin()
    await asyncio.gather(*(lane.opened for lane in lanes))
    began = time.perf_counter()
    for lane in lanes:
        lane.begin()
    await asyncio.gather(*(lane.done for lane in lanes))
    ended = time.perf_counter()
    took = [seconds for lane in lanes for seconds in lane.took]
    return Heard(began, ended, took, sum(lane.refused for lane in lanes))


def main() -> None:
    """Exit code 1 with a traceback where a server hangs up."""
    load = msgspec.json.decode(sys.stdin.buffer.read(), type=Load)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(knock(load))))


if __name__ == "__main__":
    main()
