"""Answers that never close their block: stalls, and CPU against prose of the same size."""

import argparse
from statistics import median

from tests.bench import answer, terminal
from tests.bench.figures import Line

_PIECE = 20
_STALL = 50
_FACTOR = 2
_RUNS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--size", type=int, default=10_000, help="characters of each answer")
    parser.add_argument("--rate", type=float, default=100, help="pieces of 20 characters a second")
    parser.add_argument("--only", help="measure this answer only")


def main(options: argparse.Namespace) -> list[Line]:
    """Measure every hostile answer several times: its median, and the worst run."""
    prose = _runs(answer.prose(options.size), options.rate)
    plain = median(figures.cpu for figures in prose)
    lines = [_stall("prose", prose), Line("prose: CPU, s", plain)]
    for name, text in answer.hostile(options.size).items():
        if options.only not in {None, name}:
            continue
        runs = _runs(text, options.rate)
        same_size = plain * len(text) / options.size
        cpu = median(figures.cpu for figures in runs)
        lines.append(_stall(name, runs))
        lines.append(Line(f"{name}: CPU, s", cpu, _FACTOR * same_size, floor=same_size))
    return lines


def _runs(text: str, rate: float) -> list[terminal.Figures]:
    return [terminal.run("transcript", text, piece=_PIECE, rate=rate) for _ in range(_RUNS)]


def _stall(name: str, runs: list[terminal.Figures]) -> Line:
    # Both are at least the stall that a machine with nothing else to do would show: the clock
    # counts what other programs took, the CPU what came right before.
    stalls = [1000 * min(figures.stall, figures.busy) for figures in runs]
    longest = 1000 * max(figures.stall for figures in runs)
    return Line(f"{name}: longest stall, ms", median(stalls), _STALL, worst=longest)
