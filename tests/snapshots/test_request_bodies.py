"""What routing and parameters look like on the wire, for one message, as a file to read."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.snapshots.text import assert_same_text
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides, resolve
from tui.domain.conversation import Message, Role
from tui.domain.model import Model, ReasoningAbility
from tui.domain.parameters_layers import Layer, LayerSource
from tui.domain.settings import Settings
from tui.domain.turn import turn_request

CLAUDE = "anthropic/claude-sonnet-4.5"
GPT = "openai/gpt-5.2"
FREE = "meta/llama:free"
MODELS = {
    CLAUDE: Model(
        CLAUDE,
        supported_parameters=frozenset(
            {"max_tokens", "temperature", "top_p", "top_k", "stop", "reasoning", "tools",
             "verbosity", "structured_outputs", "response_format"}
        ),
        max_completion_tokens=64_000,
        reasoning=ReasoningAbility(takes_max_tokens=True),
    ),
    GPT: Model(
        GPT,
        supported_parameters=frozenset(
            {"max_completion_tokens", "seed", "response_format", "structured_outputs",
             "reasoning", "verbosity", "logprobs", "top_logprobs", "logit_bias"}
        ),
        reasoning=ReasoningAbility(mandatory=True, efforts=("high", "medium", "low")),
    ),
    FREE: Model(FREE, supported_parameters=frozenset({"min_p", "top_a", "repetition_penalty",
                                                      "frequency_penalty", "presence_penalty"})),
}  # fmt: skip
PERSON = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "person", "strict": True, "schema": PERSON},
}
COMPATIBLE = {"kind": "compatible", "base_url": "http://127.0.0.1:11434/v1"}


def routed(**fields: Any) -> dict[str, Any]:
    return {"models": {CLAUDE: {"provider": fields}}}


def with_params(model: str = CLAUDE, **fields: Any) -> dict[str, Any]:
    return {"ask": model, "models": {model: {"params": fields}}}


CASES: dict[str, dict[str, Any]] = {
    "nothing set": {},
    "order": routed(order=["amazon-bedrock", "anthropic"]),
    "order without fallbacks": routed(order=["anthropic"], allow_fallbacks=False),
    "only": routed(only=["anthropic"]),
    "only a variant": routed(only=["deepinfra/fp8"]),
    "never": routed(ignore=["azure", "google-vertex"]),
    "only, order and never": routed(
        only=["anthropic", "azure"], order=["azure"], ignore=["google-vertex"]
    ),
    "names in capitals and twice": routed(only=["Azure", "azure"]),
    "no fallbacks": routed(allow_fallbacks=False),
    "sorted by price": routed(sort="price"),
    "sorted by throughput": routed(sort="throughput"),
    "sorted by latency": routed(sort="latency"),
    "sorted by exactness": routed(sort="exacto"),
    "sorted across models": routed(sort={"by": "price", "partition": "none"}),
    "quantizations": routed(quantizations=["fp8", "bf16"]),
    "a highest price": routed(max_price={"prompt": 1, "completion": 2.5}),
    "a highest price for a request": routed(max_price={"request": 0.01}),
    "no data collection": routed(data_collection="deny"),
    "zero data retention": routed(zdr=True),
    "distillable": routed(enforce_distillable_text=True),
    "parameters required": routed(require_parameters=True),
    "preferred speed": routed(preferred_min_throughput=50),
    "preferred wait by percentile": routed(preferred_max_latency={"p50": 1, "p99": 4.5}),
    "a field that is not known yet": routed(options={"anthropic": {"beta": True}}),
    "wrong fields are left out": routed(sort="cheapest", only="anthropic", zdr=True),
    "routing of every model": {"default": {"routing": {"zdr": True, "sort": "price"}}},
    "routing of every model, one field of its own": {
        "default": {"routing": {"zdr": True, "sort": "price"}},
        **routed(sort="latency"),
    },
    "routing of the conversation": {
        **routed(sort="latency", zdr=True),
        "layers": [Layer(LayerSource.CONVERSATION, routing={"sort": "price"})],
    },
    "fallback models": {"models": {CLAUDE: {"fallbacks": [GPT, f"openrouter/{FREE}"]}}},
    "temperature and top p": with_params(temperature=0.2, top_p=0.9),
    "camel case of other tools": with_params(maxTokens=4096, topK=40),
    "stop sequences": with_params(stop=["END", "\n\n"]),
    "one stop sequence": with_params(stop="END"),
    "penalties": with_params(
        FREE, frequency_penalty=0.5, presence_penalty=-0.5, repetition_penalty=1.1
    ),
    "min p and top a": with_params(FREE, min_p=0.05, top_a=0.1),
    "seed and log probabilities": with_params(GPT, seed=7, logprobs=True, top_logprobs=3),
    "token bias": with_params(GPT, logit_bias={"50256": -100}),
    "longest answer": with_params(GPT, max_completion_tokens=2000),
    "verbosity": with_params(verbosity="low"),
    "JSON": with_params(response_format="json_object"),
    "JSON by a schema": with_params(response_format=SCHEMA),
    "reasoning by effort": with_params(GPT, reasoning={"effort": "high"}),
    "reasoning by the shorthand": with_params(GPT, reasoning_effort="low"),
    "reasoning by budget": with_params(reasoning={"max_tokens": 4000}, max_tokens=9000),
    "reasoning off": with_params(reasoning={"effort": "none"}),
    "reasoning off where it cannot be": with_params(GPT, reasoning={"effort": "none"}),
    "reasoning hidden": with_params(reasoning={"effort": "low", "exclude": True}),
    "a cache lifetime without caching": with_params(cacheControlTtl="1h"),
    "a cache lifetime with caching": {
        **with_params(cache_ttl="1h"),
        "providers": {"openrouter": {"prompt_caching": True}},
    },
    "a parameter the model does not take": with_params(seed=1, temperature=0.5),
    "a parameter that is not known yet": with_params(service_tier="flex"),
    "parameters that are wrong": with_params(temperature=9, maxTokens="many", top_k=3),
    "parameters of every layer": {
        "default": {"params": {"temperature": 0.1, "top_k": 1, "max_tokens": 100}},
        **with_params(top_k=2, stop="A"),
        "layers": [
            Layer(LayerSource.PRESET, {"max_tokens": 300, "stop": "B"}),
            Layer(LayerSource.CONVERSATION, {"stop": "C"}),
        ],
    },
    "a server of one's own": {
        "ask": "llama3.2",
        "providers": {"local": COMPATIBLE},
        "provider": "local",
        "models": {
            "llama3.2": {
                "fallbacks": ["other"],
                "provider": {"zdr": True},
                "params": {
                    "temperature": 0.3,
                    "min_p": 0.1,
                    "reasoning": {"effort": "low", "exclude": True},
                    "response_format": SCHEMA,
                },
            }
        },
    },
}


def body_of(case: dict[str, Any]) -> dict[str, Any]:
    tables = {name: case[name] for name in ("default", "models", "providers") if name in case}
    settings = Settings.model_validate(tables)
    connection = resolve(settings, {}, Overrides(provider=case.get("provider")))
    request = turn_request(
        settings,
        connection,
        Catalogue(MODELS),
        model_id=case.get("ask", CLAUDE),
        session_id="session-1",
        layers=case.get("layers", ()),
    )
    path = [Message("m", "c", None, Role.USER, "Hi", datetime(2026, 3, 2, tzinfo=UTC))]
    return request.body(path)


USUAL = {
    "messages": [{"role": "user", "content": "Hi"}],
    "stream": True,
    "session_id": "session-1",
    "plugins": [{"id": "context-compression", "enabled": False}],
}


def test_bodies_are_as_in_the_file(request: pytest.FixtureRequest) -> None:
    assert len(CASES) >= 40
    lines = ["Every body, without what all bodies have:", json.dumps(USUAL), ""]
    for name, case in CASES.items():
        body = body_of(case)
        special = {key: value for key, value in body.items() if value != USUAL.get(key)}
        lines += [f"# {name}", json.dumps(special, ensure_ascii=False), ""]
    assert_same_text(request, "request_bodies.txt", "\n".join(lines))


def test_only_a_server_of_ones_own_lacks_what_all_bodies_have() -> None:
    for name, case in CASES.items():
        assert ("session_id" in body_of(case)) is (case.get("provider") != "local"), name
