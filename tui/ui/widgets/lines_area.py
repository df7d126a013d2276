"""A text of a few lines as one field of many."""

from textual.widgets import TextArea


class LinesArea(TextArea):
    """A text area that ↑ leaves from its first line, and ↓ from its last one, as one-line fields.

    It is as high as its text.
    """

    def __init__(self, text: str, *, id: str, placeholder: str = "") -> None:  # noqa: A002 - Textual's own name
        super().__init__(text, id=id, compact=True, soft_wrap=False, placeholder=placeholder)

    def action_cursor_up(self, select: bool = False) -> None:
        """Go up a line, or to the field above."""
        if select or self.cursor_location[0]:
            super().action_cursor_up(select)
        else:
            self.screen.focus_previous()

    def action_cursor_down(self, select: bool = False) -> None:
        """Go down a line, or to the field below."""
        if select or not self.cursor_at_last_line:
            super().action_cursor_down(select)
        else:
            self.screen.focus_next()
