"""The virtual transcript: a document, a renderer and a thin widget."""

from tui.ui.transcript.document import Entry, Role, Tone
from tui.ui.transcript.transcript import Transcript

__all__ = ["Entry", "Role", "Tone", "Transcript"]
