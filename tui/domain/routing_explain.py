"""What provider routing will do with a model's endpoints, in plain words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tui.domain.figures import price_per_million
from tui.domain.model import Endpoint
from tui.domain.routing import ROUTING_FIELDS, Routing
from tui.domain.routing_filter import Excluded, Filtered, filter_endpoints, order_place
from tui.domain.routing_slugs import ProviderInfo, serves

_MILLION = Decimal(1_000_000)
_SORTED = {
    "price": "the cheapest first",
    "throughput": "the fastest first",
    "latency": "the quickest to begin first",
    "exacto": "the most exact with tools first",
}
_TITLES = {each.name: f"“{each.title}”" for each in ROUTING_FIELDS}
_UNSORTED = "cheaper and steadier ones first"
_MOST_NAMED = 3
_MEDIAN = "p50"

_Namer = Callable[[Sequence[str]], list[str]]
"""Gives slugs the names of their providers, each name once."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a routing means for a model: one sentence, warnings, and who is left.

    ``allowed`` begins with the endpoints that ``order`` names, in their order.
    """

    words: str
    warnings: tuple[str, ...]
    allowed: tuple[Endpoint, ...]
    excluded: tuple[Excluded, ...]


def explain(
    routing: Routing,
    endpoints: Sequence[Endpoint],
    *,
    parameters: Sequence[str] = (),
    providers: Sequence[ProviderInfo] = (),
    prompt_caching: bool = False,
) -> Explanation:
    """What will happen with these endpoints; without any, what the routing says by itself.

    ``parameters`` are those that a request will carry, ``providers`` gives names to slugs that do
    not serve the model. ``prompt_caching`` says that a cached prompt is at stake.
    """
    filtered = filter_endpoints(routing, endpoints, parameters)
    name = _namer(endpoints, providers)
    return Explanation(
        _sentence(routing, filtered, name),
        tuple(_warnings(routing, filtered, name, prompt_caching=prompt_caching)),
        filtered.allowed,
        filtered.excluded,
    )


def _namer(endpoints: Sequence[Endpoint], providers: Sequence[ProviderInfo]) -> _Namer:
    known = {provider.slug: provider.name for provider in providers}

    def named(slug: str) -> str:
        serving = (each.provider_name for each in endpoints if serves(each.tag, slug))
        base, _, variant = slug.partition("/")
        name = next(serving, known.get(base, base))
        return f"{name} ({variant})" if variant else name

    return lambda slugs: list(dict.fromkeys(map(named, slugs)))


def _listed(names: Sequence[str], joint: str) -> str:
    """The names as a sentence lists them; a long list ends with how many more there are."""
    if len(names) > _MOST_NAMED + 1:
        rest = len(names) - _MOST_NAMED
        return f"{', '.join(names[:_MOST_NAMED])} {joint} {rest} more"
    *before, last = names
    return f"{', '.join(before)} {joint} {last}" if before else last


def _sentence(routing: Routing, filtered: Filtered, name: _Namer) -> str:
    parts = [_who(routing, name)]
    if routing.ignore:
        parts.append(f"never {_listed(name(routing.ignore), 'or')}")
    parts += _limits(routing)
    parts.append(_after_that(routing, filtered))
    words = "; ".join(part for part in parts if part)
    return f"{words[:1].upper()}{words[1:]}."


def _who(routing: Routing, name: _Namer) -> str:
    how = _SORTED.get(routing.sort or "", _UNSORTED)
    if routing.order:
        tries = f"tries {', then '.join(name(routing.order))}"
        if routing.only:
            tries += f", of {_listed(name(routing.only), 'and')} alone"
        return tries
    if routing.only:
        only = name(routing.only)
        return f"only {_listed(only, 'or')}" + (f", {how}" if len(only) > 1 else "")
    return f"any provider, {how}"


def _limits(routing: Routing) -> Iterator[str]:
    if routing.quantizations:
        yield f"only in {_listed(routing.quantizations, 'or')}"
    if routing.max_price:
        yield f"at most {', '.join(_price(*each) for each in routing.max_price.items())}"
    if routing.data_collection == "deny":
        yield "only where prompts are not collected"
    if routing.zdr:
        yield "only with zero data retention"
    if routing.enforce_distillable_text:
        yield "only where training on the answers is allowed"
    if routing.require_parameters:
        yield "only who takes every parameter"
    if routing.preferred_min_throughput:
        yield f"rather at {_wish(routing.preferred_min_throughput, 'tok/s')} or more"
    if routing.preferred_max_latency:
        yield f"rather within {_wish(routing.preferred_max_latency, 's')}"


def _price(name: str, most: Decimal) -> str:
    if name in ("prompt", "completion"):
        side = "in" if name == "prompt" else "out"
        # Zero is a limit here, and no promise that it is free.
        amount = price_per_million(most / _MILLION) if most else "$0"
        return f"{amount} / M {side}"
    return f"${most:f} per {name}"


def _wish(wishes: Mapping[str, float], unit: str) -> str:
    return ", ".join(
        f"{value:g} {unit}" if name == _MEDIAN else f"{value:g} {unit} at {name}"
        for name, value in wishes.items()
    )


def _after_that(routing: Routing, filtered: Filtered) -> str:
    """What follows when the first choice fails."""
    if routing.allow_fallbacks is False:
        return "does not fall back" if routing.order or routing.only else "no second try elsewhere"
    if not routing.order:
        return ""
    if not filtered.allowed and not filtered.excluded:
        return "may fall back"
    last = len(routing.order)
    left = (one for one in filtered.allowed if order_place(routing, one) == last)
    reserve = list(dict.fromkeys(one.provider_name for one in left))
    if not reserve:
        return "nobody to fall back to"
    how = f", {_SORTED[routing.sort]}" if routing.sort and len(reserve) > 1 else ""
    return f"may fall back to {_listed(reserve, 'or')}{how}"


def _warnings(
    routing: Routing,
    filtered: Filtered,
    name: _Namer,
    *,
    prompt_caching: bool,
) -> Iterator[str]:
    endpoints = [*filtered.allowed, *(each.endpoint for each in filtered.excluded)]
    if endpoints and not filtered.allowed:
        fields = dict.fromkeys(field for each in filtered.excluded for field in each.because)
        count = (
            "The only endpoint is" if len(endpoints) == 1 else f"All {len(endpoints)} endpoints are"
        )
        named = _listed([_TITLES.get(field, field) for field in fields], "and")
        yield f"{count} excluded by {named}: every request would fail."
    both = [slug for slug in (*routing.only, *routing.order) if slug in routing.ignore]
    if both:
        yield f"{_listed(name(both), 'and')}: asked for and excluded; the exclusion wins."
    if endpoints:
        absent = [
            slug
            for slug in dict.fromkeys((*routing.order, *routing.only))
            if not any(serves(each.tag, slug) for each in endpoints)
        ]
        if absent:
            yield f"This model is not served by {_listed(name(absent), 'or')}."
    if routing.order:
        costs = ": cached prompts may be missed" if prompt_caching else ""
        yield f"An order switches sticky routing off{costs}."
    if len(filtered.allowed) == 1 and len(endpoints) > 1:
        yield f"Only {filtered.allowed[0].provider_name} is left: if it fails, nobody takes over."
    if filtered.allowed and all((each.status or 0) < 0 for each in filtered.allowed):
        yield "Everyone who is left has trouble at the moment."
    yield from _unmet(routing, filtered)


def _unmet(routing: Routing, filtered: Filtered) -> Iterator[str]:
    """Wishes that nobody fulfils; they do not exclude, so requests are sent all the same."""
    fast = routing.preferred_min_throughput
    measured = [each.throughput_last_30m for each in filtered.allowed if each.throughput_last_30m]
    if fast and measured and not any(_at_least(each, fast) for each in measured):
        yield f"Nobody who is left reaches {_wish(fast, 'tok/s')} at the moment."
    soon = {name: value * 1000 for name, value in routing.preferred_max_latency.items()}
    waits = [each.latency_last_30m for each in filtered.allowed if each.latency_last_30m]
    if soon and waits and not any(_at_most(each, soon) for each in waits):
        yield f"Nobody who is left begins within {_wish(routing.preferred_max_latency, 's')} now."


def _at_least(measured: Mapping[str, float], wishes: Mapping[str, float]) -> bool:
    return all(measured.get(name, wish) >= wish for name, wish in wishes.items())


def _at_most(measured: Mapping[str, float], wishes: Mapping[str, float]) -> bool:
    return all(measured.get(name, wish) <= wish for name, wish in wishes.items())
