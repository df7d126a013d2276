from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tui.domain.conversation import Generation, Message, MessageState, Role, Timing
from tui.domain.cost import NOT_BILLED, UNKNOWN_COST, Cost, CostSource, Usage
from tui.domain.model import Model, PriceOverride, Pricing
from tui.domain.receipt import cache_saving, cost_words, receipt_parts

MODEL = Model(
    "anthropic/claude-sonnet-4.5",
    canonical_slug="anthropic/claude-4.5-sonnet-20250929",
    pricing=Pricing(
        prompt=Decimal("0.000003"),
        completion=Decimal("0.000015"),
        input_cache_read=Decimal("0.0000003"),
    ),
)
GENERATION = Generation(
    model_asked="anthropic/claude-sonnet-4.5",
    provider_name="openrouter",
    model_served="anthropic/claude-4.5-sonnet-20250929",
    served_by="Anthropic",
    usage=Usage(prompt_tokens=1204, completion_tokens=561, cached_tokens=980),
    cost=Cost(Decimal("0.004218"), CostSource.REPORTED),
    timing=Timing(first_token=0.6, total=6.1),
)


def answer(state: MessageState, generation: Generation | None = GENERATION) -> Message:
    return Message(
        id="a",
        conversation_id="c",
        parent_id="p",
        role=Role.ASSISTANT,
        text="Hello",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        state=state,
        generation=generation,
    )


def test_a_complete_answer_says_who_how_much_and_how_long() -> None:
    assert receipt_parts(answer(MessageState.COMPLETE), MODEL) == [
        "claude-sonnet-4.5",
        "Anthropic",
        "$0.004218",
        "1,204 → 561 tok",
        "980 cached (≈ $0.002646 saved)",
        "6.1 s",
    ]


def test_a_fallback_that_answered_is_named_instead_of_what_was_asked() -> None:
    fallback = replace(GENERATION, model_served="openai/gpt-5.2")

    assert receipt_parts(answer(MessageState.COMPLETE, fallback), MODEL)[0] == "gpt-5.2"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MessageState.CUT, "cut by the token limit"),
        (MessageState.FILTERED, "filtered by the provider"),
        (MessageState.STOPPED, "stopped"),
        (MessageState.INTERRUPTED, "interrupted"),
        (MessageState.FAILED, "failed"),
    ],
)
def test_every_other_end_is_said_first(state: MessageState, words: str) -> None:
    assert receipt_parts(answer(state))[0] == words


def test_a_cancelled_answer_of_a_provider_that_goes_on_says_so_until_it_is_settled() -> None:
    estimated = replace(
        GENERATION, served_by="Groq", cost=Cost(Decimal("0.0012"), CostSource.ESTIMATED), usage=None
    )
    settled = replace(estimated, cost=Cost(Decimal("0.0031"), CostSource.REPORTED))

    before = receipt_parts(answer(MessageState.STOPPED, estimated))
    after = receipt_parts(answer(MessageState.STOPPED, settled))

    assert "≈ $0.0012, the provider may bill the whole answer" in before
    assert "$0.0031" in after


def test_no_saving_is_claimed_without_both_prices() -> None:
    without_read_price = replace(MODEL, pricing=Pricing(prompt=Decimal("0.000003")))

    assert "980 cached" in receipt_parts(answer(MessageState.COMPLETE), without_read_price)


def test_a_saving_counts_the_price_that_applies_to_the_length_and_what_writing_costs() -> None:
    above = {"prompt": Decimal("0.000006"), "input_cache_read": Decimal("0.0000006")}
    tiered = Pricing(
        prompt=Decimal("0.000003"),
        completion=Decimal("0.000015"),
        input_cache_read=Decimal("0.0000003"),
        input_cache_write=Decimal("0.00000375"),
        overrides=(PriceOverride(above, min_prompt_tokens=200_000),),
    )
    long = replace(
        GENERATION, usage=Usage(prompt_tokens=300_000, completion_tokens=1, cached_tokens=100_000)
    )
    # 100,000 × ($6 − $0.60) / M
    assert cache_saving(
        answer(MessageState.COMPLETE, long), replace(MODEL, pricing=tiered)
    ) == Decimal("0.54")
    costly = replace(
        GENERATION,
        usage=Usage(
            prompt_tokens=100_000,
            completion_tokens=1,
            cached_tokens=1_000,
            cache_write_tokens=99_000,
        ),
    )
    assert (
        cache_saving(answer(MessageState.COMPLETE, costly), replace(MODEL, pricing=tiered)) is None
    )


def test_a_message_without_a_generation_has_no_line() -> None:
    assert receipt_parts(answer(MessageState.COMPLETE, None)) == []


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (Cost(Decimal(0), CostSource.REPORTED), "$0"),
        (Cost(Decimal("0.0000123"), CostSource.REPORTED), "$0.0000123"),
        (Cost(Decimal("0.0000123"), CostSource.ESTIMATED), "≈ < $0.0001"),
        (Cost(Decimal("1.5"), CostSource.COMPUTED), "≈ $1.50"),
        (Cost(Decimal(0), CostSource.LOCAL), "local"),
        (NOT_BILLED, "not billed"),
        (UNKNOWN_COST, "?"),
    ],
)
def test_only_what_is_reported_stands_without_a_mark(cost: Cost, words: str) -> None:
    assert cost_words(cost) == words


def test_a_saving_is_at_the_prices_of_its_time() -> None:
    then = Pricing(
        prompt=Decimal("0.00001"),
        completion=Decimal("0.00002"),
        input_cache_read=Decimal("0.000001"),
    )
    message = answer(MessageState.COMPLETE, replace(GENERATION, prices=then))
    # 980 × ($10 − $1) / M, whatever the catalogue asks now
    assert cache_saving(message, MODEL) == cache_saving(message, None) == Decimal("0.00882")
    assert cache_saving(answer(MessageState.COMPLETE), None) is None
