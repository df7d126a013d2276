"""Servers on this machine are found by asking them, nowhere else, and without a key."""

from typing import Any

import pytest

from tests.fakes.server import FakeServer, Reply, error_reply, json_reply, text_reply
from tui.domain.provider_presets import PRESETS, preset
from tui.domain.settings import ProviderKind, ProviderSettings
from tui.services.local_servers import FoundServer, find_local_servers

OLLAMA, VLLM = PRESETS[0], PRESETS[3]


def listing(*ids: str, owner: str = "") -> Reply:
    return json_reply({"object": "list", "data": [{"id": one, "owned_by": owner} for one in ids]})


async def looked_up(reply: Reply, **options: Any) -> tuple[FoundServer, ...]:
    async with FakeServer() as server:
        server.on("GET /models", reply)
        found = await find_local_servers([(VLLM, server.base_url)], **options)
        assert [request.method for request in server.requests] == ["GET"]
        assert "authorization" not in server.requests[0].headers
        return tuple(FoundServer(each.preset, "URL", each.models, each.needs_key) for each in found)


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (listing("a", "b"), FoundServer(VLLM, "URL", ("a", "b"))),
        (listing("llama3.2", owner="library"), FoundServer(OLLAMA, "URL", ("llama3.2",))),
        (listing(), FoundServer(VLLM, "URL")),
        (error_reply(401), FoundServer(VLLM, "URL", needs_key=True)),
        (listing("\x1b[2Ja", ""), FoundServer(VLLM, "URL", ("\u241b[2Ja",))),
    ],
)
async def test_a_server_is_told_by_its_list_of_models(reply: Reply, found: FoundServer) -> None:
    assert await looked_up(reply) == (found,)


@pytest.mark.parametrize(
    "reply",
    [
        text_reply("<html>", "text/html"),
        error_reply(404),
        error_reply(500),
        json_reply([1]),
        json_reply({"data": 5}),
        Reply(302, {"Location": "http://192.0.2.1/v1/models", "Content-Length": "0"}),
    ],
    ids=lambda reply: str(reply.status),
)
async def test_something_else_is_passed_over(reply: Reply) -> None:
    assert await looked_up(reply) == ()


async def test_nobody_there_and_nobody_who_talks_are_passed_over() -> None:
    async with FakeServer(mute=True) as mute, FakeServer() as gone:
        nowhere = gone.base_url
        await gone.__aexit__(None, None, None)
        places = [(OLLAMA, mute.base_url), (VLLM, nowhere)]
        assert await find_local_servers(places, longest=0.1) == ()


@pytest.mark.parametrize("url", ["http://192.0.2.1:8000/v1", "https://example.com/v1"])
async def test_only_this_machine_is_searched(url: str) -> None:
    with pytest.raises(ValueError, match="on this machine"):
        await find_local_servers([(VLLM, url)])


def test_a_preset_is_a_provider_of_the_settings() -> None:
    for each in PRESETS:
        provider = ProviderSettings.model_validate(each.values())
        assert provider.kind is ProviderKind.COMPATIBLE
        assert provider.base_url == f"http://127.0.0.1:{each.port}/v1"
        assert preset(each.name) is each
        assert each.help.endswith(".")
    assert preset("nobody") is None
    assert PRESETS[0].values("http://127.0.0.1:1/v1")["base_url"] == "http://127.0.0.1:1/v1"
