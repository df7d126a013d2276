"""The format of answers as entries of a list, and the schema behind the last of them."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from tui.domain.model import Model
from tui.domain.structured import JSON_OBJECT, json_schema_format, read_format, read_schema

UNSET: Final = ""
SCHEMA: Final = "json_schema"
LARGEST_SCHEMA: Final = 256 * 1024
"""Bytes of a schema's file."""
_JSON, _TEXT = "json_object", "text"
_NAMELESS: Final = "answer"
_UNUSABLE: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME: Final = 64


def format_entries(model: Model | None) -> list[tuple[str, str]]:
    """The formats that a model takes as pairs of label and name."""
    supported = model.supported_parameters if model is not None else frozenset()
    entries = [("not set here", UNSET), ("text", _TEXT)]
    if not supported or "response_format" in supported:
        entries.append(("JSON", _JSON))
    if not supported or "structured_outputs" in supported:
        entries.append(("JSON by a schema", SCHEMA))
    return entries


def entry_of(value: Mapping[str, Any]) -> str:
    """The name of the entry that a value belongs to."""
    return str(value.get("type", UNSET))


def schema_text(value: Mapping[str, Any]) -> str:
    """The schema of a value as it is edited; empty if it has none."""
    wrapper = value.get("json_schema")
    schema = wrapper.get("schema") if isinstance(wrapper, Mapping) else None
    return json.dumps(schema, indent=2, ensure_ascii=False) if schema is not None else ""


def schema_name(value: Mapping[str, Any]) -> str:
    """What the schema of a value is called; empty if it has none."""
    wrapper = value.get("json_schema")
    return str(wrapper.get("name", "")) if isinstance(wrapper, Mapping) else ""


def format_value(entry: str, text: str, name: str) -> dict[str, Any] | None:
    """The value for an entry, with the schema that ``text`` is; None for nothing set.

    A text that is already wrapped as the API wants it, with a name, is taken as it is. Otherwise
    the schema is called ``name``, else by its title. Raises ValueError with two lines, what is
    wrong and what to do.
    """
    match entry:
        case "":
            return None
        case "json_schema":
            return _with_schema(text, name)
        case "json_object":
            return dict(JSON_OBJECT)
        case _:
            return {"type": entry}


def _with_schema(text: str, name: str) -> dict[str, Any]:
    if not text.strip():
        raise ValueError("There is no schema yet.\nPaste one, or name its file and press Enter.")
    wrapper = _wrapper(text)
    if wrapper is not None:
        read_schema(json.dumps(wrapper["schema"]))
        return read_format({"type": SCHEMA, "json_schema": wrapper})
    schema = read_schema(text)
    return json_schema_format(name or usable_name(schema.get("title")), schema)


def _wrapper(text: str) -> Mapping[str, Any] | None:
    """What the API wants around a schema, if the text has it; a part of the body, or all of it."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    inner = document.get("json_schema", document) if isinstance(document, dict) else None
    is_wrapper = (
        isinstance(inner, dict) and "name" in inner and isinstance(inner.get("schema"), dict)
    )
    return inner if is_wrapper else None


def usable_name(title: object) -> str:
    """A name that the API takes, made from a title or the name of a file."""
    words = _UNUSABLE.sub("_", title).strip("_") if isinstance(title, str) else ""
    return words[:_LONGEST_NAME] or _NAMELESS
