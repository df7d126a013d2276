"""The only module that imports httpx: the client, its timeouts and limits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from time import monotonic
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from tui.domain.addresses import is_loopback, origin_of
from tui.domain.connection import Connection, clean_key
from tui.domain.errors import Failure, FailureKind, Speaker, WorkbenchError
from tui.domain.settings import ReliabilitySettings
from tui.domain.wire_format import CLIENT_HEADERS, JSON_HEADERS
from tui.services import network_failures
from tui.services.failures import Said
from tui.services.network_failures import active_proxy
from tui.services.reply import Reply, Waits

Transport = httpx.AsyncBaseTransport
"""The seam below the client: the demo and the tests put their own servers here."""
TransportRequest = httpx.Request
TransportResponse = httpx.Response
ByteStream = httpx.AsyncByteStream

_LIMITS: Final = httpx.Limits(max_connections=20, max_keepalive_connections=4, keepalive_expiry=60)
_MOST_REDIRECTS = 5
_LONGEST_REFUSAL = 1.0
"""Seconds in which the end of a kept connection, sent before a request came, is noticed."""
_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
_NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)


class NotDeliveredError(WorkbenchError):
    """Raised for a request that no server has begun to answer, so that it may be repeated."""


class _Delivery:
    """How far a request has come, from the events that httpcore reports.

    It also remembers the socket that the request opens, to close it when the request is abandoned:
    httpcore does so itself, except when it is cancelled within the TLS handshake.
    """

    def __init__(self) -> None:
        self._opened: Any = None
        self._sent_at: float | None = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of an event; this is what httpcore's ``trace`` extension calls."""
        if event == "connection.connect_tcp.complete":
            self._opened = info["return_value"]
        elif event == "http11.send_request_body.complete":
            self._sent_at = monotonic()

    @property
    def is_certainly_not_taken(self) -> bool:
        """Whether the server cannot have begun to answer, now that the connection has failed.

        A server that closed a kept connection while the request was under way says so within a
        round trip; later, or on a connection of its own, a whole request was there to be taken.
        """
        if self._sent_at is None:
            return True
        return self._opened is None and monotonic() - self._sent_at < _LONGEST_REFUSAL

    async def hang_up(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()


async def _bytes_of(response: TransportResponse) -> AsyncIterator[bytes]:
    """The body as it comes over the wire; raises ConnectionError if it breaks off."""
    try:
        async for chunk in response.aiter_raw():
            yield chunk
    except _NETWORK_ERRORS:
        broken = True
    else:
        broken = False
    if broken:
        # Outside of the handler, so that the library's exception is not dragged along.
        raise ConnectionError


class HttpClient:
    """Requests to one server over one pool of connections.

    The key is added here and nowhere else, redirects of a POST are never followed, and answers are
    asked for and taken uncompressed.
    """

    def __init__(
        self,
        connection: Connection,
        reliability: ReliabilitySettings,
        transport: Transport | None = None,
    ) -> None:
        self._connection = connection
        self._reliability = reliability
        self._transport = transport
        self._opened: httpx.AsyncClient | None = None
        self._said = Said(connection.key)

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send a JSON body; a redirect comes back as any other answer.

        Raises :class:`NotDeliveredError` if the server was not reached, or closed a connection that
        it had kept before it could take the request, and :class:`WorkbenchError` for anything else
        that prevents an answer: the server may be at work on it, and may bill it.
        """
        sent = {**JSON_HEADERS, **headers}
        return await self._send("POST", self._url(path), sent, body)

    async def get(self, path: str, headers: Mapping[str, str]) -> Reply:
        """Ask for a document; redirects are followed within the same origin.

        Raises :class:`WorkbenchError`.
        """
        url = self._url(path)
        for _ in range(_MOST_REDIRECTS):
            reply = await self._send("GET", url, {"Accept": "application/json", **headers})
            if not reply.is_redirect:
                return reply
            await reply.aclose()
            target = self._target(reply, url)
            if target is None or origin_of(target) != self._connection.origin:
                break
            url = target
        raise WorkbenchError(self.redirect_failure(reply))

    async def touch(self, path: str) -> None:
        """Make a connection ready with a HEAD request that carries no key.

        Raises :class:`WorkbenchError`.
        """
        reply = await self._send("HEAD", self._url(path), {}, with_key=False)
        await reply.settle()
        await reply.aclose()

    async def aclose(self) -> None:
        """Close every connection. The client must not be used again."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.aclose()
        elif self._transport is not None:
            await self._transport.aclose()

    def redirect_failure(self, reply: Reply) -> Failure:
        """The failure for a redirect that is not followed; it names the target's host."""
        target = self._target(reply, self._connection.base_url)
        where = (
            self._said(origin_of(target), 200) if target is not None else "an unreadable address"
        )
        return Failure(
            FailureKind.REDIRECT,
            f"{self._connection.origin} redirects to {where}; nothing was sent there.",
            "If that is where you want to go, enter its address as the base URL (F2).",
            Speaker.SERVER,
            reply.status,
        )

    def _target(self, reply: Reply, url: str) -> str | None:
        try:
            target = urljoin(url, reply.headers.get("location", ""))
            origin_of(target)
        except ValueError:
            return None
        return target

    def _url(self, path: str) -> str:
        return self._connection.base_url + path

    async def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        with_key: bool = True,
    ) -> Reply:
        server = self._connection.server_name
        by = asyncio.get_running_loop().time() + self._reliability.first_byte_timeout
        try:
            client = self._client()
            delivery = _Delivery()
            request = client.build_request(
                method,
                url,
                headers=dict(headers),
                content=body,
                extensions={"trace": delivery.trace},
            )
            if with_key:
                self._add_key(request)
            async with asyncio.timeout_at(by):
                try:
                    response = await client.send(request, stream=True, follow_redirects=False)
                except asyncio.CancelledError:
                    await delivery.hang_up()
                    raise
        except TimeoutError:
            failure = network_failures.no_answer(server, self._reliability.first_byte_timeout)
            again = False
        except _NETWORK_ERRORS as error:
            failure, again = self._explain(error)
            again = again and delivery.is_certainly_not_taken
        else:
            return Reply(
                response.status_code,
                response.headers,
                _bytes_of(response),
                response.aclose,
                Waits(server, by, self._reliability),
            )
        # Outside of the handlers, as some of the library's exceptions quote the key.
        raise NotDeliveredError(failure) if again else WorkbenchError(failure)

    def _add_key(self, request: TransportRequest) -> None:
        """Authorize the request; raises WorkbenchError for a key that cannot be a header."""
        key = self._connection.key
        cleaned = clean_key(key.get_secret_value()) if key is not None else None
        if cleaned is not None:
            request.headers["Authorization"] = f"Bearer {cleaned.get_secret_value()}"

    def _explain(self, error: Exception) -> tuple[Failure, bool]:
        """The failure, and whether it is one that may pass."""
        server = self._connection.server_name
        proxy = active_proxy(self._connection.origin)
        match error:
            case httpx.ConnectTimeout() | httpx.PoolTimeout():
                seconds = self._reliability.connect_timeout
                return network_failures.connect_timed_out(server, seconds), True
            case httpx.ProxyError() if proxy is not None:
                return network_failures.proxy_failed(proxy), False
            case httpx.ConnectError() | OSError() | UnicodeError():
                failure = network_failures.not_reached(error, server, proxy)
                return failure, failure.kind not in (FailureKind.TLS, FailureKind.PROXY)
            case httpx.RemoteProtocolError() if "disconnected" not in str(error):
                return network_failures.not_http(server), False
            case httpx.NetworkError() | httpx.RemoteProtocolError():
                return network_failures.lost_before_answer(server), True
        return network_failures.not_sent(server), False

    def _client(self) -> httpx.AsyncClient:
        """The client, made when it is first needed: it loads the trusted certificates."""
        if self._opened is None:
            try:
                self._opened = self._new_client()
            except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
                failure = network_failures.bad_environment(
                    error, active_proxy(self._connection.origin)
                )
            else:
                return self._opened
            raise WorkbenchError(failure)
        return self._opened

    def _new_client(self) -> httpx.AsyncClient:
        for name in _LOGGERS:
            # At DEBUG these write headers, and with them the key.
            logging.getLogger(name).disabled = True
        return httpx.AsyncClient(
            transport=self._own_transport(),
            limits=_LIMITS,
            timeout=httpx.Timeout(
                None,
                connect=self._reliability.connect_timeout,
                pool=self._reliability.connect_timeout,
            ),
            headers=CLIENT_HEADERS,
        )

    def _own_transport(self) -> Transport | None:
        if self._transport is None and is_loopback(self._connection.base_url):
            return httpx.AsyncHTTPTransport(limits=_LIMITS)
        return self._transport
