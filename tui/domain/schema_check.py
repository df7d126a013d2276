"""Whether a JSON schema has the shape of one, as far as that can be told without a library.

It knows the words of JSON Schema that structured outputs are made of; all others are left alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tui.domain.problems import one_of
from tui.domain.sanitize import single_line

TYPES: Final = ("object", "array", "string", "number", "integer", "boolean", "null")
_LONGEST: Final = 40


def check_schema(schema: object) -> None:
    """Raise ValueError with two lines, what is wrong where and what to do, or do nothing."""
    if not isinstance(schema, Mapping):
        raise ValueError('The schema should be an object.\nWrite it like {"type": "object"}.')
    try:
        _check(schema, "")
    except RecursionError:
        raise ValueError("The schema is nested too deeply.\nMake it flatter.") from None


def _check(schema: object, path: str) -> None:
    """Check a schema at a path such as ``properties.age``; true and false are schemas, too."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        raise _wrong(path, "should be a schema", 'Write it like {"type": "string"}.')
    for word, check in _CHECKS.items():
        if word in schema:
            check(schema[word], f"{path}.{word}".lstrip("."))


def _wrong(path: str, what: str, step: str) -> ValueError:
    where = f"{single_line(path, 100)} of the schema" if path else "The schema"
    return ValueError(f"{where} {what}.\n{step}")


def _type(value: object, path: str) -> None:
    names = value if isinstance(value, list) else [value]
    for name in names:
        if name not in TYPES:
            raise _wrong(path, f"cannot be {single_line(str(name), _LONGEST)}", one_of(name, TYPES))
    if not names:
        raise _wrong(path, "names no type", one_of(None, TYPES))


def _by_name(value: object, path: str) -> None:
    if not isinstance(value, Mapping):
        step = 'Write it like {"name": {"type": "string"}}.'
        raise _wrong(path, "should be an object of names with their schemas", step)
    for name, schema in value.items():
        _check(schema, f"{path}.{name}")


def _items(value: object, path: str) -> None:
    if isinstance(value, list):  # a schema for each place, as older versions of JSON Schema have it
        for place, schema in enumerate(value):
            _check(schema, f"{path}.{place}")
    else:
        _check(value, path)


def _several(value: object, path: str) -> None:
    if not isinstance(value, list) or not value:
        raise _wrong(path, "should be a list of schemas", 'Write it like [{"type": "string"}].')
    _items(value, path)


def _required(value: object, path: str) -> None:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _wrong(path, "should be a list of names", 'Write it like ["name", "age"].')


def _enum(value: object, path: str) -> None:
    if not isinstance(value, list):
        raise _wrong(path, "should be a list of values", 'Write it like ["yes", "no"].')


_CHECKS: Final[Mapping[str, Callable[[Any, str], None]]] = {
    "type": _type,
    "properties": _by_name,
    "$defs": _by_name,
    "definitions": _by_name,
    "items": _items,
    "additionalProperties": _check,
    "anyOf": _several,
    "oneOf": _several,
    "allOf": _several,
    "required": _required,
    "enum": _enum,
}
