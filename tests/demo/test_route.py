"""Where a request goes: aliases, routers, fallbacks, providers, and what fits."""

from typing import Any

import pytest

from tests.demo.client import messages
from tui.demo.catalogue import load_catalogue
from tui.demo.errors import ErrorReply
from tui.demo.prompt import Prompt, read_prompt
from tui.demo.route import Route, find_route

SHORT = "meta-llama/llama-3-70b-instruct"
"""A model with a context of 8,192 tokens."""
OFF = [{"id": "context-compression", "enabled": False}]
ON = [{"id": "context-compression"}]
LONG_CHAT = tuple(f"{n} " + "word " * 800 for n in range(21))


def prompt_of(*texts: str) -> Prompt:
    prompt = read_prompt({"messages": messages(*texts)})
    assert prompt is not None
    return prompt


def route(*texts: str, **body: Any) -> Route | ErrorReply:
    return find_route(load_catalogue(), body, prompt_of(*(texts or ("Hello",))))


def taken(*texts: str, **body: Any) -> Route:
    found = route(*texts, **body)
    assert isinstance(found, Route)
    return found


def refused(*texts: str, **body: Any) -> ErrorReply:
    found = route(*texts, **body)
    assert isinstance(found, ErrorReply)
    return found


def test_a_model_is_served_by_its_first_provider_at_the_listed_price() -> None:
    found = taken(model="anthropic/claude-sonnet-4.5")
    assert found.endpoint.host.name == "Anthropic"
    assert found.endpoint.raw_pricing == found.endpoint.model.row["pricing"]


def test_an_alias_leads_to_its_target() -> None:
    found = taken(model="~anthropic/claude-sonnet-latest")
    assert found.endpoint.model.id == "anthropic/claude-sonnet-4.6"
    assert found.strategy == "latest"


@pytest.mark.parametrize("router", ["openrouter/auto", "openrouter/free"])
def test_a_router_leads_to_a_model_with_a_price(router: str) -> None:
    found = taken(model=router)
    assert not found.endpoint.pricing.varies
    assert found.strategy == router.removeprefix("openrouter/")


def test_the_auto_router_sends_long_prompts_to_the_larger_model() -> None:
    short, long = taken(model="openrouter/auto"), taken("word " * 400, model="openrouter/auto")
    assert short.endpoint.model.id != long.endpoint.model.id


def test_without_a_model_the_auto_router_decides() -> None:
    assert taken().requested == "openrouter/auto"


def test_an_unknown_model_is_refused_with_its_name() -> None:
    error = refused(model="nobody/nothing")
    assert error.status == 400
    assert error.message == "nobody/nothing is not a valid model ID"


def test_the_first_of_several_models_that_can_take_the_prompt_answers() -> None:
    found = taken(*LONG_CHAT, models=[SHORT, "openai/gpt-5.2"], plugins=OFF)
    assert found.endpoint.model.id == "openai/gpt-5.2"
    assert (found.attempt, found.strategy) == (2, "fallback")


def test_providers_can_be_restricted_and_ordered() -> None:
    def host(**preferences: Any) -> str:
        return taken(model="deepseek/deepseek-v3.2", provider=preferences).endpoint.host.tag

    assert host() == "deepseek"
    assert host(only=["together", "novita"]) == "novita"
    assert host(ignore=["deepseek"]) == "deepinfra"
    assert host(order=["together", "novita"]) == "together"
    assert host(order=["nobody", "novita"], allow_fallbacks=False) == "novita"
    assert host(sort="latency") == "together"
    assert host(only="not a list") == "deepseek"
    assert host(quantizations=["bf16"]) == "together"
    assert host(sort="price", ignore=["deepseek", "deepinfra"]) == "novita"


def test_a_dearer_host_asks_its_own_price() -> None:
    found = taken(model="deepseek/deepseek-v3.2", provider={"only": ["together"]})
    assert found.endpoint.raw_pricing["prompt"] == "0.0000003528"
    assert found.endpoint.raw_pricing["overrides"][0]["prompt"] == "0.0000003528"


def test_no_allowed_provider_is_refused_with_those_that_there_are() -> None:
    error = refused(model="openai/gpt-5.2", provider={"only": ["groq"]})
    assert error.status == 404
    assert error.metadata == {
        "available_providers": ["openai", "azure"],
        "requested_providers": ["groq"],
    }


def test_a_prompt_that_does_not_fit_is_refused_with_the_figures() -> None:
    prompt = prompt_of(*LONG_CHAT)
    error = refused(*LONG_CHAT, model=SHORT, plugins=OFF, max_tokens=100)
    assert error.status == 400
    assert error.message.startswith(
        "This endpoint's maximum context length is 8192 tokens. However, you requested about "
        f"{prompt.tokens + 100} tokens ({prompt.tokens} of text input, 100 in the output)."
    )


def test_compression_drops_from_the_middle_until_the_prompt_fits() -> None:
    found = taken(*LONG_CHAT, model=SHORT, plugins=ON, max_tokens=1_000)
    kept = [message.text for message in found.prompt.messages]
    assert found.prompt.tokens <= 8_192 - 1_000
    assert kept[0] == LONG_CHAT[0]
    assert kept[-1] == LONG_CHAT[-1]
    assert found.prompt.dropped == len(LONG_CHAT) - len(kept)
    assert found.prompt.turn == 11
    (stage,) = found.as_metadata()["pipeline"]
    assert stage["type"] == "context_compression"
    assert stage["data"]["messages_removed"] == found.prompt.dropped


def test_short_contexts_compress_unless_told_not_to_and_long_ones_only_when_told() -> None:
    long_chat = tuple("word " * 40_000 for _ in range(11))
    assert taken(*LONG_CHAT, model=SHORT).prompt.dropped
    assert refused(*long_chat, model="openai/gpt-5.2").status == 400
    assert taken(*long_chat, model="openai/gpt-5.2", transforms=["middle-out"]).prompt.dropped
    assert refused(*LONG_CHAT, model=SHORT, transforms=[]).status == 400


def test_two_messages_that_do_not_fit_are_refused_even_with_compression() -> None:
    assert refused("word " * 20_000, model=SHORT, plugins=ON).status == 400


def test_a_prompt_that_fits_is_left_alone() -> None:
    found = taken("Hello", model=SHORT, plugins=ON)
    assert found.prompt.dropped == 0
    assert "pipeline" not in found.as_metadata()
