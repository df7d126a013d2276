"""The workbench with nothing to do: CPU and wake-ups."""

import argparse
import sys
import tempfile
import time

from tests.bench import app
from tests.bench.figures import Line
from tests.bench.program import Program
from tests.terminal.loopback import Loopback

_FOCUS_OUT = b"\x1b[O"
_CPU = 0.5
_SLACK = 0.2
"""Wake-ups a second that the interpreter itself may cause: one in five seconds."""
_START = 5
"""Seconds until everything of the start is over."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--seconds", type=float, default=5)


def main(options: argparse.Namespace) -> list[Line]:
    """Look at the workbench while nobody touches it; without the focus no cursor blinks."""
    with tempfile.TemporaryDirectory() as folder, Loopback() as loopback:
        command = [sys.executable, "-m", "tests.bench.app", folder, loopback.server.base_url]
        with Program(command) as program:
            program.wait_for(app.READY)
            program.watch(_START)
            blinking, cpu = _look(program, options.seconds)
            program.send(_FOCUS_OUT)
            program.watch(1)
            still, cpu_still = _look(program, options.seconds)
    return [
        Line("idle: CPU with the blinking cursor, %", cpu, _CPU, floor=cpu_still),
        Line("idle: wake-ups a second beside the blinking cursor", still, _SLACK),
        Line("idle: wake-ups a second with the blinking cursor", blinking),
    ]


def _look(program: Program, seconds: float) -> tuple[float, float]:
    """Wake-ups a second, and the CPU in percent."""
    wake_ups, cpu, began = program.wake_ups(), program.cpu(), time.perf_counter()
    program.watch(seconds)
    taken = time.perf_counter() - began
    return (program.wake_ups() - wake_ups) / taken, 100 * (program.cpu() - cpu) / taken
