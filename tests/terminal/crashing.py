"""The app with a handler that raises: ``python -m tests.terminal.crashing HOME BASE_URL``, F12."""

import sys
from pathlib import Path

from textual import events

from tests.terminal.conftest import KEY
from tui.domain.connection import KEY_VARIABLE, Overrides
from tui.runtime import Runtime
from tui.ui.app import Workbench


class Crashing(Workbench):
    """Raises an error that has the key in a local variable and in its words."""

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and event.key == "f12":
            key = KEY
            raise RuntimeError(f"a handler failed with {key}")
        await super().on_event(event)


if __name__ == "__main__":
    runtime = Runtime.start(
        home=Path(sys.argv[1]),
        overrides=Overrides(base_url=sys.argv[2]),
        environ={KEY_VARIABLE: KEY},
    )
    app = Crashing(runtime, resume=None, prompt=None)
    app.run()
    sys.exit(app.return_code)
