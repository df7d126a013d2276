"""Where the marks go, and what the box says it does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.caching import (
    CachingKind,
    caching_effect,
    caching_kind,
    lifetime,
    marked_turns,
    minimum_tokens,
    takes_ttl,
)
from tui.domain.model import Model, Pricing

PRICED = Pricing(prompt=Decimal("0.00000125"), completion=Decimal("0.00001"))
READ = Pricing(prompt=PRICED.prompt, input_cache_read=Decimal("0.0000003125"))
VARIES = Pricing(prompt=Decimal(-1), completion=Decimal(-1))
CLAUDE = Pricing(
    prompt=Decimal("0.000003"),
    completion=Decimal("0.000015"),
    input_cache_read=Decimal("0.0000003"),
    input_cache_write=Decimal("0.00000375"),
    input_cache_write_1h=Decimal("0.000006"),
)


@pytest.mark.parametrize(
    ("model_id", "pricing", "kind"),
    [
        ("anthropic/claude-sonnet-4.5", None, CachingKind.EXPLICIT),
        ("anthropic/claude-sonnet-4.5", PRICED, CachingKind.EXPLICIT),
        ("~anthropic/claude-sonnet-latest", None, CachingKind.EXPLICIT),
        ("google/gemini-2.5-pro", READ, CachingKind.GEMINI),
        ("~google/gemini-flash-latest", None, CachingKind.GEMINI),
        ("google/gemma-4-31b-it", PRICED, CachingKind.NONE),
        ("qwen/qwen3-max", CLAUDE, CachingKind.EXPLICIT),
        ("qwen/qwen3-8b", READ, CachingKind.AUTOMATIC),
        ("qwen/qwen3-8b", PRICED, CachingKind.NONE),
        ("openai/gpt-5.2", READ, CachingKind.AUTOMATIC),
        ("openai/gpt-5.2", None, CachingKind.AUTOMATIC),
        ("openai/gpt-4", PRICED, CachingKind.NONE),
        ("deepseek/deepseek-v4", READ, CachingKind.AUTOMATIC),
        ("somebody/else", READ, CachingKind.AUTOMATIC),
        ("openrouter/auto", VARIES, CachingKind.UNKNOWN),
        ("mock-gpt", Pricing(), CachingKind.UNKNOWN),
        ("somebody/else", None, CachingKind.UNKNOWN),
        ("gpt-oss", None, CachingKind.UNKNOWN),
        ("", None, CachingKind.UNKNOWN),
    ],
)
def test_the_kind_follows_from_author_and_prices(
    model_id: str, pricing: Pricing | None, kind: CachingKind
) -> None:
    model = Model(model_id, pricing=pricing) if pricing is not None else None
    assert caching_kind(model_id, model) is kind


@pytest.mark.parametrize(
    ("model_id", "least"),
    [
        ("anthropic/claude-opus-4.5", 4096),
        ("anthropic/claude-opus-4.1", 1024),
        ("anthropic/claude-sonnet-4.5", 1024),
        ("anthropic/claude-haiku-4.5", 4096),
        ("~google/gemini-pro-latest", 4096),
        ("openai/gpt-5.2", 1024),
        ("somebody/else", None),
    ],
)
def test_the_minimum_length_is_that_of_the_closest_family(model_id: str, least: int | None) -> None:
    assert minimum_tokens(model_id) == least


@pytest.mark.parametrize(
    ("model_id", "ttl", "minutes"),
    [
        ("anthropic/claude-sonnet-4.5", None, 5),
        ("anthropic/claude-sonnet-4.5", "1h", 60),
        ("~anthropic/claude-sonnet-latest", "1h", 60),
        ("qwen/qwen3-max", "1h", 5),
        ("openai/gpt-5.2", None, 5),
    ],
)
def test_how_long_an_entry_lives(model_id: str, ttl: str | None, minutes: int) -> None:
    assert lifetime(model_id, ttl) == timedelta(minutes=minutes)


def test_only_anthropic_offers_an_hour() -> None:
    assert takes_ttl("anthropic/claude-sonnet-4.5")
    assert takes_ttl("~anthropic/claude-sonnet-latest")
    assert not takes_ttl("qwen/qwen3-max")


@pytest.mark.parametrize(
    ("model_id", "pricing", "enabled", "ttl", "badge", "sentence"),
    [
        (
            "anthropic/claude-sonnet-4.5",
            CLAUDE,
            True,
            None,
            "explicit · 5m",
            (
                "Name: the start of the conversation is cached for 5 minutes from 1,024 tokens on; "
                "a read costs $0.30 / M instead of $3, a write $3.75."
            ),
        ),
        (
            "anthropic/claude-sonnet-4.5",
            CLAUDE,
            True,
            "1h",
            "explicit · 1h",
            (
                "Name: the start of the conversation is cached for 1 hour from 1,024 tokens on; "
                "a read costs $0.30 / M instead of $3, a write $6."
            ),
        ),
        (
            "qwen/qwen3-max",
            CLAUDE,
            True,
            "1h",
            "explicit · 5m",
            (
                "Name: the start of the conversation is cached for 5 minutes; "
                "a read costs $0.30 / M instead of $3, a write $3.75."
            ),
        ),
        (
            "anthropic/claude-sonnet-4.5",
            CLAUDE,
            False,
            None,
            "off",
            (
                "Name: nothing is cached until you check the caching box; "
                "a read costs $0.30 / M instead of $3, a write $3.75."
            ),
        ),
        (
            "google/gemini-2.5-pro",
            READ,
            False,
            None,
            "off",
            (
                "Name: the explicit cache stays off until you check the caching box; a read costs "
                "$0.3125 / M instead of $1.25. Gemini may still reuse recent prompts by itself."
            ),
        ),
        (
            "google/gemini-2.5-pro",
            READ,
            True,
            None,
            "Gemini explicit",
            (
                "Name: an explicit cache is kept for 5 minutes from 4,096 tokens on; a read costs "
                "$0.3125 / M instead of $1.25."
            ),
        ),
        (
            "openai/gpt-5.2",
            READ,
            False,
            None,
            "automatic",
            (
                "Name caches by itself from 1,024 tokens on; a read costs $0.3125 / M instead of "
                "$1.25; the box changes nothing."
            ),
        ),
        ("somebody/else", PRICED, True, None, "none", "Name has no prompt cache."),
        (
            "mock-gpt",
            Pricing(),
            True,
            None,
            "unknown",
            "Name: it is not known whether prompts are cached.",
        ),
        (
            "openrouter/auto",
            VARIES,
            True,
            None,
            "unknown",
            "Name: whether prompts are cached depends on the model that is chosen.",
        ),
    ],
)
def test_the_effect_is_said_in_words(
    model_id: str, pricing: Pricing, enabled: bool, ttl: str | None, badge: str, sentence: str
) -> None:
    model = Model(model_id, name="Author: Name", pricing=pricing)
    effect = caching_effect(model_id, model, enabled=enabled, ttl=ttl)
    assert (effect.badge, effect.sentence) == (badge, sentence)
    assert effect.active == (badge not in ("off", "none", "unknown"))


def test_without_a_catalogue_the_id_stands_for_the_name() -> None:
    effect = caching_effect("anthropic/claude-x", None, enabled=True)
    assert effect.sentence.startswith("anthropic/claude-x: the start")
    unnamed = caching_effect("a/b", Model("a/b", name="Just a name", pricing=PRICED), enabled=True)
    assert unnamed.sentence == "Just a name has no prompt cache."


def test_claude_gets_the_system_prompt_and_the_last_two_turns() -> None:
    assert marked_turns(CachingKind.EXPLICIT, [1, 3, 5], 0) == {0, 3, 5}
    assert marked_turns(CachingKind.EXPLICIT, [0], None) == {0}


def test_gemini_keeps_its_mark_for_ten_turns() -> None:
    marks = [marked_turns(CachingKind.GEMINI, range(0, 2 * turns, 2), None) for turns in range(31)]
    assert marks[0] == set()
    assert marks[1:11] == [{0}] * 10
    assert marks[11:21] == [{20}] * 10
    assert marks[21:] == [{40}] * 10


@pytest.mark.parametrize("kind", [CachingKind.AUTOMATIC, CachingKind.NONE])
def test_nothing_is_marked_where_marks_do_nothing(kind: CachingKind) -> None:
    assert marked_turns(kind, [0, 2], 0) == set()


@given(
    st.sampled_from(CachingKind),
    st.lists(st.integers(1, 1000), unique=True).map(sorted),
    st.none() | st.just(0),
)
def test_there_are_never_more_than_four_marks(
    kind: CachingKind, user_turns: list[int], system: int | None
) -> None:
    marks = marked_turns(kind, user_turns, system)
    assert len(marks) <= 4
    assert marks <= {*user_turns, system}
