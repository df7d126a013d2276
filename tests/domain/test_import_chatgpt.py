"""ChatGPT's conversations.json: what is shown there comes in, as a tree, and nothing twice."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.conversation import Message, Role
from tui.domain.cost import CostTotal
from tui.domain.import_chatgpt import is_chatgpt, read_chatgpt
from tui.domain.import_values import NotAnExportError


def node(
    node_id: str,
    parent: str | None,
    role: str | None = None,
    *parts: object,
    children: tuple[str, ...] = (),
    **fields: Any,
) -> tuple[str, dict[str, Any]]:
    message = None
    if role is not None:
        content = fields.pop("content", {"content_type": "text", "parts": list(parts)})
        message = {
            "id": node_id,
            "author": {"role": role},
            "content": content,
            "create_time": 1704067200.5,
            "recipient": "all",
            "metadata": {},
        } | fields
    return node_id, {
        "id": node_id,
        "parent": parent,
        "children": list(children),
        "message": message,
    }


def export(*nodes: tuple[str, dict[str, Any]], **fields: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": "c1",
            "title": "Sky",
            "create_time": 1704067200.0,
            "update_time": 1704067300.0,
            "current_node": nodes[-1][0],
            "mapping": dict(nodes),
        }
        | fields
    ]


ROOT = node("root", None, children=("sys",))
SYSTEM = node("sys", "root", "system", "", metadata={"is_visually_hidden_from_conversation": True})
ASKED = node("q", "sys", "user", "Why is the sky blue?")
ANSWER = node("a", "q", "assistant", "Rayleigh.", metadata={"model_slug": "gpt-4o"})


def messages(*nodes: tuple[str, dict[str, Any]], **fields: Any) -> list[Message]:
    [conversation] = read_chatgpt(export(*nodes, **fields)).conversations
    return list(conversation.messages.values())


def test_a_conversation_comes_in_with_its_times_and_models() -> None:
    [conversation] = read_chatgpt(
        export(ROOT, SYSTEM, ASKED, ANSWER, is_archived=True)
    ).conversations
    assert conversation.title == "Sky"
    assert conversation.created_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert conversation.archived
    assert conversation.model == "openai/gpt-4o"
    prompt, answer = conversation.path()
    assert (prompt.role, prompt.text, prompt.parent_id) == (Role.USER, "Why is the sky blue?", None)
    assert (answer.text, answer.parent_id) == ("Rayleigh.", prompt.id)
    assert answer.generation is not None
    assert answer.generation.model_asked == "openai/gpt-4o"
    assert conversation.cost() == CostTotal()


def test_edits_and_regenerations_are_branches() -> None:
    first = node("q", "sys", "user", "One", children=("a", "b"))
    nodes = (
        ROOT,
        node("sys", "root", children=("q2", "q")),
        first,
        node("b", "q", "assistant", "second"),
        node("a", "q", "assistant", "first"),
        node("q2", "sys", "user", "Edited"),
    )
    [conversation] = read_chatgpt(export(*nodes, current_node="b")).conversations
    assert [one.text for one in conversation.children(None)] == ["Edited", "One"]
    top = conversation.children(None)[1]
    assert [one.text for one in conversation.children(top.id)] == ["first", "second"]
    assert [one.text for one in conversation.path()] == ["One", "second"]


def test_what_is_not_shown_there_is_left_out_and_its_answer_moves_up() -> None:
    nodes = (
        ROOT,
        SYSTEM,
        ASKED,
        node(
            "call",
            "q",
            "assistant",
            recipient="python",
            content={"content_type": "code", "text": "1+1"},
        ),
        node("tool", "call", "tool", "2"),
        node(
            "think",
            "tool",
            "assistant",
            content={
                "content_type": "thoughts",
                "thoughts": [{"summary": "Sum", "content": "One and one."}, 5],
            },
        ),
        node(
            "recap",
            "think",
            "assistant",
            content={"content_type": "reasoning_recap", "content": "4 s"},
        ),
        node("a", "recap", "assistant", "It is 2."),
    )
    prompt, answer = messages(*nodes)
    assert (answer.text, answer.parent_id) == ("It is 2.", prompt.id)
    assert answer.reasoning == "Sum\n\nOne and one."


def test_parts_that_are_no_text_leave_a_word() -> None:
    content = {
        "content_type": "multimodal_text",
        "parts": [
            {"content_type": "image_asset_pointer", "asset_pointer": "sediment://x"},
            "What is this?",
            {"content_type": "audio_transcription", "text": "said aloud"},
            7,
            None,
        ],
    }
    [prompt] = messages(ROOT, node("q", "root", "user", content=content))
    assert prompt.text == "*[image: not part of the export]*\n\nWhat is this?\n\nsaid aloud"


def test_marks_that_only_its_page_understands_are_taken_out() -> None:
    text = "Blue \ue200cite\ue202turn0search1\ue201because\ue203 so."
    [_, answer] = messages(ROOT, ASKED, node("a", "q", "assistant", text))
    assert answer.text == "Blue because so."


def test_instructions_of_the_user_become_the_system_prompt() -> None:
    told = {
        "is_user_system_message": True,
        "user_context_message_data": {
            "about_user_message": "I am a pilot.",
            "about_model_message": "Be brief.",
        },
    }
    nodes = (ROOT, node("sys", "root", "system", "", metadata=told), ASKED)
    [conversation] = read_chatgpt(export(*nodes)).conversations
    assert conversation.system_prompt == "I am a pilot.\n\nBe brief."
    assert len(conversation.messages) == 1


def test_the_same_export_has_the_same_ids() -> None:
    first, second = (read_chatgpt(export(ROOT, ASKED, ANSWER)).conversations[0] for _ in range(2))
    assert (first.id, list(first.messages)) == (second.id, list(second.messages))
    other = read_chatgpt(export(ROOT, ASKED, ANSWER, id="c2")).conversations[0]
    assert not first.messages.keys() & other.messages.keys()


def test_an_empty_conversation_is_none() -> None:
    assert read_chatgpt(export(ROOT, SYSTEM)).conversations == []


def test_a_circle_of_nodes_ends() -> None:
    nodes = (node("a", "b", "user", "x"), node("b", "a", "user", "y"), ASKED)
    assert [one.text for one in messages(*nodes)] == ["Why is the sky blue?"]


def test_a_long_chat_is_read_without_recursion() -> None:
    nodes = [ROOT, node("0", "root", "user", "x")]
    nodes += [node(str(n), str(n - 1), "user", str(n)) for n in range(1, 3_000)]
    assert len(messages(*nodes)) == 3_000


@pytest.mark.parametrize("document", [None, [], {}, [1], {"conversations": [{}]}, "x", [{"a": 1}]])
def test_anything_else_is_none(document: object) -> None:
    assert not is_chatgpt(document)
    with pytest.raises(NotAnExportError):
        read_chatgpt(document)


LOOSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "message",
                    "parent",
                    "author",
                    "role",
                    "content",
                    "parts",
                    "metadata",
                    "content_type",
                    "thoughts",
                    "children",
                    "create_time",
                    "q",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=3), LOOSE, max_size=4), LOOSE)
def test_no_document_makes_it_fail(mapping: dict[str, object], field: object) -> None:
    fields = dict.fromkeys(("title", "create_time", "current_node", "id", "is_starred"), field)
    read_chatgpt([{"mapping": mapping} | fields])
