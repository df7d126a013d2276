"""Who serves a model in the demo, at which price, and how a request's ``provider`` chooses."""

from dataclasses import dataclass
from decimal import Decimal

from tui.demo.catalogue import DemoModel, Json
from tui.demo.prompt import as_names
from tui.domain.model import Endpoint, Pricing
from tui.domain.receipt import bills_after_cancel
from tui.domain.routing_filter import filter_endpoints
from tui.domain.routing_read import read_routing
from tui.services.wire_pricing import read_pricing

_PERCENTILES = {"p50": 1.0, "p75": 1.2, "p90": 1.6, "p99": 2.5}


@dataclass(frozen=True, slots=True)
class Host:
    """A provider: ``tag`` is its slug in ``provider.order``, ``factor`` scales the list price."""

    name: str
    tag: str
    factor: Decimal = Decimal(1)
    quantization: str | None = None
    latency: float = 0.5
    """Seconds to the first token."""

    @property
    def stops_when_cancelled(self) -> bool:
        """Whether a closed connection ends generation and billing."""
        return not bills_after_cancel(self.name)


_BEDROCK = Host("Amazon Bedrock", "amazon-bedrock", latency=0.9)
_VERTEX = Host("Google", "google-vertex", latency=0.7)
_OWN_HOSTS = {
    "anthropic": (Host("Anthropic", "anthropic", latency=0.6), _BEDROCK, _VERTEX),
    "openai": (Host("OpenAI", "openai", latency=0.5), Host("Azure", "azure", latency=0.8)),
    "google": (Host("Google AI Studio", "google-ai-studio", latency=0.4), _VERTEX),
    "amazon": (_BEDROCK,),
    "cohere": (Host("Cohere", "cohere"),),
    "deepseek": (Host("DeepSeek", "deepseek", quantization="fp8", latency=0.9),),
    "inception": (Host("Inception", "inception", latency=0.3),),
    "minimax": (Host("MiniMax", "minimax", quantization="fp8"),),
    "mistralai": (Host("Mistral", "mistral", latency=0.4),),
    "moonshotai": (Host("Moonshot AI", "moonshotai", quantization="int4", latency=0.8),),
    "perplexity": (Host("Perplexity", "perplexity", latency=1.2),),
    "qwen": (Host("Alibaba", "alibaba", latency=0.7),),
    "x-ai": (Host("xAI", "xai", latency=0.4),),
    "xiaomi": (Host("Xiaomi", "xiaomi", quantization="fp8"),),
    "z-ai": (Host("Z.AI", "z-ai", quantization="fp8", latency=0.7),),
}
_HOSTED_ELSEWHERE = frozenset({"openai", "google"})
"""Authors who do not serve their open weights themselves."""
_OPEN_HOSTS = (
    Host("DeepInfra", "deepinfra", quantization="fp8", latency=0.5),
    Host("Novita", "novita", Decimal("1.1"), "fp8", 0.8),
    Host("Together", "together", Decimal("1.4"), "bf16", 0.3),
)


_ROUTERS = "openrouter"
"""The author of what chooses among models and serves none."""


@dataclass(frozen=True, slots=True)
class DemoEndpoint:
    """One host's offer of a model."""

    model: DemoModel
    host: Host

    @property
    def raw_pricing(self) -> Json:
        """The model's prices as this host asks them, in the API's shape."""
        scaled = _scaled(self.model.row["pricing"], self.host.factor)
        overrides = [_scaled(entry, self.host.factor) for entry in scaled.get("overrides", ())]
        return scaled | {"overrides": overrides} if overrides else scaled

    @property
    def pricing(self) -> Pricing:
        """The same prices in Decimal, USD per token."""
        return read_pricing(self.raw_pricing)

    def as_endpoint(self) -> Endpoint:
        """The offer as far as routing looks at it."""
        return Endpoint(
            self.host.name,
            self.host.tag,
            quantization=self.host.quantization,
            pricing=self.pricing,
        )

    def as_row(self) -> Json:
        """The endpoint as ``GET /models/{author}/{slug}/endpoints`` lists it."""
        row, host = self.model.row, self.host
        spread = {
            name: round(self.model.tokens_per_second / factor, 1)
            for name, factor in _PERCENTILES.items()
        }
        return {
            "name": f"{host.name} | {self.model.served_as}",
            "model_id": self.model.id,
            "model_name": row["name"],
            "context_length": row["context_length"],
            "pricing": self.raw_pricing,
            "provider_name": host.name,
            "tag": host.tag,
            "quantization": host.quantization or "unknown",
            "max_completion_tokens": row["top_provider"]["max_completion_tokens"],
            "max_prompt_tokens": None,
            "supported_parameters": row["supported_parameters"],
            "status": 0,
            "uptime_last_5m": 100.0,
            "uptime_last_30m": 99.8,
            "uptime_last_1d": 99.6,
            "latency_last_30m": {
                name: round(host.latency * 1000 * factor) for name, factor in _PERCENTILES.items()
            },
            "throughput_last_30m": spread,
            "supports_implicit_caching": "input_cache_read" in row["pricing"]
            and self.model.author != "anthropic",
        }


def _scaled(prices: Json, factor: Decimal) -> Json:
    return {
        name: format(Decimal(value) * factor, "f") if isinstance(value, str) else value
        for name, value in prices.items()
    }


def endpoints_of(model: DemoModel) -> list[DemoEndpoint]:
    """All offers of a model, of which the first asks the catalogue's price; none for a router."""
    if model.author == _ROUTERS:
        return []
    own = _OWN_HOSTS.get(model.author, ())
    if model.has_open_weights:
        own = () if model.author in _HOSTED_ELSEWHERE else own
        hosts = (*own, *_OPEN_HOSTS)
    else:
        hosts = own or _OPEN_HOSTS[:1]
    return [DemoEndpoint(model, host) for host in hosts]


def all_hosts() -> list[Host]:
    """Every provider of the demo once, by name."""
    hosts = {host.tag: host for hosts in (*_OWN_HOSTS.values(), _OPEN_HOSTS) for host in hosts}
    return sorted(hosts.values(), key=lambda host: host.name.lower())


def choose_endpoint(model: DemoModel, preferences: Json) -> DemoEndpoint | None:
    """The endpoint that ``provider`` of a request leads to, or None if it allows none."""
    routing, _ = read_routing(preferences)
    offers = {endpoint.host.tag: endpoint for endpoint in endpoints_of(model)}
    filtered = filter_endpoints(routing, [offer.as_endpoint() for offer in offers.values()])
    allowed = [offers[endpoint.tag] for endpoint in filtered.allowed]
    if not allowed:
        return None
    if not routing.order and routing.sort == "latency":
        return min(allowed, key=lambda offer: offer.host.latency)
    if not routing.order and routing.sort == "price":
        return min(allowed, key=lambda offer: offer.host.factor)
    return allowed[0]


def no_allowed_provider(model: DemoModel, preferences: Json) -> Json:
    """The metadata of the error 404 for preferences that leave no endpoint."""
    asked = as_names(preferences.get("only")) or as_names(preferences.get("order"))
    tags = [endpoint.host.tag for endpoint in endpoints_of(model)]
    return {"available_providers": tags, "requested_providers": asked}
