"""Provider routing: what a request's ``provider`` object may say.

Source: OpenRouter's guide to provider routing. Slugs of providers are the tags of endpoints.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

SORTS = ("price", "throughput", "latency", "exacto")
PARTITIONS = ("model", "none")
DATA_COLLECTION = ("allow", "deny")
QUANTIZATIONS = (
    "int4",
    "int8",
    "fp4",
    "mxfp4",
    "nvfp4",
    "fp6",
    "fp8",
    "mxfp8",
    "fp16",
    "bf16",
    "fp32",
    "unknown",
)
PRICE_NAMES = ("prompt", "completion", "request", "image", "audio")
WISHES = frozenset({"sort", "preferred_min_throughput", "preferred_max_latency"})
"""Fields that forbid nothing: without them a request goes where its user allows it to go."""
PERCENTILES = ("p50", "p75", "p90", "p99")


class FieldKind(StrEnum):
    """What a field of the routing holds; an editor chooses its widget by it."""

    SLUGS = "slugs"
    NAMES = "names"
    FLAG = "flag"
    CHOICE = "choice"
    SORT = "sort"
    PRICES = "prices"
    PERCENTILES = "percentiles"


@dataclass(frozen=True, slots=True)
class RoutingField:
    """One field: its name in the API and in config.toml, and what it does in words."""

    name: str
    title: str
    kind: FieldKind
    help: str
    choices: tuple[str, ...] = ()
    unit: str = ""


ROUTING_FIELDS = (
    RoutingField("order", "Order", FieldKind.SLUGS, "Providers to try first, in this order."),
    RoutingField("only", "Only", FieldKind.SLUGS, "No other provider may serve the model."),
    RoutingField("ignore", "Never", FieldKind.SLUGS, "These providers never serve the model."),
    RoutingField(
        "allow_fallbacks",
        "May fall back",
        FieldKind.FLAG,
        "Off: if the first choice fails, the request fails.",
    ),
    RoutingField("sort", "Sort by", FieldKind.SORT, "Which endpoint is tried first.", SORTS),
    RoutingField(
        "quantizations",
        "Quantizations",
        FieldKind.NAMES,
        "Only endpoints that run the model in one of these precisions.",
        QUANTIZATIONS,
    ),
    RoutingField(
        "max_price",
        "Highest price",
        FieldKind.PRICES,
        "Dearer endpoints are never used, even if no other is left.",
        PRICE_NAMES,
        "$ per million tokens",
    ),
    RoutingField(
        "data_collection",
        "Data collection",
        FieldKind.CHOICE,
        "deny leaves out providers that may keep or train on prompts.",
        DATA_COLLECTION,
    ),
    RoutingField(
        "zdr", "Zero data retention", FieldKind.FLAG, "Only endpoints that keep nothing at all."
    ),
    RoutingField(
        "require_parameters",
        "Require parameters",
        FieldKind.FLAG,
        "Only endpoints that understand every parameter sent; others drop what they do not know.",
    ),
    RoutingField(
        "preferred_min_throughput",
        "Preferred speed",
        FieldKind.PERCENTILES,
        "Endpoints at least this fast come first; slower ones stay in reserve.",
        PERCENTILES,
        "tokens per second",
    ),
    RoutingField(
        "preferred_max_latency",
        "Preferred wait",
        FieldKind.PERCENTILES,
        "Endpoints that begin within this time come first; others stay in reserve.",
        PERCENTILES,
        "seconds",
    ),
    RoutingField(
        "enforce_distillable_text",
        "Distillable text",
        FieldKind.FLAG,
        "Only endpoints whose author allows training on what they answer.",
    ),
)


@dataclass(frozen=True, slots=True)
class Routing:
    """Who may serve a request and who is asked first; what is None or empty is left to OpenRouter.

    ``max_price`` is USD per million tokens (``request`` and ``image``: USD each), the preferred
    throughput tokens per second and the preferred latency seconds, both by percentile. ``more``
    holds fields that this program does not know; they are sent as they are.
    """

    order: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow_fallbacks: bool | None = None
    sort: str | None = None
    partition: str | None = None
    quantizations: tuple[str, ...] = ()
    max_price: Mapping[str, Decimal] = field(default_factory=dict)
    data_collection: str | None = None
    zdr: bool | None = None
    require_parameters: bool | None = None
    preferred_min_throughput: Mapping[str, float] = field(default_factory=dict)
    preferred_max_latency: Mapping[str, float] = field(default_factory=dict)
    enforce_distillable_text: bool | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is set."""
        return bool(self.body())

    def body(self) -> Json:
        """The ``provider`` object of a request; empty where nothing is set."""
        body: Json = {}
        for each in ROUTING_FIELDS:
            value = getattr(self, each.name)
            if value is None or value in ((), {}):
                continue
            body[each.name] = _as_json(each.kind, value, self.partition)
        return body | dict(self.more)


def _as_json(kind: FieldKind, value: Any, partition: str | None) -> Any:
    match kind:
        case FieldKind.SLUGS | FieldKind.NAMES:
            return list(value)
        case FieldKind.SORT if partition is not None:
            return {"by": value, "partition": partition}
        case FieldKind.PRICES:
            return {name: _number(price) for name, price in value.items()}
        case FieldKind.PERCENTILES:
            # A bare number stands for the median.
            return _number(value["p50"]) if set(value) == {"p50"} else dict(value)
        case _:
            return value


def _number(value: Decimal | float) -> int | float:
    """The value as JSON writes it shortest: 3 and not 3.0."""
    return int(value) if value == int(value) else float(value)


def merged_routing(*tables: Mapping[str, Any]) -> Json:
    """Several tables of routing as one; for each field the last one that names it wins."""
    return {name: value for table in tables for name, value in table.items()}
