"""Everything that the catalogue says of one model, as titled rows of labels and words.

Texts come from outside and are not sanitized yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.domain.caching import caching_effect, minimum_tokens
from tui.domain.catalogue_context import TypicalTurn
from tui.domain.catalogue_index import Row
from tui.domain.catalogue_row import (
    capability_words,
    discount_words,
    override_words,
    price_words,
)
from tui.domain.figures import money, price_per_million, tokens
from tui.domain.model import Model, PriceOverride, Pricing

TURNS = 1_000
"""How many of the user's typical turns a price is worked out for."""

Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of a label and its words below a title; the label may be empty."""

    title: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price in words, and what it comes to for :data:`TURNS` turns, or what it is for."""

    label: str
    price: str
    amount: str


def sections(row: Row, *, caching_enabled: bool, ttl: str | None = None) -> list[Section]:
    """All that is known of a model apart from its prices; what is not known has no row.

    ``caching_enabled`` and ``ttl`` are what the settings say of prompt caching.
    """
    model = row.model
    found = (
        Section("Limits and abilities", _known(_limits(row))),
        Section("Reasoning", _known(_reasoning(model))),
        Section("Prompt caching", _known(_caching(model, caching_enabled, ttl))),
        Section("Parameters", _known(_parameters(model))),
        Section("Benchmarks", _known(_benchmarks(model))),
    )
    return [section for section in found if section.rows]


def price_rows(pricing: Pricing, turn: TypicalTurn) -> list[PriceRow]:
    """Each price that ``pricing``, as of now, names."""
    return [*_token_prices(pricing, turn), *_other_prices(pricing)]


def price_conditions(pricing: Pricing, now: datetime) -> Iterator[str]:
    """What else can hold: tiers by the length of the prompt, hours and weekdays, a discount.

    ``pricing`` is what the catalogue says, with its overrides; ``now`` is in UTC.
    """
    for label, name in (("Prompt", "prompt"), ("Answer", "completion")):
        words = price_words(pricing, name, now)
        if words.startswith("from "):
            yield f"{label} {words}"
    if any(_goes_by_the_clock(override) for override in pricing.overrides):
        yield from override_words(pricing)
    discount = discount_words(pricing)
    if discount:
        yield f"{discount}, already taken off"


def _known(rows: Rows) -> Rows:
    return [(label, words) for label, words in rows if words]


def _limits(row: Row) -> Rows:
    model = row.model
    return [
        ("context", _tokens(model.context_length)),
        ("answer up to", _tokens(model.max_completion_tokens)),
        ("takes", ", ".join(model.input_modalities)),
        ("gives", ", ".join(model.output_modalities)),
        ("can", ", ".join(capability_words(row))),
        ("knows until", str(model.knowledge_cutoff or "")),
        ("tokenizer", model.tokenizer or ""),
        ("moderated", _yes_or_no(model.is_moderated)),
        ("weights", model.hugging_face_id or ""),
    ]


def _tokens(count: int | None) -> str:
    return f"{tokens(count)} tokens" if count else ""


def _yes_or_no(known: bool | None) -> str:
    return "" if known is None else "yes" if known else "no"


def _reasoning(model: Model) -> Rows:
    ability = model.reasoning
    if ability is None:
        return []
    efforts = "any" if ability.efforts is None else ", ".join(ability.efforts) or "none"
    return [
        ("", "always reasons" if ability.mandatory else "can be switched on and off"),
        ("on by default", _yes_or_no(ability.default_enabled)),
        ("efforts", efforts),
        ("usual effort", ability.default_effort or ""),
        ("budget", "can be given in tokens" if ability.takes_max_tokens else ""),
    ]


def _caching(model: Model, enabled: bool, ttl: str | None) -> Rows:
    effect = caching_effect(model.id, model, enabled=enabled, ttl=ttl)
    return [("", effect.sentence), ("shortest", _tokens(minimum_tokens(model.id)))]


def _parameters(model: Model) -> Rows:
    defaults = (f"{name} {value:g}" for name, value in model.default_parameters.items())
    return [
        ("", ", ".join(sorted(model.supported_parameters))),
        ("by default", ", ".join(defaults)),
    ]


def _benchmarks(model: Model) -> Rows:
    return [
        (name.removesuffix("_index").replace("_", " "), f"{value:g}")
        for name, value in model.benchmarks.items()
    ]


def _token_prices(pricing: Pricing, turn: TypicalTurn) -> Iterator[PriceRow]:
    prompt = turn.prompt_tokens
    for label, price, count, sign in (
        ("prompt", pricing.prompt, prompt, ""),
        ("answer", pricing.completion, turn.completion_tokens, ""),
        ("reasoning", pricing.internal_reasoning, 0, ""),
        # How much of a prompt comes from the cache nobody knows: at most all of it.
        ("cache read", pricing.input_cache_read, prompt, "≤ "),
        ("cache write", pricing.input_cache_write, prompt, "≤ "),
        ("  for 1 hour", pricing.input_cache_write_1h, prompt, "≤ "),
        ("audio", pricing.audio, 0, ""),
        ("cached audio", pricing.input_audio_cache, 0, ""),
        ("makes audio", pricing.audio_output, 0, ""),
        ("image tokens", pricing.image_token, 0, ""),
        ("makes images", pricing.image_output, 0, ""),
    ):
        if price is not None:
            known = count > 0 and price >= 0
            amount = f"{sign}{money(price * count * TURNS)}" if known else ""
            yield PriceRow(label, price_per_million(price), amount)


def _other_prices(pricing: Pricing) -> Iterator[PriceRow]:
    """These are not per million tokens: the words beside them say so."""
    for label, price, words in (
        ("request", pricing.request, "each request"),
        ("web search", pricing.web_search, "each search"),
        ("image", pricing.image, "each image, or token of it"),
    ):
        if price:
            yield PriceRow(label, money(price), words)


def _goes_by_the_clock(override: PriceOverride) -> bool:
    """Whether tiers by the length of the prompt do not say all of it."""
    return (override.utc_start, override.utc_end, override.utc_days) != (None, None, None)
