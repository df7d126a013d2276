"""Where only a terminal can tell: columns of wide characters, and the place of the real cursor."""

from tests.fakes.server import FakeServer, chunk, sse
from tests.terminal.conftest import READY, Start, ask
from tests.terminal.harness import Terminal

TABLE = "| 名 | b |\n|---|---|\n" + "".join(
    f"| {text} | x |\n" for text in ("汉字汉字", "e\u0301a\u0300", "🙂🚀", "שלום", "ﾊﾝｶｸ")
)


def cells(terminal: Terminal, row: int) -> list[str]:
    """The characters of a row by column; the second half of a wide one is empty."""
    line = terminal._screen.buffer[row]
    return [line[column].data for column in range(terminal._screen.columns)]


def prompt_row(terminal: Terminal) -> int:
    return next(row for row, line in enumerate(terminal.lines) if line.lstrip().startswith("›"))


def test_columns_of_wide_and_combining_characters_line_up(
    online: Start, server: FakeServer
) -> None:
    server.on_chat(sse(chunk(TABLE), chunk("\ndone\n"), chunk("", finish="stop")))
    terminal = online(columns=80, rows=24)
    ask(terminal, "Go")
    terminal.wait_for("done")
    terminal.wait_until_quiet()
    shown = [row for row, line in enumerate(terminal.lines) if "▍" in line and " │ " in line]
    assert len(shown) == 6
    places = {cells(terminal, row).index("│") for row in shown}
    assert len(places) == 1


def test_the_cursor_of_the_terminal_is_where_text_is_typed(workbench: Start) -> None:
    terminal = workbench("--demo", columns=80, rows=24)
    terminal.wait_for(READY)
    terminal.send("汉字 ab")
    terminal.wait_for(lambda: "ab" in terminal.text)
    terminal.wait_until_quiet()
    row = prompt_row(terminal)
    start = cells(terminal, row).index("汉")
    assert terminal.cursor == (start + 7, row)
    terminal.send("\ncd\nef")  # line breaks: the prompt grows upwards
    terminal.wait_for("ef")
    terminal.wait_until_quiet()
    assert prompt_row(terminal) == row - 2
    assert terminal.cursor == (start + 2, row)
    terminal.resize(100, 30)
    terminal.wait_until_quiet()
    assert terminal.cursor == (start + 2, prompt_row(terminal) + 2)


def test_the_cursor_stays_in_the_prompt_while_an_answer_streams(
    online: Start, server: FakeServer
) -> None:
    server.on_chat(sse(*(chunk(f"word{n} ") for n in range(300)), chunk("", finish="stop")))
    terminal = online(columns=80, rows=24)
    ask(terminal, "Go")
    terminal.send("next")
    terminal.wait_for("word299")
    terminal.wait_until_quiet()
    row = prompt_row(terminal)
    assert terminal.cursor == (cells(terminal, row).index("n") + 4, row)


def test_find_works_with_the_keys_of_a_terminal(online: Start, server: FakeServer) -> None:
    server.on_chat(sse(chunk("a needle here\n\nand a Needle there"), chunk("", finish="stop")))
    terminal = online(columns=80, rows=24)
    ask(terminal, "Go")
    terminal.wait_for("Needle there")
    terminal.send("\x06needle")
    terminal.wait_for("/2")
    terminal.wait_until_quiet()
    bar = next(row for row, line in enumerate(terminal.lines) if line.lstrip().startswith("Find "))
    column, row = terminal.cursor
    end = terminal.lines[bar].index("needle") + 6
    assert row == bar
    assert column in {end, end + 1}  # Textual counts one more at the end of an input
    terminal.send("\x1b")
    terminal.wait_until_gone("/2")
