"""Answers that never close their block: stalls, and CPU against prose of the same size."""

import argparse

from tests.bench import answer, terminal
from tests.bench.figures import Line

_PIECE = 20
_STALL = 50
_FACTOR = 2
_MOST_RUNS = 3
"""What else runs on the machine only adds to a figure: the least of some runs counts."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--size", type=int, default=10_000, help="characters of each answer")
    parser.add_argument("--rate", type=float, default=200, help="pieces of 20 characters a second")
    parser.add_argument("--only", help="measure this answer only")


def main(options: argparse.Namespace) -> list[Line]:
    """Measure every hostile answer: once if it holds its limits then, else up to three times."""
    prose = answer.prose(options.size)
    runs = [_run(prose, options.rate) for _ in range(2)]
    plain = min(figures.cpu for figures in runs)
    lines = [_stall("prose", runs), Line("prose: CPU, s", plain)]
    for name, text in answer.hostile(options.size).items():
        if options.only in {None, name}:
            lines += _measure(name, text, plain * len(text) / options.size, options.rate)
    return lines


def _measure(name: str, text: str, prose: float, rate: float) -> list[Line]:
    """The lines of one answer; ``prose`` is the CPU time for as much prose, in seconds."""
    runs: list[terminal.Figures] = []
    for _ in range(_MOST_RUNS):
        runs.append(_run(text, rate))
        cpu = min(figures.cpu for figures in runs)
        lines = [_stall(name, runs), Line(f"{name}: CPU, s", cpu, _FACTOR * prose, floor=prose)]
        if all(line.figure <= (line.limit or line.figure) for line in lines):
            break
    return lines


def _run(text: str, rate: float) -> terminal.Figures:
    return terminal.run("transcript", text, piece=_PIECE, rate=rate)


def _stall(name: str, runs: list[terminal.Figures]) -> Line:
    # Both are at least the stall that a machine with nothing else to do would show: the clock
    # counts what other programs took, the CPU what came right before.
    stalls = [1000 * min(figures.stall, figures.busy) for figures in runs]
    longest = 1000 * max(figures.stall for figures in runs)
    return Line(f"{name}: longest stall, ms", min(stalls), _STALL, worst=longest)
