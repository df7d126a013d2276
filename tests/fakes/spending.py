"""A history of some weeks, the same at every run: what people spend on a few models."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from tests.fakes.conversations import answer_to, finished, prompt_in
from tui.domain.bill import computed_cost
from tui.domain.conversation import Generation
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.model import Pricing
from tui.services.history import History

_MODELS = {
    "anthropic/claude-sonnet-4.5": ("Anthropic", "3", "15", "0.3", "3.75"),
    "google/gemini-2.5-pro": ("Google", "1.25", "10", "0.125", "4.5"),
    "openai/gpt-5.2": ("OpenAI", "1.75", "14", "0.175", None),
    "deepseek/deepseek-v3.2": ("DeepSeek", "0.26", "0.38", "0.026", None),
}
_TITLES = (
    "How middle-out chooses",
    "Rust lifetimes",
    "汉字 wrapping",
    "Gemini caching costs",
    "A release note",
    "SQL window functions",
)
_QUIET_EVERY = 6
"""One day in so many nothing is asked."""
_MILLION = Decimal(1_000_000)


async def spend_some_weeks(history: History, until: datetime, days: int = 40) -> None:
    """Write some conversations of each day up to a moment in UTC."""
    for day in range(days, -1, -1):
        if day % _QUIET_EVERY == _QUIET_EVERY - 1:
            continue
        for number in range(1 + (day * 7 + 3) % 4):
            seed = day * 5 + number
            await _conversation(history, seed, until - timedelta(days=day, minutes=seed))


async def _conversation(history: History, seed: int, at: datetime) -> None:
    model = list(_MODELS)[seed * 3 % len(_MODELS)]
    conversation = await history.new_conversation(model)
    conversation.title = _TITLES[seed % len(_TITLES)]
    for turn in range(1 + seed % 4):
        prompt = prompt_in(conversation, parent_id=conversation.leaf_id, at=at)
        answer = answer_to(prompt, at=at)
        await history.begin_turn(conversation, prompt, answer)
        done = replace(finished(answer), generation=_generation(model, seed, turn, at))
        await history.finish_answer(done)
        for message in (prompt, done):
            conversation.put(message)
        conversation.leaf_id = done.id


def _generation(model: str, seed: int, turn: int, at: datetime) -> Generation:
    provider, *prices = _MODELS[model]
    per_token = [Decimal(price) / _MILLION if price is not None else None for price in prices]
    pricing = Pricing(
        prompt=per_token[0],
        completion=per_token[1],
        input_cache_read=per_token[2],
        input_cache_write=per_token[3],
    )
    before = 1_500 + seed * 137 % 4_000
    prompt = before * (turn + 1)
    usage = Usage(
        prompt_tokens=prompt,
        completion_tokens=200 + seed * 53 % 700,
        reasoning_tokens=100 if seed % 3 else 0,
        cached_tokens=before * turn,
        cache_write_tokens=before if per_token[3] is not None and not turn else 0,
    )
    amount = computed_cost(usage, pricing, at)
    assert amount is not None
    return Generation(
        model,
        "demo",
        model_served=model,
        served_by=provider,
        usage=replace(usage, cost=amount),
        cost=Cost(amount, CostSource.REPORTED),
        prices=pricing,
    )
