"""The workbench with nothing to do: CPU and wake-ups."""

import argparse
import os
import sys
import tempfile

from tests.bench import app
from tests.bench.figures import Line
from tests.bench.program import Program
from tests.terminal.loopback import Loopback

_FOCUS_OUT = b"\x1b[O"
_CPU = 0.5
_SLACK = 0.2
"""Wake-ups a second that the interpreter itself may cause."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--seconds", type=float, default=10)


def main(options: argparse.Namespace) -> list[Line]:
    """Look at the workbench while nobody touches it."""
    with tempfile.TemporaryDirectory() as folder, Loopback() as loopback:
        command = [sys.executable, "-m", "tests.bench.app", folder, loopback.server.base_url]
        with Program(command) as program:
            program.wait_for(app.READY)
            program.watch(6)  # until everything of the start is over
            blinking = _wake_ups(program, options.seconds)
            program.send(_FOCUS_OUT)
            program.watch(2)
            still = _wake_ups(program, options.seconds)
            cpu, before = program.cpu(), os.times().elapsed
            program.watch(options.seconds)
            share = 100 * (program.cpu() - cpu) / (os.times().elapsed - before)
    return [
        Line("idle: wake-ups a second, the cursor blinking", blinking, None),
        Line("idle: wake-ups a second, without the focus", still, _SLACK),
        Line("idle: CPU, %", share, _CPU),
    ]


def _wake_ups(program: Program, seconds: float) -> float:
    before = program.wake_ups()
    program.watch(seconds)
    return (program.wake_ups() - before) / seconds
