"""The workbench itself with some keys more, so that a benchmark can make it do things."""

import asyncio
import os
import sys
import time
from pathlib import Path
from random import Random
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.domain.connection import Overrides
from tui.domain.conversation import Conversation
from tui.runtime import Runtime
from tui.services.history import History
from tui.ui.app import Workbench
from tui.ui.controllers import session
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.prompt import Prompt

READY = "starts a new line"
"""What the empty prompt says."""

THEME, JUMP, OPEN, EMPTY, CLOSE = b"\x1b[20~", b"\x1b[21~", b"\x1b[24~", b"\x0e", b"\x1bq"
"""What the terminal sends for F9, F10, F12, Ctrl+N and Alt+Q."""

_THEMES = ("workbench-light", "workbench-dark")


class Benched(Workbench):
    """Opens a conversation by a key, jumps to any place, changes the theme."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "next_theme", priority=True, show=False),
        Binding("f10", "jump", priority=True, show=False),
        Binding("f12", "open_long", priority=True, show=False),
    ]
    _random = Random(1)

    def _after_first_paint(self) -> None:
        """Keep the cursor from blinking where a benchmark waits for a quiet screen."""
        super()._after_first_paint()
        if "BENCH_LONG" in os.environ:
            self.screen.query_one(Prompt).cursor_blink = False

    def action_next_theme(self) -> None:
        """Change between light and dark."""
        self.theme = _THEMES[self.theme == _THEMES[0]]

    def action_jump(self) -> None:
        """Show some other place of the conversation."""
        transcript = self.screen.query_one(Transcript)
        transcript.scroll_to(y=self._random.randrange(max(1, transcript.max_scroll_y)))

    async def action_open_long(self) -> None:
        """Open the long conversation."""
        screen = self.screen
        if isinstance(screen, ChatScreen):
            await screen.chat.open(os.environ["BENCH_LONG"])


class NotedHistory(History):
    """Writes down the moment at which a conversation has been read."""

    report: ClassVar[Path]

    async def load(self, conversation_id: str) -> Conversation | None:
        """Read the conversation."""
        conversation = await super().load(conversation_id)
        await asyncio.to_thread(self.report.write_text, str(time.perf_counter()))
        return conversation


def main() -> None:
    """Run the workbench with its files in the folder named first, against the server named next."""
    home, base_url = Path(sys.argv[1]), sys.argv[2]
    NotedHistory.report = home / "loaded"
    vars(session)["History"] = NotedHistory
    runtime = Runtime.start(
        home=home,
        overrides=Overrides(base_url=base_url, model="test/model"),
        environ={"OPENROUTER_API_KEY": "sk-or-v1-test-canary-bench"},
    )
    Benched(runtime).run()


if __name__ == "__main__":
    main()
