"""Reasoning of earlier answers goes back only to who can read it."""

from dataclasses import replace
from datetime import UTC, datetime

from tui.domain.conversation import Generation, Message, Role
from tui.domain.reasoning_echo import can_be_read_again, reasoning_dropped


def answer(model_id: str, details: list[dict[str, object]] | None) -> Message:
    return Message(
        "m", "c", None, Role.ASSISTANT, "Yes", datetime(2026, 3, 2, tzinfo=UTC),
        reasoning_details=details, generation=Generation(model_id, "openrouter"),
    )  # fmt: skip


DETAILS: list[dict[str, object]] = [{"type": "reasoning.text", "text": "hm", "signature": "s"}]


def test_reasoning_of_another_family_is_left_out_with_a_note() -> None:
    path = [answer("anthropic/claude-sonnet-4.5", DETAILS), answer("openai/gpt-5.2", DETAILS)]
    assert reasoning_dropped(path, "google/gemini-2.5-pro") == (
        "The reasoning of 2 answers by anthropic and openai is not sent: google cannot read it."
    )
    assert reasoning_dropped(path, "openai/gpt-5.4") == (
        "The reasoning of 1 answer by anthropic is not sent: openai cannot read it."
    )
    assert reasoning_dropped(path[:1], "~anthropic/claude-opus-latest") == ""


def test_answers_without_reasoning_lose_nothing() -> None:
    path = [answer("anthropic/claude-sonnet-4.5", []), answer("anthropic/claude-opus-4.5", None)]
    assert reasoning_dropped(path, "openai/gpt-5.2") == ""


def test_the_model_that_served_decides_not_the_one_asked() -> None:
    message = answer("anthropic/claude-sonnet-4.5", DETAILS)
    assert message.generation is not None
    served = replace(message.generation, model_served="openai/gpt-5.2-2026")
    assert can_be_read_again(replace(message, generation=served), "openai/gpt-5.4")
    assert not can_be_read_again(replace(message, generation=None), "openai/gpt-5.4")
