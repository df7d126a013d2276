"""A routing is explained by the endpoints it meets; choices that cannot work warn."""

from decimal import Decimal
from typing import Any

import pytest

from tui.domain.model import Endpoint, Pricing
from tui.domain.routing_explain import Explanation, explain
from tui.domain.routing_filter import excluding_settings
from tui.domain.routing_read import read_routing
from tui.domain.routing_slugs import (
    ProviderInfo,
    check_slugs,
    complete_slugs,
    nearest_slugs,
    serves,
)


def dollars(prompt: str, completion: str, discount: str | None = None) -> Pricing:
    million = Decimal(1_000_000)
    return Pricing(
        Decimal(prompt) / million,
        Decimal(completion) / million,
        discount=None if discount is None else Decimal(discount),
    )


ENDPOINTS = (
    Endpoint(
        "Anthropic",
        "anthropic",
        pricing=dollars("3", "15"),
        supported_parameters=frozenset({"seed", "top_k"}),
        throughput_last_30m={"p50": 60.0, "p90": 40.0},
        latency_last_30m={"p50": 900.0},
    ),
    Endpoint("Amazon Bedrock", "amazon-bedrock/us", pricing=dollars("3", "15")),
    Endpoint("Google", "google-vertex", quantization="bf16", pricing=dollars("6", "30", "0.5")),
    Endpoint("Azure", "azure", quantization="fp8", pricing=dollars("2", "9")),
)
PROVIDERS = (
    ProviderInfo("anthropic", "Anthropic"),
    ProviderInfo("amazon-bedrock", "Amazon Bedrock"),
    ProviderInfo("azure", "Azure"),
    ProviderInfo("groq", "Groq"),
    ProviderInfo("google-vertex", "Google Vertex"),
)


def explained(raw: dict[str, Any], **options: Any) -> Explanation:
    return explain(read_routing(raw)[0], ENDPOINTS, **options)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({}, "Any provider, cheaper and steadier ones first."),
        (
            {"order": ["amazon-bedrock", "anthropic"], "ignore": ["azure"]},
            "Tries Amazon Bedrock, then Anthropic; never Azure; may fall back to Google.",
        ),
        (
            {"order": ["azure"], "sort": "price"},
            (
                "Tries Azure; may fall back to Anthropic, Amazon Bedrock or Google, "
                "the cheapest first."
            ),
        ),
        ({"order": ["azure"], "allow_fallbacks": False}, "Tries Azure; does not fall back."),
        (
            {"order": ["azure"], "only": ["azure", "anthropic"]},
            "Tries Azure, of Azure and Anthropic alone; may fall back to Anthropic.",
        ),
        (
            {"order": ["azure"], "only": ["azure"]},
            "Tries Azure, of Azure alone; nobody to fall back to.",
        ),
        ({"only": ["anthropic"]}, "Only Anthropic."),
        (
            {"only": ["anthropic", "azure"], "sort": "latency"},
            "Only Anthropic or Azure, the quickest to begin first.",
        ),
        ({"sort": "throughput"}, "Any provider, the fastest first."),
        (
            {"allow_fallbacks": False},
            "Any provider, cheaper and steadier ones first; no second try elsewhere.",
        ),
        (
            {"max_price": {"prompt": 3, "completion": 15, "request": 0.01}},
            (
                "Any provider, cheaper and steadier ones first; "
                "at most $3 / M in, $15 / M out, $0.01 per request."
            ),
        ),
        (
            {"zdr": True, "data_collection": "deny", "require_parameters": True},
            (
                "Any provider, cheaper and steadier ones first; "
                "only where prompts are not collected; only with zero data retention; "
                "only who takes every parameter."
            ),
        ),
        (
            {"preferred_min_throughput": {"p50": 50, "p90": 20}, "preferred_max_latency": 2},
            (
                "Any provider, cheaper and steadier ones first; "
                "rather at 50 tok/s, 20 tok/s at p90 or more; rather within 2 s."
            ),
        ),
        ({"only": ["amazon-bedrock/us"]}, "Only Amazon Bedrock (us)."),
        ({"ignore": ["groq"]}, "Any provider, cheaper and steadier ones first; never Groq."),
    ],
    ids=str,
)
def test_a_sentence_says_what_will_happen(raw: dict[str, Any], words: str) -> None:
    assert explained(raw, providers=PROVIDERS).words == words


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ({}, ["anthropic", "amazon-bedrock/us", "google-vertex", "azure"]),
        (
            {"order": ["azure", "google-vertex"]},
            ["azure", "google-vertex", "anthropic", "amazon-bedrock/us"],
        ),
        ({"only": ["amazon-bedrock"]}, ["amazon-bedrock/us"]),
        ({"only": ["amazon-bedrock/eu"]}, []),
        ({"ignore": ["anthropic", "azure"]}, ["amazon-bedrock/us", "google-vertex"]),
        ({"quantizations": ["fp8", "bf16"]}, ["google-vertex", "azure"]),
        ({"quantizations": ["unknown"]}, ["anthropic", "amazon-bedrock/us"]),
        ({"max_price": {"prompt": 2}}, ["azure"]),
        (
            {"max_price": {"completion": 15}},
            ["anthropic", "amazon-bedrock/us", "google-vertex", "azure"],
        ),
        ({"order": ["azure"], "allow_fallbacks": False}, ["azure"]),
    ],
    ids=str,
)
def test_the_endpoints_that_are_left(raw: dict[str, Any], left: list[str]) -> None:
    found = explained(raw)
    assert [endpoint.tag for endpoint in found.allowed] == left
    assert len(found.allowed) + len(found.excluded) == len(ENDPOINTS)


def test_required_parameters_leave_out_who_does_not_take_them() -> None:
    found = explained({"require_parameters": True}, parameters=["seed", "min_p"])
    assert [each.endpoint.tag for each in found.excluded] == ["anthropic"]
    assert not explained({"require_parameters": True}, parameters=["seed"]).excluded
    assert not explained({}, parameters=["min_p"]).excluded


@pytest.mark.parametrize(
    ("raw", "warning"),
    [
        (
            {"only": ["anthropic"], "ignore": ["anthropic"]},
            "All 4 endpoints are excluded by “Never” and “Only”: every request would fail.",
        ),
        (
            {"only": ["anthropic"], "ignore": ["anthropic"]},
            "Anthropic: asked for and excluded; the exclusion wins.",
        ),
        ({"order": ["groq"]}, "This model is not served by Groq."),
        (
            {"order": ["azure"]},
            "An order switches sticky routing off: cached prompts may be missed.",
        ),
        ({"only": ["azure"]}, "Only Azure is left: if it fails, nobody takes over."),
        (
            {"preferred_min_throughput": 100},
            "Nobody who is left reaches 100 tok/s at the moment.",
        ),
        ({"preferred_max_latency": 0.5}, "Nobody who is left begins within 0.5 s now."),
    ],
    ids=str,
)
def test_a_choice_that_may_hurt_warns(raw: dict[str, Any], warning: str) -> None:
    found = explained(raw, providers=PROVIDERS, prompt_caching=True)
    assert warning in found.warnings


def test_what_cannot_hurt_does_not_warn() -> None:
    raw = {"ignore": ["azure"], "preferred_min_throughput": 50, "preferred_max_latency": 1}
    assert explained(raw).warnings == ()


def test_endpoints_in_trouble_warn_only_when_nobody_else_is_left() -> None:
    ill = Endpoint("Ill", "ill", status=-2)
    well = Endpoint("Well", "well", status=0)
    routing = read_routing({})[0]
    assert "trouble" in explain(routing, [ill]).warnings[0]
    assert explain(routing, [ill, well]).warnings == ()


def test_without_endpoints_only_the_routing_speaks() -> None:
    found = explain(read_routing({"order": ["azure"], "ignore": ["groq"]})[0], [])
    assert found.words == "Tries azure; never groq; may fall back."
    assert found.warnings == ("An order switches sticky routing off.",)


def test_a_refusal_names_the_own_settings_behind_it() -> None:
    routing = read_routing({"only": ["groq"], "max_price": {"prompt": 2}, "zdr": True})[0]
    assert excluding_settings(routing, ENDPOINTS) == (
        "only = groq leaves out 4 of 4 endpoints",
        "max_price = prompt 2 leaves out 3 of 4 endpoints",
        "zdr = true may leave out more",
    )
    assert excluding_settings(routing) == ("only = groq", "max_price = prompt 2", "zdr = true")
    ordered = read_routing({"order": ["a"], "allow_fallbacks": False, "zdr": False})[0]
    assert excluding_settings(ordered) == ("order = a",)


@pytest.mark.parametrize(
    ("tag", "slug", "same"),
    [
        ("azure", "azure", True),
        ("deepinfra/fp8", "deepinfra", True),
        ("deepinfra/fp8", "deepinfra/fp8", True),
        ("deepinfra", "deepinfra/fp8", False),
        ("azure-eu", "azure", False),
    ],
)
def test_a_slug_stands_for_all_variants_of_a_provider(tag: str, slug: str, same: bool) -> None:
    assert serves(tag, slug) is same


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("bedrock", "amazon-bedrock/us"),
        ("Amazon Bedrock", "amazon-bedrock"),
        ("antropic", "anthropic"),
        ("grok", "groq"),
        ("vertex", "google-vertex"),
        ("azure-eu", "azure"),
    ],
)
def test_an_unknown_slug_suggests_the_nearest(written: str, nearest: str) -> None:
    assert nearest_slugs(written, PROVIDERS, ENDPOINTS)[0] == nearest
    problem = check_slugs(read_routing({"only": [written, "groq"]})[0], PROVIDERS)[0]
    assert problem.field == "only"
    assert "there is no provider called" in problem.what
    assert "Did you mean" in problem.next_step


def test_a_slug_that_any_list_knows_is_fine() -> None:
    routing = read_routing({"only": ["groq", "amazon-bedrock/us", "new"]})[0]
    new = Endpoint("New", "new")
    assert check_slugs(routing, PROVIDERS, [new]) == ()
    assert check_slugs(routing, ()) == ()
    assert (
        "Choose one" in check_slugs(read_routing({"only": ["zzzzzz"]})[0], PROVIDERS)[0].next_step
    )


def test_completion_puts_those_who_serve_the_model_first() -> None:
    slugs = [each.slug for each in complete_slugs("a", PROVIDERS, ENDPOINTS[:2])]
    assert slugs == ["amazon-bedrock", "anthropic", "azure"]
    slugs = [each.slug for each in complete_slugs("o", PROVIDERS, ENDPOINTS[2:])]
    assert slugs == ["google-vertex", "amazon-bedrock", "anthropic", "groq"]
    assert complete_slugs("", (), ENDPOINTS[3:]) == [ProviderInfo("azure", "Azure")]
