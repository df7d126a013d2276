from datetime import UTC, datetime

from tests.fakes.conversations import answer_to, finished, prompt_in
from tui.domain.conversation import Conversation
from tui.ui.entries import entry_for, outline_of
from tui.ui.transcript.document import Outline
from tui.ui.transcript.layout import Layout

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
    outline = outline_of([prompt, answer], None)
    assert list(outline.ids) == [prompt.id, answer.id]
    assert list(outline.shapes) == [(9, 1), (9, 0)]
    assert outline.make(1).text == "an answer"
