"""The receipt behind an answer: every line of its bill, and what does not add up.

What was billed is the truth. The lines beneath are our arithmetic, from the tokens as reported and
the prices that were in force; where both differ, the receipt says by how much instead of smoothing
it over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tui.domain.bill import BillItem, BillLine, amount_of, asked_ttl, bill_lines, prices_at
from tui.domain.conversation import Generation, Message, MessageState
from tui.domain.cost import Cost, CostSource, Usage, usable_amount
from tui.domain.figures import money, money_exact, rate, seconds
from tui.domain.model import Model, Pricing
from tui.domain.spend import saving_of

_ENDED = "finish reason"
_NEGLIGIBLE = Decimal("1e-9")
"""What servers round away: amounts travel as binary fractions."""
_TOOLS = "tools and search"
_UPSTREAM = "the provider bills your key"
_FEE = "OpenRouter's fee"
_READING = "reading the PDF"


@dataclass(frozen=True, slots=True)
class Charge:
    """A part of the bill that is no number of tokens times a price, as reported, in USD."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """All that is known of what an answer cost; amounts are USD.

    ``lines`` are computed, ``charges`` are as reported, or expected until then. ``remark`` says
    what does not add up. ``saving`` is what the cache saved, negative where it cost more. ``facts``
    are labels with their words.
    """

    billed: Cost
    lines: tuple[BillLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    remark: str = ""
    saving: Decimal | None = None
    facts: tuple[tuple[str, str], ...] = ()
    can_be_settled: bool = False

    @property
    def computed(self) -> Decimal | None:
        """What the lines come to; None without any."""
        return amount_of(self.lines) if self.lines else None


def receipt_sheet(message: Message, model: Model | None = None) -> ReceiptSheet | None:
    """The receipt of an answer; None for a message that no generation stands behind.

    ``model`` gives the prices of now to an answer whose own were not kept.
    """
    generation = message.generation
    if generation is None:
        return None
    usage = generation.usage or Usage()
    prices = generation.prices or _prices_of_now(message, usage, model)
    ttl = asked_ttl(generation.request_settings)
    lines = bill_lines(usage, prices, cache_ttl=ttl) if prices is not None else None
    charges = _charges(usage) or _expected_charges(generation)
    if lines is not None and any(one.name == _TOOLS for one in charges):
        # The searches are among what was charged, at a price that is not the catalogue's.
        lines = tuple(line for line in lines if line.item is not BillItem.SEARCH)
    return ReceiptSheet(
        billed=generation.cost,
        lines=lines or (),
        charges=charges,
        remark=_remark(generation, usage, lines, charges),
        saving=saving_of(usage, prices, ttl) if prices is not None else None,
        facts=_facts(generation, prices_are_of_now=generation.prices is None and bool(lines)),
        can_be_settled=can_be_settled(message),
    )


def can_be_settled(message: Message) -> bool:
    """Whether the answer ended without its bill, and its server may know it."""
    generation = message.generation
    return (
        message.state is not MessageState.STREAMING
        and generation is not None
        and generation.generation_id is not None
        and not generation.cost.is_exact
    )


def _prices_of_now(message: Message, usage: Usage, model: Model | None) -> Pricing | None:
    if model is None:
        return None
    return prices_at(model.pricing, usage.prompt_tokens or 0, message.created_at)


def _charges(usage: Usage) -> tuple[Charge, ...]:
    """What the server reported apart from tokens: tools, and the two bills of one's own key."""
    cost, upstream = usable_amount(usage.cost), usable_amount(usage.upstream_inference_cost)
    if cost is None:
        return ()
    if usage.is_byok is True:
        parts = [Charge(_UPSTREAM, upstream)] if upstream is not None else []
        return (*parts, Charge(_FEE, cost)) if cost else tuple(parts)
    tools = usable_amount(usage.server_tool_cost)
    # The look-up of a generation names an upstream cost of zero, which says nothing of tools.
    if tools is None and upstream and cost - upstream > _NEGLIGIBLE:
        tools = cost - upstream
    return (Charge(_TOOLS, tools),) if tools else ()


def _expected_charges(generation: Generation) -> tuple[Charge, ...]:
    """What our own estimate counts beside the tokens; what was billed has it in it."""
    estimate, cost = generation.estimate, generation.cost
    if estimate is None or not estimate.fee or cost.is_exact or cost.amount is None:
        return ()
    return (Charge(_READING, estimate.fee),)


def _remark(
    generation: Generation,
    usage: Usage,
    lines: Sequence[BillLine] | None,
    charges: Sequence[Charge],
) -> str:
    """By how much the bill differs from our arithmetic, and what may be behind it."""
    billed = generation.cost
    upstream = usable_amount(usage.upstream_inference_cost)
    if usage.is_byok is True and upstream is None:
        return "The provider bills your key as well; how much was not reported."
    if billed.source is not CostSource.REPORTED or billed.amount is None:
        return ""
    if lines is None:
        return "The catalogue named no price, so the lines cannot be computed."
    computed = amount_of(lines)
    paid = upstream if usage.is_byok is True and upstream is not None else billed.amount
    tools = sum((one.amount for one in charges if one.name == _TOOLS), Decimal(0))
    off = paid - tools - computed
    if abs(off) <= max(_NEGLIGIBLE, computed * _NEGLIGIBLE):
        return ""
    way = "more" if off > 0 else "less"
    words = f"The bill is {money_exact(abs(off).normalize())} {way} than these lines come to"
    return f"{words}: {_suspicion(generation, usage, off)}."


def _suspicion(generation: Generation, usage: Usage, off: Decimal) -> str:
    if generation.service_tier not in (None, "default", "standard"):
        return f"the {generation.service_tier} tier has prices of its own"
    if off > 0 and usage.web_searches:
        return "the web searches are billed apart from the tokens"
    estimate = generation.estimate
    if off > 0 and estimate is not None and estimate.fee:
        return "reading the PDF is billed apart from the tokens"
    if off > 0 and estimate is not None and estimate.cache_written and not usage.cache_write_tokens:
        return "the prompt was marked to be cached, and how much was written was not reported"
    upstream, cost = usable_amount(usage.upstream_inference_cost), usable_amount(usage.cost)
    if off < 0 and usage.is_byok is None and upstream and cost is not None and upstream > cost:
        return f"it may be on a key of your own, which is billed {money_exact(upstream)} apart"
    if off < 0 and not usage.completion_tokens:
        return "answers without text are not billed"
    server = generation.served_by or "the provider"
    return f"{server} may ask another price than the catalogue names"


def _facts(generation: Generation, *, prices_are_of_now: bool) -> tuple[tuple[str, str], ...]:
    estimate, usage = generation.estimate, generation.usage
    facts = {
        "model": generation.model_served or generation.model_asked,
        "provider": generation.served_by or generation.provider_name,
        "tier": generation.service_tier or "",
        _ENDED: generation.finish_reason or "",
        "first token": _seconds(generation.timing.first_token),
        "duration": _seconds(generation.timing.total),
        "speed": "" if generation.tokens_per_second is None else rate(generation.tokens_per_second),
        "generation": generation.generation_id or "",
    }
    if usage is not None and usage.web_searches:
        facts["web searches"] = f"{usage.web_searches:,}"
    if usage is not None and usage.prompt_tokens and estimate is not None and estimate.prompt:
        facts["input estimate"] = _estimate_words(estimate.prompt, usage.prompt_tokens)
    if prices_are_of_now:
        facts["prices"] = "as the catalogue names them now"
    return tuple((label, words) for label, words in facts.items() if words)


def _estimate_words(estimated: int, counted: int) -> str:
    words = f"≈ {estimated:,} tokens"
    if estimated == counted:
        return words
    way = "high" if estimated > counted else "low"
    return f"{words}, {abs(estimated - counted) / counted:.1%} too {way}".replace("%", " %")


def _seconds(duration: float | None) -> str:
    return "" if duration is None else seconds(duration)


def saving_words(saving: Decimal | None) -> str:
    """What the cache saved or cost, in words; empty where it did neither."""
    if not saving:
        return ""
    verb = "saved" if saving > 0 else "cost"
    more = "" if saving > 0 else " more"
    return f"caching {verb} {money(abs(saving), estimated=True)}{more}"
