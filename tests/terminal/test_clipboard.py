"""The terminal's clipboard is written when the user copies, with what is selected; only then."""

import base64
import re
from pathlib import Path

from tests.fakes.server import FakeServer, chunk, sse
from tests.terminal.conftest import READY, Start, ask
from tests.terminal.escapes import ATTACKS
from tests.terminal.harness import Terminal

_OSC_52 = re.compile(rb"\x1b\]52;([^;]*);([^\x07\x1b]*)(?:\x07|\x1b\\)")
_MOUSE_ON = b"\x1b[?1000h"


def copies(terminal: Terminal) -> list[str]:
    """What was put on the terminal's clipboard so far."""
    found = _OSC_52.findall(bytes(terminal.raw))
    assert len(found) == terminal.raw.count(b"\x1b]52")
    assert all(target == b"c" for target, _ in found)
    return [base64.b64decode(data, validate=True).decode() for _, data in found]


def drag(terminal: Terminal, first: str, last: str) -> None:
    """Drag the mouse from the beginning of one text on the screen to the end of another."""
    cells = []
    for text, after in ((first, 0), (last, len(last) - 1)):
        row = next(number for number, line in enumerate(terminal.lines) if text in line)
        cells.append(f"{terminal.lines[row].index(text) + after + 1};{row + 1}")
    start, end = cells
    terminal.send(f"\x1b[<0;{start}M\x1b[<32;{end}M\x1b[<0;{end}m")


def test_the_clipboard_gets_what_is_selected_when_it_is_copied_and_nothing_else(
    online: Start, server: FakeServer
) -> None:
    answer = "First **bold** line\n\n- second\n- third " + "".join(ATTACKS.values()) + " last"
    server.on_chat(sse(chunk(answer), chunk("", finish="stop")))
    terminal = online()
    ask(terminal, "Question")
    terminal.wait_for("last")
    assert _MOUSE_ON in terminal.raw

    drag(terminal, "First", "second")
    terminal.wait_until_quiet()
    assert copies(terminal) == []
    terminal.send("\x03")
    terminal.wait_for("Sent 29 characters")
    assert copies(terminal) == ["First **bold** line\n\n- second"]

    # Nothing is selected any more.
    terminal.send("typed ")
    terminal.wait_for("typed")
    terminal.send("\x1b")
    terminal.wait_until_quiet()
    terminal.send("\x03")
    terminal.wait_until_quiet()
    assert len(copies(terminal)) == 1

    # What is selected in the prompt takes the place of what was selected in the answer.
    drag(terminal, "First", "second")
    terminal.wait_until_quiet()
    terminal.send("some words\x1b[1;2D\x1b[1;2D")
    terminal.wait_until_quiet()
    terminal.send("\x03")
    terminal.wait_for("Sent 2 characters")
    assert copies(terminal)[1:] == ["ds"]

    # The answer as a whole, without what acts in it.
    terminal.send("\x19")
    terminal.wait_for("Hidden characters were in it.")
    text = copies(terminal)[2]
    assert text.startswith("First **bold** line\n\n- second\n- third ")
    assert text.endswith(" last")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


def test_the_mouse_can_be_left_to_the_terminal(workbench: Start, orw_home: Path) -> None:
    config = orw_home / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("[interface]\nmouse = false\n")
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    assert _MOUSE_ON not in terminal.raw
