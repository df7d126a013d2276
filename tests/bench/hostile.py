"""Answers that never close their block; CPU against prose of the same size."""

import argparse
import os

from tests.bench import answer, terminal

_PIECE = 20
_STALL = 50
_FACTOR = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--size", type=int, default=10_000, help="characters of each answer")
    parser.add_argument("--rate", type=float, default=100, help="pieces of 20 characters a second")
    parser.add_argument("--only", help="measure this answer only")


def main(options: argparse.Namespace) -> bool:
    """Measure and print; whether the aims are met."""
    print(
        f"{options.size:,} characters, {_PIECE} at a time, {options.rate:.0f}/s, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    plain = terminal.run("transcript", answer.prose(options.size), piece=_PIECE, rate=options.rate)
    print(
        f"{'prose':>10}: {plain.cpu:5.2f} s CPU, worst stall {1000 * plain.stall:4.0f} ms "
        f"({1000 * plain.busy:.0f} ms CPU)"
    )
    good = True
    for name, text in answer.hostile(options.size).items():
        if options.only not in {None, name}:
            continue
        figures = terminal.run("transcript", text, piece=_PIECE, rate=options.rate)
        factor = figures.cpu / (plain.cpu * len(text) / options.size)
        good = good and factor <= _FACTOR and 1000 * figures.busy <= _STALL
        print(
            f"{name:>10}: {figures.cpu:5.2f} s CPU ({factor:.2f} of prose), "
            f"worst stall {1000 * figures.stall:4.0f} ms ({1000 * figures.busy:.0f} ms CPU)"
        )
    return good
