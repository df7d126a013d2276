"""Which endpoints of a model a routing leaves, as OpenRouter applies it; pure and offline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tui.domain.model import Endpoint, Pricing
from tui.domain.routing import Routing
from tui.domain.routing_slugs import serves

_MILLION = Decimal(1_000_000)
_PER_TOKEN = ("prompt", "completion")
_PRIVACY = ("data_collection", "zdr", "enforce_distillable_text")
_RESTRICTING = ("only", "ignore", "quantizations", "max_price", "require_parameters")


@dataclass(frozen=True, slots=True)
class Excluded:
    """An endpoint that the routing leaves out; ``because`` names the fields that do."""

    endpoint: Endpoint
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filtered:
    """The endpoints that are left, those named by ``order`` first, and the others.

    Privacy wishes are not applied: endpoints do not tell how they treat data.
    """

    allowed: tuple[Endpoint, ...]
    excluded: tuple[Excluded, ...]


def filter_endpoints(
    routing: Routing, endpoints: Sequence[Endpoint], parameters: Sequence[str] = ()
) -> Filtered:
    """Apply a routing; ``parameters`` are the ones sent, for ``require_parameters``."""
    excluded, allowed = [], []
    for endpoint in endpoints:
        because = tuple(_reasons(routing, endpoint, parameters))
        if because:
            excluded.append(Excluded(endpoint, because))
        else:
            allowed.append(endpoint)
    allowed.sort(key=lambda endpoint: order_place(routing, endpoint))
    return Filtered(tuple(allowed), tuple(excluded))


def order_place(routing: Routing, endpoint: Endpoint) -> int:
    """Where ``order`` puts an endpoint; all that it does not name share the last place."""
    places = (place for place, slug in enumerate(routing.order) if serves(endpoint.tag, slug))
    return next(places, len(routing.order))


def _reasons(routing: Routing, endpoint: Endpoint, parameters: Sequence[str]) -> Iterator[str]:
    """The fields that leave an endpoint out."""
    tag = endpoint.tag
    if routing.only and not any(serves(tag, slug) for slug in routing.only):
        yield "only"
    if any(serves(tag, slug) for slug in routing.ignore):
        yield "ignore"
    is_last = order_place(routing, endpoint) == len(routing.order)
    if routing.order and routing.allow_fallbacks is False and is_last:
        yield "order"
    if routing.quantizations and (endpoint.quantization or "unknown") not in routing.quantizations:
        yield "quantizations"
    if any(_costs_more(endpoint.pricing, name, most) for name, most in routing.max_price.items()):
        yield "max_price"
    known = endpoint.supported_parameters
    if routing.require_parameters and known and not set(parameters) <= known:
        yield "require_parameters"


def _costs_more(pricing: Pricing, name: str, most: Decimal) -> bool:
    """Whether a price after its discount is above the most that is wanted; unknown is not."""
    price: Decimal | None = getattr(pricing, name, None)
    if price is None or price < 0:
        return False
    paid = price * (1 - (pricing.discount or Decimal(0)))
    return (paid * _MILLION if name in _PER_TOKEN else paid) > most


def excluding_settings(
    routing: Routing, endpoints: Sequence[Endpoint] = (), parameters: Sequence[str] = ()
) -> tuple[str, ...]:
    """Each own setting that leaves endpoints out, in words: the answer to "no endpoints found".

    Without ``endpoints`` these are the settings that could, with them those that do.
    """
    body = routing.body()
    privacy = [name for name in _PRIVACY if body.get(name) not in (None, False, "allow")]
    if not endpoints:
        names = [name for name in _RESTRICTING if body.get(name)]
        if routing.order and routing.allow_fallbacks is False:
            names.insert(0, "order")
        return tuple(_written(body, name) for name in [*names, *privacy])
    counts: dict[str, int] = {}
    for each in filter_endpoints(routing, endpoints, parameters).excluded:
        for name in each.because:
            counts[name] = counts.get(name, 0) + 1
    return (
        *(
            f"{_written(body, name)} leaves out {count} of {len(endpoints)} endpoints"
            for name, count in counts.items()
        ),
        *(f"{_written(body, name)} may leave out more" for name in privacy),
    )


def _written(body: dict[str, object], name: str) -> str:
    """A field with its value, as config.toml would say it."""
    match body[name]:
        case list(names):
            value = ", ".join(map(str, names))
        case dict(amounts):
            value = ", ".join(f"{key} {amount}" for key, amount in amounts.items())
        case bool(flag):
            value = "true" if flag else "false"
        case other:
            value = str(other)
    return f"{name} = {value}"
