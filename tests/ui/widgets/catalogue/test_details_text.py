"""The details of a model: every fact that the catalogue has, and none that it has not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.ui.widgets.catalogue.support import CONTEXT, NOW, found, per_million, priced
from tui.domain.catalogue_context import FilterContext, TypicalTurn
from tui.domain.model import Model, PriceOverride, Pricing, ReasoningAbility
from tui.ui.widgets.catalogue.details_text import Told, details_text

FULL = Model(
    id="~anthropic/claude-x:thinking",
    name="Anthropic: Claude X",
    hugging_face_id="anthropic/claude-x",
    description="Balanced.",
    created=int(NOW.timestamp()),
    context_length=200_000,
    max_completion_tokens=64_000,
    input_modalities=("text", "image"),
    tokenizer="Claude",
    pricing=Pricing(
        prompt=per_million("3"),
        completion=per_million("15"),
        request=Decimal("0.01"),
        web_search=Decimal("0.02"),
        internal_reasoning=per_million("16"),
        image_token=per_million("17"),
        image_output=per_million("18"),
        audio=per_million("19"),
        audio_output=per_million("20"),
        input_audio_cache=per_million("21"),
        input_cache_read=per_million("0.3"),
        input_cache_write=per_million("3.75"),
        input_cache_write_1h=per_million("6"),
        discount=Decimal("0.5"),
        overrides=(
            PriceOverride({"prompt": per_million("6")}, min_prompt_tokens=200_000),
            PriceOverride({"completion": per_million("9")}, utc_days=frozenset({5, 6})),
        ),
    ),
    supported_parameters=frozenset({"seed", "tools"}),
    default_parameters={"temperature": 0.7},
    is_moderated=True,
    knowledge_cutoff=date(2025, 7, 31),
    expiration_date=date(2026, 4, 1),
    alias_target="anthropic/claude-x-5",
    reasoning=ReasoningAbility(True, True, ("high", "low"), "low", takes_max_tokens=True),
    benchmarks={"intelligence_index": 61.5, "elo_website": 1385.2},
)


def text(model: Model, context: FilterContext = CONTEXT, told: Told | None = None) -> str:
    return details_text(found(model), context, told or Told(), 60).plain


def test_every_fact_is_told() -> None:
    shown = text(FULL, told=Told(fallbacks=("a/b", "c/d")))
    for words in (
        "Claude X\n~anthropic/claude-x:thinking",
        "ends 2026-04-01 (in 30 days)",
        "answers come from anthropic/claude-x-5",
        ":thinking thinks before it answers",
        "falls back to a/b, then c/d",
        "Balanced.",
        "above 200k $3",
        "Sat, Sun: answer $9",
        "−50 %, already taken off",
        "200,000 tokens",
        "64,000 tokens",
        "text, image",
        "2025-07-31",
        "Claude",
        "moderated     yes",
        "weights       anthropic/claude-x",
        "always reasons",
        "high, low",
        "usual effort  low",
        "seed, tools",
        "temperature 0.7",
        "intelligence  61.5",
        "elo website   1385.2",
    ):
        assert words in shown, words


def test_every_price_is_listed_with_what_it_means_for_many_turns() -> None:
    turn = TypicalTurn(prompt_tokens=2_000, completion_tokens=1_000, measured=12)
    lines = text(FULL, replace(CONTEXT, turn=turn)).splitlines()
    rows = {line[:13].strip(): line[13:].split() for line in lines if "$" in line}
    assert rows["prompt"] == ["$1.50", "$3.00"]
    assert rows["answer"] == ["$7.50", "$7.50"]
    assert rows["cache read"] == ["$0.15", "≤", "$0.30"]
    assert rows["cache write"] == ["$1.875", "≤", "$3.75"]
    assert rows["for 1 hour"] == ["$3", "≤", "$6.00"]
    assert rows["reasoning"] == ["$8"]
    assert rows["image tokens"] == ["$8.50"]
    assert rows["makes images"] == ["$9"]
    assert rows["audio"] == ["$9.50"]
    assert rows["makes audio"] == ["$10"]
    assert rows["cached audio"] == ["$10.50"]
    assert rows["request"] == ["$0.005", "each", "request"]
    assert rows["web search"] == ["$0.01", "each", "search"]
    assert rows["sum, no cache"] == ["≈", "$15.50"]
    assert any("as yours usually are" in line for line in lines)


def test_what_is_not_known_is_not_told() -> None:
    shown = text(Model("a/b"))
    assert "The catalogue names no prices." in shown
    for words in ("None", "context  ", "Reasoning", "Parameters", "Benchmarks", "knows until"):
        assert words not in shown


def test_a_price_that_varies_is_not_multiplied() -> None:
    lines = text(Model("openrouter/auto", pricing=priced("-1", "-1"))).splitlines()
    assert [line.split() for line in lines if "varies" in line] == [
        ["prompt", "varies"],
        ["answer", "varies"],
    ]
