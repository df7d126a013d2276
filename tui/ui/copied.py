"""What the user is told after copying: which way the text took, and nothing that is not sure."""

from collections.abc import Mapping

from tui.services.clipboard import Copied, Way


def copied_words(copied: Copied, *, hidden: bool, environ: Mapping[str, str]) -> str:
    """The words of the toast; ``hidden``: the text held characters that cannot be seen."""
    amount = f"{copied.characters:,} character{'' if copied.characters == 1 else 's'}"
    match copied.way:
        case Way.TOOL:
            words = f"Copied {amount} with {copied.name}."
        case Way.TERMINAL:
            words = (
                f"Sent {amount} to the terminal's clipboard ({copied.name}); "
                f"if nothing arrives, {_remedy(environ)}."
            )
        case Way.FILE:
            words = f"Saved {amount} to {copied.name}: no clipboard can be reached for it."
    return f"{words} Hidden characters were in it." if hidden else words


def _remedy(environ: Mapping[str, str]) -> str:
    if environ.get("TMUX"):
        return "tmux needs: set -g allow-passthrough on"
    return "hold Shift while you drag, and copy with the terminal"
