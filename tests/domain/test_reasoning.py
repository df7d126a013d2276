"""Streamed reasoning details are put together as they were meant."""

from hypothesis import given
from hypothesis import strategies as st

from tui.domain.reasoning import ReasoningDetails

Piece = dict[str, object]


def merged(*pieces: Piece) -> list[Piece]:
    details = ReasoningDetails()
    for piece in pieces:
        details.add([piece])
    return details.merged()


def test_texts_of_one_index_are_joined_and_a_late_signature_is_added() -> None:
    assert merged(
        {"type": "reasoning.text", "index": 0, "text": "Let ", "format": "anthropic-claude-v1"},
        {"type": "reasoning.text", "index": 0, "text": "me see", "signature": None},
        {"type": "reasoning.text", "index": 0, "signature": "c2ln", "id": None},
    ) == [
        {
            "type": "reasoning.text",
            "index": 0,
            "text": "Let me see",
            "format": "anthropic-claude-v1",
            "signature": "c2ln",
            "id": None,
        }
    ]


def test_a_repeated_signature_is_not_doubled() -> None:
    piece: Piece = {"type": "reasoning.text", "index": 0, "signature": "c2ln"}
    assert merged(piece, piece)[0]["signature"] == "c2ln"


def test_a_null_never_replaces_what_is_known() -> None:
    assert merged(
        {"type": "reasoning.summary", "index": 0, "summary": "a", "id": "rs_1"},
        {"type": "reasoning.summary", "index": 0, "summary": None, "id": None},
    ) == [{"type": "reasoning.summary", "index": 0, "summary": "a", "id": "rs_1"}]


def test_kinds_and_indices_are_kept_apart_in_the_order_of_arrival() -> None:
    result = merged(
        {"type": "reasoning.text", "index": 1, "text": "b"},
        {"type": "reasoning.encrypted", "index": 1, "data": "x"},
        {"type": "reasoning.text", "index": 0, "text": "a"},
        {"type": "reasoning.text", "index": 1, "text": "c"},
    )
    assert [(item["type"], item["index"]) for item in result] == [
        ("reasoning.text", 1),
        ("reasoning.encrypted", 1),
        ("reasoning.text", 0),
    ]
    assert result[0]["text"] == "bc"


def test_without_an_index_only_neighbouring_texts_are_joined() -> None:
    assert merged(
        {"type": "reasoning.text", "text": "a"},
        {"type": "reasoning.text", "text": "b"},
        {"type": "reasoning.encrypted", "data": "x"},
        {"type": "reasoning.encrypted", "data": "y"},
        {"type": "reasoning.text", "text": "c"},
    ) == [
        {"type": "reasoning.text", "text": "ab"},
        {"type": "reasoning.encrypted", "data": "x"},
        {"type": "reasoning.encrypted", "data": "y"},
        {"type": "reasoning.text", "text": "c"},
    ]


def test_fields_of_any_shape_are_kept() -> None:
    odd: Piece = {"type": ["a"], "index": {"b": 1}, "text": 5, "new": [1, {"x": None}]}
    assert merged(odd) == [odd]


def test_what_was_merged_does_not_change_afterwards() -> None:
    details = ReasoningDetails()
    details.add([{"type": "reasoning.text", "index": 0, "text": "a"}])
    before = details.merged()
    details.add([{"type": "reasoning.text", "index": 0, "text": "b"}])
    assert before == [{"type": "reasoning.text", "index": 0, "text": "a"}]


@given(st.lists(st.tuples(st.integers(0, 3), st.text()), max_size=30))
def test_no_piece_of_text_is_lost(pieces: list[tuple[int, str]]) -> None:
    result = merged(
        *({"type": "reasoning.text", "index": index, "text": text} for index, text in pieces)
    )
    assert {item["index"]: item["text"] for item in result} == {
        index: "".join(text for at, text in pieces if at == index) for index, _ in pieces
    }
