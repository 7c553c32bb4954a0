"""The fake on the wire: reads requests in every form Telegram takes, answers, waits, breaks when a test asks it to."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.fakes.telegram import checks
from tests.fakes.telegram.calls import CALLS
from tests.fakes.telegram.methods import NAMES, ApiError, Upload, bad, read_params
from tests.fakes.telegram.world import World

FaultKind = Literal["status", "hang", "half", "garbage", "flood", "drop"]
_LARGEST = 60 * 1024 * 1024
_UNAUTHORIZED = ApiError(401, "Unauthorized")


@dataclass
class Fault:
    """How one call goes wrong; `carried_out` says whether it took effect before it did."""

    method: str
    kind: FaultKind
    status: int
    retry_after: int
    carried_out: bool


@dataclass(frozen=True)
class Call:
    """One call as the fake saw it and answered it; `status` is 0 when a fault left it without a whole answer."""

    method: str
    params: dict[str, Any]
    status: int
    answer: dict[str, Any] = field(default_factory=dict)


class Server:
    """HTTP around a World."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.faults: list[Fault] = []
        self.mishap: Callable[[str], Fault | None] = lambda _: None
        self.log: list[Call] = []
        self.end = asyncio.Event()

    def application(self) -> web.Application:
        """The routes of the Bot API."""
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", self._call)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._file)
        app.router.add_route("*", "/{rest:.*}", self._nothing)
        return app

    async def _nothing(self, _request: web.Request) -> web.Response:
        return _refusal(ApiError(404, "Not Found"))

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = NAMES.get(request.match_info["method"].lower(), "")
        if request.match_info["token"] != self.token:
            return _refusal(_UNAUTHORIZED)
        if not name:
            return _refusal(ApiError(404, "Not Found: method not found"))
        given, files = await _read(request)
        fault = next((one for one in self.faults if one.method == name), None)
        if fault is not None:
            self.faults.remove(fault)
        else:
            fault = self.mishap(name)
        if fault is None or fault.carried_out:
            response, status, answer = await self._answer(lambda: read_params(name, given, files), name)
        else:
            response, status, answer = web.Response(), 0, {}
        if fault is not None:
            status = 0
        self.log.append(Call(name, given, status, answer))
        self.world.stir()
        return response if fault is None else await self._break(fault, request)

    async def _answer(self, read: Callable[[], dict[str, Any]], name: str) -> tuple[web.Response, int, dict[str, Any]]:
        try:
            params = read()
            result = await self._updates(params) if name == "getUpdates" else CALLS[name](self.world, params)
        except ApiError as error:
            return _refusal(error), error.code, _refused(error)
        answer = {"ok": True, "result": result}
        return web.json_response(answer), 200, answer

    async def _updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        world = self.world
        offset, limit, timeout = params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0)
        if not 1 <= limit <= 100:
            raise bad("limit must be between 1 and 100")
        if world.hook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        world.polls += 1
        mine = world.polls
        world.stir()
        world.allowed = params.get("allowed_updates", world.allowed)
        if offset > world.last_update_id + 10:
            # tdlib's TQueue: an offset far in the future (Telegram numbered anew) is answered from the oldest update.
            offset = 0
        if offset < 0:
            world.updates = world.updates[offset:]
        world.updates = [update for update in world.updates if update["update_id"] >= offset]
        # Waiting is real time even when the fake's clock is moved on: it is the client's connection that waits.
        deadline = asyncio.get_running_loop().time() + timeout
        while not world.updates and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await _within(world.changed.wait(), left)
            if mine != world.polls:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            if world.hook.url:
                raise ApiError(409, "Conflict: terminated by setWebhook request")
        return world.updates[:limit]

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return _refusal(_UNAUTHORIZED)
        file_id = request.match_info["path"].removeprefix("photos/").removesuffix(".jpg")
        file = self.world.files.get(file_id)
        if file is None or file.size > checks.MAX_DOWNLOAD:
            return _refusal(ApiError(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _break(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.kind == "flood":
            after = fault.retry_after
            return _refusal(ApiError(429, f"Too Many Requests: retry after {after}", retry_after=after))
        if fault.kind == "status":
            if fault.status >= 500:
                page = f"<html><h1>{fault.status} Bad Gateway</h1></html>"
                return web.Response(status=fault.status, text=page, content_type="text/html")
            return _refusal(ApiError(fault.status, "fault"))
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


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Parameters and uploads from the query and from a JSON, urlencoded or multipart body."""
    given: dict[str, Any] = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = await request.json()
        except ValueError:
            body = None
        given |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, str):
                given[name] = value
            else:
                held = value.file.read() if isinstance(value, web.FileField) else bytes(value)
                files[name] = Upload(held, value.filename if isinstance(value, web.FileField) else "")
    return given, files


def _refused(error: ApiError) -> dict[str, Any]:
    answer: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    parameters = {"retry_after": error.retry_after, "migrate_to_chat_id": error.migrate_to}
    if any(parameters.values()):
        answer["parameters"] = {name: value for name, value in parameters.items() if value}
    return answer


def _refusal(error: ApiError) -> web.Response:
    return web.Response(status=error.code, text=json.dumps(_refused(error)), content_type="application/json")


async def _within(waiting: Any, seconds: float) -> None:
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return
