"""The line above the prompt that says which message is being edited."""

from textual.widgets import Static


class EditLine(Static):
    """Hidden while nothing is edited; ``aside`` is the draft that the edited text took over."""

    DEFAULT_CSS = """
    EditLine { height: 1; padding: 0 1; color: $text-warning; display: none; }
    EditLine.-editing { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.message_id: str | None = None
        self.aside = ""

    def begin(self, message_id: str, number: int, aside: str) -> None:
        """Say that the message is edited, the ``number``-th of the conversation."""
        if self.message_id is None:
            self.aside = aside
        self.message_id = message_id
        self.update(f"✎ editing message {number} · Enter sends it as a new branch · Esc cancels")
        self.add_class("-editing")

    def end(self) -> str:
        """Edit nothing any more; the draft that had been put aside."""
        aside, self.aside, self.message_id = self.aside, "", None
        self.remove_class("-editing")
        return aside
