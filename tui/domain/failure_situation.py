"""What was going on when a request failed: who was asked for what, and what else there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tui.domain.bill import prices_at
from tui.domain.errors import FailureKind as Kind
from tui.domain.model import Endpoint, Model, Pricing
from tui.domain.settings import ProviderKind

CAN_BE_CONTINUED = frozenset(
    {
        Kind.TIMEOUT,
        Kind.CONNECTION_LOST,
        Kind.RATE_LIMITED,
        Kind.OVERLOADED,
        Kind.PROVIDER_ERROR,
        Kind.SERVER_ERROR,
        Kind.BAD_DATA,
        Kind.TOO_MUCH_DATA,
    }
)
"""Kinds after which what arrived of an answer may be continued."""

CAN_BE_ANSWERED_ELSEWHERE = frozenset(
    {
        Kind.NO_CREDIT,
        Kind.RATE_LIMITED,
        Kind.OVERLOADED,
        Kind.PROVIDER_ERROR,
        Kind.SERVER_ERROR,
        Kind.NOT_FOUND,
        Kind.NAME_NOT_FOUND,
        Kind.REFUSED,
        Kind.UNREACHABLE,
        Kind.TIMEOUT,
        Kind.CONNECTION_LOST,
        Kind.TLS,
        Kind.PROXY,
        Kind.BAD_KEY,
        Kind.NO_KEY,
    }
)
"""Kinds after which another provider may well answer."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What an action may refer to.

    ``routing`` is the request's ``provider`` object and ``params`` its parameters. ``endpoints``
    are those of the model, where they were read. ``stand_ins`` are names of other configured
    providers. ``has_text`` says that some of the answer has arrived.
    """

    kind: ProviderKind = ProviderKind.OPENROUTER
    model_id: str = ""
    model: Model | None = None
    routing: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    fallbacks: tuple[str, ...] = ()
    compresses: bool = False
    endpoints: Sequence[Endpoint] = ()
    stand_ins: tuple[str, ...] = ()
    has_text: bool = False


def affordable_tokens(
    balance: Decimal | None, prompt_tokens: int, pricing: Pricing | None, at: datetime
) -> int | None:
    """How long an answer a balance in USD affords after its prompt; None if that is not known."""
    if balance is None or pricing is None:
        return None
    prices = prices_at(pricing, prompt_tokens, at)
    if prices.varies or prices.prompt is None or not prices.completion:
        return None
    left = balance - prompt_tokens * prices.prompt - (prices.request or Decimal(0))
    return max(0, int(left / prices.completion))
