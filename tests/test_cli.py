import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui import __version__
from tui.cli import main, terminal_problem
from tui.cli_parser import split_command


def run(*arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        timeout=50,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ask", "hi"], ("ask", ["hi"])),
        (["--demo", "ask", "hi"], ("ask", ["--demo", "hi"])),
        (["--model", "ask", "hi"], (None, ["--model", "ask", "hi"])),
        (["--model=x", "models"], ("models", ["--model=x"])),
        (["--", "ask"], (None, ["--", "ask"])),
        (["why", "ask"], (None, ["why", "ask"])),
        (["ask", "ask"], ("ask", ["ask"])),
        (["ask", "-"], ("ask", ["-"])),
        (["-", "ask"], (None, ["-", "ask"])),
        ([], (None, [])),
    ],
)
def test_the_first_positional_word_may_be_a_command(
    words: list[str], expected: tuple[str | None, list[str]]
) -> None:
    assert split_command(words) == expected


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out == f"openrouter-workbench {__version__}\n"


def test_help_names_every_command_variable_and_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    words = capsys.readouterr().out
    for word in ("ask", "models", "doctor", "--demo", "--resume", "ORW_HOME", "130 interrupted"):
        assert word in words


@pytest.mark.parametrize(
    "arguments",
    [
        ["--bogus"],
        ["--demo", "--provider", "local"],
        ["two", "prompts"],
        ["ask", "--resume", "x"],
        ["models", "--bogus"],
        ["doctor", "extra"],
        ["ask", "--base-url", "nonsense", "hi"],
        ["models", "--base-url", "ftp://a.example/v1"],
        ["doctor", "--provider", "no-such-provider"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 2
    assert capsys.readouterr().err.startswith("usage: orw")


def test_without_a_terminal_the_app_says_what_to_use_instead() -> None:
    done = run("hello", "--demo")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "needs a terminal" in done.stderr
    assert "orw ask" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_that_cannot_draw_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    assert terminal_problem({"TERM": "xterm-256color"}) is None
    assert "TERM=dumb" in (terminal_problem({"TERM": "dumb"}) or "")


def test_closed_standard_streams_are_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "stdin" in (terminal_problem({}) or "")


def test_all_streams_that_are_no_terminal_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, stream, None)
    problem = terminal_problem({}) or ""
    assert "but stdin, stdout and stderr are not connected to one;" in problem


@pytest.mark.parametrize("command", [["ask", "hi"], ["models"]])
def test_commands_say_what_is_wrong_with_the_settings_on_stderr(
    command: list[str], orw_home: Path
) -> None:
    config = orw_home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[default]\nmodle = "a/b"\n')
    config.chmod(0o600)
    (orw_home / "config.toml").write_text("")
    done = run(*command, "--demo", "--home", str(orw_home))
    assert done.returncode == 0
    lines = [line for line in done.stderr.splitlines() if line.startswith("orw: config.toml: ")]
    assert len(lines) == 2
    assert f"{orw_home}/config.toml has no effect. Move it to {config}." in lines[0]
    assert "line 2: default.modle is not a setting" in lines[1]
    assert "orw:" not in done.stdout


def test_no_prompt_is_wrong_usage() -> None:
    done = run("ask", "--demo")
    assert done.returncode == 2
    assert "no prompt" in done.stderr


def test_models_lists_what_matches_every_word(orw_home: Path) -> None:
    done = run("models", "--demo", "--home", str(orw_home), "CLAUDE", "haiku")
    assert done.returncode == 0
    heading, *rows = done.stdout.splitlines()
    assert heading.split()[:2] == ["MODEL", "CONTEXT"]
    assert rows
    assert all("claude" in row and "haiku" in row for row in rows)
    assert "$" in rows[0]


def test_models_that_do_not_exist_are_a_failure(orw_home: Path) -> None:
    done = run("models", "--demo", "--home", str(orw_home), "no such model")
    assert (done.returncode, done.stdout) == (1, "")
    assert "No model matches" in done.stderr


def test_doctor_finds_nothing_wrong_with_the_demo(orw_home: Path) -> None:
    done = run("doctor", "--demo", "--home", str(orw_home))
    assert done.returncode == 0, done.stdout
    assert str(orw_home) in done.stdout
    assert __version__ in done.stdout


def test_doctor_says_what_is_wrong_and_hides_the_secrets(orw_home: Path) -> None:
    (orw_home / "config").mkdir(parents=True)
    (orw_home / "config" / "config.toml").write_text("[default\n")
    key = "sk-or-v1-test-canary-doctor-9f3a"
    done = run(
        "doctor",
        "--offline",
        "--home",
        str(orw_home),
        OPENROUTER_API_KEY=key,
        HTTPS_PROXY="http://user:hunter2@proxy.example:3128",
    )
    assert done.returncode == 1
    assert "config.toml" in done.stdout
    assert "9f3a from environment" in done.stdout
    assert "proxy.example:3128" in done.stdout
    assert key not in done.stdout
    assert "hunter2" not in done.stdout


def test_without_a_home_folder_it_says_what_to_set() -> None:
    done = run("doctor", "--home", "~nobody-here/x")
    assert done.returncode == 1
    assert "--home" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(orw_home: Path) -> None:
    command = [sys.executable, "-m", "tui", "models", "--demo", "--home", str(orw_home), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=50) == 1
