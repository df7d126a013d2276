"""What is in an attached file: its text as it will be sent, or what is known of it."""

from textual.content import Content

from tui.domain.attachments import Attachment, AttachmentKind, text_of
from tui.domain.sanitize import visible
from tui.ui.screens.sheet import Sheet

_MOST_SHOWN = 100_000
"""Characters of a text that are shown."""


class AttachedFile(Sheet[None]):
    """Shows a text, or the facts of a file that is none."""

    def __init__(self, attachment: Attachment, data: bytes) -> None:
        super().__init__()
        self.NAME = attachment.words
        self._attachment = attachment
        self._text = visible(self._words(data))

    def _words(self, data: bytes) -> str:
        file = self._attachment
        if file.kind is not AttachmentKind.TEXT:
            return f"{file.media_type}, about {file.tokens:,} tokens.\nSHA-256 {file.digest}"
        text = text_of(data)
        if len(text) <= _MOST_SHOWN:
            return text
        return f"{text[:_MOST_SHOWN]}\n… and {len(text) - _MOST_SHOWN:,} characters more"

    def text(self, width: int) -> Content:
        """The text, wrapped by the view."""
        return Content(self._text)
