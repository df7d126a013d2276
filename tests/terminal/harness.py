"""A real terminal for tests: a child process on a pty, its screen drawn by pyte, its bytes kept.

Everything happens in the calling thread: output is read, drawn and answered while a test waits for
something, so there is nothing to synchronise and nothing that goes on behind a test's back.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

import pyte

REPOSITORY: Final = Path(__file__).parents[2]

# The pty becomes the controlling terminal of the child's own session, so that closing it sends
# SIGHUP as it does for a user; done by a small program, as forking is unsafe beside threads.
_TAKE_TERMINAL: Final = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)

# What xterm would answer. The values are those of a plain xterm that knows synchronised output.
_ANSWERS: Final[Sequence[tuple[re.Pattern[bytes], bytes]]] = (
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?64;1;2;6;22c"),
    (re.compile(rb"\x1b\[>0?c"), b"\x1b[>41;390;0c"),
    (re.compile(rb"\x1b\[5n"), b"\x1b[0n"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[\?u"), b"\x1b[?0u"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
    (re.compile(rb"\x1b\]10;\?(?:\x07|\x1b\\)"), b"\x1b]10;rgb:dddd/dddd/dddd\x1b\\"),
    (re.compile(rb"\x1b\]11;\?(?:\x07|\x1b\\)"), b"\x1b]11;rgb:1111/1111/1111\x1b\\"),
)

# Sequences that pyte would draw as text: those of the kitty keyboard protocol and mode queries.
_UNKNOWN_TO_PYTE: Final = re.compile(r"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$[a-z]")
_MOST_AT_ONCE: Final = 65536
_UNFINISHED: Final = re.compile(r"\x1b(?:\[[0-9;:?<>=$ ]*)?\Z")


class Terminal:
    """One program on a terminal of its own; use it as a context manager, which ends the program.

    ``raw`` is everything the program wrote. ``environ`` is its whole environment. A terminal that
    is not the ``controlling`` one goes away without SIGHUP.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        environ: Mapping[str, str],
        columns: int = 120,
        rows: int = 40,
        cwd: Path = REPOSITORY,
        controlling: bool = True,
    ) -> None:
        self.raw = bytearray()
        self._undrawn = ""
        self._answered = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._screen = pyte.Screen(columns, rows)
        self._shown: dict[int, str] = {}
        self._stream = pyte.Stream(self._screen)
        self._master: int | None
        self._master, self._slave = pty.openpty()
        self._set_size(columns, rows)
        os.set_blocking(self._master, False)
        self.attributes_before = self.attributes()
        taking = [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL] if controlling else []
        self.process = subprocess.Popen(
            [*taking, *map(str, command)],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env=dict(environ),
            cwd=cwd,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()
        os.close(self._slave)

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self.process.pid

    @property
    def lines(self) -> list[str]:
        """The lines on the screen, without the blanks at their ends."""
        screen = self._screen
        # Only lines that were drawn anew are read: a test asks for them after every few bytes.
        for row in screen.dirty:
            cells = screen.buffer[row]
            text = "".join(cells[column].data for column in range(screen.columns))
            self._shown[row] = text.rstrip()
        screen.dirty.clear()
        return [self._shown[row] for row in range(screen.lines)]

    @property
    def text(self) -> str:
        """The whole screen as one text."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's column and row, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    def attributes(self) -> list[Any]:
        """The line discipline as ``stty`` shows it."""
        return termios.tcgetattr(self._slave)

    def wait_for(
        self, condition: str | Callable[[], object], *, timeout: float = 15.0, what: str = ""
    ) -> None:
        """Read until the text is on the screen, or the condition holds; fails after ``timeout``."""
        if isinstance(condition, str):
            wanted = condition
            what = what or f"{wanted!r} on the screen"
            condition = lambda: wanted in self.text  # noqa: E731 - the shorter form is clearer
        deadline = monotonic() + timeout
        while not condition():
            left = deadline - monotonic()
            if left <= 0:
                raise AssertionError(f"waited {timeout} s for {what or condition}\n{self.dump()}")
            if not self._read(min(left, 0.05)) and self.process.poll() is not None:
                self._drain()
                if condition():
                    return
                raise AssertionError(
                    f"the program ended with {self.process.returncode} while the test waited for "
                    f"{what or condition}\n{self.dump()}"
                )

    def wait_until_gone(self, text: str, *, timeout: float = 15.0) -> None:
        """Read until the text is no longer on the screen."""
        self.wait_for(lambda: text not in self.text, timeout=timeout, what=f"{text!r} to go")

    def wait_until_quiet(self, silence: float = 0.3, *, timeout: float = 15.0) -> None:
        """Read until the program has written nothing for ``silence`` seconds."""
        deadline = monotonic() + timeout
        while self._read(silence):
            if monotonic() > deadline:
                raise AssertionError(f"the program never stopped writing\n{self.dump()}")

    def wait_for_exit(self, timeout: float = 15.0) -> int:
        """Read until the program has ended; returns its exit code, negative for a signal."""
        deadline = monotonic() + timeout
        while self.process.poll() is None:
            if monotonic() > deadline:
                raise AssertionError(f"the program did not end in {timeout} s\n{self.dump()}")
            self._read(0.02)
        self._drain()
        return self.process.returncode

    def send(self, keys: str | bytes) -> None:
        """Type these characters; output is read meanwhile, so that neither side can block."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data and self._master is not None:
            _, writable, _ = select.select([], [self._master], [], 0.05)
            if writable:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self._master, data[:4096]) :]
            self._read(0)
            if self.process.poll() is not None:
                return

    def paste(self, text: str) -> None:
        """Paste the text as a terminal does: between markers, with CR for line breaks."""
        self.send("\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size; the program gets SIGWINCH."""
        self._set_size(columns, rows)
        self._screen.resize(rows, columns)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGWINCH)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program alone."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed."""
        if self._master is not None:
            os.close(self._master)
            self._master = None

    def dump(self) -> str:
        """The screen and the last bytes, for the message of a failed test."""
        frame = "\n".join(f"|{line}" for line in self.lines)
        return f"--- screen\n{frame}\n--- last bytes\n{bytes(self.raw[-600:])!r}"

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _drain(self) -> None:
        while self._read(0.05):
            pass

    def _read(self, timeout: float) -> bool:
        """Take what the program wrote within ``timeout``; False if it wrote nothing."""
        if self._master is None:
            select.select([], [], [], timeout)
            return False
        readable, _, _ = select.select([self._master], [], [], timeout)
        if not readable:
            return False
        data = b""
        # A pty gives a page at a time; what is there already is drawn in one go.
        with contextlib.suppress(OSError):
            while len(data) < _MOST_AT_ONCE and (page := os.read(self._master, 65536)):
                data += page
        self.raw += data
        self._draw(self._decode(data))
        self._answer()
        return bool(data)

    def _draw(self, text: str) -> None:
        text = self._undrawn + text
        unfinished = _UNFINISHED.search(text)
        self._undrawn = "" if unfinished is None else unfinished.group()
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text.removesuffix(self._undrawn)))

    def _answer(self) -> None:
        recent = bytes(self.raw[self._answered :])
        answered = 0
        for query, answer in _ANSWERS:
            for match in query.finditer(recent):
                answered = max(answered, match.end())
                if self._master is not None:
                    with contextlib.suppress(OSError):
                        os.write(self._master, answer)
        # A query may be cut by the end of what was read so far, so a little is looked at again.
        self._answered += max(answered, len(recent) - 32)
