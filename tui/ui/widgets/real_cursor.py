"""The terminal's own cursor, which is hidden, but where input methods open their window."""

from textual.widgets import Input, TextArea


def keep_cursor_in(widget: Input | TextArea) -> None:
    """Keep it where text is typed, also when the layout moves the widget; call it once mounted.

    Textual moves it when the text or the focus changes; at that moment the widget may not be where
    it will be.
    """

    def moved(_screen: object) -> None:
        place = widget.cursor_screen_offset
        if widget.has_focus and widget.app.cursor_position != place:
            widget.app.cursor_position = place
            widget.refresh()  # it is moved at the end of a frame

    widget.screen.screen_layout_refresh_signal.subscribe(widget, moved, immediate=True)
