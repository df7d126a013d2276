import json
from typing import Any

import pytest

from tui.domain.model import Model
from tui.ui.controllers.format_choice import (
    SCHEMA,
    entry_of,
    format_entries,
    format_value,
    schema_name,
    schema_text,
    usable_name,
)

PERSON = {"title": "A person!", "type": "object", "properties": {"name": {"type": "string"}}}
WRAPPED = {"name": "person", "strict": False, "schema": PERSON}


def names(*supported: str) -> list[str]:
    model = Model("example/model", supported_parameters=frozenset(supported))
    return [name for _, name in format_entries(model)]


def test_only_the_formats_that_a_model_takes_are_offered() -> None:
    assert names("response_format") == ["", "text", "json_object"]
    assert names("structured_outputs") == ["", "text", "json_schema"]
    assert [name for _, name in format_entries(None)] == names()
    assert names()[-2:] == ["json_object", "json_schema"]


@pytest.mark.parametrize(
    ("entry", "value"),
    [("", None), ("text", {"type": "text"}), ("json_object", {"type": "json_object"})],
)
def test_the_plain_formats(entry: str, value: dict[str, str] | None) -> None:
    assert format_value(entry, "", "") == value
    assert entry_of(value or {}) == entry


@pytest.mark.parametrize(
    ("text", "name", "wrapper"),
    [
        (PERSON, "", {"name": "A_person", "strict": True, "schema": PERSON}),
        (PERSON, "mine", {"name": "mine", "strict": True, "schema": PERSON}),
        (WRAPPED, "mine", WRAPPED),
        ({"type": SCHEMA, "json_schema": WRAPPED}, "", WRAPPED),
    ],
)
def test_a_schema_is_wrapped_unless_it_is_already(
    text: dict[str, Any], name: str, wrapper: dict[str, Any]
) -> None:
    value = format_value(SCHEMA, json.dumps(text), name)
    assert value == {"type": SCHEMA, "json_schema": wrapper}
    assert json.loads(schema_text(value)) == PERSON
    assert schema_name(value) == wrapper["name"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", "There is no schema yet."),
        ("{", "The schema is not valid JSON."),
        ("[]", "The schema should be an object."),
        (json.dumps({"name": "no usable one", "schema": PERSON}), "The schema has no usable name."),
    ],
)
def test_what_is_no_schema_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        format_value(SCHEMA, text, "")


def test_names_are_made_of_what_the_api_takes() -> None:
    assert usable_name("größe (cm)") == "gr_e_cm"
    assert usable_name("§") == usable_name(None) == "answer"
    assert len(usable_name("x" * 100)) == 64
    assert schema_text({"type": "text"}) == schema_name({}) == ""
