"""The terminal is told of an answer that ends while its window has no focus; only then."""

from pathlib import Path

from tests.fakes.server import FakeServer, chunk, sse
from tests.terminal.conftest import READY, Start, ask

_FOCUS_REPORTS = b"\x1b[?1004h"
_FOCUS_OUT, _FOCUS_IN = "\x1b[O", "\x1b[I"


def test_a_message_of_the_desktop_comes_only_while_nobody_looks(
    online: Start, server: FakeServer, orw_home: Path
) -> None:
    config = orw_home / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('[interface]\nnotify = "desktop"\nnotify_after = 0.00001\n')
    server.on_chat(
        sse(chunk("First answer."), chunk("", finish="stop")),
        sse(chunk("Second answer."), chunk("", finish="stop")),
    )
    terminal = online()
    terminal.wait_for(READY)
    assert _FOCUS_REPORTS in terminal.raw
    ask(terminal, "Apples?")
    terminal.wait_for("First answer.")
    terminal.wait_until_quiet()
    assert b"\x1b]9;" not in terminal.raw

    terminal.send("Pears?")
    terminal.wait_for("Pears?")
    terminal.send("\r" + _FOCUS_OUT)
    terminal.wait_for(lambda: b"\x1b]9;" in terminal.raw, what="a message of the desktop")
    told = bytes(terminal.raw).partition(b"\x1b]9;")[2].partition(b"\x07")[0]
    assert told.startswith(b"Answered after ")
    assert told.endswith(b": Apples?")
    terminal.send(_FOCUS_IN)
    terminal.wait_until_quiet()
    assert terminal.raw.count(b"\x1b]9;") == 1
