"""Whether the models that are set up exist, stay, and are served by somebody."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_nearest import nearest
from tui.domain.doctor import Finding, note, wrong
from tui.domain.figures import price_per_million, tokens_short
from tui.domain.model import Endpoint, Model, normalise_model_id
from tui.domain.routing_explain import explain
from tui.domain.routing_filter import excluding_settings
from tui.domain.routing_read import read_routing
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind, Settings

_SOON: Final = 30
"""Days before its end in which a model is told to be replaced."""
_PRESET = "@preset/"


def models_in_use(settings: Settings, chosen: str) -> dict[str, str]:
    """Every model that the settings name, with where: the chosen one, fallbacks, and tables."""
    uses: dict[str, str] = {normalise_model_id(chosen): "model"}
    for fallback in settings.for_model(chosen).fallbacks:
        uses.setdefault(normalise_model_id(fallback), "fallback")
    for written, section in settings.models.items():
        uses.setdefault(normalise_model_id(written), "settings")
        for fallback in section.fallbacks:
            uses.setdefault(normalise_model_id(fallback), "fallback")
    return uses


def model_findings(
    uses: Iterable[tuple[str, str]], catalogue: Catalogue, today: date
) -> Iterator[Finding]:
    """What the catalogue says of each model; ``uses`` are ids with where they are named."""
    for model_id, use in uses:
        yield _model(model_id, use, catalogue, today)


def _model(model_id: str, use: str, catalogue: Catalogue, today: date) -> Finding:
    id_, shown = f"{use}:{model_id}" if use != "model" else "model", single_line(model_id, 80)
    if model_id.startswith("@") or _PRESET in model_id:
        return Finding(id_, use, f"{shown} (a preset of your account)")
    model = catalogue.find(model_id)
    if model is None:
        near = nearest(catalogue, model_id)
        fix = f"Did you mean {' or '.join(near)}?" if near else "Choose one: orw models"
        return wrong(id_, use, f"{shown} does not exist on the server", fix)
    expires = model.expiration_date
    if expires is not None and expires <= today:
        return wrong(id_, use, f"{shown} is offered no more since {expires}", _successor(model))
    if expires is not None and (expires - today).days <= _SOON:
        return note(id_, use, f"{shown} is offered until {expires}", _successor(model))
    return Finding(id_, use, f"{shown}{_facts(model)}")


def _successor(model: Model) -> str:
    return f"Choose another: orw models author:{model.author}"


def _facts(model: Model) -> str:
    parts = []
    if model.pricing.prompt is not None:
        prices = (model.pricing.prompt, model.pricing.completion)
        parts.append(f"{' → '.join(price_per_million(price) for price in prices)} per M")
    if model.context_length is not None:
        parts.append(f"context {tokens_short(model.context_length)}")
    return f": {', '.join(parts)}" if parts else ""


def endpoint_finding(
    model_id: str, endpoints: Sequence[Endpoint], raw_routing: dict[str, object]
) -> Finding:
    """Whether somebody who is allowed to serves the model now."""
    id_ = f"endpoints:{model_id}"
    routing, _ = read_routing(raw_routing)
    explanation = explain(routing, endpoints)
    if not explanation.allowed:
        because = "; ".join(excluding_settings(routing, endpoints))
        words = f"{single_line(model_id, 80)}: the routing leaves nobody ({because})"
        return wrong(id_, "endpoints", words, "Loosen the routing of this model in config.toml.")
    up = [each for each in explanation.allowed if (each.status or 0) >= 0]
    names = ", ".join(dict.fromkeys(each.provider_name for each in up[:4]))
    words = f"{single_line(model_id, 80)}: {len(up)} of {len(endpoints)} up"
    if not up:
        fix = "Wait, allow other providers, or set a fallback for the model."
        return wrong(id_, "endpoints", words, fix)
    if len(up) == 1 and routing:
        return note(id_, "endpoints", f"{words}: {names}", "If it fails, nobody takes over.")
    return Finding(id_, "endpoints", f"{words}: {names}")


def fallback_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the providers that stand in are set up."""
    for name in settings.reliability.fallback_providers:
        id_, shown = f"fallback provider:{name}", single_line(name, 60)
        if name not in settings.provider_names():
            known = ", ".join(settings.provider_names())
            words = f"there is no provider called {shown}"
            yield wrong(id_, "fallback", words, f"Add [providers.{shown}], or use one of: {known}.")
        elif settings.provider(name).kind is ProviderKind.DEMO:
            words = f"{shown} makes its answers up: nobody stands in"
            yield wrong(id_, "fallback", words, "Remove it from fallback_providers.")
        elif settings.provider(name).kind is ProviderKind.COMPATIBLE and not (
            settings.provider(name).base_url
        ):
            words = f"{shown} has no address"
            yield wrong(id_, "fallback", words, f"Set base_url in [providers.{shown}].")
        else:
            yield Finding(id_, "fallback", f"{shown} stands in when the chosen provider fails")
