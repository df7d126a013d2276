"""The settings decide who stands in and with which model; keys stay with their servers."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.server import FakeServer, chunk, error_reply, json_reply, sse
from tui.ask import AskOptions, ask
from tui.domain.answer import Answer
from tui.domain.connection import Connection, Overrides
from tui.domain.conversation import MessageState
from tui.domain.errors import FailureKind
from tui.domain.events import FellBack, Retrying, TurnEvent
from tui.domain.settings import ProviderKind, Settings
from tui.runtime import Runtime
from tui.services.catalogue_cache import CatalogueCache
from tui.services.fallback_open import model_standing_in

CANARY = "sk-or-v1-test-canary-0000"
LOCAL_KEY = "local-test-canary-1111"
MODELS = {"data": [{"id": "llama3.2"}, {"id": "claude-sonnet-4.5"}]}
CONFIG = """
[default]
model = "anthropic/claude-sonnet-4.5"
[providers.openrouter]
base_url = "{here}"
key_origins = ["{here_origin}"]
api_key = "{key}"
[providers.local]
base_url = "{there}"
api_key = "{local_key}"
{local}
[models."anthropic/claude-sonnet-4.5"]
provider = {{ zdr = true }}
[reliability]
retries = 0
fallback_providers = [{fallbacks}]
"""


def runtime_for(
    home: Path, here: str, there: str, *, local: str = "", fallbacks: str = '"local"'
) -> Runtime:
    (home / "config").mkdir(parents=True, mode=0o700, exist_ok=True)
    file = home / "config" / "config.toml"
    file.write_text(
        CONFIG.format(
            here=here,
            here_origin=here.removesuffix("/api/v1"),
            there=there,
            key=CANARY,
            local_key=LOCAL_KEY,
            local=local,
            fallbacks=fallbacks,
        )
    )
    file.chmod(0o600)
    runtime = Runtime.start(home=home, overrides=Overrides(), environ={})
    assert runtime.config_problems == ()
    return runtime


async def asked(runtime: Runtime) -> tuple[Answer, list[TurnEvent]]:
    events: list[TurnEvent] = []
    options = AskOptions(save=False)
    answer, _ = await ask(runtime, "Hi", events.append, options, lambda _words: None)
    return answer, events


async def test_the_next_provider_answers_with_its_own_key_and_model(orw_home: Path) -> None:
    async with FakeServer() as here, FakeServer() as there:
        here.on_chat(error_reply(503, "overloaded"))
        there.on("GET /models", json_reply(MODELS))
        there.on_chat(sse(chunk("Hello"), chunk(finish="stop")))
        answer, events = await asked(runtime_for(orw_home, here.base_url, there.base_url))
    assert (answer.state, answer.text) == (MessageState.COMPLETE, "Hello")
    assert answer.provider_name == "local"
    change = next(event for event in events if isinstance(event, FellBack))
    assert change.failure.kind is FailureKind.OVERLOADED
    assert (len(here.chats), len(there.chats)) == (1, 1)
    taken = there.chats[0]
    assert taken.json["model"] == "claude-sonnet-4.5"
    assert set(taken.json) == {"model", "messages", "stream", "stream_options"}
    assert taken.headers["authorization"] == f"Bearer {LOCAL_KEY}"
    assert "http-referer" not in taken.headers
    ids = {request.headers["x-client-request-id"] for request in (here.chats[0], taken)}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("local", "model"),
    [
        ('model = "llama3.2"', "llama3.2"),
        ('model_map = { "anthropic/claude-sonnet-4.5" = "big" }', "big"),
        (
            'model = "small"\nmodel_map = { "openrouter/anthropic/claude-sonnet-4.5" = "big" }',
            "big",
        ),
    ],
)
async def test_a_model_that_is_named_needs_no_list(orw_home: Path, local: str, model: str) -> None:
    async with FakeServer() as here, FakeServer() as there:
        here.on_chat(error_reply(500))
        there.on_chat(sse(chunk("Hello"), chunk(finish="stop")))
        runtime = runtime_for(orw_home, here.base_url, there.base_url, local=local)
        answer, _ = await asked(runtime)
    assert answer.text == "Hello"
    assert there.chats[0].json["model"] == model
    assert [request.path for request in there.requests] == ["/chat/completions"]


async def test_retries_come_before_the_next_provider(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.services.openrouter.wait_before", lambda _retry, _asked: 0.0)
    async with FakeServer() as here, FakeServer() as there:
        here.on_chat(error_reply(503))
        there.on_chat(sse(chunk("Hello"), chunk(finish="stop")))
        runtime = runtime_for(orw_home, here.base_url, there.base_url, local='model = "x"')
        runtime.settings = runtime.settings.with_values("reliability", retries=2)
        answer, events = await asked(runtime)
    assert (len(here.chats), len(there.chats)) == (3, 1)
    assert [type(event) for event in events[:3]] == [Retrying, Retrying, FellBack]
    assert answer.state is MessageState.COMPLETE


async def test_nobody_stands_in_for_a_refused_key(orw_home: Path) -> None:
    async with FakeServer() as here, FakeServer() as there:
        here.on_chat(error_reply(401, "no"))
        answer, _ = await asked(runtime_for(orw_home, here.base_url, there.base_url))
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.BAD_KEY
    assert there.requests == []


async def test_a_stand_in_over_plain_http_gets_no_key_without_consent(orw_home: Path) -> None:
    async with FakeServer() as here:
        here.on_chat(error_reply(503))
        far = "http://192.0.2.7:4000/v1"
        answer, _ = await asked(runtime_for(orw_home, here.base_url, far, local='model = "x"'))
    # Anything sent there would be refused by the test run itself.
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.KEY_WITHHELD


async def test_a_provider_that_nobody_set_up_is_passed_over(orw_home: Path) -> None:
    async with FakeServer() as here, FakeServer() as there:
        here.on_chat(error_reply(503))
        there.on_chat(sse(chunk("Hello"), chunk(finish="stop")))
        runtime = runtime_for(
            orw_home,
            here.base_url,
            there.base_url,
            local='model = "x"',
            fallbacks='"nobody", "demo", "openrouter", "local"',
        )
        answer, events = await asked(runtime)
    assert answer.text == "Hello"
    changes = [event for event in events if isinstance(event, FellBack)]
    assert [change.provider for change in changes] == ["nobody", "local"]


def test_the_demo_never_reaches_anybody(orw_home: Path) -> None:
    settings = Settings.model_validate({"reliability": {"fallback_providers": ["openrouter"]}})
    overrides = Overrides(provider="demo")
    runtime = Runtime.start(home=orw_home, overrides=overrides, environ={})
    runtime.settings = settings
    assert runtime.connection is not None
    assert runtime.stand_ins(runtime.connection, "a/b", "s").names == ()


def test_a_gateway_to_openrouter_has_the_same_models() -> None:
    settings = Settings.model_validate(
        {"providers": {"gate": {"kind": "openrouter", "base_url": "https://gate.test/v1"}}}
    )
    gate = Connection("gate", ProviderKind.OPENROUTER, "https://gate.test/v1", "x")
    assert model_standing_in(settings, gate, "openrouter/a/b") == "a/b"


def test_other_providers_are_offered_by_name(orw_home: Path) -> None:
    local = "http://127.0.0.1:1/v1"
    runtime = runtime_for(orw_home, "https://gate.test/api/v1", local, fallbacks="")
    assert runtime.connection is not None
    stand_ins = runtime.stand_ins(runtime.connection, "a/b", "s")
    assert (stand_ins.names, stand_ins.others) == ((), ("local",))


def test_what_stands_in_is_known_without_asking_it(orw_home: Path) -> None:
    here, there = "http://127.0.0.1:9/api/v1", "http://127.0.0.1:10/v1"
    local = "prices = { '*' = { prompt = 1.0 } }"
    runtime = runtime_for(orw_home, here, there, local=local, fallbacks='"local", "openrouter"')
    assert runtime.connection is not None

    (request,) = runtime.stand_in_requests(runtime.connection, "a/b", "s")

    assert (request.connection.provider, request.settings.model) == ("local", "a/b")
    assert request.has_own_prices


@pytest.mark.parametrize(
    ("asked", "key", "rows", "can"),
    [
        ("anthropic/claude-sonnet-4.5", CANARY, ["anthropic/claude-sonnet-4.5"], True),
        ("anthropic/claude-sonnet-4.5", CANARY, ["openai/gpt-5.2"], False),
        ("anthropic/claude-sonnet-4.5", CANARY, [], True),
        ("anthropic/claude-sonnet-4.5", "", [], False),
        ("my-litellm-alias", CANARY, [], False),
        ("mapped", CANARY, ["openai/gpt-5.2"], True),
    ],
)
def test_openrouter_is_offered_only_for_a_model_that_it_may_have(
    orw_home: Path, asked: str, key: str, rows: list[str], can: bool
) -> None:
    file = orw_home / "config" / "config.toml"
    file.parent.mkdir(parents=True, mode=0o700)
    file.write_text(
        '[default]\nprovider = "box"\n[providers.box]\nbase_url = "http://127.0.0.1:9/v1"\n'
        f'[providers.openrouter]\napi_key = "{key}"\nmodel_map = {{ mapped = "openai/gpt-5.2" }}\n'
    )
    file.chmod(0o600)
    runtime = Runtime.start(home=orw_home, overrides=Overrides(), environ={})
    if rows:
        runtime.paths.cache.mkdir(parents=True)
        body = json.dumps({"data": [{"id": one} for one in rows]}).encode()
        cache = CatalogueCache(runtime.paths.cache, "https://openrouter.ai")
        cache.save(body, datetime(2026, 3, 2, tzinfo=UTC))
    assert runtime.can_stand_in("openrouter", asked) is can
    assert runtime.can_stand_in("box", asked), "what it calls its models is its own affair"
