"""One provider's API: the catalogue, the key, the chat stream and the bill."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from urllib.parse import quote, urlencode

from tui.domain.connection import Connection, Consent
from tui.domain.cost import Usage
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.events import Failed, Retrying, TurnEvent
from tui.domain.model import Endpoint, KeyInfo
from tui.domain.request import CLIENT_ID_HEADER, Json, attribution_headers
from tui.domain.routing_slugs import ProviderInfo
from tui.domain.settings import ProviderKind, ReliabilitySettings
from tui.domain.wire_format import CHAT_PATH, encode_body
from tui.services.answering import LONGEST_ERROR, answer_events
from tui.services.exchanges import Exchange, Exchanges
from tui.services.failures import Said, status_failure
from tui.services.http import HttpClient, NotDeliveredError, Transport
from tui.services.reply import Reply
from tui.services.retry import RETRIED_STATUSES, retry_after, wait_before
from tui.services.sse import MIB
from tui.services.wire import parse_endpoints, parse_generation, parse_key_info
from tui.services.wire_providers import parse_providers

LONGEST_CATALOGUE = 64 * MIB

_LONGEST_DOCUMENT = 4 * MIB
_NO_SUCH_PATH = frozenset({404, 405, 501})
_NOT_MODIFIED = 304
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')

_NOT_JSON = Failure(
    FailureKind.BAD_SETTINGS,
    "The request cannot be written as JSON.",
    "Check the parameters and the provider routing of this model in config.toml.",
)


@dataclass(frozen=True, slots=True)
class _FailedTry:
    """A try that brought no answer."""

    failure: Failure
    may_repeat: bool


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """A page of the catalogue; ``body`` is None when it is still what ``version`` stands for."""

    body: bytes | None
    version: str | None = None


class OpenRouter:
    """One provider's API over one pooled client.

    It speaks to OpenRouter and, with fewer features, to any OpenAI-compatible server. What the
    server answers to chat requests goes to ``exchanges`` as well, to be looked at.
    """

    def __init__(
        self,
        connection: Connection,
        reliability: ReliabilitySettings,
        *,
        transport: Transport | None = None,
        exchanges: Exchanges | None = None,
    ) -> None:
        self.connection = connection
        self._exchanges = exchanges or Exchanges()
        self._reliability = reliability
        self._http = HttpClient(connection, reliability, transport)
        self._said = Said(connection.key)

    async def warm_up(self) -> None:
        """Open the connection before it is needed, so that a turn does not wait for it.

        Never raises: what is wrong will show when the connection is used.
        """
        if self._refusal() is not None:
            return
        try:
            await self._http.touch("/models")
        except WorkbenchError:
            return

    async def ping(self) -> tuple[float, float]:
        """The seconds until a connection is there, and of one round trip over it.

        Carries no key. Raises :class:`WorkbenchError`.
        """
        begun = monotonic()
        await self._http.touch("/models")
        connected = monotonic()
        await self._http.touch("/models")
        round_trip = monotonic() - connected
        return max(0.0, connected - begun - round_trip), round_trip

    async def models(self) -> bytes:
        """The body of ``GET /models`` as it came, at most 64 MiB; it needs no key.

        Raises :class:`WorkbenchError`.
        """
        return await self._get("/models", LONGEST_CATALOGUE)

    async def models_page(
        self, path: str = "/models", version: str | None = None, at_most: int = LONGEST_CATALOGUE
    ) -> ModelsPage:
        """A page of the catalogue at a path below the base URL, of at most so many bytes.

        ``/models/user`` lists what the key may use. With the ``version`` of an earlier answer the
        server may say that nothing has changed. Raises :class:`WorkbenchError`.
        """
        asked = {"If-None-Match": version} if version else {}
        reply = await self._http.get(path, self._headers() | asked)
        if version and reply.status == _NOT_MODIFIED:
            await reply.aclose()
            return ModelsPage(None, version)
        found = _ETAG.fullmatch(reply.headers.get("etag", "").strip())
        return ModelsPage(await self._body_of(reply, at_most), found[0] if found else None)

    async def endpoints(self, model_id: str) -> tuple[Endpoint, ...]:
        """Who offers the model; empty where the server does not say.

        Raises :class:`WorkbenchError`.
        """
        if any(part in ("", ".", "..") for part in model_id.split("/")):
            return ()
        try:
            body = await self._get(f"/models/{quote(model_id, safe='/:~@')}/endpoints")
        except WorkbenchError as error:
            if error.failure.status in _NO_SUCH_PATH:
                return ()
            raise
        return parse_endpoints(body)

    async def providers(self) -> tuple[ProviderInfo, ...]:
        """Every provider that can be named in the routing; empty where the server lists none.

        Raises :class:`WorkbenchError`.
        """
        try:
            return parse_providers(await self._get("/providers"))
        except ValueError:
            return ()
        except WorkbenchError as error:
            if error.failure.status in _NO_SUCH_PATH:
                return ()
            raise

    async def key_info(self) -> KeyInfo | None:
        """What the server says of the key; None where it has no such endpoint.

        Raises :class:`WorkbenchError`, also for a key that is missing, withheld or bad.
        """
        self._require_key()
        try:
            body = await self._get("/key")
        except WorkbenchError as error:
            if error.failure.status in _NO_SUCH_PATH:
                return None
            raise
        return parse_key_info(body)

    async def generation(self, generation_id: str) -> Usage | None:
        """What a generation used and cost, as billed; None as long as the server does not know.

        Raises :class:`WorkbenchError`.
        """
        self._require_key()
        try:
            body = await self._get(f"/generation?{urlencode({'id': generation_id})}")
        except WorkbenchError as error:
            if error.failure.status in _NO_SUCH_PATH:
                return None
            raise
        return parse_generation(body)

    async def stream_chat(
        self, body: Json, headers: Mapping[str, str]
    ) -> AsyncGenerator[TurnEvent, None]:
        """Send ``POST /chat/completions`` and yield what the turn brings.

        Never raises for what a server or a network does: the last event is exactly one of
        Finished, Interrupted and Failed. Closing the generator, or cancelling the task that waits
        for it, closes the connection at once in every phase.
        """
        refusal = self._refusal()
        if refusal is not None:
            yield Failed(refusal)
            return
        try:
            payload = encode_body(body)
        except (TypeError, ValueError):
            yield Failed(_NOT_JSON)
            return
        retries = self._reliability.retries
        retry = 0
        exchange = self._exchanges.open(headers.get(CLIENT_ID_HEADER, ""), self.connection.key)
        while isinstance(begun := await self._begin(payload, headers, exchange), _FailedTry):
            exchange.failed(begun.failure.what)
            retry += 1
            wait = wait_before(retry, begun.failure.retry_after)
            if retry > retries or not begun.may_repeat or wait is None:
                yield Failed(begun.failure)
                return
            yield Retrying(begun.failure, retry, retries, wait)
            await asyncio.sleep(wait)
        async with aclosing(answer_events(begun, self.connection, self._said)) as events:
            async for event in events:
                yield event

    async def aclose(self) -> None:
        """Close every connection; the instance must not be used again."""
        await self._http.aclose()

    async def _begin(
        self, payload: bytes, headers: Mapping[str, str], exchange: Exchange
    ) -> "Reply | _FailedTry":
        """One try, up to the headers of its answer."""
        exchange.begin()
        try:
            reply = await self._http.post(CHAT_PATH, payload, headers)
        except NotDeliveredError as error:
            return _FailedTry(error.failure, may_repeat=True)
        except WorkbenchError as error:
            return _FailedTry(error.failure, may_repeat=False)
        exchange.answered(reply)
        if reply.succeeded:
            return reply
        failure = await self._refused(reply)
        return _FailedTry(failure, reply.status in RETRIED_STATUSES)

    async def _get(self, path: str, at_most: int = _LONGEST_DOCUMENT) -> bytes:
        return await self._body_of(await self._http.get(path, self._headers()), at_most)

    def _headers(self) -> dict[str, str]:
        compatible = self.connection.kind is ProviderKind.COMPATIBLE
        return {} if compatible else dict(attribution_headers())

    async def _body_of(self, reply: Reply, at_most: int) -> bytes:
        """The body of a success; closes the reply."""
        if not reply.succeeded:
            raise WorkbenchError(await self._refused(reply))
        try:
            return await reply.read(at_most)
        finally:
            await reply.aclose()

    async def _refused(self, reply: Reply) -> Failure:
        """The failure for a status that is not a success; closes the reply."""
        try:
            if reply.is_redirect:
                return self._http.redirect_failure(reply)
            body = await reply.read_some(LONGEST_ERROR)
        finally:
            await reply.aclose()
        return status_failure(
            reply.status,
            body,
            self._said,
            self.connection,
            retry_after(reply.headers),
            reply.headers,
        )

    def _require_key(self) -> None:
        refusal = self._refusal()
        if refusal is not None:
            raise WorkbenchError(refusal)

    def _why_no_key(self) -> str:
        problem = self.connection.key_problem
        return f": {problem}" if problem else ""

    def _refusal(self) -> Failure | None:
        """Why nothing may be sent, or None."""
        if self.connection.consent is not None:
            plain = self.connection.consent is Consent.PLAIN_HTTP
            how = " without encryption" if plain else ""
            return Failure(
                FailureKind.KEY_WITHHELD,
                f"The API key was not entered for {self.connection.origin}.",
                f"Open the settings (F2) to agree that it is sent there{how}, "
                "or to enter another key.",
            )
        if self.connection.needs_key:
            return Failure(
                FailureKind.NO_KEY,
                f"There is no API key for {self.connection.origin}{self._why_no_key()}.",
                "Enter one in the settings (F2), or set OPENROUTER_API_KEY and start again.",
            )
        return None
