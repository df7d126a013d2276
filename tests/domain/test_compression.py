"""What would be sent, part by part, and what middle-out would leave out of it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import CLAUDE, LLAMA, NOON, Chat, request_for
from tui.domain.attachments import Attachment, AttachmentKind
from tui.domain.caching_entries import WarmPrefix
from tui.domain.compression import (
    CompressionPreview,
    LeftOut,
    MiddleOut,
    compression_preview,
    middle_out,
    overflow_failure,
)
from tui.domain.context_parts import ContextParts, context_parts, typed_path
from tui.domain.conversation import Message, Role
from tui.domain.errors import FailureKind
from tui.domain.turn import TurnRequest

WORDS = "word " * 1_597
"""1,997 tokens by our count, and 4 for the message: about 2,000."""
EACH = 2001


def path(count: int, *, system: bool = False) -> list[Message]:
    """So many messages of about 2,000 tokens, the last one a prompt."""
    chat = Chat(request_for())
    if system:
        chat.say(Role.SYSTEM, WORDS)
    for number in range(count):
        chat.say(Role.ASSISTANT if (count - number) % 2 == 0 else Role.USER, WORDS)
    return chat.conversation.path()


def llama(*, compress: bool = True, **model: object) -> TurnRequest:
    """A request to a model of 8,000 tokens."""
    return request_for(LLAMA, compress_prompts=compress, model={"params": model})


def test_each_part_of_the_context_is_counted() -> None:
    parts = context_parts(llama(max_tokens=500), path(3, system=True))
    assert parts == ContextParts(
        system=EACH, history=2 * EACH, prompt=EACH, reserved=500, limit=8000
    )
    assert parts.used == 4 * EACH
    assert parts.overflow == 4 * EACH + 500 - 8000
    assert parts.free == 0
    assert parts.shares() == (
        ("system", EACH),
        ("history", 2 * EACH),
        ("prompt", EACH),
        ("reserved for the answer", 500),
    )


def test_what_fits_leaves_room() -> None:
    parts = context_parts(llama(), path(1))
    assert (parts.overflow, parts.free) == (0, 8000 - EACH)


def test_without_a_known_limit_nothing_overflows() -> None:
    parts = context_parts(request_for("nobody/knows"), path(9))
    assert (parts.limit, parts.overflow, parts.free) == (None, 0, None)


def test_an_idle_conversation_has_no_prompt() -> None:
    assert context_parts(llama(), path(3)[:-1]).prompt == 0


@pytest.mark.parametrize(
    ("sizes", "limit", "expected"),
    [
        ([10, 10, 10], 30, MiddleOut()),
        # the middle goes first, then its later neighbour, then its earlier one
        ([10, 10, 10, 10, 10], 40, MiddleOut(frozenset({2}))),
        ([10, 10, 10, 10, 10], 30, MiddleOut(frozenset({2, 3}))),
        ([10, 10, 10, 10, 10], 20, MiddleOut(frozenset({1, 2, 3}))),
        # the last one to shrink is cut to what is left
        ([10, 10, 10, 10, 10], 46, MiddleOut(cut=2, cut_to=6)),
        ([10, 10, 10, 10, 10], 33, MiddleOut(frozenset({2}), cut=3, cut_to=3)),
        # the first and the last one stay, even if that is too much
        ([50, 10, 50], 40, MiddleOut(frozenset({1}))),
        ([50, 50], 40, MiddleOut()),
        ([], 40, MiddleOut()),
    ],
)
def test_the_middle_goes_first(sizes: list[int], limit: int, expected: MiddleOut) -> None:
    assert middle_out(sizes, limit) == expected


def test_too_many_messages_lose_their_middle_even_if_they_are_short() -> None:
    out = middle_out([1] * 8, 1000, most_messages=6)
    assert out == MiddleOut(frozenset({3, 4}))


@given(st.lists(st.integers(1, 100), max_size=40), st.integers(0, 2000))
def test_what_is_left_fits_if_the_ends_do(sizes: list[int], limit: int) -> None:
    out = middle_out(sizes, limit)
    kept = [
        out.cut_to if index == out.cut else size
        for index, size in enumerate(sizes)
        if index not in out.dropped
    ]
    ends = sum(sizes[:1]) + sum(sizes[1:][-1:])
    assert sum(kept) <= max(limit, ends)
    assert not out.dropped & {0, len(sizes) - 1}
    if sum(sizes) <= limit:
        assert kept == sizes
    elif out.cut is not None:
        assert sum(kept) == limit
        assert 0 < out.cut_to < sizes[out.cut]


def test_the_preview_names_the_messages_that_would_go() -> None:
    sent = path(7)
    seen = compression_preview(llama(max_tokens=1000), sent)
    assert seen is not None
    assert (seen.needed, seen.limit) == (7 * EACH + 1000, 8000)
    # 7,000 may stay: of seven messages the middle three go whole, and a fourth in part
    assert seen.left_out == (
        LeftOut("m2", EACH, whole=True),
        LeftOut("m3", EACH, whole=True),
        LeftOut("m4", EACH, whole=True),
        LeftOut("m5", 4 * EACH - 7000, whole=False),
    )
    assert seen.tokens_left_out == 7 * EACH - 7000
    assert seen.words == "≈ 7,007 tokens of 4 messages would be left out"


def test_ends_that_are_too_long_by_themselves_are_said_to_be_cut_too() -> None:
    seen = compression_preview(llama(max_tokens=5000), path(3))
    assert seen is not None
    assert seen.left_out == (LeftOut("m1", EACH, whole=True),)
    assert seen.still_over == 2 * EACH - 3000
    assert seen.words.endswith("; the rest is still ≈ 1,002 tokens too long and would be cut, too")
    alone = compression_preview(llama(max_tokens=7000), path(1))
    assert alone is not None
    assert alone.words == "it is ≈ 1,001 tokens too long, and would be cut"


def test_messages_that_are_not_sent_are_no_part_of_it() -> None:
    sent = path(5)
    silent = Message("silent", "c", None, Role.ASSISTANT, "", NOON)
    with_silent = [*sent[:2], silent, *sent[2:]]
    assert compression_preview(llama(), with_silent) == compression_preview(llama(), sent)


@pytest.mark.parametrize(("held", "breaks"), [(2, False), (3, True)])
def test_leaving_out_what_is_cached_breaks_the_prefix(held: int, breaks: bool) -> None:
    sent = path(5)
    ids = tuple(message.id for message in sent[:held])
    warm = WarmPrefix(ids, 4000, NOON + timedelta(minutes=5), NOON)
    seen = compression_preview(llama(), sent, warm)
    assert isinstance(seen, CompressionPreview)
    assert seen.breaks_cache == breaks
    assert ("cached prefix" in seen.words) == breaks


def test_nothing_is_left_out_of_what_fits() -> None:
    assert compression_preview(llama(), path(3)) is None
    assert compression_preview(request_for("nobody/knows", compress_prompts=True), path(9)) is None


def test_only_a_checked_box_leaves_anything_out() -> None:
    assert compression_preview(llama(compress=False), path(9)) is None


def test_anthropic_takes_at_most_a_thousand_messages() -> None:
    chat = Chat(request_for())
    for _ in range(1003):
        chat.say(Role.USER, "a")
    seen = compression_preview(request_for(CLAUDE, compress_prompts=True), chat.conversation.path())
    assert seen is not None
    assert len(seen.left_out) == 3


def test_too_much_is_stopped_before_it_is_sent_unless_something_shortens_it() -> None:
    sent = path(5)
    request = llama(compress=False)
    failure = overflow_failure(request, context_parts(request, sent))
    assert failure is not None
    assert failure.kind is FailureKind.CONTEXT_OVERFLOW
    assert failure.what == f"The conversation is ≈ {5 * EACH - 8000:,} tokens too long for {LLAMA}."
    assert overflow_failure(llama(), context_parts(llama(), sent)) is None
    assert overflow_failure(request, context_parts(request, path(1))) is None


def test_a_server_without_compression_cannot_shorten_anything() -> None:
    request = request_for(LLAMA, provider="compatible", compress_prompts=True)
    assert compression_preview(request, path(9)) is None
    assert overflow_failure(request, context_parts(request, path(9))) is not None


def test_files_are_a_part_of_their_own() -> None:
    chart = Attachment("0" * 64, AttachmentKind.IMAGE, "image/png", "chart.png", 900, tokens=1000)
    sent = typed_path(path(2), WORDS, [chart])
    parts = context_parts(llama(), sent)
    assert (parts.attachments, parts.prompt) == (1000, EACH)
    assert parts.used == 3 * EACH + 1000
    assert typed_path(path(2), "", [chart])[-1].attachments == [chart]
