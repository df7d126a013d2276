"""What the server has counted is believed; only what is new is estimated."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import CLAUDE, GPT, Chat, request_for
from tui.domain.calibration import Calibration, Fit
from tui.domain.conversation import MessageState, Role
from tui.domain.cost import Usage
from tui.domain.prompt_size import PromptSize, prompt_size, raw_sizes

LONG = "word " * 400
"""500 tokens by our own count, and 4 for the message."""


def test_without_an_answer_everything_is_estimated() -> None:
    chat = Chat(request_for())
    chat.say(Role.SYSTEM, LONG)
    chat.say(Role.USER, LONG)
    assert prompt_size(chat.conversation.path(), CLAUDE) == PromptSize((504, 504))


def test_the_ratio_of_the_model_corrects_the_estimate() -> None:
    chat = Chat(request_for())
    chat.say(Role.USER, LONG)
    calibration = Calibration(prompt=Fit(1.25))
    assert prompt_size(chat.conversation.path(), CLAUDE, calibration).total == 630


def test_the_last_answer_says_how_long_its_prompt_was() -> None:
    chat = Chat(request_for())
    chat.turn(LONG, LONG, usage=Usage(600, 450, reasoning_tokens=50))
    chat.say(Role.USER, LONG)
    size = prompt_size(chat.conversation.path(), CLAUDE)
    # reported prompt, reported answer without its reasoning, and the estimate of what is new
    assert size.messages == (600, 450 - 50, 504)
    assert size.measured == 1000
    assert size.up_to(2) == 1000


def test_what_was_counted_is_spread_over_the_messages_of_that_prompt() -> None:
    chat = Chat(request_for())
    chat.say(Role.SYSTEM, LONG)
    chat.turn(LONG, "Yes.", usage=Usage(801, 3))
    assert prompt_size(chat.conversation.path(), CLAUDE).messages == (400, 401, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"usage": None},
        {"usage": Usage(completion_tokens=5)},
        {"model_asked": GPT},
        {"usage": Usage(200_000, 5)},
        {"usage": Usage(3, 5)},
    ],
    ids=["no usage", "no count", "another model", "far too many", "far too few"],
)
def test_what_cannot_be_believed_is_estimated(change: dict[str, object]) -> None:
    chat = Chat(request_for())
    answer = chat.turn(LONG, LONG, usage=Usage(600, 450))
    assert answer.generation is not None
    chat.conversation.put(replace(answer, generation=replace(answer.generation, **change)))  # type: ignore[arg-type]  # fields by name
    assert prompt_size(chat.conversation.path(), CLAUDE) == PromptSize((504, 504))


def test_a_compressed_prompt_says_nothing_about_the_whole_one() -> None:
    chat = Chat(request_for(compress_prompts=True))
    chat.turn(LONG, "Yes.", usage=Usage(300, 2))
    assert prompt_size(chat.conversation.path(), CLAUDE).measured == 0


def test_an_answer_that_was_stopped_was_not_counted_whole() -> None:
    chat = Chat(request_for())
    answer = chat.turn(LONG, LONG, usage=Usage(600, 450))
    chat.conversation.put(replace(answer, state=MessageState.STOPPED))
    assert prompt_size(chat.conversation.path(), CLAUDE).measured == 0


def test_an_answer_without_words_is_not_sent() -> None:
    chat = Chat(request_for())
    chat.say(Role.USER, "Why?")
    chat.say(Role.ASSISTANT, "")
    chat.say(Role.USER, "")
    assert raw_sizes(chat.conversation.path()) == (5, 0, 4)


@given(st.lists(st.text(max_size=50), min_size=1, max_size=8), st.integers(1, 10_000))
def test_the_counted_part_is_never_changed_by_spreading_it(texts: list[str], counted: int) -> None:
    chat = Chat(request_for())
    for text in texts[:-1]:
        chat.say(Role.USER, text)
    chat.turn(texts[-1], "Yes.", usage=Usage(counted, 2))
    size = prompt_size(chat.conversation.path(), CLAUDE)
    assert size.measured in (0, counted + 2)
    assert min(size.messages) >= 0
    if size.measured:
        assert size.total == counted + 2
