"""The look of small boxes in the middle of the screen that ask something."""

from typing import TypeVar

from textual.screen import ModalScreen

Result = TypeVar("Result")


class Dialog(ModalScreen[Result]):
    """What a subclass composes into ``#dialog`` lies over the dimmed screen.

    ``#question`` and ``#answers``, a row of buttons, look the same in each.
    """

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;

        & > #dialog {
            width: 68;
            max-width: 90%;
            height: auto;
            max-height: 90%;
            overflow-y: auto;
            padding: 1 2;
            background: $surface;
            border-left: thick $accent;

            & > #question { text-style: bold; }
            & > #answers {
                margin-top: 1;
                height: auto;
                align-horizontal: right;
                & > Button { margin-left: 2; }
            }
        }
    }
    """
