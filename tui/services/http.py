"""The only module that imports httpx: the client, its timeouts and limits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Final
from urllib.parse import urljoin

import httpx

from tui import __version__
from tui.domain.connection import Connection, is_loopback, origin_of
from tui.domain.errors import Failure, FailureKind, Speaker, WorkbenchError
from tui.domain.settings import ReliabilitySettings
from tui.services import network_failures
from tui.services.failures import Said
from tui.services.network_failures import active_proxy

Transport = httpx.AsyncBaseTransport
"""The seam below the client: the demo and the tests put their own servers here."""
TransportRequest = httpx.Request
TransportResponse = httpx.Response
ByteStream = httpx.AsyncByteStream

_LIMITS: Final = httpx.Limits(max_connections=20, max_keepalive_connections=4, keepalive_expiry=60)
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_BODY_WAIT = 5.0
"""Seconds for the body of an error: its status says enough to show it without."""
_LONGEST_SETTLING = 0.05
"""Seconds to wait for the end of a body whose content is complete, so that TLS can be reused."""
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
    """Raised when no byte of an answer came and trying again cannot be told from a first try."""


class Reply:
    """An answer whose headers have arrived; it must be closed."""

    def __init__(
        self,
        response: httpx.Response,
        origin: str,
        reliability: ReliabilitySettings,
        first_byte_by: float,
    ) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._origin = origin
        self._reliability = reliability
        self._first_byte_by = first_byte_by
        self._begun = False
        self._chunks: AsyncIterator[bytes] = response.aiter_raw()

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_encoded(self) -> bool:
        """Whether the body is compressed, which was not asked for and could be a bomb."""
        return self.headers.get("content-encoding", "identity").strip().lower() != "identity"

    @property
    def succeeded(self) -> bool:
        """Whether the status says that the body is what was asked for."""
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        """Whether the server sends us elsewhere."""
        return self.status in _REDIRECTS

    async def next_chunk(self) -> bytes | None:
        """The next bytes of the body, or None at its end.

        Raises :class:`WorkbenchError` for a lost connection, and when nothing comes in time: until
        the first byte the first-byte timeout counts, from then on the silence timeout.
        """
        silence = self._reliability.silence_timeout
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(now + silence if self._begun else self._first_byte_by):
                chunk = await anext(self._chunks)
        except StopAsyncIteration:
            return None
        except TimeoutError:
            failure = (
                network_failures.fell_silent(self._origin, silence)
                if self._begun
                else network_failures.no_answer(self._origin, self._reliability.first_byte_timeout)
            )
        except _NETWORK_ERRORS:
            failure = network_failures.lost_within_answer(self._origin)
        else:
            self._begun = True
            return chunk
        # Outside of the handler, so that the library's exception is not dragged along.
        raise WorkbenchError(failure)

    async def read(self, at_most: int) -> bytes:
        """The whole body of at most this many bytes.

        Raises :class:`WorkbenchError` for a longer body, a compressed one, or a lost connection.
        """
        if self.is_encoded:
            raise WorkbenchError(encoded_failure(self._origin))
        body = bytearray()
        while (chunk := await self.next_chunk()) is not None:
            body += chunk
            if len(body) > at_most:
                raise WorkbenchError(
                    Failure(
                        FailureKind.TOO_MUCH_DATA,
                        f"{self._origin} sent more than {at_most // 2**20} MiB.",
                        "Check the base URL in the settings (F2).",
                        Speaker.SERVER,
                        self.status,
                    )
                )
        return bytes(body)

    async def read_some(self, at_most: int) -> bytes:
        """The beginning of the body, as far as it comes without trouble within a few seconds."""
        body = bytearray()
        if self.is_encoded:
            return b""
        try:
            async with asyncio.timeout(_LONGEST_BODY_WAIT):
                while len(body) < at_most and (chunk := await self.next_chunk()) is not None:
                    body += chunk
        except (TimeoutError, WorkbenchError):
            pass
        return bytes(body[:at_most])

    async def settle(self) -> None:
        """Give the body a moment to end, so that its connection can serve the next request."""
        try:
            async with asyncio.timeout(_LONGEST_SETTLING):
                await self.next_chunk()
        except (TimeoutError, WorkbenchError):
            pass

    async def aclose(self) -> None:
        """Close the answer; if it has not ended, its connection is closed at once."""
        await self._response.aclose()


def encoded_failure(origin: str) -> Failure:
    """The failure for a body in a content coding."""
    return Failure(
        FailureKind.BAD_DATA,
        f"{origin} sent a compressed answer, which was not asked for.",
        "Switch compression off in the server or the gateway.",
        Speaker.SERVER,
    )


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

        Raises :class:`NotDeliveredError` if the server was not reached or answered nothing, and
        :class:`WorkbenchError` for anything else that prevents an answer.
        """
        sent = {"Content-Type": "application/json", "Accept": "text/event-stream", **headers}
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
        origin = self._connection.origin
        by = asyncio.get_running_loop().time() + self._reliability.first_byte_timeout
        try:
            client = self._client()
            request = client.build_request(method, url, headers=dict(headers), content=body)
            if with_key:
                self._add_key(request)
            async with asyncio.timeout_at(by):
                response = await client.send(request, stream=True, follow_redirects=False)
        except TimeoutError:
            failure = network_failures.no_answer(origin, self._reliability.first_byte_timeout)
            again = False
        except _NETWORK_ERRORS as error:
            failure, again = self._explain(error)
        else:
            return Reply(response, origin, self._reliability, by)
        # Outside of the handlers, as some of the library's exceptions quote the key.
        raise NotDeliveredError(failure) if again else WorkbenchError(failure)

    def _add_key(self, request: TransportRequest) -> None:
        key = self._connection.key
        if key is not None:
            request.headers["Authorization"] = f"Bearer {key.get_secret_value()}"

    def _explain(self, error: Exception) -> tuple[Failure, bool]:
        """The failure, and whether the request may be sent again by itself."""
        origin = self._connection.origin
        proxy = active_proxy(origin)
        match error:
            case httpx.ConnectTimeout() | httpx.PoolTimeout():
                seconds = self._reliability.connect_timeout
                return network_failures.connect_timed_out(origin, seconds), True
            case httpx.ProxyError() if proxy is not None:
                return network_failures.proxy_failed(proxy), False
            case httpx.ConnectError() | OSError() | UnicodeError():
                failure = network_failures.not_reached(error, origin, proxy)
                return failure, failure.kind not in (FailureKind.TLS, FailureKind.PROXY)
            case httpx.RemoteProtocolError() if "disconnected" not in str(error):
                return network_failures.not_http(origin), False
            case httpx.NetworkError() | httpx.RemoteProtocolError():
                return network_failures.lost_before_answer(origin), True
        return network_failures.not_sent(origin), False

    def _client(self) -> httpx.AsyncClient:
        """The client, made when it is first needed: it loads the trusted certificates."""
        if self._opened is None:
            try:
                self._opened = self._new_client()
            except (ImportError, OSError, ValueError) as error:
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
            headers={
                "Accept-Encoding": "identity",
                "User-Agent": f"openrouter-workbench/{__version__}",
            },
        )

    def _own_transport(self) -> Transport | None:
        if self._transport is None and is_loopback(self._connection.base_url):
            return httpx.AsyncHTTPTransport(limits=_LIMITS)
        return self._transport
