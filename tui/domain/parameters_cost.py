"""What a parameter costs: the length of an answer has to be affordable before it is sent."""

from datetime import datetime
from decimal import Decimal

from tui.domain.bill import prices_at
from tui.domain.model import Pricing


def reserved_cost(max_tokens: int | None, pricing: Pricing | None, at: datetime) -> Decimal | None:
    """What an answer of ``max_tokens`` costs in USD: the server wants the account to afford it.

    None where the length or the price is not known. ``at`` is the moment in UTC whose prices apply.
    """
    if max_tokens is None or pricing is None:
        return None
    price = prices_at(pricing, 0, at).completion
    return None if price is None or price < 0 else price * max_tokens
