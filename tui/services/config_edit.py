"""Single keys of a TOML text changed so that comments, order and every other key survive."""

import json
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from tui.services.config_lines import KeyPath

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


class UneditableError(Exception):
    """The text is valid TOML, but the change cannot be made without touching something else."""


def edit(text: str, changes: Mapping[KeyPath, object]) -> str:
    """The text with each key set to its new value, or removed where the value is None.

    ``text`` is valid TOML. Raises :class:`UneditableError` if a key's table is something else, or
    if the result would hold anything but the old content with these changes.
    """
    values = {key: _toml_value(value) for key, value in changes.items()}
    expected = _expected(tomllib.loads(text), values)
    after = _edited(text, values)
    if _canonical(tomllib.loads(after)) != _canonical(expected):
        raise UneditableError("The file is laid out in a way that cannot be edited safely.")
    return after


def remove_key(node: dict[str, Any], key: KeyPath) -> None:
    """Remove a key from nested tables; nothing happens if it is not there."""
    for part in key[:-1]:
        if not isinstance(node.get(part), dict):
            return
        node = node[part]
    node.pop(key[-1], None)


def _toml_value(value: object) -> Any:
    """The value as TOML knows it; the one place where a key leaves its wrapper."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Enum():
            return value.value
        case Mapping():
            return {name: _toml_value(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_toml_value(inner) for inner in value]
        case Decimal():
            return float(value)  # read back through its shortest form, it is the same amount
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise TypeError(f"{type(value).__name__} cannot be a setting")


def _edited(text: str, values: Mapping[KeyPath, Any]) -> str:
    # tomlkit is slow to import, and reading settings does not need it.
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        made = [_put(document, key, value) for key, value in values.items()]
        for section in made:
            if section is not None:
                section.add(tomlkit.nl())  # a blank line before the next header
        return f"{tomlkit.dumps(document).rstrip()}\n"
    except (TOMLKitError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise UneditableError("A section does not have the form that settings need.") from error


def _put(document: "TOMLDocument", key: KeyPath, value: Any) -> Any:
    """Change one key; returns its table if that had to be made."""
    from tomlkit import table

    section: Any = document
    is_new = False
    for depth, part in enumerate(key[:-1]):
        if part not in section:
            if value is None:
                return None
            is_new = True
            # A table that only holds tables gets no header of its own.
            section.append(part, table(is_super_table=depth < len(key) - 2))
        section = section[part]
    if value is not None:
        section[key[-1]] = value
    elif key[-1] in section:
        del section[key[-1]]
    return section if is_new else None


def _expected(before: Mapping[str, Any], values: Mapping[KeyPath, Any]) -> dict[str, Any]:
    """What the text must hold afterwards, worked out without the editor that writes it."""
    after = deepcopy(dict(before))
    for key, value in values.items():
        if value is None:
            remove_key(after, key)
            continue
        node = after
        for part in key[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise UneditableError(f"{part} is not a section, but a value.")
        node[key[-1]] = value
    return after


def _canonical(raw: Mapping[str, Any]) -> str:
    """The content for comparison: unlike dicts, equal where both hold nan, and 1 is not True."""
    return json.dumps(raw, sort_keys=True, default=str)
