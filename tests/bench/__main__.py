"""Benchmarks: ``python -m tests.bench`` runs them all, ``python -m tests.bench idle`` one of them.

Every figure is printed with its limit and, where there is one, its floor from the same run; the
exit code is 1 if a limit is missed by more than noise. Figures are meant for a quiet machine: the
load is printed beside them.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import browser, catalogue, hostile, idle, machine, opening, stream, wire
from tests.bench.figures import Line, table

BENCHMARKS = {
    "idle": idle,
    "opening": opening,
    "wire": wire,
    "catalogue": catalogue,
    "browser": browser,
    "hostile": hostile,
    "stream": stream,
}
_RESULTS = Path(__file__).with_name("RESULTS.md")


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
    names = [options.name] if options.name else list(BENCHMARKS)
    parts = [machine.facts()]
    lines: list[Line] = []
    print(parts[0], flush=True)
    for name in names:
        if options.name is None:
            options = commands.choices[name].parse_args([], argparse.Namespace(**vars(options)))
            options.name = None
        before = machine.load()
        found = BENCHMARKS[name].main(options)
        lines += found
        loads = f"load {before} before, {machine.load()} after"
        parts.append(f"## {name}\n\n{BENCHMARKS[name].__doc__}\n\n{table(found)}\n\n{loads}")
        print(f"\n{parts[-1]}", flush=True)
    missed = [line.what for line in lines if not line.held]
    print(f"\nmissed: {'; '.join(missed)}" if missed else "\nevery limit holds")
    if options.write:
        _write(parts)
    return 1 if missed else 0


def _write(parts: list[str]) -> None:
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    head = f"# What was measured\n\n`python -m tests.bench --write` on {day}.\n"
    _RESULTS.write_text("\n\n".join([head + "\n" + parts[0], *parts[1:]]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
