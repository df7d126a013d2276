"""The simulated prompt cache and the bill, against prices written out by hand."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tui.demo.billing import CacheUse, Generation, Ledger, PromptCache, generation_row
from tui.demo.catalogue import load_catalogue
from tui.demo.endpoints import DemoEndpoint, endpoints_of
from tui.demo.prompt import Prompt, PromptMessage

SONNET = "anthropic/claude-sonnet-4.5"
GEMINI = "google/gemini-2.5-flash"
GPT = "openai/gpt-5.2"
LLAMA = "meta-llama/llama-3.3-70b-instruct"
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG = " word" * 6_000
"""6,000 tokens and 4 for the message."""
SHORT = " word" * 100


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> PromptCache:
    return PromptCache(clock)


def endpoint(model_id: str) -> DemoEndpoint:
    return endpoints_of(load_catalogue().models[model_id])[0]


def prompt(*texts: str, marks: dict[int, str] | None = None) -> Prompt:
    roles = ("user", "assistant")
    return Prompt(
        tuple(
            PromptMessage(roles[index % 2], text, (marks or {}).get(index))
            for index, text in enumerate(texts)
        )
    )


def test_claude_writes_up_to_the_mark_and_reads_it_on_the_next_turn(cache: PromptCache) -> None:
    first = cache.use(endpoint(SONNET), "s", prompt(LONG, marks={0: "5m"}))
    second = cache.use(endpoint(SONNET), "s", prompt(LONG, "Yes.", SHORT, marks={0: "5m", 2: "5m"}))
    assert first == CacheUse(read=0, written=6_004)
    assert second == CacheUse(read=6_004, written=6 + 104)


def test_claude_caches_nothing_without_a_mark(cache: PromptCache) -> None:
    assert cache.use(endpoint(SONNET), "s", prompt(LONG)) == CacheUse()
    assert cache.use(endpoint(SONNET), "s", prompt(LONG)) == CacheUse()


def test_prompts_below_the_minimum_are_not_cached(cache: PromptCache) -> None:
    assert cache.use(endpoint(SONNET), "s", prompt(SHORT, marks={0: "5m"})) == CacheUse()


def test_an_entry_expires_after_its_lifetime(cache: PromptCache, clock: Clock) -> None:
    for ttl, seconds in (("5m", 300.0), ("1h", 3600.0)):
        marked = prompt(ttl, LONG, marks={1: ttl})
        tokens = marked.tokens
        cache.use(endpoint(SONNET), "s", marked)
        clock.now += seconds - 1
        assert cache.use(endpoint(SONNET), "s", marked) == CacheUse(tokens, 0, ttl)
        clock.now += seconds
        assert cache.use(endpoint(SONNET), "s", marked) == CacheUse(0, tokens, ttl)


def test_another_session_or_a_changed_beginning_reads_nothing(cache: PromptCache) -> None:
    cache.use(endpoint(SONNET), "s", prompt(LONG, marks={0: "5m"}))
    assert cache.use(endpoint(SONNET), "t", prompt(LONG, marks={0: "5m"})).read == 0
    assert cache.use(endpoint(SONNET), "s", prompt("!" + LONG, marks={0: "5m"})).read == 0


def test_gemini_counts_what_it_writes_as_read_too(cache: PromptCache, clock: Clock) -> None:
    marked = prompt(LONG, marks={0: "5m"})
    assert cache.use(endpoint(GEMINI), "s", marked) == CacheUse(6_004, 6_004)
    clock.now += 299
    assert cache.use(endpoint(GEMINI), "s", marked) == CacheUse(6_004, 0)
    clock.now += 2
    assert cache.use(endpoint(GEMINI), "s", marked) == CacheUse(6_004, 6_004)


def test_gpt_reads_a_repeated_beginning_by_itself(cache: PromptCache) -> None:
    assert cache.use(endpoint(GPT), "s", prompt(LONG)) == CacheUse()
    assert cache.use(endpoint(GPT), "s", prompt(LONG, "Yes.", SHORT)) == CacheUse(6_004)


def test_a_model_without_a_cache_price_caches_nothing(cache: PromptCache) -> None:
    for _ in range(2):
        assert cache.use(endpoint(LLAMA), "s", prompt(LONG, marks={0: "5m"})) == CacheUse()


def generation(model_id: str, prompt_tokens: int, use: CacheUse, completion: int) -> Generation:
    served = endpoint(model_id)
    return Generation(
        id="gen-1",
        endpoint=served,
        pricing=served.pricing,
        at=AT,
        started=time.monotonic(),
        prompt_tokens=prompt_tokens,
        cache=use,
        streamed=True,
        session_id="s",
        completion_tokens=completion,
    )


@pytest.mark.parametrize(
    ("model_id", "prompt_tokens", "use", "completion", "expected"),
    [
        (SONNET, 1_204, CacheUse(), 561, "0.012027"),
        # 1 plain + 2569 read + 79 written at $3 / M, read × 0.1, write × 1.25
        (SONNET, 2_649, CacheUse(2_569, 79), 0, "0.00106995"),
        # an hour costs twice the prompt price
        (SONNET, 2_000, CacheUse(0, 2_000, "1h"), 0, "0.012"),
        # above 200,000 tokens the whole prompt has another price
        (SONNET, 200_001, CacheUse(), 10, "1.200231"),
        (GPT, 6_110, CacheUse(6_004), 207, "0.0041342"),
        ("google/gemini-2.5-pro", 100, CacheUse(), 1_000, "0.010125"),
        # 25 percent off
        ("z-ai/glm-4.6", 1_000, CacheUse(), 1_000, "0.0016275"),
        ("deepseek/deepseek-v4-flash:free", 1_000, CacheUse(), 1_000, "0"),
    ],
)
def test_a_cost_is_price_times_usage(
    model_id: str, prompt_tokens: int, use: CacheUse, completion: int, expected: str
) -> None:
    billed = generation(model_id, prompt_tokens, use, completion)
    assert billed.cost() == Decimal(expected)


def test_what_was_written_by_gemini_is_not_charged_at_the_prompt_price_as_well() -> None:
    billed = generation(GEMINI, 2_168, CacheUse(2_161, 2_161), 0)
    plain, read, written = Decimal("0.0000003"), Decimal("0.00000003"), "0.00000008333333333333334"
    assert billed.cost() == 7 * plain + 2_161 * read + 2_161 * Decimal(written)


def test_prompt_and_completion_are_two_parts_of_the_cost() -> None:
    billed = generation(SONNET, 1_204, CacheUse(), 561)
    assert billed.prompt_cost() == Decimal("0.003612")
    assert billed.cost() - billed.prompt_cost() == Decimal("0.008415")


def test_a_failure_of_the_provider_is_not_charged() -> None:
    billed = generation(SONNET, 1_204, CacheUse(), 561)
    billed.waived = True
    assert billed.cost() == 0


def test_a_generation_can_be_looked_up_once_it_has_ended() -> None:
    ledger, running = Ledger(), generation(SONNET, 1_204, CacheUse(), 561)
    ledger.open(running)
    assert ledger.find("gen-1") is None
    running.ended_at = time.monotonic()
    assert ledger.find("gen-1") is running
    assert ledger.find("gen-2") is None


def test_the_ledger_sums_what_was_spent() -> None:
    ledger, other = Ledger(), generation(SONNET, 0, CacheUse(), 561)
    other.id = "gen-2"
    ledger.open(generation(SONNET, 1_204, CacheUse(), 561))
    ledger.open(other)
    assert ledger.spent() == Decimal("0.020442")


def test_the_cache_discount_is_what_was_saved_or_lost() -> None:
    reading = generation_row(generation(SONNET, 1_000, CacheUse(1_000), 0))
    writing = generation_row(generation(SONNET, 1_000, CacheUse(0, 1_000), 0))
    assert reading["cache_discount"] == Decimal("0.0027")
    assert writing["cache_discount"] == Decimal("-0.00075")
    assert generation_row(generation(SONNET, 1_000, CacheUse(), 0))["cache_discount"] is None
