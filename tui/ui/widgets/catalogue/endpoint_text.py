"""One endpoint in words and small bars: who serves a model, at which price and how well."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from textual.content import Content

from tui.domain.catalogue_row import discount_words, price_words
from tui.domain.figures import UNKNOWN, seconds, tokens_short
from tui.domain.model import Endpoint, Pricing
from tui.domain.provider_choice import ProviderChoice, choice_for
from tui.domain.sanitize import single_line

_PERCENTILES = ("p50", "p75", "p90", "p99")
_EIGHTHS = "▁▂▃▄▅▆▇█"
_LONGEST_NAME = 60
_CHOICES = {
    ProviderChoice.ONLY: "✓ only this one",
    ProviderChoice.PREFER: "↑ preferred",
    ProviderChoice.NEVER: "✗ never",
}


def endpoint_text(endpoint: Endpoint, routing: Mapping[str, Any], now: datetime) -> Content:
    """An endpoint in a few lines; ``routing`` is what the settings say as ``provider``."""
    lines = [
        _head(endpoint, routing),
        _prices(endpoint.pricing, now),
        _facts(endpoint),
        _uptime(endpoint),
        _latency(endpoint.latency_last_30m),
        _throughput(endpoint.throughput_last_30m),
    ]
    return Content("\n").join([line for line in lines if line.plain])


def bars(values: Mapping[str, float]) -> str:
    """The percentiles 50, 75, 90 and 99 as four bars, the highest one full."""
    known = [values.get(name) for name in _PERCENTILES]
    highest = max((value for value in known if value is not None), default=0)
    if highest <= 0:
        return ""
    top = len(_EIGHTHS) - 1
    return "".join(
        " " if value is None else _EIGHTHS[min(top, max(0, round(value / highest * top)))]
        for value in known
    )


def _head(endpoint: Endpoint, routing: Mapping[str, Any]) -> Content:
    choice = choice_for(routing, endpoint.tag)
    # Only 0 is documented: all is well. What is below is asked less, or not at all.
    status = f"! not at its best ({endpoint.status})" if endpoint.status else ""
    parts = [
        Content.styled(single_line(endpoint.provider_name or endpoint.tag, _LONGEST_NAME), "bold"),
        Content.styled(_CHOICES[choice] if choice is not None else "", "$text-accent"),
        Content.styled(status, "$text-warning"),
    ]
    return Content("  ").join([part for part in parts if part.plain])


def _prices(pricing: Pricing, now: datetime) -> Content:
    words = [
        f"in {price_words(pricing, 'prompt', now)}",
        f"out {price_words(pricing, 'completion', now)}",
    ]
    if pricing.input_cache_read is not None:
        words.append(f"cache {price_words(pricing, 'input_cache_read', now)}")
    discount = discount_words(pricing)
    if discount:
        words.append(f"({discount})")
    tiered = any(" / " in word for word in words)
    return Content.styled(("\n" if tiered else "  ").join(words), "$money")


def _facts(endpoint: Endpoint) -> Content:
    words = [f"ctx {tokens_short(endpoint.context_length)}"]
    if endpoint.max_completion_tokens is not None:
        words.append(f"answer {tokens_short(endpoint.max_completion_tokens)}")
    if endpoint.quantization and endpoint.quantization != "unknown":
        words.append(single_line(endpoint.quantization, 20))
    if endpoint.supports_implicit_caching:
        words.append("caches by itself")
    return Content.styled("  ".join(words), "$quiet")


def _uptime(endpoint: Endpoint) -> Content:
    spans = (
        ("5m", endpoint.uptime_last_5m),
        ("30m", endpoint.uptime_last_30m),
        ("1d", endpoint.uptime_last_1d),
    )
    known = [(span, value) for span, value in spans if value is not None]
    if not known:
        return Content("")
    words = "  ".join(f"{span} {value:.4g}" for span, value in known)
    return Content.styled(f"up {words} %", "$quiet")


def _latency(values: Mapping[str, float]) -> Content:
    """Latencies come in milliseconds."""

    def words(name: str) -> str:
        return seconds(values[name] / 1000) if name in values else UNKNOWN

    return _percentiles("first token", values, f"{words('p50')}, p99 {words('p99')}")


def _throughput(values: Mapping[str, float]) -> Content:
    def words(name: str) -> str:
        return f"{values[name]:,.0f}" if name in values else UNKNOWN

    return _percentiles("tokens / s", values, f"{words('p50')}, p99 {words('p99')}")


def _percentiles(name: str, values: Mapping[str, float], words: str) -> Content:
    """Bars for four percentiles, and the median and the worst of a hundred in words."""
    drawn = bars(values)
    if not drawn:
        return Content("")
    return Content.assemble((f"{name:<12}", "$quiet"), (drawn, "$text-accent"), f" {words}")
