"""A minimal app with all that keeps a terminal safe: ``python -m tests.terminal.probe``.

It lists what reached it, one line each, draws the text of a file given as its argument, and raises
in a handler when F9 is pressed.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.filter import LineFilter
from textual.widgets import Static

from tui.ui.crash import SafeCrash
from tui.ui.driver import TerminalDriver
from tui.ui.filters import VisibleText
from tui.ui.signals import install_signal_handlers

SECRET = "sk-or-v1-test-canary-0123456789abcdef"


class Probe(SafeCrash[None]):
    """Shows what reached the app: every key, and every paste by its length and ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", priority=True),
        Binding("f9", "boom"),
        Binding("f10", "boom_in_worker"),
    ]

    def __init__(self, shown: str) -> None:
        super().__init__(driver_class=TerminalDriver)
        self._shown = shown
        self._reached: list[str] = []
        self._filter = VisibleText()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [self._filter, *super().get_line_filters()]

    def secrets(self) -> Iterable[str]:
        return [SECRET]

    def compose(self) -> ComposeResult:
        yield Static(Content(self._shown), id="shown")
        yield Static("", id="reached", markup=False)

    def on_mount(self) -> None:
        install_signal_handlers(self)
        self._note("ready")

    def on_unmount(self) -> None:
        if len(sys.argv) > 2:
            Path(sys.argv[2]).write_text("saved")

    def on_key(self, event: events.Key) -> None:
        self._note(f"key {event.key}")

    def on_paste(self, event: events.Paste) -> None:
        text = event.text
        self._note(f"paste {len(text)} {text[:12]!r} … {text[-12:]!r}")

    def action_boom(self) -> None:
        key = SECRET
        raise RuntimeError(f"boom with {key}")

    def action_boom_in_worker(self) -> None:
        async def work() -> None:
            self.action_boom()

        self.run_worker(work())

    def _note(self, line: str) -> None:
        self._reached.append(line)
        self.query_one("#reached", Static).update("\n".join(self._reached[-20:]))


if __name__ == "__main__":
    app = Probe(Path(sys.argv[1]).read_text() if len(sys.argv) > 1 else "")
    app.run()
    sys.exit(app.return_code or 0)
