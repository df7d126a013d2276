"""What the next send will cost, before it is sent: the likely case and the worst one.

Likely is what a turn like the last ones would cost: the estimated prompt, read from the cache where
it is warm, and an answer of the usual length. At worst nothing is cached, the estimate is off by
as much as it ever was, the answer is as long as it may be, and whoever may answer instead is dear.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.caching_entries import WarmPrefix
from tui.domain.calibration import Fit
from tui.domain.context_parts import asked_completion
from tui.domain.conversation import Message
from tui.domain.cost import BillLine, Usage, amount_of, bill_lines, prices_at
from tui.domain.figures import money
from tui.domain.model import Endpoint, Pricing
from tui.domain.request import explicit_caching
from tui.domain.turn import TurnRequest

_UNMEASURED_ERROR = 0.5
"""How far off the count of a prompt may be for a model that has not answered yet."""

NO_PRICE = "the catalogue names no price"
VARIES = "the price depends on the model that is chosen"
LOCAL = "answered on this machine"


@dataclass(frozen=True, slots=True)
class CostPreview:
    """The cost of the next send in USD, None where it is unknown; ``unknown`` then says why.

    ``usage`` is the likely one, and ``lines`` its bill. ``most_completion_tokens`` is the limit of
    the answer, None if nobody knows one. ``error`` is how far such estimates usually are off, as a
    fraction; None before the first answer.
    """

    usage: Usage
    likely: Decimal | None = None
    worst: Decimal | None = None
    lines: tuple[BillLine, ...] = ()
    most_completion_tokens: int | None = None
    error: float | None = None
    unknown: str = ""

    @property
    def costs_nothing(self) -> bool:
        """Whether nothing will be billed, whatever happens."""
        return self.unknown == LOCAL or (self.likely == 0 and self.worst == 0)

    @property
    def words(self) -> str:
        """Both figures in a sentence's form; why there is none otherwise."""
        if self.likely is None:
            return self.unknown
        likely = f"{money(self.likely, estimated=True)} likely"
        return likely if self.worst is None else f"{likely} · {money(self.worst)} at worst"

    @property
    def short(self) -> str:
        """Both figures as a span; empty where there is none."""
        if self.likely is None:
            return ""
        likely = money(self.likely, estimated=True)
        return likely if self.worst is None else f"{likely} – {money(self.worst)}"


def preview(
    request: TurnRequest,
    path: Sequence[Message],
    *,
    now: datetime,
    warm: WarmPrefix | None = None,
    endpoint: Endpoint | None = None,
    others: Iterable[Endpoint] = (),
) -> CostPreview:
    """What sending this path will cost; its last message is the prompt.

    ``now`` in UTC picks the prices. ``endpoint`` is the one that will answer, if that is known, and
    ``others`` are those that may: with the fallback models, they count for the worst case only.
    """
    if warm is not None and not warm.left(now):
        warm = None
    prompt = request.expected_prompt(path, warm)
    limit = _completion_limit(request, endpoint, prompt.prompt_tokens or 0)
    usual = request.calibration.usual()
    usage = replace(prompt, completion_tokens=usual if limit is None else min(usual, limit))
    known = CostPreview(usage, most_completion_tokens=limit, error=request.calibration.prompt.error)
    if request.is_local:
        return replace(known, unknown=LOCAL)
    pricing = _pricing(request, endpoint)
    if pricing is None:
        return replace(known, unknown=NO_PRICE)
    ttl = request.settings.cache_ttl
    prices = prices_at(pricing, usage.prompt_tokens or 0, now)
    lines = bill_lines(usage, prices, cache_ttl=ttl)
    if lines is None:
        return replace(known, unknown=VARIES if prices.varies else NO_PRICE)
    worst = None
    if limit is not None:
        most = _worst_usage(request, usage, limit)
        everybody = [pricing, *(one.pricing for one in others), *_fallback_prices(request)]
        worst = _dearest(most, everybody, now, ttl)
    return replace(known, likely=amount_of(lines), worst=worst, lines=lines)


def _pricing(request: TurnRequest, endpoint: Endpoint | None) -> Pricing | None:
    if endpoint is not None and endpoint.pricing.prompt is not None:
        return endpoint.pricing
    return request.model.pricing if request.model is not None else None


def _fallback_prices(request: TurnRequest) -> Iterable[Pricing]:
    """The prices of the models that answer when the chosen one cannot; empty ones if unknown."""
    found = map(request.catalogue.find, request.settings.fallbacks)
    return (model.pricing if model is not None else Pricing() for model in found)


def _completion_limit(
    request: TurnRequest, endpoint: Endpoint | None, prompt_tokens: int
) -> int | None:
    """How long the answer can become: as asked, as the model allows, and as the context leaves."""
    limits = [asked_completion(request)]
    for offer in (endpoint, request.model):
        if offer is not None:
            limits.append(offer.max_completion_tokens)
            if offer.context_length is not None:
                limits.append(max(0, offer.context_length - prompt_tokens))
    return min((limit for limit in limits if limit is not None), default=None)


def _worst_usage(request: TurnRequest, usage: Usage, limit: int) -> Usage:
    """A longer prompt than thought, nothing of it read from the cache, and the longest answer."""
    prompt = _longest(usage.prompt_tokens or 0, request.calibration.prompt)
    written = prompt if explicit_caching(request.settings, request.model) is not None else 0
    return Usage(prompt, limit, cache_write_tokens=written)


def _longest(tokens: int, fit: Fit) -> int:
    off = _UNMEASURED_ERROR if fit.worst_error is None else fit.worst_error
    return round(tokens * (1 + off))


def _dearest(
    usage: Usage, everybody: Iterable[Pricing], now: datetime, ttl: str | None
) -> Decimal | None:
    """The most that anybody would ask for it, with a cache to write to or without.

    None if somebody's price is unknown.
    """
    amounts = []
    for pricing in everybody:
        prices = prices_at(pricing, usage.prompt_tokens or 0, now)
        for one in (usage, replace(usage, cache_write_tokens=0)):
            lines = bill_lines(one, prices, cache_ttl=ttl)
            if lines is None:
                return None
            amounts.append(amount_of(lines))
    return max(amounts)
