import pytest

from tui.ui.keymap import key_words


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("ctrl+n", "Ctrl+N"),
        ("f2", "F2"),
        ("escape", "Esc"),
        ("shift+enter", "Shift+Enter"),
        ("u", "u"),
        ("C", "Shift+C"),
        ("left_curly_bracket", "{"),
        ("alt+backspace", "Alt+Backspace"),
        ("super+insert", "Super+Insert"),
        ("question_mark", "?"),
    ],
)
def test_keys_are_written_as_on_keyboards(key: str, words: str) -> None:
    assert key_words(key) == words
