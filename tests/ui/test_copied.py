import pytest

from tui.services.clipboard import Copied, Way
from tui.ui.copied import copied_words


@pytest.mark.parametrize(
    ("copied", "words"),
    [
        (Copied(Way.TOOL, "wl-copy", 1204), "Copied 1,204 characters with wl-copy."),
        (Copied(Way.TOOL, "xclip", 1), "Copied 1 character with xclip."),
        (
            Copied(Way.TERMINAL, "OSC 52", 20),
            (
                "Sent 20 characters to the terminal's clipboard (OSC 52); if nothing arrives, "
                "hold Shift while you drag, and copy with the terminal."
            ),
        ),
        (
            Copied(Way.FILE, "~/clipboard.txt", 99_999),
            "Saved 99,999 characters to ~/clipboard.txt: no clipboard can be reached for it.",
        ),
    ],
)
def test_the_way_and_the_amount_are_told(copied: Copied, words: str) -> None:
    assert copied_words(copied, hidden=False, environ={}) == words


def test_tmux_gets_its_own_advice() -> None:
    words = copied_words(Copied(Way.TERMINAL, "OSC 52", 2), hidden=False, environ={"TMUX": "x"})
    assert "set -g allow-passthrough on" in words


def test_hidden_characters_are_told() -> None:
    words = copied_words(Copied(Way.TOOL, "xclip", 2), hidden=True, environ={})
    assert words == "Copied 2 characters with xclip. Hidden characters were in it."
