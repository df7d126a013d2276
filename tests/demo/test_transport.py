"""The demo's documents: catalogue, endpoints, account, generations, and errors."""

from decimal import Decimal
from typing import Any

import pytest

from tests.demo.client import ROOT, SONNET, DemoClient, chat_request
from tui.demo.catalogue import load_catalogue
from tui.demo.transport import DemoTransport
from tui.services.http import TransportRequest
from tui.services.wire import parse_endpoints


async def test_models_is_the_whole_catalogue(client: DemoClient) -> None:
    for path in ("/models", "/models/user", "/models?output_modalities=all"):
        answer = await client.get(path)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        assert len(answer.document["data"]) == answer.document["total_count"]
        assert answer.document["links"] == {"next": None}
    count = await client.get("/models/count")
    assert count.document["data"]["count"] == answer.document["total_count"]


@pytest.mark.parametrize("model_id", [m.id for m in load_catalogue() if m.author != "openrouter"])
async def test_every_model_has_endpoints_and_the_first_asks_its_price(
    client: DemoClient, model_id: str
) -> None:
    answer = await client.get(f"/models/{model_id}/endpoints")
    assert answer.document["data"]["id"] == model_id
    rows = answer.document["data"]["endpoints"]
    (listed,) = (m.row for m in load_catalogue() if m.id == model_id)
    assert rows[0]["pricing"] == listed["pricing"]
    assert len({row["tag"] for row in rows}) == len(rows) >= 1


async def test_a_router_has_no_endpoints(client: DemoClient) -> None:
    answer = await client.get("/models/openrouter/auto/endpoints")
    assert answer.document["data"]["endpoints"] == []


async def test_endpoints_can_be_read_by_the_workbench(client: DemoClient) -> None:
    answer = await client.get("/models/deepseek/deepseek-v3.2/endpoints")
    first, *others = parse_endpoints("\n".join(answer.lines).encode())
    assert (first.provider_name, first.tag, first.quantization) == ("DeepSeek", "deepseek", "fp8")
    assert first.pricing.prompt == Decimal("0.000000252")
    assert first.throughput_last_30m["p50"] >= 40
    assert first.latency_last_30m["p99"] > first.latency_last_30m["p50"]
    assert max(other.pricing.prompt or 0 for other in others) == Decimal("0.0000003528")


async def test_endpoints_are_found_by_the_dated_slug(client: DemoClient) -> None:
    answer = await client.get("/models/anthropic/claude-4.5-sonnet-20250929/endpoints")
    assert answer.document["data"]["id"] == SONNET


async def test_one_model_is_found_through_an_alias_and_a_variant(client: DemoClient) -> None:
    alias = await client.get("/model/~anthropic/claude-sonnet-latest")
    variant = await client.get("/model/openai/gpt-5.2:nitro")
    assert alias.document["data"]["id"] == "anthropic/claude-sonnet-4.6"
    assert variant.document["data"]["id"] == "openai/gpt-5.2"


@pytest.mark.parametrize(
    "path",
    [
        "/model/nobody/nothing",
        "/models/nobody/nothing/endpoints",
        "/generation?id=gen-none",
        "/generation",
        "/nothing",
        "/",
    ],
)
async def test_what_there_is_not_is_a_404_in_json(client: DemoClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status == 404
    assert answer.document["error"]["code"] == 404


async def test_another_method_is_refused(client: DemoClient) -> None:
    for method, path in (("DELETE", "/models"), ("POST", "/key"), ("PUT", "/chat/completions")):
        answer = await client.send(TransportRequest(method, ROOT + path))
        assert answer.status == 405


async def test_head_is_answered_without_a_body(client: DemoClient) -> None:
    answer = await client.send(TransportRequest("HEAD", ROOT + "/models"))
    assert answer.status == 200
    assert answer.lines == ("",)


async def test_providers_name_each_host_once(client: DemoClient) -> None:
    rows = (await client.get("/providers")).document["data"]
    slugs = [row["slug"] for row in rows]
    assert len(set(slugs)) == len(slugs)
    assert ("Anthropic", "anthropic") in [(row["name"], row["slug"]) for row in rows]


async def test_key_and_credits_tell_what_was_spent(client: DemoClient) -> None:
    before = (await client.get("/key")).document["data"]
    cost = (await client.chat("Hello")).usage["cost"]
    after = (await client.get("/key")).document["data"]
    credits_ = (await client.get("/credits")).document["data"]
    assert before["usage"] == 0
    assert before["limit_remaining"] == before["limit"] == 10
    assert after["usage"] == after["usage_daily"] == credits_["total_usage"] == cost
    assert after["limit_remaining"] == 10 - cost


async def test_two_demos_share_nothing() -> None:
    spender, other = DemoClient(DemoTransport(speed=0)), DemoClient(DemoTransport(speed=0))
    await spender.chat("Hello")
    assert (await other.get("/key")).document["data"]["usage"] == 0


async def test_the_seed_decides_the_ids() -> None:
    async def generation_id(seed: int) -> str:
        client = DemoClient(DemoTransport(speed=0, seed=seed))
        return (await client.chat("Hello")).generation_id.rpartition("-")[2]

    assert await generation_id(1) == await generation_id(1) != await generation_id(2)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 429, 500, 502, 503])
async def test_an_error_is_given_as_often_as_it_is_asked_for(
    client: DemoClient, status: int
) -> None:
    for _ in range(3):
        answer = await client.chat(f"error {status}")
        assert answer.status == answer.document["error"]["code"] == status
        assert answer.headers["content-type"] == "application/json"
        assert answer.document["error"]["message"]
    waits = {429: "2", 503: "1"}
    assert answer.headers.get("retry-after") == waits.get(status)


async def test_an_error_that_there_is_not_is_an_ordinary_prompt(client: DemoClient) -> None:
    assert (await client.chat("error 418")).status == 200


async def test_an_error_names_the_provider_that_would_have_served(client: DemoClient) -> None:
    answer = await client.chat("error 429", provider={"only": ["azure"]}, model="openai/gpt-5.2")
    assert answer.document["error"]["metadata"]["provider_name"] == "Azure"


async def test_an_unknown_model_is_a_400(client: DemoClient) -> None:
    answer = await client.chat("Hello", model="nobody/nothing")
    assert answer.status == 400
    assert answer.document["error"]["message"] == "nobody/nothing is not a valid model ID"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 200_000,
        b'{"messages": []}',
        b'{"messages": "Hello"}',
        b'{"messages": [1]}',
        b'{"messages": [{"content": "Hello"}]}',
    ],
)
async def test_a_body_that_is_no_chat_is_a_400(client: DemoClient, content: bytes) -> None:
    request = TransportRequest("POST", f"{ROOT}/chat/completions", content=content)
    answer = await client.send(request)
    assert answer.status == 400
    assert answer.document["error"]["code"] == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"provider": ["anthropic"]},
        {"plugins": True},
        {"plugins": ["context-compression"]},
        {"reasoning": "high"},
        {"max_tokens": "many"},
        {"max_tokens": True},
        {"models": "openai/gpt-5.2"},
        {"session_id": 7},
        {"transforms": "middle-out"},
    ],
)
async def test_a_field_of_the_wrong_type_counts_as_not_given(
    client: DemoClient, fields: dict[str, Any]
) -> None:
    answer = await client.chat("Hello", **fields)
    assert answer.status == 200
    assert answer.is_done


async def test_a_lone_surrogate_in_a_prompt_does_no_harm(client: DemoClient) -> None:
    request = chat_request("Hello")
    content = request.content.replace(b"Hello", b"Hello \\ud83d")
    answer = await client.send(TransportRequest("POST", request.url, content=content))
    assert "> Hello ?" in answer.text
