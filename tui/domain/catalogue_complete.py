"""What Tab offers in the filter line: the names of terms, and the values a catalogue has."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_index import simplified
from tui.domain.catalogue_terms import (
    ALIASES,
    TERMS,
    TermInfo,
    TermKind,
    Text,
    choice_text,
)

MOST_COMPLETIONS = 50

_TO_COMPLETE = re.compile(
    r"(?:^|(?<=[\s|]))-?(?P<name>[A-Za-z-]+)(?P<sign>[:=<>]+)(?P<value>[^\s|]*)\Z"
)
_LAST_PART = re.compile(r"(?:^|(?<=[\s|]))-?(?P<word>[^\s|]*)\Z")
_USUAL = {
    "ctx": ("32k", "128k", "200k", "1m"),
    "maxout": ("8k", "32k", "64k", "128k"),
    "in": ("0.5", "1", "3", "10"),
    "out": ("1", "5", "15", "50"),
    "cache": ("0.1", "0.3", "1"),
    "new": ("7d", "30d", "90d"),
    "expiring": ("7d", "30d", "90d"),
}
_FIRST_SIGN = {TermKind.TEXT: ":", TermKind.NUMBER: ">=", TermKind.PRICE: "<="}


@dataclass(frozen=True, slots=True)
class Completion:
    """``text`` takes the place from ``start`` to ``end`` of the line; ``meaning`` is shown by it.

    ``count`` is how many models of the catalogue have the value, None for the name of a term.
    """

    text: str
    start: int
    end: int
    meaning: str = ""
    count: int | None = None


def complete(
    text: str, cursor: int, catalogue: Catalogue, context: FilterContext | None = None
) -> list[Completion]:
    """What the part before the cursor can become, most likely first; at most 50.

    Providers are known from the endpoints that ``context`` has.
    """
    before = text[: max(0, cursor)]
    valued = _TO_COMPLETE.search(before)
    if valued is not None:
        lowered = valued["name"].lower()
        info = TERMS.get(ALIASES.get(lowered, lowered))
        if info is None or info.kind is TermKind.FLAG:
            return []
        start = valued.start("value") if info.kind is not TermKind.TEXT else valued.start("name")
        return _values(info, valued["value"], start, len(before), catalogue, context)
    part = _LAST_PART.search(before)
    if part is None:
        return []
    return _names(part["word"], part.start("word"), len(before))


def _names(word: str, start: int, end: int) -> list[Completion]:
    return [
        Completion(name + _FIRST_SIGN.get(info.kind, ""), start, end, info.meaning)
        for name, info in TERMS.items()
        if name.startswith(word.lower())
    ]


def _values(
    info: TermInfo,
    begun: str,
    start: int,
    end: int,
    catalogue: Catalogue,
    context: FilterContext | None,
) -> list[Completion]:
    if info.kind is not TermKind.TEXT:
        usual = _USUAL[info.name]
        return [
            Completion(value, start, end, info.meaning)
            for value in usual
            if value.startswith(begun.lower())
        ]
    wanted = simplified(begun)
    counts = Counter(_known(info.name, catalogue, context))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].lower()))
    return [
        Completion(choice_text(Text(info.name, value)), start, end, info.meaning, count)
        for value, count in ordered
        if simplified(value).startswith(wanted)
    ][:MOST_COMPLETIONS]


def _known(name: str, catalogue: Catalogue, context: FilterContext | None) -> Iterable[str]:
    """The values of a term, once for each model that has it."""
    models = catalogue.models.values()
    match name:
        case "author":
            return (model.author for model in models if model.author)
        case "tok":
            return (model.tokenizer for model in models if model.tokenizer)
        case "param":
            return chain.from_iterable(model.supported_parameters for model in models)
        case "variant":
            return (model.variant for model in models if model.variant)
    endpoints = context.endpoints.values() if context is not None else ()
    return chain.from_iterable({one.tag or one.provider_name for one in each} for each in endpoints)
