"""Runs a subject in a real pseudo-terminal, reads all that it draws, and types into it."""

import fcntl
import json
import os
import pty
import resource
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

_KEYS = [chr(code) for code in (*range(0x410, 0x450), *range(0x3B1, 0x3CA))]
"""Letters that no benchmark text contains, so that their echo is found in the output."""
_KEY_PAUSE = 0.2
_WARM_UP = 1.5
_SIZE = (40, 120)


@dataclass
class Figures:
    """What one run took: seconds, bytes of memory, milliseconds."""

    cpu: float
    wall: float
    stall: float
    busy: float
    """The most CPU time in one go: the stall that an idle machine would have shown."""
    memory: int
    written: int
    echoes: list[float] = field(default_factory=list)


def run(subject: str, text: str, *, piece: int, rate: float) -> Figures:
    """Stream the text into the subject in pieces of so many characters, ``rate`` pieces a second.

    Raises:
        RuntimeError: The subject ended without a report.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, report = Path(folder, "text.md"), Path(folder, "report.json")
        source.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.subject", subject, str(source), str(report)]
        command += ["--piece", str(piece), "--rate", str(rate)]
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
        process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        os.close(slave)
        try:
            written, echoes = _drain(master, process)
        finally:
            os.close(master)
            process.kill()
        memory = process_memory(process)
        if not report.exists():
            raise RuntimeError(f"{subject} ended with {process.returncode} and no report")
        figures = json.loads(report.read_text(encoding="utf-8"))
    return Figures(**figures, memory=memory, written=written, echoes=echoes)


def process_memory(process: subprocess.Popen[bytes]) -> int:
    """The most memory that an ended child of ours has held, in bytes."""
    process.wait()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def _drain(master: int, process: subprocess.Popen[bytes]) -> tuple[int, list[float]]:
    """Read until the end; in between, type a key and wait for its echo, in milliseconds each."""
    written = 0
    echoes: list[float] = []
    keys = iter(_KEYS * 10)
    waiting: bytes | None = None
    typed = 0.0
    recent = b""
    next_key = time.perf_counter() + _WARM_UP
    while True:
        now = time.perf_counter()
        if waiting is None and now >= next_key:
            waiting = next(keys).encode()
            typed, recent = now, b""
            os.write(master, waiting)
        ready, _, _ = select.select([master], [], [], 0.01)
        if not ready:
            if process.poll() is not None:
                return written, echoes
            continue
        try:
            data = os.read(master, 65_536)
        except OSError:  # the other side is closed
            return written, echoes
        written += len(data)
        recent = recent[-8:] + data
        if waiting is not None and waiting in recent:
            echoes.append((time.perf_counter() - typed) * 1000)
            waiting = None
            next_key = time.perf_counter() + _KEY_PAUSE
