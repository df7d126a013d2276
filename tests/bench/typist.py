"""Types into a program while it is busy and looks how soon each key is on the screen."""

import time

from tests.bench.program import Program

_RANGES = ((0x410, 0x450), (0x3B1, 0x3CA), (0x561, 0x587), (0x10D0, 0x10F1))
_KEYS = [chr(code) for first, last in _RANGES for code in range(first, last)]
"""Letters that no benchmark text contains, so that their echo is found in the output."""
_PAUSE = 0.15


class Typist:
    """Types one key after another, each once the one before is shown."""

    def __init__(self, program: Program, *, warm_up: float = 1.5) -> None:
        self.echoes: list[float] = []
        """Milliseconds from each key to its echo."""
        self._program = program
        self._keys = iter(_KEYS * 10)
        self._waiting: bytes | None = None
        self._typed = 0.0
        self._from = 0
        self._next = time.perf_counter() + warm_up

    def work(self) -> None:
        """Read what is drawn for a moment, and type if it is time."""
        if self._waiting is None and time.perf_counter() >= self._next:
            self._waiting = next(self._keys).encode()
            self._from = len(self._program.raw)
            self._typed = self._program.send(self._waiting)
        self._program.read(0.01)
        if self._waiting is not None and self._waiting in self._program.raw[self._from :]:
            self.echoes.append((self._program.read_at - self._typed) * 1000)
            self._waiting = None
            self._next = self._program.read_at + _PAUSE
