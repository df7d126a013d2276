"""Asking a model for a title: what is sent for it, and what is taken of the answer."""

from collections.abc import Sequence
from datetime import datetime

from tui.domain.conversation import Message, Role
from tui.domain.sanitize import single_line

TITLE_REQUEST = (
    "Give the conversation below a title of at most six words, in its own language. Answer with the"
    " title alone: no quotation marks, no full stop, nothing else."
)
"""How the message begins that asks for a title."""
_MESSAGES = 6
_LONGEST = 1_000
"""Characters of each message that are sent: a title needs no more, and they cost money."""
_LONGEST_TITLE = 60
_AROUND = " \t\"'“”„«»「」*_#`"


def title_prompt(path: Sequence[Message], at: datetime) -> Message:
    """The one message to send for a title; it belongs to no conversation and is not stored."""
    said = [one for one in path if one.text.strip()][:_MESSAGES]
    texts = (
        f"{'User' if one.role is Role.USER else 'Assistant'}:\n{one.text.strip()[:_LONGEST]}"
        for one in said
    )
    text = "\n\n".join([TITLE_REQUEST, *texts])
    return Message("title", "", None, Role.USER, text, at)


def title_in(answer: str) -> str:
    """The title in what a model answered, on one line; empty if there is none."""
    lines = (single_line(line).strip(_AROUND) for line in answer.splitlines())
    first = next((line for line in lines if line), "")
    return single_line(first.removeprefix("Title:").strip(_AROUND).rstrip("."), _LONGEST_TITLE)
