"""Benchmarks: ``python -m tests.bench stream`` and the like; the exit code says whether it held."""

import argparse
import sys

from tests.bench import hostile, stream

BENCHMARKS = {"stream": stream, "hostile": hostile}


def main() -> int:
    """Run the benchmark that is named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    for name, module in BENCHMARKS.items():
        module.add_arguments(commands.add_parser(name, help=module.__doc__))
    options = parser.parse_args()
    return 0 if BENCHMARKS[options.name].main(options) else 1


if __name__ == "__main__":
    sys.exit(main())
