"""A conversation of 10,000 messages: opening, scrolling, resizing, themes, focus and memory."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.bench import app, long_history
from tests.bench.figures import Line
from tests.bench.program import SIZE, Program
from tests.terminal.loopback import Loopback

_TIMES = 5
_LIMIT = 50
_FOCUS_OUT, _FOCUS_IN = b"\x1b[O", b"\x1b[I"
_PAGE_UP = b"\x1b[5~"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--messages", type=int, default=long_history.MESSAGES)


def main(options: argparse.Namespace) -> list[Line]:
    """Measure the workbench with an empty chat, then with the long one."""
    with tempfile.TemporaryDirectory() as folder, Loopback() as loopback:
        home = Path(folder)
        characters = long_history.CHARACTERS * options.messages // long_history.MESSAGES
        long_id = long_history.write(home, options.messages, characters)
        command = [sys.executable, "-m", "tests.bench.app", folder, loopback.server.base_url]
        with Program(command, environ={"BENCH_LONG": long_id}) as program:
            program.wait_for(app.READY)
            program.settle(1)
            _exercise(program, times=1)
            empty, nothing = _exercise(program), _memory(program)
            opening = [_open(program, home / "loaded") for _ in range(_TIMES)]
            program.settle(1)
            full, memory = _exercise(program), _memory(program)
            scrolling = [program.answer_to(app.JUMP) for _ in range(3 * _TIMES)]
            pages = [program.answer_to(_PAGE_UP) for _ in range(3 * _TIMES)]
    lines = [
        Line("first paint after the rows are read, ms", median(opening), 150),
        Line("a jump to any place, ms", median(scrolling), 30, worst=max(scrolling)),
        Line("a page up, ms", median(pages), 30, worst=max(pages)),
        Line("memory above an empty chat, MB", (memory - nothing) / 1e6, 60),
    ]
    for name, times in full.items():
        floor = median(empty[name])
        # Where an empty chat takes longer than that already, the long one may add nothing to it.
        lines.append(Line(f"{name}, ms", median(times), max(_LIMIT, floor), floor=floor))
    return lines


def _memory(program: Program) -> int:
    program.watch(5)  # until the garbage of what was done before is collected
    return program.memory()


def _exercise(program: Program, times: int = _TIMES) -> dict[str, list[float]]:
    """How long each change takes until the screen is drawn, in milliseconds."""
    narrow = (SIZE[0] - 13, SIZE[1])
    sizes = [size for _ in range(times) for size in (narrow, SIZE)]
    return {
        "resize": [program.answer_to_size(*size) for size in sizes],
        "theme": _repeat(2 * times, lambda: program.answer_to(app.THEME)),
        "focus out and in": _repeat(times, lambda: _focus_out_and_in(program)),
    }


def _focus_out_and_in(program: Program) -> float:
    return max(program.answer_to(_FOCUS_OUT), program.answer_to(_FOCUS_IN))


def _repeat(times: int, measure: Callable[[], float]) -> list[float]:
    return [measure() for _ in range(times)]


def _open(program: Program, loaded: Path) -> float:
    """Open the long conversation; milliseconds from the last row read to its end on screen."""
    program.send(app.CLOSE)  # what is open in a tab is not read again
    program.settle(0.5)
    since = len(program.raw)
    program.send(app.OPEN)
    drawn = program.wait_for(long_history.LAST_WORDS, since)
    program.settle(0.3)
    return 1000 * (drawn - float(loaded.read_text(encoding="utf-8")))
