"""The fake on the wire: OpenAPI, OAuth and files; breaks when a test asks it to."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.fakes.zalo_oa import oauth
from tests.fakes.zalo_oa.calls import CALLS
from tests.fakes.zalo_oa.world import ApiError, World

FaultKind = Literal["status", "hang", "half", "garbage", "slow", "drop", "error"]
_LARGEST = 8 * 1024 * 1024


@dataclass
class Fault:
    """How one call goes wrong; `carried_out` says whether it took effect before it did."""

    path: str
    kind: FaultKind
    status: int
    code: int
    message: str
    carried_out: bool


@dataclass(frozen=True)
class Call:
    """One call as the fake saw it; `status` is 0 when a fault left it without a whole answer."""

    path: str
    given: dict[str, Any]
    status: int
    answer: dict[str, Any] = field(default_factory=dict)


class Server:
    """HTTP around a World."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults: list[Fault] = []
        self.mishap: Callable[[str], Fault | None] = lambda _: None
        self.log: list[Call] = []
        self.end = asyncio.Event()

    def application(self) -> web.Application:
        """The routes of openapi.zalo.me and oauth.zaloapp.com, and of the files that people sent."""
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_get("/v4/oa/permission", self._permission)
        app.router.add_get("/files/{id}", self._file)
        app.router.add_route("*", "/{path:.*}", self._call)
        return app

    async def _permission(self, request: web.Request) -> web.Response:
        try:
            raise web.HTTPFound(oauth.consent(self.world, str(request.url)))
        except ApiError as error:
            return _answer({"error": error.code, "message": error.message})

    async def _file(self, request: web.Request) -> web.Response:
        content, media_type = self.world.files.get(request.match_info["id"], (b"", ""))
        if not media_type:
            return web.Response(status=404)
        return web.Response(body=content, content_type=media_type)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        given = await _read(request)
        fault = next((one for one in self.faults if one.path == path), None)
        if fault is not None:
            self.faults.remove(fault)
        else:
            fault = self.mishap(path)
        left = self.world.per_minute
        answer: dict[str, Any] = {}
        status = 200
        if fault is None or fault.carried_out:
            status, answer, left = self._do(request, given)
        self.log.append(Call(path, given, 0 if fault else status, answer))
        self.world.stir()
        if fault is not None:
            return await self._break(fault, request)
        return _answer(answer, status, left)

    def _do(self, request: web.Request, given: dict[str, Any]) -> tuple[int, dict[str, Any], int]:
        world = self.world
        left = 0
        try:
            if request.path == "/v4/oa/access_token":
                _sent_as(request, "application/x-www-form-urlencoded")
                return 200, oauth.token(world, request.headers.get("secret_key", ""), given), 0
            call = CALLS.get((request.method, request.path))
            if call is None:
                return 404, {"error": -209, "message": "Not supported this api"}, 0
            left = world.take()
            world.admit(request.headers.get("access_token", ""))
            if request.method == "POST":
                _sent_as(request, "application/json", "multipart/form-data")
            return 200, {"data": call(world, given), "error": 0, "message": "Success"}, left
        except ApiError as error:
            return 200, _refused(request.path, error), left

    async def _break(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.kind == "slow":
            answer = {"error": -32, "message": "Your application reached limit call api"}
            return _answer(answer, fault.status, 0)
        if fault.kind == "error":
            return _answer(_refused(fault.path, ApiError(fault.code, fault.message)), 200, 100)
        if fault.kind == "status":
            page = f"<html><h1>{fault.status} Bad Gateway</h1></html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        if fault.kind == "garbage":
            return web.Response(text='{"error":', content_type="application/json")
        if fault.kind == "hang":
            await self.end.wait()
        elif fault.kind == "half":
            response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"data":{"message_id":"')
        if request.transport is not None:
            request.transport.close()
        return web.Response()


def _sent_as(request: web.Request, *kinds: str) -> None:
    if request.method != "POST" or request.content_type not in kinds:
        raise ApiError(-201, f"Content-Type: {' or '.join(kinds)}")


def _refused(path: str, error: ApiError) -> dict[str, Any]:
    if path.startswith("/v4/"):
        return {"error_name": error.message, "error": error.code, "error_description": error.message}
    return {"error": error.code, "message": error.message}


async def _read(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = None
        return given | (body if isinstance(body, dict) else {})
    if request.method == "POST":
        for name, value in (await request.post()).items():
            given[name] = value.file.read() if isinstance(value, web.FileField) else value
    return given


def _answer(answer: dict[str, Any], status: int = 200, left: int | None = None) -> web.Response:
    headers = {} if left is None else {"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": str(left)}
    return web.Response(status=status, text=json.dumps(answer), content_type="application/json", headers=headers)
