"""A question with two answers."""

from tui.ui.screens.decide import Decide


class Confirm(Decide[bool]):
    """Dismisses with True for yes; the focus starts on no, and Escape means no."""

    def __init__(
        self, question: str, detail: str, yes: str, no: str, *, asked_by: str = ""
    ) -> None:
        answers = [("no", no, False), ("yes", yes, True)]
        super().__init__(question, detail, answers, asked_by=asked_by)
