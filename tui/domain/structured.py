"""Structured output: what ``response_format`` may say, and whether an answer keeps to it.

Answers are checked with the jsonschema library where it is installed; it is imported when the first
answer is checked, and it never fetches a schema that another one refers to.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.domain.problems import one_of
from tui.domain.sanitize import single_line
from tui.domain.schema_check import check_schema

JSON_OBJECT: Mapping[str, Any] = {"type": "json_object"}
_TYPES = ("text", "json_object", "json_schema", "grammar", "python")
_LONGEST_NAME = 64
_MOST_PROBLEMS = 5
_LONGEST_PROBLEM = 200
_NO_LIBRARY = "The schema was not checked: install openrouter-workbench[schema] to check it."


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer has the format that was asked for.

    ``ok`` is None if nothing was asked for or it could not be checked; ``problems`` then say why.
    """

    ok: bool | None
    problems: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The verdict as one line; empty if nothing was asked for."""
        if self.ok:
            return "The answer has the format that was asked for."
        return " ".join(self.problems)


def json_schema_format(
    name: str, schema: Mapping[str, Any], *, strict: bool = True
) -> dict[str, Any]:
    """The ``response_format`` that asks for JSON by this schema."""
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "strict": strict, "schema": dict(schema)},
    }


def read_format(value: object) -> dict[str, Any]:
    """A ``response_format`` as it is sent; a bare name such as ``json_object`` will do.

    Raises ValueError with two lines, what is wrong and what to do.
    """
    if isinstance(value, str):
        value = {"type": value}
    if not isinstance(value, Mapping):
        raise ValueError(
            'response_format should be a table.\nWrite it like { type = "json_object" }.'
        )
    kind = value.get("type")
    if kind not in _TYPES:
        shown = single_line(str(kind), 40)
        raise ValueError(f"response_format cannot be {shown}.\n{one_of(kind, _TYPES)}")
    if kind == "json_schema":
        _check_wrapper(value.get("json_schema"))
    _check_sendable("response_format", value)
    return dict(value)


def _check_sendable(name: str, value: object) -> None:
    """Raise ValueError for what TOML and Python's JSON know, but no request can carry."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False, default=dict).encode()
    except (TypeError, ValueError, RecursionError):
        raise ValueError(
            f"{name} cannot be sent as JSON.\n"
            "Look for a date, half of a character, or a number that is none or has no end."
        ) from None


def _check_wrapper(wrapper: object) -> None:
    if not isinstance(wrapper, Mapping) or not isinstance(wrapper.get("schema"), Mapping):
        raise ValueError(
            "response_format has no schema.\n"
            'Write it like { type = "json_schema", json_schema = { name = "x", schema = {…} } }.'
        )
    check_schema(wrapper["schema"])
    name = wrapper.get("name")
    fine = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
    if not (fine and isinstance(name, str) and name.replace("_", "").replace("-", "").isalnum()):
        raise ValueError(
            "The schema has no usable name.\nGive it one of letters, digits, - and _, up to 64."
        )


def read_schema(text: str) -> dict[str, Any]:
    """A JSON schema as it was typed or read from a file.

    Raises ValueError with two lines. Its shape is always checked, all else of it only where
    jsonschema is installed.
    """
    try:
        schema: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"The schema is not valid JSON.\nLook at {where}.") from error
    except RecursionError:
        raise ValueError("The schema is nested too deeply.\nMake it flatter.") from None
    check_schema(schema)
    _check_sendable("The schema", schema)
    library = _library()
    if library is None:
        return schema
    validator = library.validators.validator_for(schema)
    try:
        validator.check_schema(schema)
    except library.SchemaError as error:
        said = single_line(error.message, _LONGEST_PROBLEM)
        raise ValueError(f"The schema is not a JSON schema.\nIt says: {said}.") from None
    return schema


def check_answer(text: str, response_format: object) -> Verdict:
    """Whether an answer keeps to the ``response_format`` of its request; never raises."""
    kind = response_format.get("type") if isinstance(response_format, Mapping) else None
    if kind not in ("json_object", "json_schema"):
        return Verdict(None)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return Verdict(False, (f"The answer is not valid JSON: {error.msg}, {where}.",))
    except RecursionError:
        return Verdict(False, ("The answer is nested too deeply to be read.",))
    if kind == "json_object":
        if isinstance(document, dict):
            return Verdict(True)
        return Verdict(False, ("The answer is JSON, but not an object.",))
    return _against_schema(document, _schema_of(response_format))


def asked_format(request_settings: Mapping[str, Any]) -> object:
    """The ``response_format`` of a request, by the settings that are kept with its answer."""
    params = request_settings.get("params")
    return params.get("response_format") if isinstance(params, Mapping) else None


def _schema_of(response_format: object) -> object:
    wrapper = response_format.get("json_schema") if isinstance(response_format, Mapping) else None
    return wrapper.get("schema") if isinstance(wrapper, Mapping) else None


def _against_schema(document: object, schema: object) -> Verdict:
    library = _library()
    if library is None or not isinstance(schema, Mapping):
        return Verdict(None, (_NO_LIBRARY,) if library is None else ())
    import referencing

    try:
        validator_class = library.validators.validator_for(schema)
        # With a registry of its own nothing is fetched for a reference.
        validator = validator_class(schema, registry=referencing.Registry())
        errors = sorted(
            validator.iter_errors(document), key=lambda error: list(map(str, error.path))
        )
    except Exception as error:  # noqa: BLE001 - a schema of any kind must not take the answer down
        return Verdict(None, (f"The schema could not be used ({type(error).__name__}).",))
    words = [
        f"{single_line(error.json_path, 80)}: {single_line(error.message, _LONGEST_PROBLEM)}."
        for error in errors[:_MOST_PROBLEMS]
    ]
    if len(errors) > _MOST_PROBLEMS:
        words.append(f"{len(errors) - _MOST_PROBLEMS} more.")
    return Verdict(not words, tuple(words))


def _library() -> Any:
    """The jsonschema library, or None where it is not installed."""
    try:
        import jsonschema
    except ImportError:
        return None
    return jsonschema
