"""Apps that cannot end by themselves: ``python -m tests.terminal.stuck HOW``.

``mounting`` never has its first screen ready, ``blocked`` never returns to its event loop, and
``unknown`` raises while it is built and then cannot tell its secrets.
"""

import asyncio
import sys
from collections.abc import Iterable
from time import sleep

from tui.ui.crash import SafeCrash
from tui.ui.driver import TerminalDriver
from tui.ui.signals import install_signal_handlers

PATIENCE = 0.3
SECRET = "not-shaped-like-a-key"


def block() -> None:
    """Never return; in short steps, as a signal just before a long one is seen behind it."""
    while True:
        sleep(0.01)


class Stuck(SafeCrash[None]):
    """Says in its terminal's title that it is stuck from now on."""

    def __init__(self, how: str) -> None:
        super().__init__(driver_class=TerminalDriver)
        self._how = how

    def secrets(self) -> Iterable[str]:
        raise RuntimeError("nobody knows")

    async def on_mount(self) -> None:
        install_signal_handlers(self, patience=PATIENCE)
        if self._how == "unknown":
            raise LookupError(SECRET)
        assert self._driver is not None
        self._driver.write("\x1b]2;stuck\x07")
        if self._how == "blocked":
            block()
        await asyncio.Event().wait()


if __name__ == "__main__":
    app = Stuck(sys.argv[1])
    app.run()
    sys.exit(app.return_code)
