"""A title by a model: little is sent for it, and only a title is taken."""

from datetime import UTC, datetime

import pytest

from tui.domain.conversation import Message, Role
from tui.domain.title_request import title_in, title_prompt

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_beginning_of_the_first_messages_is_sent() -> None:
    path = [
        Message(
            str(n), "c", None, Role.USER if n % 2 == 0 else Role.ASSISTANT, f"text {n} " * 500, AT
        )
        for n in range(20)
    ]
    prompt = title_prompt([Message("x", "c", None, Role.ASSISTANT, " ", AT), *path], AT)
    assert prompt.role is Role.USER
    assert "User:\ntext 0" in prompt.text
    assert "Assistant:\ntext 5" in prompt.text
    assert "text 6" not in prompt.text
    assert len(prompt.text) < 7_000


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Why the Sky Is Blue", "Why the Sky Is Blue"),
        ('"Why the sky is blue."\n', "Why the sky is blue"),
        ("\n**Title: Blue Sky**\nThat was it.", "Blue Sky"),
        ("「空の青さ」", "空の青さ"),
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("word " * 50, "word " * 11 + "word…"),
        ("", ""),
        ('""\n', ""),
    ],
)
def test_only_a_title_is_taken(answer: str, title: str) -> None:
    assert title_in(answer) == title
