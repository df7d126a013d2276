"""Values of provider routing as a person reads and types them.

A list is written ``anthropic, azure``, prices ``prompt 3, completion 15`` and percentiles ``50`` or
``p50 50, p90 20``; what is read from a text is what config.toml and the API take.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from tui.domain.problems import one_of
from tui.domain.routing import PERCENTILES, PRICE_NAMES, ROUTING_FIELDS, FieldKind, RoutingField
from tui.domain.routing_read import read_routing
from tui.domain.sanitize import single_line

Value = Any
"""A value as config.toml holds it: a bool, a text, a list of texts, a number or a table."""

_LONGEST = 200
_SEPARATORS = re.compile(r"[,;]")
_SYNONYMS = {"in": "prompt", "input": "prompt", "out": "completion", "output": "completion"}
_MEDIAN = "p50"
_EXAMPLES = {
    FieldKind.SLUGS: "anthropic, amazon-bedrock",
    FieldKind.NAMES: "fp8, bf16",
    FieldKind.PRICES: "prompt 3, completion 15",
    FieldKind.PERCENTILES: "50  or  p50 50, p90 20",
}
_ACROSS = ", across models"
_LEADS = {"order": "first", "only": "only", "ignore": "not"}
"""What goes before the providers of a list, in as few words as possible."""
_FIELDS = {each.name: each for each in ROUTING_FIELDS}


def example(field: RoutingField) -> str:
    """How a value of the field may be typed; empty where it is chosen from a list."""
    return _EXAMPLES.get(field.kind, "")


def choices(field: RoutingField) -> tuple[tuple[str, Value], ...]:
    """The words and values of a field that holds one of a few; empty for one that is typed."""
    match field.kind:
        case FieldKind.FLAG:
            return (("on", True), ("off", False))
        case FieldKind.CHOICE:
            return tuple((name, name) for name in field.choices)
        case FieldKind.SORT:
            alone = [(name, name) for name in field.choices]
            across = [
                (f"{name}{_ACROSS}", {"by": name, "partition": "none"}) for name in field.choices
            ]
            return (*alone, *across)
        case _:
            return ()


def value_text(value: Value) -> str:
    """A value as it can be typed."""
    match value:
        case bool():
            return "on" if value else "off"
        case list() | tuple():
            return ", ".join(single_line(str(one), _LONGEST) for one in value)
        case Mapping():
            parts = (f"{single_line(str(name), _LONGEST)} {one}" for name, one in value.items())
            return ", ".join(parts)
        case _:
            return single_line(str(value), _LONGEST)


def json_text(value: Value) -> str:
    """A value of any kind as it is sent, in one line."""
    return single_line(json.dumps(value, ensure_ascii=False, default=str), _LONGEST)


def value_words(field: RoutingField, value: Value) -> str:
    """A value as it reads: ``anthropic, then azure``, ``at most $3 / M in``, ``90 tok/s``."""
    match field.kind, value:
        case _, [] | ():
            return "any" if field.name == "only" else "none"
        case FieldKind.SLUGS, list() | tuple() if field.name == "order":
            return ", then ".join(single_line(str(one), _LONGEST) for one in value)
        case FieldKind.SORT, {"by": by, **more}:
            return f"{single_line(str(by), _LONGEST)}{_ACROSS * (more.get('partition') == 'none')}"
        case FieldKind.PRICES, Mapping():
            return ", ".join(f"{single_line(str(name), 40)} ${one}" for name, one in value.items())
        case FieldKind.PERCENTILES, bool() | str():
            return value_text(value)
        case FieldKind.PERCENTILES, _:
            unit = "s" if field.unit == "seconds" else "tok/s"
            return f"{value_text(value)} {unit}"
        case _:
            return value_text(value)


def chip_text(name: str, value: Value) -> str:
    """A field with its value as short as it goes: ``not deepinfra``, ``sort by price``.

    One that the program does not know is shown as it is sent.
    """
    field = _FIELDS.get(name)
    if field is None:
        return f"{single_line(name, 40)} {json_text(value)}"
    return f"{_LEADS.get(name, field.title.lower())} {value_words(field, value)}"


def read_text(field: RoutingField, text: str) -> Value:
    """The value of a field that is typed; raises ValueError with what is wrong, then what to do."""
    value = _value(field, text)
    routing, problems = read_routing({field.name: value})
    if problems:
        what, step = problems[0].what, problems[0].next_step
        # The example of the checks is one of config.toml.
        step = f"Write it like {example(field)}." if step.startswith("Write it like") else step
        raise ValueError(f"{what}\n{step}")
    return routing.body().get(field.name, value)


def _value(field: RoutingField, text: str) -> Value:
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    if field.kind in (FieldKind.SLUGS, FieldKind.NAMES):
        return [name for part in parts for name in part.split()]
    names = PRICE_NAMES if field.kind is FieldKind.PRICES else PERCENTILES
    table = dict(_named_number(field, part, names) for part in parts)
    is_median = field.kind is FieldKind.PERCENTILES and set(table) == {_MEDIAN}
    return table[_MEDIAN] if is_median else table


def _named_number(field: RoutingField, part: str, names: tuple[str, ...]) -> tuple[str, float]:
    """A name and its number out of ``p90 20``, ``prompt=3`` or, for a median, ``50``."""
    words = part.lower().replace("=", " ").replace(":", " ").replace("$", " ").split()
    if len(words) == 1 and field.kind is FieldKind.PERCENTILES:
        words = [_MEDIAN, *words]
    try:
        name, amount = words
        number = float(amount)
    except ValueError:
        what = f"{field.name}: {single_line(part, 40)} is no name with a number"
        raise ValueError(f"{what}.\nWrite it like {example(field)}.") from None
    name = _SYNONYMS.get(name, name)
    if name not in names:
        raise ValueError(f"{field.name} has no {single_line(name, 40)}.\n{one_of(name, names)}")
    return name, int(number) if number.is_integer() else number
