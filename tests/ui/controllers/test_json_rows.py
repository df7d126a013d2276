"""JSON as rows."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.controllers.json_rows import (
    Folding,
    Part,
    all_shut,
    first_folding,
    json_rows,
    value_at,
)

BODY = {"model": "a/b", "messages": [{"role": "user", "content": "Hi"}], "stream": True, "top": 0.5}


def lines(value: Any, width: int = 80, folding: Folding | None = None) -> list[str]:
    rows = json_rows(value, width, {}, folding)
    return ["  " * row.depth + "".join(words for words, _ in row.parts) for row in rows]


def test_the_rows_together_are_the_json() -> None:
    assert "\n".join(lines(BODY)) == json.dumps(BODY, indent=2)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text('abcé\n"\\', max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text("xyz", min_size=1), inner)
        ),
        max_leaves=12,
    )
)
def test_any_value_is_shown_as_it_would_be_written(value: Any) -> None:
    assert json.loads("".join(lines(value, 10_000))) == value


def test_what_is_shut_is_one_row_with_its_size() -> None:
    shut = lines(BODY, folding=Folding(shut=frozenset({"messages"})))

    assert '  "messages": [ … ], 1 item' in shut
    assert len(shut) == 6


def test_a_note_stands_at_its_place_only() -> None:
    rows = json_rows(BODY, 80, {"messages[0].content": "typed just now"})

    assert [row.path for row in rows if row.note] == ["messages[0].content"]


def test_a_long_text_is_cut_to_the_width_until_it_is_opened() -> None:
    body = {"content": "word " * 100}
    (cut,) = (row for row in json_rows(body, 60, {}) if row.path == "content")
    assert cut.opens
    shown = "".join(words for words, _ in cut.parts)
    assert shown.endswith(" … 500 characters")
    assert len(shown) <= 60

    opened = Folding().toggled(cut, body["content"])
    rows = [row for row in json_rows(body, 60, {}, opened) if row.path == "content"]
    texts = "".join(words for row in rows for words, part in row.parts if part is Part.TEXT)
    assert json.loads(texts) == body["content"]
    assert opened.toggled(rows[0], body["content"]) == Folding()


def test_what_would_act_on_the_terminal_is_made_visible() -> None:
    assert all(
        "\x1b" not in line and "\u202e" not in line for line in lines({"a": "\x1b[2J\u202e"})
    )


def test_of_many_messages_only_the_last_and_the_noted_ones_are_open() -> None:
    body = {"messages": [{"role": "user", "content": str(number)} for number in range(9)]}

    folding = first_folding(body, ["messages[2].content[0].cache_control"])

    assert folding.shut == {f"messages[{index}]" for index in (0, 1, 3, 4, 5, 6)}
    assert first_folding(BODY, ()) == Folding()


def test_everything_can_be_shut() -> None:
    assert all_shut(BODY).shut == {"messages"}


def test_a_value_is_found_by_its_path() -> None:
    assert value_at(BODY, "messages[0].content") == "Hi"
    assert value_at(BODY, "") == BODY
    assert value_at(BODY, "messages[3].content") is None
