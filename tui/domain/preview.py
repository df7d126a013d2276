"""What the next send will cost, before it is sent: the likely case and the worst one.

Likely is what a turn like the last ones would cost: the estimated prompt, read from the cache where
it is warm, and an answer of the usual length. At worst nothing is cached, the estimate is off by
as much as it ever was, the answer is as long as it may be, and the dearest of all who may answer
does: other endpoints, the fallback models, and the providers that stand in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.bill import BillLine, amount_of, bill_lines, prices_at
from tui.domain.caching_entries import WarmPrefix
from tui.domain.calibration import Fit
from tui.domain.conversation import Message
from tui.domain.cost import UNKNOWN_COST, Cost, CostSource, Usage
from tui.domain.figures import money, money_rough
from tui.domain.model import Endpoint, Model, Pricing
from tui.domain.pages_read import pages_read
from tui.domain.request import COMPRESSION_PLUGIN, FILE_PARSER_PLUGIN, explicit_caching
from tui.domain.turn import TurnRequest

_UNMEASURED_ERROR = 0.5
"""How far off the count of a prompt may be for a model that has not answered yet."""

_OPEN_ENDED_VARIANTS = (":online", ":nitro")
_OPEN_ENDED = ("web_search_options", "preset")
_PLAIN_TIERS = ("auto", "default", "flex")
_FREE_PLUGINS = (COMPRESSION_PLUGIN, FILE_PARSER_PLUGIN, "response-healing")

NO_PRICE = "the catalogue names no price"
TOLD_AFTERWARDS = "the server names the cost with its answer"
VARIES = "the price depends on the model that is chosen"
LOCAL = "answered on this machine"


@dataclass(frozen=True, slots=True)
class CostPreview:
    """The cost of the next send in USD, None where it is unknown; ``unknown`` then says why.

    ``usage`` is the likely one, and ``lines`` its bill. ``most_completion_tokens`` is the limit of
    the answer, None if nobody knows one, and ``most_prompt_tokens`` what the prompt is taken for at
    worst. ``error`` is how far such estimates usually are off, as a fraction; None before the first
    answer.
    """

    usage: Usage
    likely: Decimal | None = None
    worst: Decimal | None = None
    lines: tuple[BillLine, ...] = ()
    most_completion_tokens: int | None = None
    most_prompt_tokens: int = 0
    error: float | None = None
    unknown: str = ""

    @property
    def costs_nothing(self) -> bool:
        """Whether nothing will be billed, whatever happens."""
        return self.worst == 0 and (self.likely == 0 or self.unknown == LOCAL)

    @property
    def likely_cost(self) -> Cost:
        """The likely figure, as what the answer counts for until it has ended."""
        if self.unknown == LOCAL:
            return Cost(Decimal(0), CostSource.LOCAL)
        return UNKNOWN_COST if self.likely is None else Cost(self.likely, CostSource.ESTIMATED)

    @property
    def words(self) -> str:
        """Both figures in a sentence's form; why there is none otherwise."""
        if self.likely is None:
            likely = self.unknown
        else:
            likely = f"{money(self.likely, estimated=True)} likely"
        if self.worst is None or (self.likely is None and not self.worst):
            return likely
        return f"{likely} · {money(self.worst)} at worst"

    @property
    def short(self) -> str:
        """Both figures as a span; empty where there is none."""
        if self.likely is None:
            return ""
        likely = money(self.likely, estimated=True)
        return likely if self.worst is None else f"{likely} – {money(self.worst)}"

    @property
    def shorter(self) -> str:
        """The same with fewer digits; the worst one is not made smaller by that."""
        if self.likely is None or self.worst is None:
            return self.short
        return f"≈ {money_rough(self.likely)} – {money_rough(self.worst, at_most=True)}"


def preview(
    request: TurnRequest,
    path: Sequence[Message],
    *,
    now: datetime,
    warm: WarmPrefix | None = None,
    endpoint: Endpoint | None = None,
    others: Iterable[Endpoint] = (),
    stand_ins: Iterable[TurnRequest] = (),
) -> CostPreview:
    """What sending this path will cost; its last message is the prompt.

    ``now`` in UTC picks the prices. ``endpoint`` is the one that will answer, if that is known, and
    ``others`` are those that may; ``stand_ins`` are the requests that other providers would get if
    the chosen one failed. With the fallback models, they count for the worst case only.
    """
    if warm is not None and not warm.left(now):
        warm = None
    prompt = request.expected_prompt(path, warm)
    limit = _completion_limit(request, endpoint, prompt.prompt_tokens or 0)
    usual = request.calibration.usual()
    usage = replace(prompt, completion_tokens=usual if limit is None else min(usual, limit))
    fit = request.calibration.prompt
    known = CostPreview(
        usage,
        most_completion_tokens=limit,
        most_prompt_tokens=_longest(prompt.prompt_tokens or 0, fit),
        error=fit.error,
    )
    elsewhere = [amount for one in stand_ins for amount in _at_worst(one, path, now)]
    if request.is_local:
        return replace(known, worst=_greatest([Decimal(0), *elsewhere]), unknown=LOCAL)
    pricing = _pricing(request, endpoint)
    no_price = TOLD_AFTERWARDS if request.is_billed else NO_PRICE
    if pricing is None:
        return replace(known, unknown=no_price)
    ttl = request.settings.cache_ttl
    prices = prices_at(pricing, usage.prompt_tokens or 0, now)
    lines = bill_lines(usage, prices, cache_ttl=ttl)
    if lines is None:
        return replace(known, unknown=VARIES if prices.varies else no_price)
    worst = _greatest([*_at_worst(request, path, now, endpoint, others), *elsewhere])
    read = pages_read(request.settings, request.model, path)
    worst = None if worst is None or _is_open_ended(request) else worst + amount_of(read)
    lines = (*lines, *read)
    return replace(known, likely=amount_of(lines), worst=worst, lines=lines)


def _is_open_ended(request: TurnRequest) -> bool:
    """Whether the request asks for what is billed at a price that is not named before.

    Those are searches and other tools of the server, tiers that are served before others, and what
    is set up at the server under a name.
    """
    params = request.settings.params
    asked = (request.settings.model, *request.settings.fallbacks)
    tier = params.get("service_tier")
    return (
        any(model_id.endswith(_OPEN_ENDED_VARIANTS) for model_id in asked)
        or any(params.get(name) for name in _OPEN_ENDED)
        or (tier is not None and tier not in _PLAIN_TIERS)
        or any(_is_billed(one) for one in _objects(params.get("plugins")))
        or any(one.get("type") != "function" for one in _objects(params.get("tools")))
    )


def _is_billed(plugin: Mapping[str, object]) -> bool:
    return plugin.get("enabled") is not False and plugin.get("id") not in _FREE_PLUGINS


def _objects(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _pricing(request: TurnRequest, endpoint: Endpoint | None) -> Pricing | None:
    if endpoint is not None and endpoint.pricing.prompt is not None:
        return endpoint.pricing
    return request.model.pricing if request.model is not None else None


def _completion_limit(
    request: TurnRequest, endpoint: Endpoint | None, prompt_tokens: int
) -> int | None:
    """How long the answer can become: as asked, as the model allows, and as the context leaves."""
    return _limit(request, prompt_tokens, (endpoint, request.model))


def _limit(
    request: TurnRequest, prompt_tokens: int, offers: Iterable[Endpoint | Model | None]
) -> int | None:
    limits = [request.asked_completion]
    for offer in offers:
        if offer is not None:
            limits.append(offer.max_completion_tokens)
            if offer.context_length is not None:
                limits.append(max(0, offer.context_length - prompt_tokens))
    return min((limit for limit in limits if limit is not None), default=None)


def _at_worst(
    request: TurnRequest,
    path: Sequence[Message],
    now: datetime,
    endpoint: Endpoint | None = None,
    others: Iterable[Endpoint] = (),
) -> Iterator[Decimal | None]:
    """What a request costs at worst in USD, by each who may answer it; None where nobody knows."""
    if request.is_local:
        return
    expected = request.expected_prompt(path, None)
    prompt, fit = expected.prompt_tokens or 0, request.calibration.prompt
    longest = Usage(_longest(prompt, fit), audio_tokens=_longest(expected.audio_tokens or 0, fit))
    writes = explicit_caching(request.settings, request.model) is not None
    ttl = request.settings.cache_ttl
    for one in (endpoint, *others):
        pricing, limit = _pricing(request, one), _completion_limit(request, one, prompt)
        yield _dearest(longest, limit, pricing, now, ttl, writes=writes)
    for model in map(request.catalogue.find, request.settings.fallbacks):
        pricing = model.pricing if model is not None else None
        limit = _limit(request, prompt, (model,))
        yield _dearest(longest, limit, pricing, now, ttl, writes=writes)


def _longest(tokens: int, fit: Fit) -> int:
    """A longer prompt than thought."""
    off = _UNMEASURED_ERROR if fit.worst_error is None else fit.worst_error
    return round(tokens * (1 + off))


def _dearest(
    prompt: Usage,
    completion: int | None,
    pricing: Pricing | None,
    now: datetime,
    ttl: str | None,
    *,
    writes: bool,
) -> Decimal | None:
    """The most that somebody would ask for so many tokens, with a cache to write to or without.

    Nothing is read from the cache, and all of the answer is what is dearest in it: text, reasoning,
    images or sound. None if the price or the longest answer is not known.
    """
    if pricing is None or completion is None:
        return None
    tokens = prompt.prompt_tokens or 0
    prices = prices_at(pricing, tokens, now)
    outputs = (
        prices.completion,
        prices.internal_reasoning,
        prices.image_output,
        prices.audio_output,
    )
    if prices.completion is not None:
        prices = replace(prices, completion=max(one for one in outputs if one is not None))
    amounts = []
    for written in {0, tokens if writes else 0}:
        usage = replace(prompt, completion_tokens=completion, cache_write_tokens=written)
        lines = bill_lines(usage, prices, cache_ttl=ttl)
        if lines is None:
            return None
        amounts.append(amount_of(lines))
    return max(amounts)


def _greatest(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The greatest amount; None if there is none, or if one of them is not known."""
    known = [amount for amount in amounts if amount is not None]
    return max(known) if known and len(known) == len(amounts) else None
