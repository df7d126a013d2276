"""What was read out of a file comes with the answer and is kept, each once."""

import json

import pytest

from tui.domain.answer import Answer
from tui.domain.events import AnnotationsArrived
from tui.services.failures import Said
from tui.services.wire_annotations import LARGEST_ANNOTATIONS, AnnotationReader
from tui.services.wire_chat import ChatReader

PARSED = {"type": "file", "file": {"hash": "abc", "content": [{"type": "text", "text": "a page"}]}}
CITED = {"type": "url_citation", "url_citation": {"url": "https://a.example", "title": "A"}}


def chunk(*annotations: object) -> bytes:
    delta = {"content": "", "annotations": list(annotations)}
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta}]})}\n\n".encode()


def test_annotations_are_kept_each_once() -> None:
    reader = ChatReader(Said(None), "https://a.example")
    answer = Answer("m", "openrouter", 0.0)
    for piece in (chunk(PARSED, CITED), chunk(CITED), chunk({**PARSED, "name": "again"})):
        for event in reader.feed(piece):
            answer.apply(event, 1.0)
    assert answer.annotations == [PARSED, CITED]


@pytest.mark.parametrize("value", [None, 5, "x", {}, [], [None, 1, "x", [], {}]])
def test_what_is_no_annotation_is_left_out(value: object) -> None:
    assert AnnotationReader().read(value) == ()


def test_nesting_without_end_is_left_out() -> None:
    deep: object = {}
    for _ in range(100):
        deep = {"file": deep}
    assert AnnotationReader().read([deep, CITED]) == (CITED,)


def test_more_than_is_worth_keeping_is_left_out() -> None:
    reader = AnnotationReader()
    huge = {"type": "file", "file": {"hash": "h", "content": "x" * LARGEST_ANNOTATIONS}}
    assert reader.read([CITED, huge, PARSED]) == (CITED,)


def test_a_stream_without_annotations_has_no_event_for_them() -> None:
    reader = ChatReader(Said(None), "https://a.example")
    assert not any(isinstance(event, AnnotationsArrived) for event in reader.feed(chunk()))
