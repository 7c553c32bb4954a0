"""Files at addresses that a stranger names: fetched from the open internet only, never from our own network.

An address is judged when the connection is made, not when it is read: a name may mean another machine a moment later,
and a number can be written in many ways.
"""

import asyncio
import socket
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

import aiohttp
from yarl import URL

_CHUNK = 64 * 1024
_REDIRECTS = 3
_LONGEST = 4096
_MOVED = frozenset({301, 302, 303, 307, 308})
_NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 written as IPv6 (RFC 6052): its last four bytes are where the packet goes."""
_NEIGHBOURS = frozenset({IPv4Address("168.63.129.16")})
"""In public space, yet answered by the machine's own host (Azure)."""
_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""IETF protocol assignments, where a cloud keeps its metadata, and relays that are no more: newer Pythons know them."""

_Inet: TypeAlias = tuple[int, int, int, str, tuple[object, ...]]


class TooBig(ValueError):
    """The file is larger than was asked for."""


class Forbidden(PermissionError):
    """An address that is never fetched, however often: not of the web, inside a network, or leading there."""


class Fetcher:
    """Fetches files over connections of its own, without cookies, proxies or compression.

    `allow_private` opens addresses inside the network, for a platform that itself runs on this machine.
    `seconds` is for one file from the first look at its name to its last byte.
    """

    def __init__(self, *, allow_private: bool = False, seconds: float = 30.0) -> None:
        self._allow_private = allow_private
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, url: str, limit: int) -> bytes:
        """The file; TooBig past `limit` bytes, Forbidden for what is never fetched, ConnectionError where it fails.

        What kind of file it is says only the file itself: the sender's word for it is not asked.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(_web_address(url), limit)
        except TimeoutError:
            raise ConnectionError(f"not over after {self._seconds:g} s") from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, Forbidden):
                raise error.os_error from None
            raise ConnectionError(type(error).__name__) from None
        except aiohttp.InvalidURL:
            raise Forbidden("not an address") from None
        except (aiohttp.ClientError, UnicodeError) as error:
            # Only the kind: an address may hold what opens the file.
            raise ConnectionError(type(error).__name__) from None

    async def close(self) -> None:
        """Give back connections."""
        if self._session is not None:
            await self._session.close()

    async def _follow(self, url: URL, limit: int) -> bytes:
        for _ in range(_REDIRECTS + 1):
            async with self._opened().get(url, allow_redirects=False) as response:
                if response.status not in _MOVED:
                    return await _content(response, limit)
                target = response.headers.get("Location", "")
            try:
                url = _web_address(str(url.join(URL(target))))
            except ValueError:
                raise Forbidden("redirected to what is no address") from None
        raise Forbidden(f"redirected more than {_REDIRECTS} times")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=self._socket, force_close=True, use_dns_cache=False),
                cookie_jar=aiohttp.DummyCookieJar(),
                # A small file can unpack to a huge one; pictures and recordings are compressed as they are.
                auto_decompress=False,
                headers={"Accept-Encoding": "identity"},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=self._seconds),
            )
        return self._session

    def _socket(self, address: _Inet) -> socket.socket:
        """A socket for the one machine that is about to be connected to; Forbidden for those nobody may reach."""
        family, kind, protocol, _, where = address
        if not self._allow_private and not is_open(str(where[0])):
            raise Forbidden("inside the network")
        return socket.socket(family, kind, protocol)


def is_open(address: str) -> bool:
    """Whether an IP address is of the open internet (RFC 6890), also when it is wrapped in another kind."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            return is_open(str(inner))
        if ip.is_site_local:
            return False
    elif any(ip in network for network in _SPECIAL):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _NEIGHBOURS


def _web_address(url: str) -> URL:
    if len(url) > _LONGEST:
        raise Forbidden("an address longer than any")
    try:
        found = URL(url)
    except ValueError:
        raise Forbidden("not an address") from None
    if found.scheme not in {"http", "https"} or not found.host:
        raise Forbidden("not an address of the web")
    return found


async def _content(response: aiohttp.ClientResponse, limit: int) -> bytes:
    if response.status != HTTPStatus.OK:
        raise ConnectionError(f"HTTP {response.status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ConnectionError("compressed, though that was not asked for")
    if response.content_length is not None and response.content_length > limit:
        raise TooBig(f"{response.content_length} bytes")
    kept = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        kept += chunk
        if len(kept) > limit:
            raise TooBig(f"more than {limit} bytes")
    return bytes(kept)
