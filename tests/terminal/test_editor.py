"""The user's own editor takes the terminal and gives it back: the screen comes back whole."""

from pathlib import Path

from tests.terminal.conftest import READY, Start


def test_the_editor_gets_the_prompt_and_the_screen_comes_back_whole(
    workbench: Start, environ: dict[str, str], tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\nprintf "EDITOR HAS THE TERMINAL\\n"\nread -r line\n'
        'printf " and %s" "$line" >> "$1"\n'
    )
    editor.chmod(0o755)
    environ["VISUAL"] = str(editor)
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    terminal.send("first words")
    terminal.wait_for("first words")
    terminal.wait_until_quiet()
    before = terminal.text

    terminal.send("\x05")
    terminal.wait_for("EDITOR HAS THE TERMINAL")
    terminal.send("more\n")
    terminal.wait_for("first words and more")
    terminal.wait_until_quiet()

    assert "EDITOR HAS" not in terminal.text
    # The rows above the prompt are the same; the price of the next send is another one.
    assert terminal.text.splitlines()[:10] == before.splitlines()[:10]
    terminal.send(" typed on")
    terminal.wait_for("and more typed on")
