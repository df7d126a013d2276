"""Search, sidebar, start and opening over 100,000 messages, beside the same in an empty history."""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.bench import many_conversations
from tests.bench.figures import Line
from tests.bench.many_conversations import CONVERSATIONS, IDEOGRAPHS, MESSAGES, RARE
from tui.domain.search_query import parse_search
from tui.domain.search_titles import matching
from tui.services.history import History
from tui.services.paths import resolve_paths
from tui.services.search import Searcher

_MOST = 50
"""Milliseconds that anything may take longer than in an empty history."""
_QUERIES = {
    "a rare word": f"{RARE} ",
    "a common word": "the ",
    "two letters being typed": "th",
    "two words and a phrase": 'the model "is the" ',
    "a filter alone": "model:example cost>0.001 ",
    "code after a day": "the has:code after:2026-03-01 ",
    "ideographs that are there": IDEOGRAPHS[:2],
    "ideographs that are not": "漢語文",
    "no such word": "zzzzzz ",
}

Result = TypeVar("Result")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--rounds", type=int, default=5, help="how often each thing is done")


def main(options: argparse.Namespace) -> list[Line]:
    """Fill a history and measure both."""
    with TemporaryDirectory() as empty, TemporaryDirectory() as full:
        many_conversations.write(Path(full))
        floors = asyncio.run(_measure(Path(empty), options.rounds))
        figures = asyncio.run(_measure(Path(full), options.rounds))
    size = f"{MESSAGES:,} messages in {CONVERSATIONS:,} conversations"
    return [
        Line(
            f"{size}: {what}, ms",
            median(times),
            median(floors[what]) + _MOST,
            floor=median(floors[what]),
            worst=max(times),
        )
        for what, times in figures.items()
    ]


async def _measure(home: Path, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each thing, each done so many times."""
    path = resolve_paths(home, {}).history_file
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        history = await _timed(times, "opening the history", partial(History.open, path))
        await _timed(times, "what is done at a start", partial(_start, history))
        listed = await _timed(times, "the list", partial(history.conversations, limit=-1))
        before = time.perf_counter()
        matching(listed, "title 19")
        times.setdefault("filtering titles", []).append(1000 * (time.perf_counter() - before))
        name = listed[len(listed) // 2].id if listed else ""
        await _timed(times, "opening a conversation", partial(history.load, name))
        searcher = Searcher(history)
        await _timed(times, "checking the index", searcher.keep_in_step)
        for what, text in _QUERIES.items():
            query = parse_search(text, datetime.now(UTC))
            await _timed(times, f"searching {what}", partial(searcher.search, query))
        await searcher.aclose()
        await history.aclose()
    return times


async def _start(history: History) -> None:
    await history.recover()
    await history.purge_deleted()


async def _timed(
    times: dict[str, list[float]], what: str, do: Callable[[], Awaitable[Result]]
) -> Result:
    before = time.perf_counter()
    result = await do()
    times.setdefault(what, []).append(1000 * (time.perf_counter() - before))
    return result
