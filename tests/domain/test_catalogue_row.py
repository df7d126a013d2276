"""The facts of a model in words."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from tui.domain.catalogue_index import row_of
from tui.domain.catalogue_row import (
    CAPABILITIES,
    capability_glyphs,
    capability_words,
    discount_words,
    expiry_words,
    override_words,
    price_words,
    row_facts,
    variant_words,
)
from tui.domain.model import Model, PriceOverride, Pricing, ReasoningAbility

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def per_million(price: str) -> Decimal:
    return Decimal(price) / 1_000_000


LONG = PriceOverride({"prompt": per_million("2.5")}, min_prompt_tokens=200_000)
LONGER = PriceOverride({"prompt": per_million("5")}, min_prompt_tokens=400_000)
NIGHT = PriceOverride(
    {"prompt": per_million("0.5")},
    utc_start=time(22),
    utc_end=time(6),
    utc_days=frozenset({0, 1, 2}),
)


@pytest.mark.parametrize(
    ("pricing", "words"),
    [
        (Pricing(per_million("3")), "$3"),
        (Pricing(Decimal(0)), "free"),
        (Pricing(Decimal(-1)), "varies"),
        (Pricing(), "?"),
        (Pricing(per_million("1.25"), overrides=(LONG,)), "from $1.25 / above 200k $2.50"),
        (
            Pricing(per_million("1.25"), overrides=(LONGER, LONG)),
            # Of overrides that hold at once the later one counts.
            "from $1.25 / above 200k $2.50",
        ),
        (
            Pricing(per_million("1.25"), overrides=(LONG, LONGER)),
            "from $1.25 / above 200k $2.50 / above 400k $5",
        ),
        (Pricing(per_million("2.5"), overrides=(LONG,)), "$2.50"),
        (
            Pricing(per_million("2"), discount=Decimal("0.5"), overrides=(LONG,)),
            "from $1 / above 200k $1.25",
        ),
        (Pricing(per_million("1"), overrides=(NIGHT,)), "$1"),
    ],
)
def test_a_price_in_words(pricing: Pricing, words: str) -> None:
    assert price_words(pricing, "prompt", NOON) == words


def test_the_price_of_the_hour_is_the_one_in_words() -> None:
    pricing = Pricing(per_million("1"), overrides=(NIGHT,))
    monday_night = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert price_words(pricing, "prompt", monday_night) == "$0.50"


def test_conditions_in_words() -> None:
    both = PriceOverride(
        {"completion": Decimal(0), "input_cache_write_1h": per_million("6")},
        min_prompt_tokens=32_000,
        utc_days=frozenset({5, 6}),
    )
    until = PriceOverride({"prompt": per_million("9")}, utc_end=time(9, 30))
    always = PriceOverride({"prompt": per_million("9")})
    assert override_words(Pricing(overrides=(LONG, NIGHT, both, until, always))) == [
        "above 200k: prompt $2.50",
        "Mon–Wed 22:00–06:00 UTC: prompt $0.50",
        "above 32k, Sat, Sun: answer free, cache write, 1 hour $6",
        "00:00–09:30 UTC: prompt $9",
        "always: prompt $9",
    ]


@pytest.mark.parametrize(
    ("discount", "words"),
    [(None, ""), ("0", ""), ("0.25", "−25 %"), ("0.125", "−12.5 %"), ("1", "−100 %")],
)
def test_a_discount_in_words(discount: str | None, words: str) -> None:
    pricing = Pricing(discount=None if discount is None else Decimal(discount))
    assert discount_words(pricing) == words


def test_capabilities_have_a_letter_a_place_and_a_word() -> None:
    letters = [one.glyph for one in CAPABILITIES]
    assert len(set(letters)) == len(letters)
    model = Model(
        "x/y",
        input_modalities=("text", "image"),
        supported_parameters=frozenset({"tools"}),
        reasoning=ReasoningAbility(),
    )
    row = row_of(model, NOON)
    assert capability_glyphs(row) == "tv···r····"
    assert capability_words(row) == ["tools", "vision", "reasoning"]


@pytest.mark.parametrize(
    ("variant", "part"),
    [
        ("free", "costs nothing"),
        ("nitro", "fastest"),
        ("ONLINE", "web search"),
        ("odd", "variant of"),
    ],
)
def test_a_variant_is_explained(variant: str, part: str) -> None:
    assert variant_words(variant).startswith(f":{variant} ")
    assert part in variant_words(variant)
    assert variant_words(None) == ""


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, ""),
        (date(2026, 11, 19), "ended 2026-11-19"),
        (date(2026, 11, 20), "ends 2026-11-20 (today)"),
        (date(2026, 11, 21), "ends 2026-11-21 (tomorrow)"),
        (date(2026, 12, 31), "ends 2026-12-31 (in 41 days)"),
    ],
)
def test_the_end_of_a_model_in_words(last: date | None, words: str) -> None:
    assert expiry_words(Model("x/y", expiration_date=last), NOON) == words


def test_a_row_tells_its_facts() -> None:
    model = Model(
        "~x-ai/grok-latest:free",
        name="xAI: Grok",
        created=int(NOON.timestamp()) - 29 * 86_400,
        context_length=2_000_000,
        pricing=Pricing(Decimal(0), Decimal(0)),
        alias_target="x-ai/grok-4",
    )
    facts = row_facts(model, NOON)
    assert (facts.name, facts.author, facts.context) == ("Grok", "x-ai", "2M")
    assert (facts.price_in, facts.price_out, facts.price_cache) == ("free", "free", "?")
    assert facts.alias == "→ x-ai/grok-4"
    assert facts.variant.startswith(":free")
    assert (facts.is_free, facts.is_new, facts.expiry, facts.discount) == (True, True, "", "")
    older = Model("x/y", created=int(NOON.timestamp()) - 31 * 86_400)
    assert (row_facts(older, NOON).is_new, row_facts(older, NOON).name) == (False, "x/y")
