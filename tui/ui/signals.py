"""Signals that end the process, turned into an orderly exit of the app.

Textual installs no handlers for them, so each would leave the terminal in the alternate screen with
mouse reporting on, and would skip the app's own shutdown. Ctrl+C is not among them: the terminal is
in raw mode, where it is a key.
"""

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from textual.app import App

from tui.ui.last_resort import PATIENCE, end_within, restore_terminal

INTERRUPTED: Final = 130
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def install_signal_handlers(
    app: App[Any], leave: Callable[[], object] | None = None, patience: float = PATIENCE
) -> None:
    """Exit the app with code 130 on SIGINT, SIGTERM and SIGHUP; to be called when it is mounted.

    ``leave`` replaces the exit, for an app that has something to do first; it runs on the event
    loop and is called for the first signal only: terminals that close send several. An app that
    still runs ``patience`` seconds later is ended without its help.
    """
    loop = asyncio.get_running_loop()
    called = armed = False

    def on_signal() -> None:
        nonlocal called
        if not called:
            called = True
            (leave or _leave)()

    def _leave() -> None:
        app.exit(return_code=INTERRUPTED)

    def arm(_number: int, _frame: object) -> None:
        nonlocal armed
        if not armed:
            armed = True
            end_within(patience, INTERRUPTED, partial(restore_terminal, app))

    for number in _ENDING:
        loop.add_signal_handler(number, on_signal)
        # The loop still hears of it; this here is called even while the loop is stuck.
        signal.signal(number, arm)
