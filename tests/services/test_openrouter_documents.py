"""The documents of the API over a real socket: catalogue, endpoints, key and bill."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.fakes.server import CATALOGUE, FakeServer, error_reply, json_reply, text_reply
from tests.services.asking import CANARY, api
from tui.domain.connection import Consent
from tui.domain.cost import Usage
from tui.domain.errors import FailureKind, WorkbenchError
from tui.domain.model import KeyInfo
from tui.domain.settings import OPENROUTER_URL, ProviderKind
from tui.services.openrouter import OpenRouter
from tui.services.wire import parse_catalogue

COMPATIBLE = {"kind": ProviderKind.COMPATIBLE, "key": None}

Ask = Callable[[OpenRouter], Awaitable[Any]]
ASKS: dict[str, Ask] = {
    "models": lambda service: service.models(),
    "key": lambda service: service.key_info(),
    "generation": lambda service: service.generation("gen-1"),
    "endpoints": lambda service: service.endpoints("a/b"),
}
ROUTES = {
    "models": "GET /models",
    "key": "GET /key",
    "generation": "GET /generation",
    "endpoints": "GET /models/a/b/endpoints",
}


async def test_the_catalogue_comes_as_it_is() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        body = await service.models()
    assert list(parse_catalogue(body).models) == [CATALOGUE["data"][0]["id"]]
    [request] = server.requests
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert request.headers["x-openrouter-title"] == "OpenRouter Workbench"


async def test_the_catalogue_needs_no_key_and_a_compatible_server_is_told_nothing_of_us() -> None:
    async with FakeServer() as server, api(server.base_url, connection=COMPATIBLE) as service:
        assert await service.models()
    [request] = server.requests
    assert not {"authorization", "http-referer", "x-title", "x-openrouter-title"} & set(
        request.headers
    )


async def test_the_catalogue_is_asked_for_without_a_withheld_key() -> None:
    fields = {"key": None, "consent": Consent.NEW_ORIGIN}
    async with FakeServer() as server, api(server.base_url, connection=fields) as service:
        assert await service.models()
    assert "authorization" not in server.requests[0].headers


async def test_the_key_is_described() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        assert await service.key_info() == KeyInfo(
            label="sk-or-v1-tes...nary",
            limit=Decimal(10),
            limit_remaining=Decimal("7.5"),
            usage=Decimal("2.5"),
        )


async def test_a_generation_is_settled() -> None:
    bill = {"data": {"total_cost": 0.25, "native_tokens_prompt": 3}}
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /generation", json_reply(bill))
        usage = await service.generation("gen-1&x=/ü")
    assert usage == Usage(prompt_tokens=3, cost=Decimal("0.25"))
    assert server.requests[0].target == "/api/v1/generation?id=gen-1%26x%3D%2F%C3%BC"


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_what_a_server_does_not_have_is_none(status: int) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        for route in ROUTES.values():
            server.on(route, error_reply(status))
        assert await service.key_info() is None
        assert await service.generation("gen-1") is None
        assert await service.endpoints("a/b") == ()
        with pytest.raises(WorkbenchError):
            await service.models()


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, FailureKind.BAD_KEY),
        (429, FailureKind.RATE_LIMITED),
        (500, FailureKind.SERVER_ERROR),
    ],
)
async def test_a_refusal_is_raised_in_words_and_not_repeated(
    name: str, status: int, kind: FailureKind
) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on(ROUTES[name], error_reply(status, f"said {CANARY}"))
        with pytest.raises(WorkbenchError) as raised:
            await ASKS[name](service)
    failure = raised.value.failure
    assert (failure.kind, failure.detail) == (kind, "said sk-or-…0000")
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["key", "generation", "endpoints"])
async def test_a_web_page_is_refused(name: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on(ROUTES[name], text_reply("<html>", "text/html"))
        with pytest.raises(WorkbenchError) as raised:
            await ASKS[name](service)
    assert raised.value.failure.kind is FailureKind.BAD_DATA


@pytest.mark.parametrize("name", ASKS)
async def test_a_compressed_document_is_refused(name: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on(ROUTES[name], json_reply({}, headers={"Content-Encoding": "gzip"}))
        with pytest.raises(WorkbenchError) as raised:
            await ASKS[name](service)
    assert raised.value.failure.kind is FailureKind.BAD_DATA


@pytest.mark.parametrize("name", ["key", "generation"])
async def test_what_needs_a_key_is_not_asked_without(name: str) -> None:
    async with api(OPENROUTER_URL, connection={"key": None}) as service:
        with pytest.raises(WorkbenchError) as raised:
            await ASKS[name](service)
    assert raised.value.failure.kind is FailureKind.NO_KEY


@pytest.mark.parametrize(
    ("model_id", "path"),
    [
        ("~author/model-latest", "/models/~author/model-latest/endpoints"),
        ("author/model:free", "/models/author/model:free/endpoints"),
        ("author/a?b#c d", "/models/author/a%3Fb%23c%20d/endpoints"),
        ("author/ü%2e", "/models/author/%C3%BC%252e/endpoints"),
    ],
)
async def test_a_model_id_stays_within_its_path(model_id: str, path: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        await service.endpoints(model_id)
    assert [request.target.removeprefix("/api/v1") for request in server.requests] == [path]


@pytest.mark.parametrize("model_id", ["../key", "a/../../key", "a/./b", "", "/a", "a/"])
async def test_a_model_id_that_would_lead_elsewhere_is_not_asked_for(model_id: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        assert await service.endpoints(model_id) == ()
        assert server.connections == 0


async def test_warming_up_opens_the_connection_and_does_not_send_the_key() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        await service.warm_up()
        assert server.open_connections == 1
        await service.models()
    assert server.connections == 1
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/v1", "https://127.0.0.1:9/v1"])
async def test_warming_up_never_raises(address: str) -> None:
    async with api(address) as service:
        await service.warm_up()
