"""A config.toml that was written for another tool works as it is, down to what is sent."""

import json
from pathlib import Path

from tests.fakes.server import CATALOGUE, FakeServer, chunk, error_reply, json_reply, sse
from tui.ask import AskOptions, ask
from tui.domain.answer import Answer
from tui.domain.connection import Overrides
from tui.runtime import Runtime

CANARY = "sk-or-v1-test-canary-0000"
MODEL = "anthropic/claude-sonnet-4.5"
CONFIG = """
[default]
provider = "openrouter"
model = "openrouter/anthropic/claude-sonnet-4.5"

[providers.openrouter]
api_key = "${{OPENROUTER_API_KEY}}"
prompt_caching = true

[providers.local]
base_url = "{local}"
model_map = {{ "anthropic/claude-sonnet-4.5" = "llama3.2" }}

[models."openrouter/anthropic/claude-sonnet-4.5"]
fallbacks = ["openrouter/openai/gpt-5.2"]
provider = {{ only = ["anthropic"] }}
params = {{ maxTokens = 77, temperature = 0.5, cacheControlTtl = "1h" }}

[reliability]
fallback_providers = ["local"]
retries = 0
"""
ROWS = [
    {
        **CATALOGUE["data"][0],
        "id": MODEL,
        "context_length": 200_000,
        "pricing": {
            "prompt": "0.000003",
            "completion": "0.000015",
            "input_cache_read": "0.0000003",
            "input_cache_write": "0.00000375",
        },
    }
]


def started(home: Path, server: FakeServer, local: FakeServer) -> Runtime:
    """The set-up, with the loopback server in the place of OpenRouter."""
    file = home / "config" / "config.toml"
    file.parent.mkdir(parents=True, mode=0o700)
    file.write_text(CONFIG.format(local=local.base_url))
    file.chmod(0o600)
    server.on("GET /models", json_reply({"data": ROWS}))
    environ = {"OPENROUTER_API_KEY": CANARY, "OPENROUTER_BASE_URL": server.base_url}
    return Runtime.start(home=home, overrides=Overrides(), environ=environ)


async def asked(runtime: Runtime, prompt: str) -> Answer:
    options = AskOptions(save=False)
    answer, _ = await ask(runtime, prompt, lambda _: None, options, lambda _: None)
    return answer


async def test_every_line_of_it_is_understood_and_sent(orw_home: Path) -> None:
    async with FakeServer() as server, FakeServer() as local:
        server.on_chat(sse(chunk("Hello"), chunk(finish="stop")))
        runtime = started(orw_home, server, local)
        assert runtime.config_problems == ()
        answer = await asked(runtime, "a long text " * 2000)
        assert answer.text == "Hello"
        [request] = server.chats
        assert local.chats == []
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    body = request.json
    assert {name: body[name] for name in ("model", "models", "max_tokens", "temperature")} == {
        "model": MODEL,
        "models": [MODEL, "openai/gpt-5.2"],
        "max_tokens": 77,
        "temperature": 0.5,
    }
    assert body["provider"] == {"only": ["anthropic"]}
    assert '"ttl": "1h"' in json.dumps(body["messages"])
    assert "maxTokens" not in json.dumps(body)


async def test_the_fallback_provider_takes_the_turn_without_openrouters_extras(
    orw_home: Path,
) -> None:
    async with FakeServer() as server, FakeServer() as local:
        server.on_chat(error_reply(503, "overloaded"))
        local.on_chat(sse(chunk("Hi from here"), chunk(finish="stop")))
        answer = await asked(started(orw_home, server, local), "Hello")
        assert answer.text == "Hi from here"
        [request] = local.chats
    assert request.json["model"] == "llama3.2"
    assert "authorization" not in request.headers
    assert not {"provider", "models", "plugins", "session_id"} & request.json.keys()
