"""The end of the program when its orderly end does not come.

Textual leaves when its event loop gets to it: not while a handler never returns, while the first
screen is never done, or while a terminal that is held by Ctrl+S takes no output.
"""

import os
import sys
import threading
from _thread import start_new_thread
from collections.abc import Callable
from contextlib import redirect_stderr, suppress
from time import sleep
from typing import Any, Final

from textual.app import App

PATIENCE: Final = 8.0
"""Seconds for an orderly end: some of them may go by until a locked history can be written."""
_MOUSE_OFF: Final = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
_LONGEST_RESTORING: Final = 1.0
"""Seconds for a terminal to take what makes it usable again."""


def end_within(seconds: float, code: int, restore: Callable[[], object]) -> None:
    """End the process with this code unless it has ended by itself by then.

    ``restore`` is called before, on a thread that is not waited for beyond a second. This may be
    called in a signal handler: it takes no lock that the interrupted code could hold.
    """
    start_new_thread(_end, (seconds, code, restore))


def restore_terminal(app: App[Any]) -> None:
    """Give the terminal back as it was, with the report of the error that ended the app, if any."""
    driver = app._driver  # noqa: SLF001 - Textual has no other way to its driver
    if driver is not None:
        driver.write(_MOUSE_OFF)  # Textual switches it off on the main thread only
        driver.stop_application_mode()
        driver.close()
    with redirect_stderr(sys.__stderr__):
        app._print_error_renderables()  # noqa: SLF001 - only Textual's own end calls it otherwise


def _end(seconds: float, code: int, restore: Callable[[], object]) -> None:
    sleep(seconds)

    def run() -> None:
        with suppress(Exception):  # the process ends anyway
            restore()

    restoring = threading.Thread(target=run, name="restoring", daemon=True)
    restoring.start()
    restoring.join(_LONGEST_RESTORING)
    os._exit(code)
