"""A program on a pseudo-terminal whose output is only kept, so that reading it takes no time."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bench.replay import Piece, Replay

SIZE = (120, 40)
"""Columns and rows."""

_QUIET = 0.1
"""Seconds without output after which an update is complete: more than three frames."""
_PATIENCE = 60.0


class Program:
    """One process; use it as a context manager, which ends it.

    ``raw`` is all that it wrote, ``read_at`` the moment of the last piece, in seconds of the clock
    that :func:`time.perf_counter` reads in every process of the machine.
    """

    def __init__(self, command: Sequence[str], *, environ: dict[str, str] | None = None) -> None:
        self.raw = bytearray()
        self.read_at = 0.0
        self._pieces: list[Piece] = []
        self._replay = Replay(*SIZE)
        self._master, slave = pty.openpty()
        self._set_size(*SIZE)
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | (environ or {}),
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def read(self, timeout: float) -> bytes:
        """What was written within ``timeout`` seconds; nothing if nothing was.

        Raises:
            EOFError: The program has ended.
        """
        ready, _, _ = select.select([self._master], [], [], timeout)
        if not ready:
            if self.process.poll() is not None:
                raise EOFError(self._last_words())
            return b""
        try:
            data = os.read(self._master, 65_536)
        except OSError as error:  # the other side is closed
            raise EOFError(self._last_words()) from error
        self.read_at = time.perf_counter()
        self.raw += data
        self._pieces.append((self.read_at, data))
        return data

    def _last_words(self) -> str:
        return f"it ended: {bytes(self.raw[-2_000:]).decode(errors='replace')}"

    def send(self, data: bytes) -> float:
        """Type these bytes; the moment of it."""
        now = time.perf_counter()
        os.write(self._master, data)
        return now

    def resize(self, columns: int, rows: int) -> float:
        """Give the window another size; the moment of it."""
        now = time.perf_counter()
        self._set_size(columns, rows)
        self.process.send_signal(signal.SIGWINCH)
        return now

    def wait_for(self, mark: str, since: int = 0) -> float:
        """Read until the mark is drawn, after ``since`` bytes of output; the moment of it.

        Raises:
            TimeoutError: It never was.
        """
        wanted, deadline = mark.encode(), time.perf_counter() + _PATIENCE
        while wanted not in self.raw[since:]:
            since = max(since, len(self.raw) - len(wanted))
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{mark!r} was not drawn in {_PATIENCE} s")
            self.read(0.05)
        return self.read_at

    def settle(self, quiet: float = _QUIET) -> float:
        """Read until nothing is drawn any more; the moment of the last piece.

        Raises:
            TimeoutError: The program draws on and on.
        """
        deadline = time.perf_counter() + _PATIENCE
        while self.read(quiet):
            if time.perf_counter() > deadline:
                raise TimeoutError(f"it was still drawing after {_PATIENCE} s")
        return self.read_at

    def watch(self, seconds: float) -> None:
        """Read what is drawn within so many seconds."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)

    def answer_to(self, data: bytes) -> float:
        """Type these bytes: milliseconds until the screen shows what they do."""
        self.lines()
        return self._until_shown(self.send(data))

    def answer_to_size(self, columns: int, rows: int) -> float:
        """Resize the window: milliseconds until the screen is as it should be."""
        self.lines()
        self._replay.resize(columns, rows)
        return self._until_shown(self.resize(columns, rows))

    def _until_shown(self, began: float) -> float:
        self.settle()
        pieces, self._pieces = self._pieces, []
        return 1000 * max(0.0, self._replay.draw(pieces) - began)

    def lines(self) -> list[str]:
        """What is on the screen."""
        pieces, self._pieces = self._pieces, []
        if pieces:
            self._replay.draw([(self.read_at, b"".join(data for _, data in pieces))])
        return self._replay.lines

    def cpu(self) -> float:
        """Seconds of CPU that its threads have used so far, to the nanosecond."""
        return sum(int(text.split()[0]) for text in self._of_threads("schedstat")) / 1e9

    def memory(self) -> int:
        """Bytes in memory now."""
        return self._status("VmRSS") * 1024

    def wake_ups(self) -> int:
        """How often any thread of it has begun to run after waiting."""
        return sum(
            int(line.split()[1])
            for text in self._of_threads("status")
            for line in text.splitlines()
            if line.startswith("voluntary_ctxt_switches")
        )

    def _of_threads(self, name: str) -> Iterator[str]:
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(FileNotFoundError):  # it has ended meanwhile
                yield (thread / name).read_text(encoding="utf-8")

    def _status(self, name: str) -> int:
        lines = self._proc("status").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text(encoding="utf-8")

    def _set_size(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)
