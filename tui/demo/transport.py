"""The offline OpenRouter: an HTTP transport that answers requests without any network."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from tui.demo.account import credits_row, key_row
from tui.demo.billing import Ledger, PromptCache, generation_row
from tui.demo.catalogue import DemoModel, Json, load_catalogue
from tui.demo.chat import ChatDesk
from tui.demo.chunks import json_bytes
from tui.demo.endpoints import Host, all_hosts, endpoints_of
from tui.demo.errors import ErrorReply
from tui.demo.pace import Pace
from tui.demo.stream import WholeBody
from tui.services.http import Transport, TransportRequest, TransportResponse

_ROOT = "/api/v1"
_ANSWER_TIME = 0.1
"""Seconds that any request takes."""
_JSON_HEADERS = {"content-type": "application/json"}


def _now_utc() -> datetime:
    return datetime.now(UTC)


class DemoTransport(Transport):
    """Answers like OpenRouter: catalogue, account, and simulated chat with exact bills.

    ``speed`` scales all waits: 2 is twice as fast, 0 or infinity does not wait. ``seed`` decides
    the ids of generations. ``clock`` is monotonic, in seconds, and ages the prompt cache; ``now``
    tells the hour in UTC, which some prices go by. What was spent and cached lives as long as the
    transport; nothing leaves the process.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _now_utc,
    ) -> None:
        self._catalogue = load_catalogue()
        self._pace = Pace(speed)
        self._ledger = Ledger()
        cache = PromptCache(clock)
        self._desk = ChatDesk(self._catalogue, self._ledger, cache, self._pace, seed, now)

    async def handle_async_request(self, request: TransportRequest) -> TransportResponse:
        """Answer one request; errors are answers, never exceptions."""
        await self._pace.wait(_ANSWER_TIME)
        path = request.url.path.removeprefix(_ROOT).strip("/").split("/")
        answer: TransportResponse | ErrorReply
        match request.method, path:
            case "POST", ["chat", "completions"]:
                answer = await self._desk.answer(await request.aread(), request.headers)
            case "HEAD", _:
                answer = _response(200, b"")
            case "GET", _:
                answer = self._look_up(path, request.url.params)
            case _:
                answer = ErrorReply(405, "Method Not Allowed")
        return _error(answer) if isinstance(answer, ErrorReply) else answer

    def _look_up(
        self, path: list[str], params: Mapping[str, str]
    ) -> TransportResponse | ErrorReply:
        match path:
            case ["models"] | ["models", "user"]:
                return _response(200, self._catalogue.body)
            case ["models", "count"]:
                return _data({"count": len(self._catalogue.models)})
            case ["models", author, slug, "endpoints"]:
                return self._endpoints(f"{author}/{slug}")
            case ["model", author, slug]:
                return self._model(f"{author}/{slug}")
            case ["providers"]:
                return _data([_provider_row(host) for host in all_hosts()])
            case ["key"] | ["auth", "key"]:
                return _data(key_row(self._ledger.spent()))
            case ["credits"]:
                return _data(credits_row(self._ledger.spent()))
            case ["generation"]:
                return self._generation(params.get("id", ""))
        return ErrorReply(404, "Not Found")

    def _endpoints(self, name: str) -> TransportResponse | ErrorReply:
        model = self._find(name)
        if model is None:
            return ErrorReply(404, f"Model {name} not found")
        row: Json = {
            field: model.row[field]
            for field in ("id", "name", "created", "description", "architecture")
        }
        served = self._catalogue.target(model)
        row["endpoints"] = [endpoint.as_row() for endpoint in endpoints_of(served)]
        return _data(row)

    def _model(self, name: str) -> TransportResponse | ErrorReply:
        model = self._find(name)
        if model is None:
            return ErrorReply(404, f"Model {name} not found")
        return _data(self._catalogue.target(model).row)

    def _find(self, name: str) -> DemoModel | None:
        """A model by its id or its dated slug: paths may name either."""
        slugs = (model for model in self._catalogue if model.row["canonical_slug"] == name)
        return self._catalogue.find(name) or next(slugs, None)

    def _generation(self, generation_id: str) -> TransportResponse | ErrorReply:
        generation = self._ledger.find(generation_id)
        if generation is None:
            return ErrorReply(404, f"Generation {generation_id} not found")
        return _data(generation_row(generation))


def _provider_row(host: Host) -> Json:
    urls = ("privacy_policy_url", "terms_of_service_url", "status_page_url")
    return {"name": host.name, "slug": host.tag, **dict.fromkeys(urls)}


def _data(value: object) -> TransportResponse:
    return _response(200, json_bytes({"data": value}))


def _error(reply: ErrorReply) -> TransportResponse:
    return _response(reply.status, json_bytes(reply.body()), reply.headers())


def _response(
    status: int, content: bytes, headers: Mapping[str, str] | None = None
) -> TransportResponse:
    return TransportResponse(
        status, headers=_JSON_HEADERS | dict(headers or {}), stream=WholeBody(content)
    )
