"""Estimates learn from what comes back: turns that the demo plays, from end to end."""

from statistics import median

from tests.fakes.turns import Week
from tui.services.history import History

_MODELS = ("anthropic/claude-sonnet-4.5", "openai/gpt-5.2", "google/gemini-2.5-pro")
_TURNS = 20


async def test_after_ten_turns_estimates_are_close_and_no_bill_exceeds_the_worst_case() -> None:
    history = await History.in_memory()
    week = Week(history, models=_MODELS)
    played = [turn async for turn in week.play(_TURNS * len(_MODELS))]
    await history.aclose()
    for model in _MODELS:
        learnt = [turn for turn in played if turn.model == model and turn.number > 10]
        assert len(learnt) == _TURNS - 10
        assert median(turn.input_error for turn in learnt) <= 0.1
        assert median(turn.cost_error or 0.0 for turn in learnt) <= 0.1
        assert median(turn.streaming_error or 0.0 for turn in learnt) <= 0.1
    for turn in played:
        assert turn.before.worst is not None
        assert turn.reported.cost is not None
        assert turn.before.worst >= turn.reported.cost
    # Some of the turns were read from the cache, and some after it had expired.
    read = [turn.reported.cached_tokens or 0 for turn in played]
    assert any(read)
    assert not all(read)
