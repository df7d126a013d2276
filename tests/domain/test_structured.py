"""Structured output is asked for in the API's form, and answers are checked against it."""

import json
import sys
from typing import Any

import pytest

from tui.domain.structured import (
    JSON_OBJECT,
    check_answer,
    json_schema_format,
    read_format,
    read_schema,
)

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}
FORMAT = json_schema_format("person", PERSON)


def test_a_format_is_read_as_it_is_sent() -> None:
    assert read_format("json_object") == JSON_OBJECT
    assert read_format(FORMAT) == FORMAT
    assert FORMAT["json_schema"]["strict"] is True


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (5, "response_format should be a table."),
        ({"type": "yaml"}, "response_format cannot be yaml."),
        ({}, "response_format cannot be None."),
        ({"type": "json_schema"}, "response_format has no schema."),
        ({"type": "json_schema", "json_schema": {"schema": {}}}, "no usable name"),
        ({"type": "json_schema", "json_schema": {"schema": {}, "name": "a b"}}, "no usable name"),
        (json_schema_format("a", {"type": "strng"}), "cannot be strng"),
    ],
)
def test_a_format_that_cannot_be_sent_is_refused(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_format(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not valid JSON.\nLook at line 1, column 2."),
        ("[1]", "should be an object"),
        ('{"type": "objct"}', "type of the schema cannot be objct.\nDid you mean object?"),
        ('{"minimum": "low"}', "not a JSON schema"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_a_schema_is_checked_before_it_is_used(text: str, words: str) -> None:
    with pytest.raises(ValueError, match="\n") as caught:
        read_schema(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "response_format", "ok", "words"),
    [
        ('{"name": "Ada"}', FORMAT, True, "has the format"),
        ('{"name": "Ada", "age": -1}', FORMAT, False, "$.age: -1 is less than the minimum of 0."),
        ('{"age": 1}', FORMAT, False, "$: 'name' is a required property."),
        ('Here: {"name": "Ada"}', FORMAT, False, "not valid JSON: Expecting value, line 1"),
        ("", FORMAT, False, "not valid JSON"),
        ("[" * 200_000, FORMAT, False, "nested too deeply"),
        ("[1]", JSON_OBJECT, False, "JSON, but not an object"),
        ("{}", JSON_OBJECT, True, "has the format"),
        ("anything", {"type": "text"}, None, ""),
        ("anything", None, None, ""),
    ],
)
def test_an_answer_is_judged_by_what_was_asked(
    text: str, response_format: object, ok: bool | None, words: str
) -> None:
    verdict = check_answer(text, response_format)
    assert verdict.ok is ok
    assert words in str(verdict)


def test_many_problems_are_counted() -> None:
    schema = {"type": "array", "items": {"type": "string"}}
    verdict = check_answer(str(list(range(9))), json_schema_format("list", schema))
    assert len(verdict.problems) == 6
    assert verdict.problems[-1] == "4 more."


def test_references_to_other_schemas_are_never_fetched() -> None:
    # A look-up outside of this machine would be refused by the test run itself.
    schema: dict[str, Any] = {"$ref": "http://192.0.2.1/schema.json"}
    verdict = check_answer("{}", json_schema_format("far", schema))
    assert verdict.ok is None
    assert "could not be used" in str(verdict)


def test_without_the_library_json_is_still_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert check_answer("no", FORMAT).ok is False
    verdict = check_answer("{}", FORMAT)
    assert verdict.ok is None
    assert "openrouter-workbench[schema]" in str(verdict)
    assert read_schema('{"minimum": "low"}') == {"minimum": "low"}
    with pytest.raises(ValueError, match="cannot be strng"):
        read_schema('{"type": "strng"}')


@pytest.mark.parametrize("value", ['"\\ud800"', "NaN", "1e999"])
def test_a_schema_that_no_request_can_carry_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent as JSON"):
        read_schema(f'{{"type": "object", "default": {value}}}')
    schema = {**PERSON, "default": json.loads(value)}
    with pytest.raises(ValueError, match="cannot be sent as JSON"):
        read_format(json_schema_format("person", schema))
