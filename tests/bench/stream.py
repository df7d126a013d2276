"""A long mixed answer streams in: the plain Textual way against this program's transcript."""

import argparse
from statistics import median, quantiles

from tests.bench import answer, terminal
from tests.bench.figures import Line

_TOKEN = 4
"""Characters in a token."""
_SHORT = 2_000
_RATIO = 0.08
_GROWTH = 1.3
_ECHO = 50
_SHORT_RUNS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--tokens", type=int, default=20_000, help="length of the answer")
    parser.add_argument("--rate", type=float, default=1_000, help="tokens a second")
    parser.add_argument("--skip-floor", action="store_true", help="measure the transcript only")


def main(options: argparse.Namespace) -> list[Line]:
    """Measure the transcript at two lengths, and the plain way at the greater one."""
    tokens, rate = options.tokens, options.rate
    short = [_run("transcript", _SHORT, rate).cpu / _SHORT for _ in range(_SHORT_RUNS)]
    ours = _run("transcript", tokens, rate)
    floor = None if options.skip_floor else _run("markdown", tokens, rate)
    name = f"{tokens:,} tokens at {rate:,.0f}/s"
    per_token = ours.cpu / tokens
    lines = [
        Line(f"{name}: CPU, s", ours.cpu, floor=None if floor is None else floor.cpu),
        Line(
            f"CPU per 1,000 tokens at {tokens:,}, beside that at {_SHORT:,}, ms",
            1e6 * per_token,
            1e6 * _GROWTH * median(short),
            floor=1e6 * median(short),
        ),
        Line(
            f"{name}: key echo p95, ms",
            quantiles(ours.echoes, n=20)[-1],
            _ECHO,
            floor=None if floor is None else quantiles(floor.echoes, n=20)[-1],
            worst=max(ours.echoes),
        ),
        Line(
            f"{name}: most memory, MB",
            ours.peak / 1e6,
            floor=None if floor is None else floor.peak / 1e6,
        ),
        Line(f"{name}: characters lost (0 is none)", 0 if ours.kept else 1, 0),
    ]
    if floor is not None:
        lines.insert(
            1, Line(f"{name}: CPU as a part of plain Textual's", ours.cpu / floor.cpu, _RATIO)
        )
    return lines


def _run(subject: str, tokens: int, rate: float) -> terminal.Figures:
    return terminal.run(subject, answer.mixed(tokens * _TOKEN), piece=_TOKEN, rate=rate)
