"""The quiet line under an answer: how it ended, who gave it, what it cost."""

from decimal import Decimal

from tui.domain.bill import asked_ttl, prices_at
from tui.domain.conversation import Generation, Message, MessageState
from tui.domain.cost import Cost, CostSource, CostTotal
from tui.domain.figures import UNKNOWN, money, money_exact, seconds, tokens
from tui.domain.model import Model
from tui.domain.spend import saving_of

STATE_WORDS = {
    MessageState.CUT: "cut by the token limit",
    MessageState.FILTERED: "filtered by the provider",
    MessageState.STOPPED: "stopped",
    MessageState.INTERRUPTED: "interrupted",
    MessageState.FAILED: "failed",
}

# OpenRouter's streaming guide: these go on to the end, and bill it, after the client has left.
_BILLS_AFTER_CANCEL = frozenset(
    {
        "ai21",
        "alibaba",
        "amazon bedrock",
        "featherless",
        "google",
        "google ai studio",
        "groq",
        "huggingface",
        "minimax",
        "mistral",
        "nebius",
        "perplexity",
        "replicate",
        "sambanova",
    }
)


def bills_after_cancel(provider: str) -> bool:
    """Whether a provider bills the whole answer although the connection was closed."""
    return provider.casefold() in _BILLS_AFTER_CANCEL


def cost_words(cost: Cost, *, exact: bool = True) -> str:
    """A cost for the line: to the last digit when reported, ``≈`` when not, ``?`` when unknown."""
    match cost.source:
        case CostSource.LOCAL:
            return "local"
        case CostSource.NOT_BILLED:
            return "not billed"
        case CostSource.REPORTED:
            return money_exact(cost.amount) if exact else money(cost.amount)
        case _:
            return money(cost.amount, estimated=cost.amount is not None)


def total_words(total: CostTotal) -> str:
    """A sum in words: ``≈`` when a part is estimated, ``+ ?`` when a part is unknown.

    It is ``local`` where servers on this machine answered and named no cost.
    """
    if total.local and not (total.amount or total.unknown):
        return "local"
    words = money(total.amount, estimated=total.estimated > 0)
    return f"{words} + {UNKNOWN}" if total.unknown else words


def cache_saving(message: Message, model: Model | None) -> Decimal | None:
    """What the cache saved in USD, at the prices that were in force or else at those of the model.

    None if nothing was read, if it saved nothing, or if a price is not known.
    """
    generation = message.generation
    if generation is None or generation.usage is None or not generation.usage.cached_tokens:
        return None
    usage, prices = generation.usage, generation.prices
    if prices is None and model is not None:
        prices = prices_at(model.pricing, usage.prompt_tokens or 0, message.created_at)
    if prices is None:
        return None
    saving = saving_of(usage, prices, asked_ttl(generation.request_settings))
    return saving if saving is not None and saving > 0 else None


def receipt_parts(message: Message, model: Model | None = None) -> list[str]:
    """The parts of the line under an answer, each readable on its own, in their order."""
    generation = message.generation
    if generation is None:
        return []
    parts = [STATE_WORDS[message.state]] if message.state in STATE_WORDS else []
    if message.state is MessageState.COMPLETE and not message.text:
        parts.append("the model returned no text")
    parts.append(_short_name(generation, model))
    if generation.served_by:
        parts.append(generation.served_by)
    cost = cost_words(generation.cost)
    if _may_bill_everything(message, generation):
        cost += ", the provider may bill the whole answer"
    parts.append(cost)
    usage = generation.usage
    if usage is not None:
        parts.append(f"{tokens(usage.prompt_tokens)} → {tokens(usage.completion_tokens)} tok")
        if usage.reasoning_tokens:
            parts.append(f"{tokens(usage.reasoning_tokens)} reasoning")
        if usage.cached_tokens:
            saving = cache_saving(message, model)
            saved = f" ({money(saving, estimated=True)} saved)" if saving else ""
            parts.append(f"{tokens(usage.cached_tokens)} cached{saved}")
    if generation.timing.total is not None:
        parts.append(seconds(generation.timing.total))
    return parts


def _short_name(generation: Generation, model: Model | None) -> str:
    """The model without its author: as it was asked for, unless another one answered."""
    served = generation.model_served
    asked_is_served = model is not None and served in (None, model.id, model.canonical_slug)
    name = generation.model_asked if served is None or asked_is_served else served
    return name.partition("/")[2] or name


def _may_bill_everything(message: Message, generation: Generation) -> bool:
    cancelled = message.state in (MessageState.STOPPED, MessageState.INTERRUPTED)
    known = generation.cost.source in (CostSource.REPORTED, CostSource.LOCAL)
    return cancelled and not known and bills_after_cancel(generation.served_by or "")
