"""Benchmarks: ``python -m tests.bench`` runs them all, ``python -m tests.bench idle`` one of them.

Every figure is printed with its limit and, where there is one, its floor from the same run; the
exit code is 1 if a limit is missed by more than noise. Figures are meant for a quiet machine: the
load is printed beside them.
"""

import argparse
import math
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    browser,
    catalogue,
    estimates,
    hostile,
    idle,
    machine,
    opening,
    search,
    spend,
    stream,
    wire,
)
from tests.bench.figures import Line, table

BENCHMARKS = {
    "idle": idle,
    "opening": opening,
    "wire": wire,
    "catalogue": catalogue,
    "browser": browser,
    "search": search,
    "spend": spend,
    "estimates": estimates,
    "hostile": hostile,
    "stream": stream,
}
_RESULTS = Path(__file__).with_name("RESULTS.md")
_LONGEST = 200
_LEGEND = """\
The floor is what a figure stands beside, measured in the same run: plain Textual, prose of the same
size, a shorter answer, or the same thing in an empty chat. Worst is the worst single case. A limit
that is missed by less than a tenth is within the noise of two runs of the same program; a row
without a limit is there to be read."""


def main() -> int:
    """Run the benchmarks that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--write", action="store_true", help="keep the table in RESULTS.md")
    commands = parser.add_subparsers(dest="name", metavar="BENCHMARK")
    for name, module in BENCHMARKS.items():
        module.add_arguments(commands.add_parser(name, help=module.__doc__))
    options = parser.parse_args()
    if options.write and options.name:
        parser.error("the table is kept only when it is complete")
    names = [options.name] if options.name else list(BENCHMARKS)
    began = time.perf_counter()
    print(machine.facts(), flush=True)
    parts: list[str] = []
    lines: list[Line] = []
    for name in names:
        chosen = options
        if options.name is None:
            chosen = commands.choices[name].parse_args([])
        found, part = _run(name, chosen)
        lines += found
        parts.append(part)
        print(f"\n{part}", flush=True)
    summary = f"{_summary(lines)} It took {time.perf_counter() - began:.0f} s."
    print(f"\n{summary}")
    if options.write:
        _write(summary, parts)
    return 0 if all(line.held for line in lines) else 1


def _run(name: str, options: argparse.Namespace) -> tuple[list[Line], str]:
    """The lines of one benchmark, and its part of the report."""
    before, began = machine.load(), time.perf_counter()
    try:
        lines = BENCHMARKS[name].main(options)
    except (OSError, EOFError, RuntimeError) as error:  # the others are worth their time
        lines = [Line(f"{name} cannot be measured: {error!r}"[:_LONGEST], math.inf, 0)]
    taken = f"{time.perf_counter() - began:.0f} s; load {before} before, {machine.load()} after"
    return lines, f"## {name}\n\n{BENCHMARKS[name].__doc__}\n\n{table(lines)}\n\n{taken}"


def _summary(lines: list[Line]) -> str:
    required = [line for line in lines if line.limit is not None]
    missed = [line.what for line in required if not line.held]
    held = f"{len(required) - len(missed)} of {len(required)} limits hold."
    return f"{held} Missed: {'; '.join(missed)}." if missed else held


def _write(summary: str, parts: list[str]) -> None:
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    head = (
        f"# What was measured\n\n`python -m tests.bench --write` on {day}. {summary}\n\n{_LEGEND}"
    )
    text = "\n\n".join([head, machine.facts(), *parts])
    _RESULTS.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
