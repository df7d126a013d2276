"""Prices that the user gives for a server of their own, which names none itself."""

from collections.abc import Mapping
from decimal import Decimal

from tui.domain.cost import usable_amount
from tui.domain.model import Pricing, normalise_model_id
from tui.domain.settings import ProviderSettings

PRICE_NAMES = ("prompt", "completion", "input_cache_read", "input_cache_write", "request")
ANY_MODEL = "*"
"""Stands for every model that has no prices of its own."""
_MILLION = Decimal(1_000_000)


def own_pricing(provider: ProviderSettings, model_id: str) -> Pricing | None:
    """What the settings of a provider say that a model costs there; None if they say nothing.

    The settings are in $ per million tokens (``request``: $ each), the result in USD per token.
    """
    written = provider.prices
    by_id = {normalise_model_id(name): prices for name, prices in written.items()}
    prices = by_id.get(normalise_model_id(model_id), written.get(ANY_MODEL))
    if prices is None:
        return None
    per_token = {name: _price(prices, name) for name in PRICE_NAMES}
    if per_token["prompt"] is None and per_token["completion"] is None:
        return None
    # One of the two alone means that the other costs nothing.
    zero = Decimal(0)
    return Pricing(
        prompt=per_token["prompt"] or zero,
        completion=per_token["completion"] or zero,
        input_cache_read=per_token["input_cache_read"],
        input_cache_write=per_token["input_cache_write"],
        request=per_token["request"],
    )


def _price(prices: Mapping[str, float], name: str) -> Decimal | None:
    if name not in prices:
        return None
    amount = usable_amount(Decimal(str(prices[name])))
    return amount if amount is None or name == "request" else amount / _MILLION
