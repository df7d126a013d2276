"""A long answer streams in: the plain Textual way against this program's transcript."""

import argparse
import os
from statistics import median, quantiles

from tests.bench import answer, terminal

_TOKEN = 4
"""Characters in a token."""
_RATIO = 0.15
_ECHO = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--tokens", type=int, default=20_000, help="length of the answer")
    parser.add_argument("--rate", type=float, default=1_000, help="tokens a second")
    parser.add_argument("--skip-floor", action="store_true", help="measure the transcript only")


def main(options: argparse.Namespace) -> bool:
    """Measure and print; whether the demands are met."""
    text = answer.mixed(options.tokens * _TOKEN)
    print(
        f"{options.tokens:,} tokens at {options.rate:,.0f}/s, 120x40, load {os.getloadavg()[0]:.1f}"
    )
    ours = terminal.run("transcript", text, piece=_TOKEN, rate=options.rate)
    _show("transcript", ours, options.tokens)
    good = True
    if len(ours.echoes) > 1:
        p95 = quantiles(ours.echoes, n=20)[-1]
        good = p95 <= _ECHO
        print(
            f"key echo: median {median(ours.echoes):.0f} ms, p95 {p95:.0f} ms (at most {_ECHO}), "
            f"{len(ours.echoes)} keys"
        )
    if not options.skip_floor:
        floor = terminal.run("markdown", text, piece=_TOKEN, rate=options.rate)
        _show("Markdown", floor, options.tokens)
        ratio = ours.cpu / floor.cpu
        good = good and ratio <= _RATIO
        print(f"ratio of CPU: {ratio:.3f} (at most {_RATIO})")
    print(f"load afterwards {os.getloadavg()[0]:.1f}")
    return good


def _show(name: str, figures: terminal.Figures, tokens: int) -> None:
    print(
        f"{name:>10}: {figures.cpu:6.2f} s CPU, {figures.wall:6.1f} s wall, "
        f"{figures.memory / 2**20:4.0f} MiB, {1_000_000 * figures.cpu / tokens:5.0f} ms CPU per "
        f"1,000 tokens, worst stall {1000 * figures.stall:4.0f} ms "
        f"({1000 * figures.busy:.0f} ms CPU), "
        f"{figures.written / 2**20:.1f} MiB drawn"
    )
