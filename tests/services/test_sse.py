"""Server-sent events are read as the HTML standard says, however the bytes are cut."""

import itertools
import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.sse import Comment, EventTooLongError, ServerSentEvent, SseParser

Events = list[tuple[str, str, str]]


def parse(*chunks: bytes) -> Events:
    parser = SseParser()
    found = [item for chunk in chunks for item in parser.feed(chunk)]
    return [(e.event, e.data, e.last_id) for e in found if isinstance(e, ServerSentEvent)]


def message(*data: str) -> Events:
    return [("message", text, "") for text in data]


# The cases of the web platform tests for the format, and what clients have got wrong.
CASES: dict[str, tuple[bytes, Events]] = {
    "byte order mark is dropped": (b"\xef\xbb\xbfdata:1\n\ndata:2\n\n", message("1", "2")),
    "only one byte order mark is dropped": (
        b"\xef\xbb\xbf\xef\xbb\xbfdata:1\n\ndata:2\n\n",
        message("2"),
    ),
    "byte order mark within is part of a name": (
        b"data:1\n\n\xef\xbb\xbfdata:2\n\ndata:3\n\n",
        message("1", "3"),
    ),
    "comments": (
        b"data:1\r:\0\n:\r\ndata:2\n:" + b"x" * 3000 + b"\rdata:3\n:data:fail\r:x\ndata:4\n\n",
        message("1\n2\n3\n4"),
    ),
    "data before the final empty line is dropped": (
        b"retry:1000\ndata:test1\n\nid:test\ndata:test2",
        message("test1"),
    ),
    "data field": (b"data:\n\ndata\ndata\n\ndata:test\n\n", message("", "\n", "test")),
    "empty event field": (b"event: \ndata:data\n\n", message("data")),
    "event field": (b"event:test\ndata:x\n\ndata:x\n\n", [("test", "x", ""), ("message", "x", "")]),
    "event field without data": (b"event:test\n\ndata:x\n\n", message("x")),
    "last event field counts": (b"event:a\nevent:b\ndata:x\n\n", [("b", "x", "")]),
    "id is kept for later events": (
        b"id:1\ndata:a\n\ndata:b\n\n",
        [("message", "a", "1"), ("message", "b", "1")],
    ),
    "empty id resets": (
        b"id:1\ndata:a\n\nid\ndata:b\n\n",
        [("message", "a", "1"), ("message", "b", "")],
    ),
    "id with NUL is ignored": (
        b"id:1\ndata:a\n\nid:2\0\ndata:b\n\n",
        [("message", "a", "1"), ("message", "b", "1")],
    ),
    "leading space": (b"data:\ttest\rdata: \ndata:test\n\n", message("\ttest\n\ntest")),
    "only one leading space is dropped": (b"data:  x\n\n", message(" x")),
    "newlines": (b"data:test\r\ndata\ndata:test\r\n\r\n", message("test\n\ntest")),
    "CR alone ends lines": (b"data:a\r\rdata:b\r\r", message("a", "b")),
    "CRLF is one line end": (b"data:a\r\ndata:b\r\n\r\n", message("a\nb")),
    "LF CR LF": (b"data:a\n\r\ndata:b\n\n", message("a", "b")),
    "NUL in data": (b"data:\0\n\n\n\n", message("\0")),
    "retry is no event": (b"retry:3000\n\ndata:x\n\n", message("x")),
    "bogus retry": (b"retry:3000\nretry:1000x\ndata:x\n\n", message("x")),
    "unknown fields": (
        b"data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacomment\ndata:test\n\n",
        message("test\n\ntest"),
    ),
    "names are case sensitive": (b"DATA:x\nData:y\ndata:z\n\n", message("z")),
    "colons in data": (b"data:a:b: c\n\n", message("a:b: c")),
    "UTF-8": ("data:ok…\n\n".encode(), message("ok…")),
    "bytes that are no UTF-8": (b"data:a\xff\xe2\x82b\n\n", message("a\ufffd\ufffdb")),
    "characters that only look like line ends": (
        "data:a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\n\n".encode(),
        message("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei"),
    ),
    "empty lines alone": (b"\n\n\r\n\r\r\n", []),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("stream", "expected"), CASES.values(), ids=CASES.keys())
def test_format_gives_the_same_events_whole_bytewise_and_split_anywhere(
    stream: bytes, expected: Events
) -> None:
    assert parse(stream) == expected
    assert parse(*(stream[i : i + 1] for i in range(len(stream)))) == expected
    for at in range(len(stream) + 1):
        assert parse(stream[:at], b"", stream[at:]) == expected, at


@given(
    st.lists(st.sampled_from([b"data:", b"x", b" ", b"\r", b"\n", b"\xe2", b"\x82\xac", b"id:1"])),
    st.data(),
)
def test_any_split_gives_the_same_events(pieces: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert parse(*chunks) == parse(stream)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_through_as_json(text: str) -> None:
    stream = b"data: " + json.dumps(text, ensure_ascii=False).encode() + b"\n\n"
    [(_, data, _)] = parse(stream)
    assert json.loads(data) == text


def test_a_comment_is_told_apart_as_a_sign_of_life() -> None:
    found = list(SseParser().feed(b": PROCESSING\n\ndata:x\n\n"))
    assert found == [Comment(), ServerSentEvent("x")]


def feed_until_refused(parser: SseParser, chunks: Iterable[bytes]) -> tuple[list[str], bool]:
    found = []
    try:
        for chunk in chunks:
            for item in parser.feed(chunk):
                assert isinstance(item, ServerSentEvent)
                found.append(item.data)
    except EventTooLongError:
        return found, True
    return found, False


@pytest.mark.parametrize("end", [b"", b"\n\n"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_line_past_its_bound_is_refused_after_what_came_before(end: bytes, size: int) -> None:
    stream = b"data:kept\n\ndata:" + b"x" * 96 + end
    chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert feed_until_refused(SseParser(longest=100), chunks) == (["kept"], True)


def test_a_line_at_its_bound_is_taken() -> None:
    stream = b"data:" + b"x" * 95 + b"\n\n"
    assert feed_until_refused(SseParser(longest=100), [stream]) == (["x" * 95], False)


def test_an_event_of_endless_short_lines_is_refused() -> None:
    parser = SseParser(longest=1000)
    assert feed_until_refused(parser, itertools.repeat(b"data:\n", 201)) == ([], True)


def test_the_bound_of_an_event_starts_anew_with_each() -> None:
    parser = SseParser(longest=10)
    chunks = [b"data:12345\n\n"] * 100
    assert feed_until_refused(parser, chunks) == (["12345"] * 100, False)
