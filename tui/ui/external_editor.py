"""Writing a text in the user's own editor while the app waits."""

from collections.abc import Mapping
from typing import Any

from textual.app import SuspendNotSupported
from textual.screen import Screen

from tui.domain.errors import WorkbenchError
from tui.services.editor import edit_text
from tui.ui.guard import notify_failure


def edited_outside(
    screen: Screen[Any],
    text: str,
    environ: Mapping[str, str],
    *,
    busy: bool,
    suffix: str = ".md",
) -> str | None:
    """The text as the editor left it; None, with words on the screen, if it could not be opened.

    Nothing is read from the network meanwhile, which would end an answer that streams: ``busy``
    says whether one does.
    """
    if busy:
        words = "An answer is still streaming; the editor can be opened when it has ended."
        screen.notify(words, severity="warning", markup=False)
        return None
    try:
        with screen.app.suspend():
            return edit_text(text, environ, suffix=suffix)
    except SuspendNotSupported:
        words = "The editor cannot be opened from here."
        screen.notify(words, severity="warning", markup=False)
    except WorkbenchError as error:
        notify_failure(screen.app, error.failure)
    return None
