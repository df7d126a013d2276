"""What can only be checked by asking the server: network, key, models and who serves them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING, Final

from tui.domain.addresses import crosses_network_in_clear, is_loopback
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection
from tui.domain.doctor import Finding, note, of_failure, wrong
from tui.domain.errors import FailureKind, WorkbenchError
from tui.domain.figures import money, seconds
from tui.domain.model import KeyInfo
from tui.domain.routing import merged_routing
from tui.domain.settings import ProviderKind, Settings
from tui.services.doctor_models import endpoint_finding, model_findings
from tui.services.network_failures import active_proxy
from tui.services.wire import parse_catalogue

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

_SLOW: Final = 2.0
"""Seconds for a round trip beyond which every answer begins noticeably late."""
_LITTLE: Final = Decimal("0.10")
_AT_ONCE: Final = 4
"""Models whose endpoints are asked for at the same time."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask: the models with where they are named, and whether endpoints matter."""

    models: Sequence[tuple[str, str]]
    settings: Settings


async def server_findings(service: "OpenRouter", asked: Questions) -> AsyncGenerator[Finding, None]:
    """The findings as they come; they end with one that makes the rest pointless."""
    connection = service.connection
    try:
        yield await _latency(service)
        begun = monotonic()
        catalogue = parse_catalogue(await service.models())
    except WorkbenchError as error:
        kind = error.failure.kind
        id_ = "key check" if kind is FailureKind.BAD_KEY else "answer"
        yield of_failure(id_, id_, error.failure)
        return
    words = f"{len(catalogue.models):,} models in {monotonic() - begun:.2f} s"
    yield Finding("answer", "answer", words)
    is_ours = connection.kind is not ProviderKind.COMPATIBLE
    if connection.key is not None and is_ours:
        for finding in await _key(service):
            yield finding
    today = datetime.now(UTC).date()
    for finding in model_findings(asked.models, catalogue, today):
        yield finding
    if is_ours:
        known = [model_id for model_id, _ in asked.models if catalogue.find(model_id) is not None]
        async for finding in _endpoints(service, known, asked.settings, catalogue):
            yield finding


def network(connection: Connection) -> Sequence[Finding]:
    """How requests travel: through which proxy, and whether anybody could read them."""
    if connection.is_demo:
        return ()
    proxy = active_proxy(connection.origin)
    through = Finding("proxy", "proxy", "none" if proxy is None else f"set in {proxy}")
    if is_loopback(connection.base_url):
        return through, Finding("tls", "tls", "not needed: the server is on this machine")
    if crosses_network_in_clear(connection.base_url):
        return through, note(
            "tls",
            "tls",
            "none: everybody on the way can read the key and what you write",
            "Use https:// in the base URL, if the server can.",
        )
    return through, Finding("tls", "tls", "the certificate is checked at every connection")


async def _latency(service: "OpenRouter") -> Finding:
    """How long a round trip takes once the connection is there; raises WorkbenchError."""
    connecting, round_trip = await service.ping()
    words = f"{round_trip * 1000:.0f} ms a round trip, {connecting * 1000:.0f} ms to connect"
    if round_trip > _SLOW:
        fix = "Check the network, the VPN or the proxy: each answer begins that much later."
        return note("latency", "latency", words, fix)
    return Finding("latency", "latency", words)


async def _key(service: "OpenRouter") -> Sequence[Finding]:
    try:
        info = await service.key_info()
    except WorkbenchError as error:
        return (of_failure("key check", "key check", error.failure),)
    if info is None:
        words = "this server cannot tell anything about keys"
        return (Finding("key check", "key check", words),)
    return _limits(info)


def _limits(info: KeyInfo) -> Sequence[Finding]:
    findings = []
    left, limit = info.limit_remaining, info.limit
    if limit is None:
        findings.append(Finding("key check", "key check", "valid, without a limit of its own"))
    else:
        words = f"valid, {money(left)} left of {money(limit)}"
        reset = f", {info.limit_reset}" if info.limit_reset else ""
        if left is not None and left <= 0:
            fix = "Raise the key's limit at openrouter.ai/settings/keys, or use another key."
            findings.append(wrong("key check", "key check", words + reset, fix))
        elif left is not None and left < _LITTLE:
            fix = "Raise the key's limit soon: openrouter.ai/settings/keys"
            findings.append(note("key check", "key check", words + reset, fix))
        else:
            findings.append(Finding("key check", "key check", words + reset))
    if info.is_free_tier:
        words = "no credit was ever bought: free models only, few requests a day"
        fix = "Add credit at openrouter.ai/settings/credits for all models."
        findings.append(note("account", "account", words, fix))
    if info.free_requests_left is not None and info.free_requests_limit:
        words = f"{info.free_requests_left} of {info.free_requests_limit} free requests left today"
        findings.append(Finding("free requests", "account", words))
    return findings


async def _endpoints(
    service: "OpenRouter", models: Sequence[str], settings: Settings, catalogue: Catalogue
) -> AsyncIterator[Finding]:
    """Who serves each model; models that a router chooses have no endpoints of their own."""
    for start in range(0, len(models), _AT_ONCE):
        some = models[start : start + _AT_ONCE]
        answers = await asyncio.gather(
            *(service.endpoints(model_id) for model_id in some), return_exceptions=True
        )
        for model_id, answer in zip(some, answers, strict=True):
            if isinstance(answer, WorkbenchError):
                found = catalogue.find(model_id)
                name = model_id if found is None else found.id
                yield of_failure(f"endpoints:{name}", "endpoints", answer.failure)
            elif isinstance(answer, BaseException):
                raise answer
            elif answer:
                routing = merged_routing(
                    settings.default.routing, settings.for_model(model_id).provider
                )
                yield endpoint_finding(model_id, answer, routing)


def too_slow(server: str, longest: float) -> Finding:
    """The finding when not everything was answered in time."""
    return wrong(
        "answer",
        "answer",
        f"{server} did not finish within {seconds(longest)}",
        "Try again later, or check the network.",
    )
