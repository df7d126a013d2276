"""Which way a text takes to the clipboard, with small programs in the place of the real tools."""

import base64
import os
import signal
import stat
from pathlib import Path

import pytest

from tui.services import clipboard
from tui.services.clipboard import Copied, Way, copy, terminal_sequence, tool_for

DISPLAY = {"DISPLAY": ":0", "TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environ", "platform", "installed", "expected"),
    [
        ({}, "darwin", "pbcopy xclip", "pbcopy"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", "wl-copy xclip", "wl-copy"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", "xsel", "xsel"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "xclip", None),
        ({"DISPLAY": ":0"}, "linux", "wl-copy xclip xsel", "xclip"),
        ({}, "linux", "wl-copy xclip xsel pbcopy clip.exe", None),
        ({"DISPLAY": ""}, "linux", "xclip", None),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", "clip.exe", "clip.exe"),
        ({"WSL_INTEROP": "/run/1", "WAYLAND_DISPLAY": "w"}, "linux", "clip.exe wl-copy", "wl-copy"),
        ({}, "win32", "clip.exe", "clip.exe"),
        ({"TERMUX_VERSION": "1"}, "linux", "termux-clipboard-set", "termux-clipboard-set"),
        ({"DISPLAY": ":0"}, "linux", "", None),
        # The clipboard of the machine at the other end is of no use; a forwarded one is.
        ({"SSH_CONNECTION": "a 1 b 2"}, "linux", "xclip", None),
        ({"SSH_CONNECTION": "a 1 b 2"}, "darwin", "pbcopy", None),
        ({"SSH_CONNECTION": "a 1 b 2", "DISPLAY": ":0"}, "linux", "xclip", None),
        ({"SSH_CONNECTION": "a 1 b 2", "WAYLAND_DISPLAY": "w"}, "linux", "wl-copy", None),
        ({"SSH_CONNECTION": "a 1 b 2", "DISPLAY": "localhost:10.0"}, "linux", "xclip", "xclip"),
    ],
)
def test_the_tool_fits_the_machine(
    environ: dict[str, str], platform: str, installed: str, expected: str | None
) -> None:
    def find(name: str) -> str | None:
        return f"/bin/{name}" if name in installed.split() else None

    tool = tool_for(environ, platform, find)
    assert (tool and tool.name) == expected
    if tool is not None:
        assert tool.command[0] == f"/bin/{expected}"


def decoded(sequence: str) -> str:
    assert sequence.startswith("\x1b]52;c;")
    assert sequence.endswith("\x07")
    return base64.b64decode(sequence[7:-1], validate=True).decode()


def test_the_sequence_holds_the_text() -> None:
    sequence = terminal_sequence("汉字\n\tb", {"TERM": "xterm"})
    assert sequence is not None
    assert decoded(sequence) == "汉字\n\tb"


def test_tmux_passes_the_sequence_on() -> None:
    sequence = terminal_sequence("text", {"TERM": "tmux-256color", "TMUX": "/tmp/tmux,1,0"})
    assert sequence is not None
    assert sequence.startswith("\x1bPtmux;\x1b\x1b]52;")
    assert sequence.endswith("\x1b\\")
    inner = sequence.removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert decoded(inner.replace("\x1b\x1b", "\x1b")) == "text"


@pytest.mark.parametrize("environ", [{"TERM": "screen.xterm"}, {"TERM": "xterm", "STY": "1.pts"}])
def test_screen_passes_the_sequence_on_in_pieces(environ: dict[str, str]) -> None:
    text = "a long text " * 200
    sequence = terminal_sequence(text, environ)
    assert sequence is not None
    pieces = sequence.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert len(pieces) > 1
    assert max(map(len, pieces)) < 768
    assert decoded("".join(pieces)) == text


@pytest.mark.parametrize("terminal", ["", "dumb", "linux"])
def test_terminals_without_a_clipboard_get_nothing(terminal: str) -> None:
    assert terminal_sequence("text", {"TERM": terminal}) is None


def test_a_text_that_terminals_would_cut_is_not_sent() -> None:
    assert terminal_sequence("x" * 74_994, {"TERM": "xterm"}) is not None
    assert terminal_sequence("x" * 74_995, {"TERM": "xterm"}) is None
    assert terminal_sequence("汉" * 25_000, {"TERM": "xterm"}) is None


class Machine:
    """A folder for programs, one for files, and a terminal that only listens."""

    def __init__(self, root: Path) -> None:
        self.programs, self.data, self.taken = root / "bin", root / "data", root / "taken"
        self.programs.mkdir()
        self.written: list[str] = []
        self.environ = {"PATH": f"{self.programs}:{os.defpath}", "TERM": "xterm-256color"}

    @property
    def process(self) -> int:
        """The id that a program has noted."""
        return int(self.taken.read_text())

    def install(self, name: str, script: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    async def copy(self, text: str, *, terminal: bool = True, platform: str = "linux") -> Copied:
        write = self.written.append if terminal else None
        return await copy(text, self.environ, platform, write, self.data)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


async def test_a_tool_gets_the_text_on_its_input(machine: Machine) -> None:
    machine.install("xclip", f'echo "$@" > {machine.taken}; cat >> {machine.taken}')
    machine.environ["DISPLAY"] = ":0"
    assert await machine.copy("$(id) 汉字\n") == Copied(Way.TOOL, "xclip", 9)
    assert machine.taken.read_text() == "-selection clipboard -in\n$(id) 汉字\n"
    assert machine.written == []


async def test_a_tool_does_not_get_the_key(machine: Machine) -> None:
    machine.install("xclip", f"cat > /dev/null; env > {machine.taken}")
    machine.environ |= {"DISPLAY": ":0", "OPENROUTER_API_KEY": "sk-or-v1-test-canary-1"}
    await machine.copy("text")
    assert "DISPLAY=:0" in machine.taken.read_text()
    assert "canary" not in machine.taken.read_text()


async def test_a_tool_of_windows_gets_its_encoding(machine: Machine) -> None:
    machine.install("clip.exe", f"cat > {machine.taken}")
    machine.environ["WSL_DISTRO_NAME"] = "Debian"
    await machine.copy("汉字")
    assert machine.taken.read_bytes().decode("utf-16-le") == "汉字"


async def test_a_tool_that_goes_on_in_the_background_is_not_waited_for(machine: Machine) -> None:
    script = f"cat > /dev/null; sleep 60 & echo $! > {machine.taken}"
    machine.install("xclip", script)
    machine.environ["DISPLAY"] = ":0"
    try:
        assert (await machine.copy("text")).way is Way.TOOL
    finally:
        os.kill(machine.process, signal.SIGKILL)


@pytest.mark.parametrize("script", ["exit 1", "cat > /dev/null; exit 3", "kill -9 $$"])
async def test_a_tool_that_fails_leaves_it_to_the_terminal(machine: Machine, script: str) -> None:
    machine.install("xclip", script)
    machine.environ["DISPLAY"] = ":0"
    assert await machine.copy("text") == Copied(Way.TERMINAL, "OSC 52", 4)
    assert [decoded(sequence) for sequence in machine.written] == ["text"]


async def test_a_tool_that_hangs_is_ended(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "_TOOL_TIME", 1.0)
    machine.install("xclip", f"echo $$ > {machine.taken}; exec sleep 60")
    machine.environ["DISPLAY"] = ":0"
    assert (await machine.copy("text" * 100_000, terminal=False)).way is Way.FILE
    with pytest.raises(ProcessLookupError):
        os.kill(machine.process, 0)


async def test_a_program_that_cannot_be_started_is_none(machine: Machine) -> None:
    (machine.programs / "xclip").write_bytes(b"\x7fELF nonsense")
    (machine.programs / "xclip").chmod(0o755)
    machine.environ["DISPLAY"] = ":0"
    assert (await machine.copy("text")).way is Way.TERMINAL


async def test_what_could_act_is_left_out_everywhere(machine: Machine) -> None:
    text = "a\x1b]52;c;eA==\x07b\x9b2J\x00\x7f\r\nc\td\u202e\ud800"
    copied = await machine.copy(text)
    (sequence,) = machine.written
    assert decoded(sequence) == "a]52;c;eA==b2J\nc\td\u202e\ufffd"
    assert copied.characters == len(decoded(sequence))


@pytest.mark.parametrize("terminal", [True, False])
async def test_the_last_way_is_a_private_file(machine: Machine, terminal: bool) -> None:
    text = "x" * 80_000 if terminal else "text"
    copied = await machine.copy(text, terminal=terminal)
    path = machine.data / "clipboard.txt"
    assert copied == Copied(Way.FILE, str(path), len(text))
    assert path.read_text() == text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(machine.data.stat().st_mode) == 0o700
    assert machine.written == []


async def test_a_link_in_the_place_of_the_file_is_not_followed(machine: Machine) -> None:
    machine.data.mkdir()
    other = machine.data / "other"
    other.write_text("kept")
    (machine.data / "clipboard.txt").symlink_to(other)
    await machine.copy("text", terminal=False)
    assert other.read_text() == "kept"
