"""What remains on the terminal when a handler raised: a short report instead of local variables."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Generic

from rich.console import RenderableType
from rich.text import Text
from textual.app import App, ReturnType

from tui.crash_report import crash_report
from tui.services.atomic import write_atomically
from tui.ui.last_resort import PATIENCE, end_within, restore_terminal


class SafeCrash(App[ReturnType], Generic[ReturnType]):
    """A base for an app that ends an unexpected error with exit code 1 and a key-free report.

    Textual would print a traceback with the local variables of every frame, and any of them may
    hold the key. The app still ends through Textual's shutdown, which restores the terminal.
    Nothing more is stored on this way: what the history has on disk by then is what stays.
    """

    _unexpected: BaseException | None = None

    def secrets(self) -> Iterable[str]:
        """What must never appear in a report, such as the key in use."""
        return ()

    @property
    def report_file(self) -> Path | None:
        """Where the report of an error that the app outlives is kept."""
        return None

    def keep_report(self, error: BaseException) -> Path | None:
        """Write the report of an error that the app outlives; blocks. None if it is not kept."""
        path = self.report_file
        if path is None:
            return None
        try:
            write_atomically(path, f"{self._report(error)}\n".encode())
        except OSError:
            return None
        return path

    def _handle_exception(self, error: Exception) -> None:
        """The one place through which Textual ends the app because of an exception."""
        if self._unexpected is None:
            # A failed worker wraps the error; the report is about where it was raised.
            self._unexpected = getattr(error, "error", None) or error
            if not self.is_headless:
                end_within(PATIENCE, 1, partial(restore_terminal, self))
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Called for exceptions that do not draw themselves; Textual's version shows locals."""
        if self._unexpected is not None:
            self.panic(self._unexpected)

    def panic(self, *renderables: RenderableType | BaseException) -> None:
        """End the app and print these on the restored terminal, an exception as its report."""
        super().panic(
            *(
                Text(self._report(item)) if isinstance(item, BaseException) else item
                for item in renderables
            )
        )

    def _report(self, error: BaseException) -> str:
        """The report; an app in pieces may not know its secrets, and must end all the same."""
        try:
            secrets: list[str] | None = list(self.secrets())
        except Exception:  # noqa: BLE001 - raised here, nothing would end the app any more
            secrets = None
        return crash_report(error, secrets)
