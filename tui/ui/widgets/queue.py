"""Messages that were typed while an answer streamed, waiting in sight for their turn."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tui.domain.sanitize import single_line

_SHOWN = 3
_LONGEST = 200


class Queue(Static):
    """One line a waiting message; hidden while there is none."""

    DEFAULT_CSS = """
    Queue { height: auto; padding: 0 1; color: $text-muted; display: none; }
    Queue.-waiting { display: block; }
    """

    def show(self, waiting: Sequence[str]) -> None:
        """Show the messages that wait, the next one first."""
        self.set_class(bool(waiting), "-waiting")
        lines = [f"⧗ queued: {single_line(text, _LONGEST)}" for text in waiting[:_SHOWN]]
        if len(waiting) > _SHOWN:
            lines.append(f"⧗ and {len(waiting) - _SHOWN} more")
        self.update(Content("\n".join(lines)))
