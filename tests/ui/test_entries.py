from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.fakes.conversations import answer_to, finished, prompt_in
from tui.domain.conversation import Conversation
from tui.domain.model import Model
from tui.ui.entries import entry_for, headed, note_of, outline_of, system_entry
from tui.ui.transcript.document import Outline
from tui.ui.transcript.layout import Layout

NO_MODELS: dict[str, Model] = {}
CONVERSATION = Conversation("c", "s", "example/model", datetime(2026, 3, 1, tzinfo=UTC))


def test_the_receipt_of_an_answer_is_written_once_it_comes_near_the_view() -> None:
    prompt = prompt_in(CONVERSATION)
    entries = [entry_for(finished(answer_to(prompt)), None) for _ in range(3)]
    layout = Layout(lambda *_: 3)
    layout.resize(40)
    layout.show(Outline.of(entries))
    layout.settle_end(3)
    assert [callable(entry.note) for entry in entries] == [True, True, False]
    assert "$0.001" in str(entries[-1].note)
    assert str(entries[0].shown_note()) == str(entries[-1].note)


def test_a_conversation_is_outlined_without_making_an_entry_of_each_message() -> None:
    prompt = prompt_in(CONVERSATION, "two\nlines")
    answer = finished(answer_to(prompt), "an answer")
    outline = outline_of([prompt, answer], NO_MODELS.get)
    assert list(outline.ids) == [prompt.id, answer.id]
    assert list(outline.shapes) == [(9, 1), (9, 0)]
    assert outline.make(1).text == "an answer"


def test_each_answer_is_named_by_the_row_of_the_model_that_it_was_asked_of() -> None:
    rows = {
        "a/sonnet-4.5": Model("a/sonnet-4.5", canonical_slug="a/4.5-sonnet-20250929"),
        "b/other": Model("b/other", canonical_slug="b/other-20260101"),
    }
    messages = []
    for row in rows.values():
        answer = finished(answer_to(prompt_in(CONVERSATION)))
        assert answer.generation is not None
        served = replace(answer.generation, model_asked=row.id, model_served=row.canonical_slug)
        messages.append(replace(answer, generation=served))
    outline = outline_of(messages, rows.get)
    notes = [str(outline.make(place).shown_note()) for place in range(len(rows))]
    assert [note.partition(" ")[0] for note in notes] == ["sonnet-4.5", "other"]


def test_a_system_prompt_stands_folded_above_the_messages() -> None:
    assert system_entry(replace(CONVERSATION, system_prompt=" \n")) is None
    outline = outline_of([prompt_in(CONVERSATION, "Hello")], NO_MODELS.get)
    assert headed(outline, None) is outline
    system = system_entry(replace(CONVERSATION, system_prompt="Be brief. 汉字"))
    assert system is not None
    assert system.reasoning_folded
    assert system.heading.startswith("System prompt · ≈ ")
    both = headed(outline, system)
    assert [both.make(index).id for index in range(2)] == ["c-system", both.ids[1]]
    assert both.make(1).text == "Hello"
    assert len(both.shapes) == 2


@pytest.mark.parametrize(
    ("asked", "text", "words"),
    [
        ({"type": "json_object"}, "{}", "✓ The answer has the format that was asked for."),
        ({"type": "json_object"}, "Sure!", "✗ The answer is not valid JSON"),
        ({"type": "text"}, "Sure!", None),
        (None, "{}", None),
    ],
)
def test_an_answer_says_whether_it_is_the_json_that_was_asked_for(
    asked: object, text: str, words: str | None
) -> None:
    answer = finished(answer_to(prompt_in(CONVERSATION)), text)
    assert answer.generation is not None
    generation = replace(answer.generation, request_settings={"params": {"response_format": asked}})
    note = str(note_of(replace(answer, generation=generation), None))
    assert note.startswith(words) if words else note.count("\n") == 0
