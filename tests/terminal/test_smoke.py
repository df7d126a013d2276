"""The whole program once through, as a user meets it; CI also does it with the installed wheel."""

import re

from tests.terminal.conftest import READY, Start, assert_restored


def test_the_demo_answers_with_a_cost_and_leaves_the_terminal_as_it_was(workbench: Start) -> None:
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    terminal.send("What does caching do?")
    terminal.wait_for("What does caching do?")
    terminal.send("\r")
    terminal.wait_for("simulation")
    terminal.wait_for(
        lambda: re.search(r"\$0\.\d+ · [\d,]+ → [\d,]+ tok", terminal.text),
        what="the receipt",
        timeout=30,
    )
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    assert_restored(terminal)
