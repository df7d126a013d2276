"""The shape of a JSON schema is checked in words, without any library."""

import pytest

from tui.domain.schema_check import TYPES, check_schema


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": [*TYPES]},
        {"type": "array", "items": {"type": "string"}},
        {"items": [{"type": "string"}, True]},
        {"enum": []},
        {"properties": {"type": {"type": "string"}, "required": {"enum": [None]}}},
        {"anyOf": [{"$ref": "#/$defs/one"}], "$defs": {"one": {"required": []}}},
        {"additionalProperties": False, "minimum": "not ours to judge"},
    ],
    ids=str,
)
def test_what_is_a_schema_is_taken(schema: object) -> None:
    check_schema(schema)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ([{"type": "object"}], "The schema should be an object.\nWrite it like"),
        ("object", "The schema should be an object."),
        ({"type": "strng"}, "type of the schema cannot be strng.\nDid you mean string?"),
        ({"type": ["string", "nul"]}, "type of the schema cannot be nul.\nDid you mean null?"),
        ({"type": []}, "type of the schema names no type.\nChoose one of: object, array"),
        ({"type": {}}, "type of the schema cannot be {}."),
        (
            {"properties": {"age": {"type": "int"}}},
            "properties.age.type of the schema cannot be int.\nDid you mean",
        ),
        ({"properties": ["age"]}, "properties of the schema should be an object of names"),
        ({"properties": {"age": "integer"}}, "properties.age of the schema should be a schema."),
        ({"items": "string"}, "items of the schema should be a schema."),
        ({"items": [{}, {"enum": "a"}]}, "items.1.enum of the schema should be a list of values."),
        ({"enum": "yes"}, "enum of the schema should be a list of values."),
        ({"required": "name"}, "required of the schema should be a list of names."),
        ({"required": [1]}, "required of the schema should be a list of names."),
        ({"anyOf": {}}, "anyOf of the schema should be a list of schemas."),
        ({"$defs": {"a": {"oneOf": [1]}}}, "$defs.a.oneOf.0 of the schema should be a schema."),
        ({"additionalProperties": 1}, "additionalProperties of the schema should be a schema."),
        ({"properties": {"\x1b[2J": 1}}, "properties.␛[2J of the schema"),
    ],
    ids=str,
)
def test_what_is_no_schema_is_refused_where_it_is_wrong(schema: object, words: str) -> None:
    with pytest.raises(ValueError, match="\n") as caught:
        check_schema(schema)
    assert words in str(caught.value)


def test_a_schema_without_end_is_refused() -> None:
    schema: dict[str, object] = {}
    for _ in range(100_000):
        schema = {"items": schema}
    with pytest.raises(ValueError, match="nested too deeply"):
        check_schema(schema)
