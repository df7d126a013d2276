"""The list of providers, over a real socket and whatever stands in it."""

from typing import Any

import pytest

from tests.fakes.server import FakeServer, Reply, error_reply, json_reply, text_reply
from tests.services.asking import api
from tui.demo.transport import DemoTransport
from tui.domain.connection import DEMO_URL, Connection
from tui.domain.errors import WorkbenchError
from tui.domain.routing_slugs import ProviderInfo
from tui.domain.settings import ProviderKind, ReliabilitySettings
from tui.services.openrouter import OpenRouter


async def listed(reply: Reply) -> tuple[ProviderInfo, ...]:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /providers", reply)
        return await service.providers()


async def test_providers_are_read_with_what_is_known_of_them() -> None:
    row = {
        "name": "Amazon Bedrock",
        "slug": "amazon-bedrock",
        "privacy_policy_url": "https://aws.test/privacy",
        "status_page_url": None,
        "headquarters": "US",
        "datacenters": ["US", "DE"],
        "new_field": 1,
    }
    assert await listed(json_reply({"data": [row]})) == (
        ProviderInfo(
            "amazon-bedrock",
            "Amazon Bedrock",
            privacy_policy_url="https://aws.test/privacy",
            headquarters="US",
            datacenters=("US", "DE"),
        ),
    )


@pytest.mark.parametrize(
    ("data", "slugs"),
    [
        ([{"slug": "a"}, {"slug": "A", "name": "again"}, {"slug": ""}, {"name": "x"}, 5], ["a"]),
        (
            [{"slug": "a", "name": 5, "datacenters": "US", "privacy_policy_url": "javascript:1"}],
            ["a"],
        ),
        ([{"slug": "\x1b[2J"}], ["\u241b[2j"]),
        ({}, []),
        (None, []),
    ],
    ids=str,
)
async def test_odd_rows_cost_themselves_alone(data: Any, slugs: list[str]) -> None:
    found = await listed(json_reply({"data": data}))
    assert [provider.slug for provider in found] == slugs
    assert all(provider.privacy_policy_url is None for provider in found)


async def test_a_server_without_a_list_has_none() -> None:
    assert await listed(error_reply(404)) == ()
    assert await listed(text_reply("no JSON")) == ()
    with pytest.raises(WorkbenchError):
        await listed(error_reply(500))


async def test_the_demo_lists_everybody_who_serves_a_model() -> None:
    connection = Connection("demo", ProviderKind.DEMO, DEMO_URL, "")
    transport = DemoTransport(speed=0)
    service = OpenRouter(connection, ReliabilitySettings(), transport=transport)
    try:
        slugs = {provider.slug for provider in await service.providers()}
        endpoints = await service.endpoints("anthropic/claude-sonnet-4.5")
    finally:
        await service.aclose()
    assert {endpoint.tag for endpoint in endpoints} <= slugs


async def test_a_round_trip_is_timed_without_the_key() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        connecting, round_trip = await service.ping()
        assert connecting >= 0
        assert round_trip > 0
        assert [request.method for request in server.requests] == ["HEAD", "HEAD"]
        assert server.connections == 1
        assert all("authorization" not in request.headers for request in server.requests)
