"""Every price of a model, and what each comes to for many of the user's turns."""

from collections.abc import Iterator

from textual.content import Content

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_row import discount_words, override_words, price_words
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import turn_price
from tui.domain.figures import money, price_per_million, tokens
from tui.domain.model import PriceOverride, Pricing

_MANY = 1_000
"""How many turns a price is worked out for."""
_LABEL = 13
_PRICE = 9


def prices_text(found: Found, context: FilterContext) -> Content:
    """The prices of now, and below them what else can hold."""
    pricing, turn = found.row.pricing, context.turn
    size = f"{tokens(turn.prompt_tokens)} → {tokens(turn.completion_tokens)} tokens"
    learnt = "as yours usually are" if turn.measured else "as long as none of yours is known"
    lines = [
        Content.assemble(
            (f"{'Prices':<{_LABEL}}", "bold $text-accent"),
            (f"{'per M':>{_PRICE}}  {_MANY:,} turns", "$quiet"),
        )
    ]
    for label, price, amount in _rows(pricing, context):
        cell = (f"{price:>{_PRICE}}", "$money")
        lines.append(Content.assemble((f"{label:<{_LABEL}}", "$quiet"), cell, f"  {amount}"))
    total = turn_price(found.row, turn, context.now)
    if total is not None:
        blank = f"{'sum, no cache':<{_LABEL}}{'':>{_PRICE}}  "
        sum_of_turns = (money(total * _MANY, estimated=True), "bold $money")
        lines.append(Content.assemble((blank, "$quiet"), sum_of_turns))
    lines.append(Content.styled(f"Turns of {size}, {learnt}.", "$quiet"))
    lines += map(Content, _conditions(found.model.pricing, context))
    return Content("\n").join(lines)


def _rows(pricing: Pricing, context: FilterContext) -> Iterator[tuple[str, str, str]]:
    """Label, price, and what it comes to, for each price that the catalogue names."""
    turn = context.turn
    for label, price, count, sign in (
        ("prompt", pricing.prompt, turn.prompt_tokens, ""),
        ("answer", pricing.completion, turn.completion_tokens, ""),
        ("reasoning", pricing.internal_reasoning, 0, ""),
        # How much of a prompt comes from the cache nobody knows: at most all of it.
        ("cache read", pricing.input_cache_read, turn.prompt_tokens, "≤ "),
        ("cache write", pricing.input_cache_write, turn.prompt_tokens, "≤ "),
        ("  for 1 hour", pricing.input_cache_write_1h, turn.prompt_tokens, "≤ "),
    ):
        if price is not None:
            known = count > 0 and price >= 0
            amount = f"{sign}{money(price * count * _MANY)}" if known else ""
            yield label, price_per_million(price), amount
    # These are not per million tokens: the words beside them say so.
    for label, price, words in (
        ("request", pricing.request, "each request"),
        ("web search", pricing.web_search, "each search"),
        ("image", pricing.image, "each image, or token of it"),
    ):
        if price:
            yield label, money(price), words


def _conditions(pricing: Pricing, context: FilterContext) -> Iterator[str]:
    for label, name in (("Prompt", "prompt"), ("Answer", "completion")):
        words = price_words(pricing, name, context.now)
        if words.startswith("from "):
            yield f"{label} {words}"
    if any(_goes_by_the_clock(override) for override in pricing.overrides):
        yield from override_words(pricing)
    discount = discount_words(pricing)
    if discount:
        yield f"{discount}, already taken off"


def _goes_by_the_clock(override: PriceOverride) -> bool:
    """Whether tiers by the length of the prompt do not say all of it."""
    return (override.utc_start, override.utc_end, override.utc_days) != (None, None, None)
