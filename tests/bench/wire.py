"""The workbench from the socket to the screen: an answer over HTTP, recorded, drawn, counted."""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.bench import answer, app
from tests.bench.figures import Line
from tests.bench.paced import paced
from tests.bench.program import Program
from tests.bench.typist import Typist
from tests.terminal.loopback import Loopback
from tui.services.paths import resolve_paths

_TOKEN = 4
_MARKS = ("ЖΩЖΩ", "ФΨФΨ", "ШΞШΞ")
"""Last tokens that stand nowhere else."""
_LAG = 100
_ECHO = 50
_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Figures:
    """One answer: seconds of CPU, milliseconds of lag and echoes, whether all of it was stored."""

    cpu: float
    lag: float
    echoes: list[float]
    complete: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--tokens", type=int, default=10_000, help="length of the long answer")


def main(options: argparse.Namespace) -> list[Line]:
    """Measure a long answer while somebody types, and how late last tokens are."""
    lines = []
    long = run(options.tokens, 1_000, [_MARKS[0]], types=True)[0]
    per_thousand = 1_000_000 * long.cpu / options.tokens
    name = f"app, {options.tokens:,} tokens at 1,000/s"
    lines.append(Line(f"{name}: CPU per 1,000 tokens, ms", per_thousand))
    lines.append(
        Line(
            f"{name}: key echo p95, ms",
            quantiles(long.echoes, n=20)[-1],
            _ECHO,
            floor=median(long.echoes),
            worst=max(long.echoes),
        )
    )
    complete = [long.complete]
    for rate in (1_000, 2_000):
        runs = run(rate * 2, rate, _MARKS)
        lags = [figures.lag for figures in runs]
        complete += [figures.complete for figures in runs]
        name = f"app, {rate:,} tokens/s: last token sent → on screen, ms"
        lines.append(Line(name, median(lags), _LAG, worst=max(lags)))
    lines.append(Line("app: answers that lost a token", complete.count(False), 0))
    return lines


def run(tokens: int, rate: float, marks: Sequence[str], *, types: bool = False) -> list[Figures]:
    """Stream one answer for each mark, which is its last token, into the workbench."""
    text = answer.mixed(tokens * _TOKEN)
    pieces = [text[at : at + _TOKEN] for at in range(0, len(text), _TOKEN)]
    figures = []
    with tempfile.TemporaryDirectory() as folder, Loopback() as loopback:
        history = resolve_paths(Path(folder), {}).history_file
        command = [sys.executable, "-m", "tests.bench.app", folder, loopback.server.base_url]
        with Program(command) as program:
            program.wait_for(app.READY)
            program.watch(2)
            for mark in marks:
                program.send(app.EMPTY)  # so that no answer fills up the context of the next
                program.watch(0.5)
                reply, steps = paced([*pieces, f"\n\n{mark}"], rate)
                loopback.server.on_chat(reply)
                cpu = program.cpu()
                shown_at, echoes = _turn(program, mark, types=types)
                lag = 1000 * (shown_at - steps.sent_at)
                complete = _stored(program, history) == f"{text}\n\n{mark}"
                figures.append(Figures(program.cpu() - cpu, lag, echoes, complete))
    return figures


def _turn(program: Program, mark: str, *, types: bool) -> tuple[float, list[float]]:
    """Ask, and type on if wanted; when the mark was on the screen, and how late each key was."""
    since, wanted = len(program.raw), mark.encode()
    program.send(b"go\r")
    typist = Typist(program)
    deadline = time.perf_counter() + _PATIENCE
    while wanted not in program.raw[since:]:
        since = max(since, len(program.raw) - len(wanted))
        if time.perf_counter() > deadline:
            raise TimeoutError(f"the last token was not drawn in {_PATIENCE} s")
        if types:
            typist.work()
        else:
            program.read(0.05)
    return program.read_at, typist.echoes


def _stored(program: Program, history: Path) -> str:
    """The text of the last answer in the history, once it is complete."""
    deadline = time.perf_counter() + _PATIENCE
    query = "SELECT text FROM messages WHERE role = 'assistant' AND state = 'complete'"
    program.watch(1)
    while time.perf_counter() < deadline:
        with closing(sqlite3.connect(f"file:{history}?mode=ro", uri=True)) as connection:
            row = connection.execute(f"{query} ORDER BY seq DESC").fetchone()
        if row is not None:
            return str(row[0])
        program.watch(0.1)
    raise TimeoutError("the answer was not stored")
