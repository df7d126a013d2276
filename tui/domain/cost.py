"""What answers cost, in Decimal: what was billed, how far to trust it, and sums of it.

The reported cost is the truth. OpenRouter's ``usage.cost`` is what the account is charged; with a
key of one's own at the provider (``is_byok`` true) the provider bills ``upstream_inference_cost``
on top. Without BYOK the upstream figure repeats the cost, so adding it would double the bill.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

_LARGEST_AMOUNT = Decimal(10) ** 9
_SMALLEST_AMOUNT = Decimal(10) ** -18


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts and charges of one generation, as far as the server reported them.

    Counts are tokens and never negative; charges are USD. ``completion_tokens`` includes
    ``reasoning_tokens`` and those of audio and images that were made; ``prompt_tokens`` includes
    ``audio_tokens`` and what was read from or written to the cache. ``server_tool_cost`` is the
    part of the cost for tools that OpenRouter ran, such as ``web_searches``.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    cost: Decimal | None = None
    upstream_inference_cost: Decimal | None = None
    is_byok: bool | None = None
    upstream_prompt_cost: Decimal | None = None
    upstream_completion_cost: Decimal | None = None
    server_tool_cost: Decimal | None = None
    web_searches: int | None = None
    audio_tokens: int | None = None
    audio_output_tokens: int | None = None
    image_output_tokens: int | None = None

    def merged(self, later: "Usage") -> "Usage":
        """This usage with everything that a later report knows."""
        known = {
            name: value for name in later.__slots__ if (value := getattr(later, name)) is not None
        }
        return replace(self, **known)


class CostSource(StrEnum):
    """Where a cost comes from; only ``REPORTED`` is shown without ``≈``."""

    REPORTED = "reported"
    COMPUTED = "computed"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"
    LOCAL = "local"
    NOT_BILLED = "not_billed"


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in USD and how far to trust it; ``amount`` is None when it is unknown."""

    amount: Decimal | None
    source: CostSource

    @property
    def is_exact(self) -> bool:
        """Whether the amount is what is billed, to the last digit."""
        return self.source in (CostSource.REPORTED, CostSource.LOCAL, CostSource.NOT_BILLED)


UNKNOWN_COST = Cost(None, CostSource.UNKNOWN)
NOT_BILLED = Cost(Decimal(0), CostSource.NOT_BILLED)


@dataclass(frozen=True, slots=True)
class CostTotal:
    """A sum of costs: the known part in USD, and how many parts are of another kind.

    ``local`` counts answers of a server on this machine that named no cost: what they cost, if
    anything, is not ours to say, and they are no part of the amount.
    """

    amount: Decimal = Decimal(0)
    estimated: int = 0
    unknown: int = 0
    local: int = 0

    def plus(self, cost: Cost) -> "CostTotal":
        """The total with one more cost."""
        return total([cost], self)

    def __add__(self, other: "CostTotal") -> "CostTotal":
        return CostTotal(
            self.amount + other.amount,
            self.estimated + other.estimated,
            self.unknown + other.unknown,
            self.local + other.local,
        )


def total(costs: Iterable[Cost], start: CostTotal | None = None) -> CostTotal:
    """The sum of all costs, added to ``start``; of thousands of them in some milliseconds."""
    start = start or CostTotal()
    amount, estimated = start.amount, start.estimated
    unknown, local = start.unknown, start.local
    for cost in costs:
        if cost.source is CostSource.LOCAL:
            local += 1
        elif cost.amount is None:
            unknown += 1
        else:
            amount += cost.amount
            estimated += not cost.is_exact
    return CostTotal(amount, estimated, unknown, local)


def usable_amount(amount: Decimal | None) -> Decimal | None:
    """The amount in USD if it can be money that was spent, else None.

    It is finite, not negative, and of a size that bills have: what a server sends as 1e-400 or 1e99
    is no statement about money.
    """
    if amount is None or not amount.is_finite():
        return None
    plausible = amount == 0 or _SMALLEST_AMOUNT <= amount <= _LARGEST_AMOUNT
    return amount if plausible else None


def reported_cost(usage: Usage) -> Decimal | None:
    """What the usage says was billed in USD, or None if it does not say all of it.

    ``cost + (upstream if is_byok is True else 0)``; a missing ``is_byok`` means no BYOK. With BYOK
    and no upstream figure, the cost is OpenRouter's fee alone.
    """
    cost = usable_amount(usage.cost)
    if cost is None or usage.is_byok is not True:
        return cost
    upstream = usable_amount(usage.upstream_inference_cost)
    return None if upstream is None else cost + upstream
