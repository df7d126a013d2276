"""A conversation is a tree, and only one path of it is on screen."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tui.domain.conversation import (
    UNTITLED,
    Conversation,
    Generation,
    Message,
    Role,
    Timing,
    title_from,
)
from tui.domain.cost import Cost, CostSource, Usage

AT = datetime(2026, 3, 2, tzinfo=UTC)


def node(message_id: str, parent_id: str | None, cost: str | None = None) -> Message:
    generation = None
    if cost is not None:
        billed = Cost(Decimal(cost), CostSource.REPORTED)
        generation = Generation("m", "openrouter", cost=billed)
    role = Role.USER if generation is None else Role.ASSISTANT
    return Message(message_id, "c", parent_id, role, "", AT, generation=generation)


def conversation(*messages: Message, leaf: str | None = None) -> Conversation:
    made = Conversation("c", "s", "m", AT, leaf_id=leaf)
    for message in messages:
        made.put(message)
    return made


TREE = (
    node("question", None),
    node("first", "question", "0.1"),
    node("second", "question", "0.2"),
    node("more", "second"),
    node("last", "more", "0.3"),
)


def ids(messages: list[Message]) -> list[str]:
    return [message.id for message in messages]


def test_the_path_leads_from_the_root_to_the_leaf() -> None:
    chat = conversation(*TREE, leaf="last")
    assert ids(chat.path()) == ["question", "second", "more", "last"]
    assert ids(chat.path("first")) == ["question", "first"]
    assert chat.path("nobody") == []
    assert conversation().path() == []


def test_siblings_are_in_the_order_they_were_made() -> None:
    chat = conversation(*TREE)
    assert ids(chat.children("question")) == ["first", "second"]
    assert ids(chat.children(None)) == ["question"]


def test_a_newer_version_replaces_a_message_in_its_place() -> None:
    chat = conversation(*TREE)
    chat.put(node("first", "question", "5"))
    assert ids(chat.children("question")) == ["first", "second"]


def test_every_branch_was_paid_for() -> None:
    assert conversation(*TREE, leaf="first").cost().amount == Decimal("0.6")


def test_a_loop_in_a_damaged_file_ends() -> None:
    chat = conversation(node("a", "b"), node("b", "a"), leaf="a")
    assert len(chat.path()) == 2


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("How does middle-out decide?", "How does middle-out decide?"),
        ("\n\n  # Heading\nmore", "Heading"),
        ("```python\nprint()", "python"),
        ("---\n> quoted", "quoted"),
        ("- item", "item"),
        ("", UNTITLED),
        (" \n\t\n***\n", UNTITLED),
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("word " * 100, "word " * 11 + "word…"),
        ("x" * 5_000_000, "x" * 59 + "…"),
        ("\n" * 5_000_000, UNTITLED),
        ("\n" * 5_000_000 + "found", "found"),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_the_title_is_the_first_line_with_words(text: str, title: str) -> None:
    assert title_from(text) == title


@pytest.mark.parametrize(
    ("tokens", "timing", "rate"),
    [
        (500, Timing(1.0, 6.0), 100.0),
        (500, Timing(1.0, 1.0), None),
        (500, Timing(None, 6.0), None),
        (500, Timing(1.0, None), None),
        (0, Timing(1.0, 6.0), None),
        (None, Timing(1.0, 6.0), None),
    ],
)
def test_the_rate_counts_from_the_first_token(
    tokens: int | None, timing: Timing, rate: float | None
) -> None:
    usage = Usage(completion_tokens=tokens)
    assert Generation("m", "p", usage=usage, timing=timing).tokens_per_second == rate
    assert Generation("m", "p", timing=timing).tokens_per_second is None
