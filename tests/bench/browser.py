"""The model browser and the quick picker: opening them, and each key until it is drawn."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import count
from statistics import median, quantiles
from typing import Any

from tests.bench.figures import Line
from tests.bench.program import Program
from tests.fakes.server import json_reply
from tests.terminal.loopback import Loopback
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_search import search
from tui.services.wire import parse_catalogue

_READY = "starts a new line"
_OPEN, _PICK, _CLOSE, _CLEAR, _DOWN = b"\x1bOR", b"\x0b", b"\x1b", b"\x15", b"\x1b[B"
"""F3, Ctrl+K, Escape, Ctrl+U and the arrow."""
_FILTERS = ("vision tools ctx>=200k in<=3 -free", "claude sonnet", "author:google new:90d")
_LIMITS = {400: 30, 5_000: 60}
"""Milliseconds from a key to the screen in 95 of 100 cases, by the size of the catalogue."""
_OPENING = 150
_TIMES = 5
_REST = 0.4
"""Seconds after which also the details and the endpoints of the row are drawn."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--sizes", type=int, nargs="+", default=list(_LIMITS))


def main(options: argparse.Namespace) -> list[Line]:
    """Measure with catalogues of each size."""
    return [line for size in options.sizes for line in _measure(size)]


def _measure(size: int) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder, Loopback() as loopback:
        rows = list(_rows(size))
        loopback.server.on("GET /models", json_reply({"data": rows}))
        command = [sys.executable, "-m", "tests.bench.browser", folder, loopback.server.base_url]
        with Program(command) as program:
            program.wait_for(_READY)
            program.settle(3)  # until the catalogue has come and is indexed
            picking = [_open(program, _PICK, "uses it") for _ in range(_TIMES)]
            _open(program, _PICK, "uses it", stay=True)
            picks = [_first_frame(program, key) for key in map(_byte, _FILTERS[0])]
            program.send(_CLOSE)
            program.settle(_REST)
            opening = [_open(program, _OPEN, f"of {size:,}") for _ in range(_TIMES)]
            _open(program, _OPEN, f"of {size:,}", stay=True)
            counts = _counts(rows)
            keys = [taken for line in _FILTERS for taken in _type(program, line, counts)]
            moves = [_first_frame(program, _DOWN) for _ in range(4 * _TIMES)]
    limit = _LIMITS.get(size)
    yield Line(f"{size:,} models: F3 for the first time, ms", opening[0], _OPENING)
    yield Line(f"{size:,} models: F3, ms", median(opening), _OPENING, worst=max(opening))
    slow = quantiles(keys, n=20)[-1]
    yield Line(f"{size:,} models: a key of the filter, p95, ms", slow, limit, worst=max(keys))
    yield Line(f"{size:,} models: a key of the filter, median, ms", median(keys))
    slow = quantiles(moves, n=20)[-1]
    yield Line(f"{size:,} models: a row down, p95, ms", slow, limit, worst=max(moves))
    yield Line(f"{size:,} models: Ctrl+K for the first time, ms", picking[0], _OPENING)
    yield Line(f"{size:,} models: Ctrl+K, ms", median(picking), _OPENING, worst=max(picking))
    slow = quantiles(picks, n=20)[-1]
    yield Line(f"{size:,} models: a key of the picker, p95, ms", slow, limit, worst=max(picks))


def _open(program: Program, key: bytes, words: str, *, stay: bool = False) -> float:
    """Milliseconds from a key until these words are drawn; Escape follows unless they stay."""
    since, began = len(program.raw), program.send(key)
    taken = program.wait_for(words, since) - began
    program.settle(_REST)
    if not stay:
        program.send(_CLOSE)
        program.settle(_REST)
    return 1000 * taken


def _type(program: Program, line: str, counts: Callable[[str], str]) -> Iterator[float]:
    """Milliseconds from each key of a line to the new count on the screen, where it is another.

    The line is empty afterwards.
    """
    before = counts("")
    for end in range(1, len(line) + 1):
        mark = counts(line[:end])
        since, began = len(program.raw), program.send(line[end - 1].encode())
        if mark != before:
            yield 1000 * (program.wait_for(mark, since) - began)
        before = mark
        program.settle(_REST)
    program.send(_CLEAR)
    program.settle(_REST)


def _byte(character: str) -> bytes:
    return character.encode()


def _first_frame(program: Program, key: bytes) -> float:
    """Milliseconds from a key to the first answer; the details follow once the cursor rests."""
    began = program.send(key)
    while not program.read(1):
        pass
    taken = program.read_at - began
    program.settle(_REST)
    return 1000 * taken


def _counts(rows: list[dict[str, Any]]) -> Callable[[str], str]:
    """How the screen says how many models a filter finds."""
    catalogue = parse_catalogue(json.dumps({"data": rows}).encode())
    context = FilterContext()

    def words(text: str) -> str:
        found = search(catalogue, parse_filter(text), context)
        return f"{len(found):,} of {len(rows):,}"

    return words


def _rows(size: int) -> Iterator[dict[str, Any]]:
    """The demo's rows again and again under names of their own."""
    rows = json.loads(files("tui.demo").joinpath("catalogue.json").read_bytes())["data"]
    made = 0
    for number in count(1):
        for row in rows:
            if made == size:
                return
            made += 1
            name, colon, variant = row["id"].partition(":")
            yield row | {
                "id": f"{name}-v{number}{colon}{variant}",
                "name": f"{row['name']} {number}",
            }


def _run() -> None:
    """The workbench without a cursor that blinks, as that would be taken for an answer."""
    from textual.widgets import Input, TextArea

    from tests.bench import app

    for field in (Input, TextArea):
        field.cursor_blink._default = False
    app.main()


if __name__ == "__main__":
    _run()
