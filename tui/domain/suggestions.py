"""Three models to begin with, chosen from the catalogue: a strong, a cheap and a free one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tui.domain.catalogue import Catalogue
from tui.domain.figures import price_per_million, tokens_short
from tui.domain.model import Model
from tui.domain.settings import DEFAULT_MODEL

_WELL_KNOWN = (
    "anthropic",
    "openai",
    "google",
    "deepseek",
    "qwen",
    "mistralai",
    "x-ai",
    "meta-llama",
)
_MILLION = Decimal(1_000_000)
_CHEAP = Decimal("0.6") / _MILLION
"""USD per token of the prompt, at most."""
_STRONG = Decimal(2) / _MILLION
"""USD per token of the prompt, at least: a price says what its maker thinks of a model."""
_ENOUGH_CONTEXT = 32_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model to begin with, and why."""

    model: Model
    why: str

    @property
    def facts(self) -> str:
        """What it costs and how much it takes, for a line of a list."""
        pricing = self.model.pricing
        context = tokens_short(self.model.context_length)
        if pricing.is_free:
            return f"free, context {context}"
        prices = f"{price_per_million(pricing.prompt)} in, {price_per_million(pricing.completion)}"
        return f"{prices} out per million tokens, context {context}"


def suggestions(catalogue: Catalogue) -> tuple[Suggestion, ...]:
    """At most three models, each for another reason; fewer where the catalogue has no such."""
    return tuple(_chosen(catalogue))


def _chosen(catalogue: Catalogue) -> Iterator[Suggestion]:
    strong = catalogue.models.get(DEFAULT_MODEL) or _newest(catalogue, _is_strong)
    if strong is not None:
        yield Suggestion(strong, "strong in everything")
    cheap = _newest(catalogue, _is_cheap)
    if cheap is not None:
        yield Suggestion(cheap, "quick and cheap")
    free = _newest(catalogue, lambda model: model.pricing.is_free)
    if free is not None:
        yield Suggestion(free, "free, with limits per day")


def _newest(catalogue: Catalogue, wanted: Callable[[Model], bool]) -> Model | None:
    fitting = [model for model in catalogue.models.values() if _is_usable(model) and wanted(model)]
    return max(fitting, key=lambda model: model.created or 0, default=None)


def _is_usable(model: Model) -> bool:
    """Whether a model chats, stays, and is made by somebody people have heard of."""
    return (
        model.output_modalities == ("text",)
        and model.author in _WELL_KNOWN
        and model.expiration_date is None
        and model.alias_target is None
        and not model.id.startswith("~")
        and (model.context_length or 0) >= _ENOUGH_CONTEXT
        and "tools" in model.supported_parameters
    )


def _is_cheap(model: Model) -> bool:
    price = model.pricing.prompt
    return price is not None and 0 < price <= _CHEAP and model.variant is None


def _is_strong(model: Model) -> bool:
    price = model.pricing.prompt
    return price is not None and price >= _STRONG and model.variant is None
