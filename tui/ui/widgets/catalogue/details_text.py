"""Everything that the catalogue says of one model, as text to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from textual.content import Content

from tui.domain.caching import caching_effect, minimum_tokens
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_row import (
    capability_words,
    expiry_words,
    is_new,
    short_name,
    variant_words,
)
from tui.domain.catalogue_search import Found
from tui.domain.figures import tokens
from tui.domain.model import Model
from tui.domain.sanitize import single_line, visible
from tui.ui.widgets.catalogue.prices_text import prices_text

Rows = Sequence[tuple[str, str]]

_LONGEST = 200
_LONGEST_DESCRIPTION = 4_000
_LABEL = 13
_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What the settings say that matters here; ``remark`` is one further word below the id."""

    caching_enabled: bool = False
    ttl: str | None = None
    remark: str = ""


def details_text(found: Found, context: FilterContext, told: Told, width: int) -> Content:
    """The details of a model in lines of ``width`` cells."""
    parts = [
        _head(found, context, told.remark),
        _description(found.model),
        prices_text(found, context),
        *(
            _table(title, rows, width)
            for title, rows in (
                ("Limits and abilities", _limits(found)),
                ("Reasoning", _reasoning(found.model)),
                ("Prompt caching", _caching(found.model, told)),
                ("Parameters", _parameters(found.model)),
                ("Benchmarks", _benchmarks(found.model)),
            )
        ),
    ]
    return Content("\n\n").join([part for part in parts if part.plain])


def _head(found: Found, context: FilterContext, remark: str) -> Content:
    model = found.model
    signs = [
        "★ favourite" if model.id in context.favourites else "",
        "▸ in use" if model.id == context.in_use else "",
        "new" if is_new(model, context.now) else "",
    ]
    warnings = [expiry_words(model, context.now), remark]
    lines = [
        Content.styled(single_line(short_name(model), _LONGEST), "bold"),
        Content.styled(single_line(model.id, _LONGEST), "$quiet"),
        Content.styled(" · ".join(filter(None, signs)), "$text-accent"),
        Content.styled(single_line(" · ".join(filter(None, warnings)), _LONGEST), "$text-warning"),
        Content(single_line(variant_words(model.variant), _LONGEST)),
        Content(_alias_words(model)),
    ]
    return Content("\n").join([line for line in lines if line.plain])


def _alias_words(model: Model) -> str:
    target = single_line(model.alias_target or "", _LONGEST)
    return f"an alias; answers come from {target}" if target else ""


def _description(model: Model) -> Content:
    return Content(visible(model.description[:_LONGEST_DESCRIPTION]).strip())


def _limits(found: Found) -> Rows:
    model = found.model
    return [
        ("context", f"{tokens(model.context_length)} tokens" if model.context_length else ""),
        (
            "answer up to",
            f"{tokens(model.max_completion_tokens)} tokens" if model.max_completion_tokens else "",
        ),
        ("takes", ", ".join(model.input_modalities)),
        ("gives", ", ".join(model.output_modalities)),
        ("can", ", ".join(capability_words(found.row))),
        ("knows until", str(model.knowledge_cutoff or "")),
        ("tokenizer", model.tokenizer or ""),
        ("moderated", _yes_or_no(model.is_moderated)),
    ]


def _yes_or_no(known: bool | None) -> str:
    """Nothing where it is not known."""
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


def _caching(model: Model, told: Told) -> Rows:
    effect = caching_effect(model.id, model, enabled=told.caching_enabled, ttl=told.ttl)
    least = minimum_tokens(model.id)
    return [("", effect.sentence), ("shortest", f"{tokens(least)} tokens" if least else "")]


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


def _table(title: str, rows: Rows, width: int) -> Content:
    """Labels and texts below a title; nothing where no row has a text."""
    lines = [line for label, text in rows for line in _row(label, text, width)]
    if not lines:
        return Content("")
    return Content("\n").join([Content.styled(title, "bold $text-accent"), *lines])


def _row(label: str, text: str, width: int) -> Iterator[Content]:
    """A text beside its label, its further lines below its first."""
    indent = _LABEL + 1 if label else 0
    room = max(_NARROWEST, width - indent)
    for place, words in enumerate(wrap(single_line(text, 2_000), room)):
        shown = single_line(label, _LABEL) if place == 0 else ""
        yield Content.assemble((f"{shown:<{indent}}", "$quiet"), words)
