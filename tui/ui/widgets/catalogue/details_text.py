"""Everything that the catalogue says of one model, as text to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from textual.content import Content

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facts import Section, sections
from tui.domain.catalogue_row import expiry_words, is_new, short_name, variant_words
from tui.domain.catalogue_search import Found
from tui.domain.model import Model
from tui.domain.sanitize import single_line, visible
from tui.ui.widgets.catalogue.prices_text import prices_text

_LONGEST = 200
_LONGEST_DESCRIPTION = 4_000
_LABEL = 13
_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What the settings say that matters here; ``remark`` is one further word below the id.

    ``fallbacks`` are the models that answer when this one cannot, in order.
    """

    caching_enabled: bool = False
    ttl: str | None = None
    remark: str = ""
    fallbacks: tuple[str, ...] = ()


def details_text(found: Found, context: FilterContext, told: Told, width: int) -> Content:
    """The details of a model in lines of ``width`` cells."""
    known = sections(found.row, caching_enabled=told.caching_enabled, ttl=told.ttl)
    parts = [
        _head(found, context, told),
        _description(found.model),
        prices_text(found, context),
        *(_table(section, width) for section in known),
    ]
    return Content("\n\n").join([part for part in parts if part.plain])


def _head(found: Found, context: FilterContext, told: Told) -> Content:
    model = found.model
    signs = [
        "★ favourite" if model.id in context.favourites else "",
        "▸ in use" if model.id == context.in_use else "",
        "new" if is_new(model, context.now) else "",
    ]
    warnings = [expiry_words(model, context.now), told.remark]
    fallbacks = f"falls back to {', then '.join(told.fallbacks)}" if told.fallbacks else ""
    lines = [
        Content.styled(single_line(short_name(model), _LONGEST), "bold"),
        Content.styled(single_line(model.id, _LONGEST), "$quiet"),
        Content.styled(" · ".join(filter(None, signs)), "$text-accent"),
        Content.styled(single_line(" · ".join(filter(None, warnings)), _LONGEST), "$text-warning"),
        Content(single_line(variant_words(model.variant), _LONGEST)),
        Content(_alias_words(model)),
        Content.styled(single_line(fallbacks, _LONGEST), "$text-accent"),
    ]
    return Content("\n").join([line for line in lines if line.plain])


def _alias_words(model: Model) -> str:
    target = single_line(model.alias_target or "", _LONGEST)
    return f"an alias; answers come from {target}" if target else ""


def _description(model: Model) -> Content:
    return Content(visible(model.description[:_LONGEST_DESCRIPTION]).strip())


def _table(section: Section, width: int) -> Content:
    """Labels and words below a title."""
    lines = [line for label, words in section.rows for line in _row(label, words, width)]
    return Content("\n").join([Content.styled(section.title, "bold $text-accent"), *lines])


def _row(label: str, text: str, width: int) -> Iterator[Content]:
    """A text beside its label, its further lines below its first."""
    indent = _LABEL + 1 if label else 0
    room = max(_NARROWEST, width - indent)
    for place, words in enumerate(wrap(single_line(text, 2_000), room)):
        shown = single_line(label, _LABEL) if place == 0 else ""
        yield Content.assemble((f"{shown:<{indent}}", "$quiet"), words)
