"""The fake on the wire: reads requests in every form the platform takes, answers, waits, breaks when asked to."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.fakes.zalo_bot.hook import Postman
from tests.fakes.zalo_bot.methods import METHODS
from tests.fakes.zalo_bot.world import ApiError, World

FaultKind = Literal["code", "status", "hang", "half", "garbage", "drop"]


@dataclass
class Fault:
    """How one call goes wrong; `carried_out` says whether it took effect before it did."""

    method: str
    kind: FaultKind
    code: int
    carried_out: bool


@dataclass(frozen=True)
class Call:
    """One call as the fake saw it and answered it; `code` is 0 when all was well, -1 after a fault."""

    method: str
    params: dict[str, Any]
    code: int
    answer: dict[str, Any] = field(default_factory=dict)


class Server:
    """HTTP around a World. `statuses`: whether an error is an HTTP status too; else it is a 200 that says ok: false."""

    def __init__(self, world: World, postman: Postman, token: str, *, statuses: bool) -> None:
        self.world = world
        self.token = token
        self.faults: list[Fault] = []
        self.mishap: Callable[[str], Fault | None] = lambda _: None
        self.log: list[Call] = []
        self.end = asyncio.Event()
        self._postman = postman
        self._statuses = statuses

    def application(self) -> web.Application:
        """The routes of the Bot API, and of the place where pictures are kept."""
        app = web.Application()
        app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", self._call)
        app.router.add_get("/zdn/{name}", self._file)
        app.router.add_route("*", "/{rest:.*}", self._nothing)
        return app

    async def _nothing(self, _request: web.Request) -> web.Response:
        return self._refusal(ApiError(404, "Not Found"))

    async def _file(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.match_info["name"])
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file[0], content_type="image/jpeg" if file[1] == ".jpg" else "audio/aac")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return self._refusal(ApiError(401, "Unauthorized"))
        if name not in METHODS and name != "getUpdates":
            return self._refusal(ApiError(404, "Not Found"))
        params = await _read(request)
        fault = next((one for one in self.faults if one.method == name), None)
        if fault is not None:
            self.faults.remove(fault)
        else:
            fault = self.mishap(name)
        response, code = web.Response(), -1
        answer: dict[str, Any] = {}
        if fault is None or fault.carried_out:
            response, code, answer = await self._answer(name, params)
        self.log.append(Call(name, params, -1 if fault else code, answer))
        self.world.stir()
        return response if fault is None else await self._break(fault, request)

    async def _answer(self, name: str, params: dict[str, Any]) -> tuple[web.Response, int, dict[str, Any]]:
        try:
            if name == "getUpdates":
                result: Any = await self._update(params)
            else:
                result = METHODS[name](self.world, params)
                if name == "setWebhook":
                    result = result | {"verification": await self._postman.verify()}
        except ApiError as error:
            return self._refusal(error), error.code, _refused(error)
        answer = {"ok": True} if result is True else {"ok": True, "result": result}
        return web.json_response(answer), 0, answer

    async def _update(self, params: dict[str, Any]) -> dict[str, Any]:
        """One event, not a list, and it is gone with that."""
        world = self.world
        timeout = str(params.get("timeout", "30"))
        if not timeout.isdecimal():
            raise ApiError(400, "Bad Request: timeout must be a number")
        if world.hook.url:
            raise ApiError(400, "Bad Request: a webhook is set; delete it first")
        world.forget()
        world.polls += 1
        world.stir()
        deadline = asyncio.get_running_loop().time() + float(timeout)
        try:
            while (not world.queue or world.held) and (left := deadline - asyncio.get_running_loop().time()) > 0:
                try:
                    await asyncio.wait_for(world.changed.wait(), left)
                except TimeoutError:
                    break
            if not world.queue or world.held:
                raise ApiError(408, "Request timeout")
            event = world.queue.pop(0).event
            world.brought.append(event)
            return event
        finally:
            world.polled_at = world.now()

    async def _break(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.kind == "code":
            return self._refusal(ApiError(fault.code, "fault"))
        if fault.kind == "status":
            page = f"<html><h1>{fault.code}</h1></html>"
            return web.Response(status=fault.code, text=page, content_type="text/html")
        if fault.kind == "garbage":
            return web.Response(text='{"ok":tru', content_type="application/json")
        if fault.kind == "hang":
            await self.end.wait()
        elif fault.kind == "half":
            response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"ok":true,"result":{"message_id"')
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    def _refusal(self, error: ApiError) -> web.Response:
        # An empty poll was captured as a 200; of the others only the body is known.
        status = error.code if self._statuses and error.code != 408 else 200
        return web.Response(status=status, text=json.dumps(_refused(error)), content_type="application/json")


async def _read(request: web.Request) -> dict[str, Any]:
    """Parameters from the query and from a JSON, urlencoded or multipart body; files are no parameters."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = await request.json()
        except ValueError:
            body = None
        given |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return given


def _refused(error: ApiError) -> dict[str, Any]:
    return {"ok": False, "description": error.description, "error_code": error.code}
