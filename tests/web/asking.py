"""An application asked without a browser or a network: quick enough to ask thousands of times."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.applications import Starlette

_PATIENCE = 60.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `fault` is what the application threw, though nothing should come out of it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    fault: BaseException | None = None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def where(self) -> str:
        """Where it leads to, "" where it stays."""
        return self.headers.get("location", "")


class Asker:
    """Requests to one application, each as whoever its cookie says."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    async def ask(
        self,
        method: str,
        address: str,
        *,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        breaks_off: bool = False,
    ) -> Answer:
        """One request; `breaks_off`: the client is gone before the end of its body."""
        path, _, query = address.partition("?")
        sent = {"host": "testserver", "content-length": str(len(body)), **(headers or {})}
        if cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }
        coming = [{"type": "http.request", "body": body, "more_body": breaks_off}]
        got: list[dict[str, object]] = []
        over = asyncio.Event()

        async def receive() -> dict[str, object]:
            if coming:
                return coming.pop()
            if not breaks_off:
                await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, object]) -> None:
            got.append(message)
            if message["type"] == "http.response.start" and b"text/event-stream" in str(message["headers"]).encode():
                over.set()  # a stream never ends by itself: that it begins is all that is asked here

        fault: BaseException | None = None
        try:
            await asyncio.wait_for(self.app(scope, receive, send), _PATIENCE)  # type: ignore[arg-type]  # plain dicts
        except TimeoutError:
            raise
        except Exception as raised:  # noqa: BLE001 - whatever it is, it is the finding
            fault = raised
        finally:
            over.set()
        return _answer(got, fault)


def _answer(got: list[dict[str, object]], fault: BaseException | None) -> Answer:
    status, headers, body = 0, {}, b""
    for message in got:
        if message["type"] == "http.response.start":
            status = int(str(message["status"]))
            raw = message.get("headers")
            headers = {name.decode(): value.decode("latin-1") for name, value in raw} if isinstance(raw, list) else {}
        elif message["type"] == "http.response.body" and isinstance(message.get("body"), bytes):
            body += message["body"]  # type: ignore[operator]  # bytes, as the line before says
    return Answer(status, headers, body, fault)
