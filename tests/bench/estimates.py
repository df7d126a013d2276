"""How far estimates lie off the bill, over turns that the demo plays: errors in percent."""

import argparse
import asyncio
import time
from collections.abc import Iterable
from statistics import median

from tests.bench.figures import Line
from tests.fakes.turns import MODELS, Replayed, Week
from tui.domain.calibration import quantile
from tui.domain.preview import preview
from tui.services.history import History

_LEARNT_AFTER = 10
"""Turns with a model after which its estimates should be good."""
_MOST = 10
"""Percent by which half of the estimated prompts may then be off."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--turns", type=int, default=200, help="turns, over five models")


def main(options: argparse.Namespace) -> list[Line]:
    """Play the turns, and compare what was expected of each with its bill."""
    played = asyncio.run(_play(options.turns))
    learnt = [turn for turn in played if turn.number > _LEARNT_AFTER]
    lines = [
        _line("input tokens before the send, all turns", (turn.input_error for turn in played)),
        _line(
            f"input tokens after {_LEARNT_AFTER} turns with the model",
            (turn.input_error for turn in learnt),
            _MOST,
        ),
        *(
            _line(
                f"input tokens after {_LEARNT_AFTER} turns, {model.partition('/')[2]}",
                (turn.input_error for turn in learnt if turn.model == model),
                _MOST,
            )
            for model in MODELS
        ),
        _line(
            f"input tokens after {_LEARNT_AFTER} turns, first of a conversation",
            (turn.input_error for turn in learnt if not turn.before_in_conversation),
        ),
        _line("cost before the send", (turn.cost_error for turn in played)),
        _line("cost while streaming, at the end", (turn.streaming_error for turn in played)),
        Line("bills above the worst case, of all turns", _above_worst(played), 0),
    ]
    return [*lines, Line("a preview of the longest conversation, ms", _preview_time(played))]


async def _play(turns: int) -> list[Replayed]:
    history = await History.in_memory()
    try:
        return [turn async for turn in Week(history).play(turns)]
    finally:
        await history.aclose()


def _line(what: str, errors: Iterable[float | None], limit: float | None = None) -> Line:
    """The median error; the tenth that is worst begins at ``worst``."""
    found = sorted(100 * error for error in errors if error is not None)
    if not found:
        return Line(f"{what}, median and p90, %", 0.0)
    return Line(f"{what}, median and p90, %", median(found), limit, worst=quantile(found, 0.9))


def _above_worst(played: list[Replayed]) -> int:
    return sum(
        turn.before.worst is not None
        and turn.reported.cost is not None
        and turn.reported.cost > turn.before.worst
        for turn in played
    )


def _preview_time(played: list[Replayed]) -> float:
    longest = max(played, key=lambda turn: turn.before.usage.prompt_tokens or 0)
    started = time.perf_counter()
    preview(longest.request, longest.path, now=longest.at)
    return 1000 * (time.perf_counter() - started)
