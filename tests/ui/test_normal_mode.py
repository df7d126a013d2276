"""Normal mode: where keys lead, what they change, and what they copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.normal_mode import NormalMode, Step


def play(keys: str, text: str, cursor: int) -> tuple[str, int, bool]:
    """The text, the cursor, and whether typing goes on, after these keys."""
    mode, step = NormalMode(), Step(cursor)
    for key in keys:
        step = mode.press(key, text, step.cursor)
        if step.change is not None:
            start, end, other = step.change
            text = text[:start] + other + text[end:]
    return text, step.cursor, step.types


TEXT = "one two\n\nthree"


@pytest.mark.parametrize(
    ("keys", "cursor", "place"),
    [
        ("h", 0, 0),
        ("h", 9, 9),
        ("l", 0, 1),
        ("l", 6, 6),
        ("w", 0, 4),
        ("w", 4, 9),
        ("w", 9, 13),
        ("b", 9, 4),
        ("b", 2, 0),
        ("$", 0, 6),
        ("0", 6, 0),
        ("j", 5, 8),
        ("jj", 2, 9),
        ("k", 11, 8),
        ("kk", 11, 0),
        ("k", 3, 3),
        ("j", 12, 12),
        ("gg", 11, 0),
        ("G", 2, 9),
        ("gx", 2, 2),
        ("Z", 2, 2),
    ],
)
def test_moves(keys: str, cursor: int, place: int) -> None:
    assert play(keys, TEXT, cursor) == (TEXT, place, False)


@pytest.mark.parametrize(
    ("keys", "cursor", "text", "place"),
    [
        ("x", 0, "ne two\n\nthree", 0),
        ("x", 6, "one tw\n\nthree", 5),
        ("x", 8, TEXT, 8),
        ("xp", 0, "noe two\n\nthree", 1),
        ("dd", 3, "\nthree", 0),
        ("dd", 10, "one two\n", 8),
        ("ddp", 3, "\none two\nthree", 1),
        ("yyp", 3, "one two\none two\n\nthree", 8),
        ("yyGp", 3, "one two\n\nthree\none two", 15),
    ],
)
def test_changes(keys: str, cursor: int, text: str, place: int) -> None:
    assert play(keys, TEXT, cursor) == (text, place, False)


@pytest.mark.parametrize(
    ("key", "text", "place"),
    [
        ("i", TEXT, 2),
        ("a", TEXT, 3),
        ("I", TEXT, 0),
        ("A", TEXT, 7),
        ("o", "one two\n\n\nthree", 8),
    ],
)
def test_typing_goes_on_where_it_was_asked_for(key: str, text: str, place: int) -> None:
    assert play(key, TEXT, 2) == (text, place, True)


@given(st.text("hjklwb0$gGdypxo", max_size=20), st.text("ab \n.", max_size=12))
def test_the_cursor_never_leaves_the_text(keys: str, text: str) -> None:
    after, cursor, _ = play(keys, text, 0)
    assert 0 <= cursor <= len(after)
