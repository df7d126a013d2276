"""What the terminal is told when an answer has ended that nobody looked at."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tui.domain.conversation import (
    Conversation,
    Generation,
    Message,
    MessageState,
    Role,
    Timing,
)
from tui.domain.settings import InterfaceSettings
from tui.services.passthrough import passed_through
from tui.services.terminal_notice import notice

AT = datetime(2026, 3, 1, tzinfo=UTC)
CHAT = Conversation("c", "s", "a/b", AT, title="Apples")
ANSWER = Message(
    "m", "c", None, Role.ASSISTANT, "Red.", AT, generation=Generation("a/b", "openrouter")
)


def told(
    way: str, seconds: float | None = 12.0, chat: Conversation = CHAT, **changes: object
) -> str | None:
    settings = InterfaceSettings.model_validate({"notify": way, "notify_after": 10})
    assert ANSWER.generation is not None
    generation = replace(ANSWER.generation, timing=Timing(total=seconds))
    answer: Message = replace(ANSWER, generation=generation, **changes)  # type: ignore[arg-type]  # any field
    return notice(chat, answer, settings, {})


def test_the_user_chooses_how() -> None:
    assert told("off") is None
    assert told("bell") == "\a"
    assert told("desktop") == "\x1b]9;Answered after 12.0 s: Apples\a"
    assert told("desktop", state=MessageState.FAILED) == "\x1b]9;Failed after 12.0 s: Apples\a"


@pytest.mark.parametrize("seconds", [None, 0.1, 9.9])
def test_quick_answers_and_stopped_ones_are_not_worth_it(seconds: float | None) -> None:
    assert told("bell", seconds) is None
    assert told("bell", state=MessageState.STOPPED) is None


def test_no_title_ends_the_sequence_or_begins_another() -> None:
    hostile = replace(CHAT, title="4;1;\x1b\\\x07\x9c]0;evil\n\u202e" + "x" * 500)
    words = told("desktop", chat=hostile)
    assert words is not None
    body = words.removeprefix("\x1b]9;").removesuffix("\a")
    assert body.startswith("Answered")
    assert body.isprintable()
    assert len(body) < 130


def test_multiplexers_hand_it_on() -> None:
    assert passed_through("\x1b]9;x\a", {"TMUX": "1"}) == "\x1bPtmux;\x1b\x1b]9;x\a\x1b\\"
    assert passed_through("\x1b]9;x\a", {"TERM": "screen"}) == "\x1bP\x1b]9;x\a\x1b\\"
    assert passed_through("\x1b]9;x\a", {"TERM": "xterm"}) == "\x1b]9;x\a"
