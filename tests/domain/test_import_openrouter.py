"""What OpenRouter's chatroom saves, in the shapes of its three versions."""

from base64 import b64encode
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.images import png
from tui.domain.conversation import Conversation, Role
from tui.domain.cost import CostTotal
from tui.domain.import_openrouter import is_openrouter, read_openrouter
from tui.domain.import_values import Imported, NotAnExportError

AT = "2026-02-01T20:12:{:02}.652Z"


def user(name: str, second: int, parent: str | None = None) -> dict[str, Any]:
    return {
        "id": name,
        "characterId": "USER",
        "type": "user",
        "parentMessageId": parent,
        "createdAt": AT.format(second),
        "items": [{"id": f"item-{name}", "type": "message"}],
    }


def answer(
    name: str, second: int, parent: str, character: str = "c1", **metadata: Any
) -> dict[str, Any]:
    return {
        "id": name,
        "characterId": character,
        "type": "assistant",
        "parentMessageId": parent,
        "createdAt": AT.format(second),
        "metadata": metadata,
        "items": [
            {"id": f"item-{name}", "type": "message", "sequenceIndex": 1},
            {"id": f"think-{name}", "type": "reasoning", "sequenceIndex": 0},
        ],
    }


def export(*messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    items = {}
    for row in messages:
        kind = "input_text" if row["type"] == "user" else "output_text"
        items[f"item-{row['id']}"] = {
            "messageId": row["id"],
            "data": {
                "type": "message",
                "content": [{"type": kind, "text": f"text of {row['id']}"}],
            },
        }
        items[f"think-{row['id']}"] = {
            "messageId": row["id"],
            "data": {
                "type": "reasoning",
                "content": [{"type": "reasoning_text", "text": "thinking"}],
            },
        }
    return {
        "version": "orpg.3.0",
        "title": "Sky",
        "characters": {
            "c1": {"id": "c1", "model": "a/one", "description": "Be brief."},
            "c2": {"id": "c2", "model": "b/two:free", "description": "Be brief."},
        },
        "messages": {row["id"]: row for row in messages},
        "items": items,
    } | fields


def read(document: object) -> Conversation:
    [conversation] = read_openrouter(document).conversations
    return conversation


def texts(conversation: Conversation) -> list[str]:
    return [message.text for message in conversation.path()]


def test_version_3_is_a_tree_of_items() -> None:
    bill: dict[str, Any] = {
        "variantSlug": "a/one",
        "tokensCount": 776,
        "cost": "0.00042",
        "duration": 2500,
        "latencyDuration": 500,
        "generationId": "gen-1",
        "provider": "Example",
    }
    chat = read(
        export(user("q", 1), answer("a", 2, "q", **bill), user("q2", 3, "a"), answer("a2", 4, "q2"))
    )
    assert chat.title == "Sky"
    assert chat.created_at == datetime(2026, 2, 1, 20, 12, 1, 652000, tzinfo=UTC)
    assert texts(chat) == ["text of q", "text of a", "text of q2", "text of a2"]
    assert chat.system_prompt == "Be brief."
    reply = chat.path()[1]
    assert (reply.role, reply.reasoning) == (Role.ASSISTANT, "thinking")
    generation = reply.generation
    assert generation is not None
    assert (generation.model_asked, generation.served_by) == ("a/one", "Example")
    assert (generation.timing.first_token, generation.timing.total) == (0.5, 2.5)
    assert generation.usage is not None
    assert generation.usage.completion_tokens == 776
    assert chat.cost() == CostTotal(Decimal("0.00042"), unknown=1)


def test_several_models_and_tries_are_siblings() -> None:
    chat = read(
        export(
            user("q", 1),
            answer("a", 2, "q"),
            answer("b", 3, "q", "c2"),
            answer("c", 4, "q"),
            user("next", 5, "b"),
        )
    )
    [prompt] = chat.children(None)
    assert [one.text[-1] for one in chat.children(prompt.id)] == ["a", "b", "c"]
    assert texts(chat) == ["text of q", "text of b", "text of next"]
    models = {one.generation.model_asked for one in chat.messages.values() if one.generation}
    assert models == {"a/one", "b/two:free"}


def test_messages_that_name_no_other_follow_each_other() -> None:
    chat = read(export(user("q", 1), answer("a", 2, "q"), user("q2", 3), answer("a2", 4, "q2")))
    assert texts(chat) == ["text of q", "text of a", "text of q2", "text of a2"]


def test_versions_1_and_2_hold_their_text_in_the_message() -> None:
    def old(name: str, character: str, **fields: Any) -> dict[str, Any]:
        return {
            "id": name,
            "characterId": character,
            "content": f"text of {name[-1]}",
            "updatedAt": "2025-04-02T02:18:22.545Z",
        } | fields

    rows = [
        old("msg-1743560633-b", "c1", reasoning="hm"),
        old("msg-1743560600-q", "USER"),
        old("msg-1743560700-r", "USER", content=[{"type": "text", "text": "text of r"}]),
    ]
    document = export() | {"version": "orpg.1.0", "messages": {row["id"]: row for row in rows}}
    chat = read(document)
    assert texts(chat) == ["text of q", "text of b", "text of r"]
    assert chat.path()[1].reasoning == "hm"
    assert chat.created_at == datetime.fromtimestamp(1743560600, UTC)


@pytest.mark.parametrize(
    ("cost", "model", "total"),
    [
        ("0", "b/two:free", CostTotal()),
        ("0", "a/one", CostTotal(unknown=1)),
        (None, "a/one", CostTotal(unknown=1)),
        ("free", "a/one", CostTotal(unknown=1)),
        ("-1", "a/one", CostTotal(unknown=1)),
        (0.25, "a/one", CostTotal(Decimal("0.25"))),
        (1e300, "a/one", CostTotal(unknown=1)),
    ],
)
def test_a_cost_of_nothing_is_believed_of_free_models_only(
    cost: object, model: str, total: CostTotal
) -> None:
    assert (
        read(export(user("q", 1), answer("a", 2, "q", cost=cost, variantSlug=model))).cost()
        == total
    )


def test_files_in_the_export_come_in_and_others_are_not_fetched() -> None:
    document = export(user("q", 1))
    address = f"data:image/png;base64,{b64encode(png()).decode()}"
    document["items"]["item-q"]["data"]["content"] += [
        {"type": "input_image", "image_url": address},
        {"type": "input_file", "file_data": address, "filename": "again.png"},
        {"type": "input_image", "image_url": {"url": "https://tracker.example/x.png"}},
        {"type": "input_file", "file_data": "data:application/zip;base64,UEsDBAAA"},
    ]
    imported = read_openrouter(document)
    [prompt] = imported.conversations[0].path()
    assert [one.name for one in prompt.attachments] == ["file", "again.png"]
    assert list(imported.files.values()) == [png()]
    assert len(imported.problems) == 1


def test_different_instructions_are_nobodys() -> None:
    document = export(user("q", 1), answer("a", 2, "q"), answer("b", 3, "q", "c2"))
    document["characters"]["c2"]["description"] = "Be long."
    assert read(document).system_prompt == ""


def test_the_same_export_has_the_same_ids_also_when_it_has_grown() -> None:
    short = read(export(user("q", 1), answer("a", 2, "q")))
    longer = read(export(user("q", 1), answer("a", 2, "q"), user("q2", 3, "a")))
    assert short.id == longer.id
    assert short.messages.keys() < longer.messages.keys()


def test_a_circle_of_parents_ends() -> None:
    chat = read(export(user("q", 1, "a"), answer("a", 2, "q")))
    assert len(chat.messages) == 2


def test_a_line_of_messages_that_comes_backwards_is_one_path() -> None:
    chat = read(export(*(user(f"m{number}", 0, f"m{number + 1}") for number in range(50))))
    *_, last = chat.messages
    assert len(chat.path(last)) == 50


def test_an_empty_chat_is_none() -> None:
    assert read_openrouter(export()).conversations == []


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"version": "1", "messages": {}},
        {"version": "orpg.3.0"},
        {"version": 3, "messages": {}},
    ],
)
def test_anything_else_is_none(document: object) -> None:
    assert not is_openrouter(document)
    with pytest.raises(NotAnExportError):
        read_openrouter(document)


KEYS = [
    "id",
    "type",
    "characterId",
    "parentMessageId",
    "createdAt",
    "items",
    "content",
    "metadata",
    "data",
    "text",
    "cost",
    "image_url",
    "url",
    "tokensCount",
    "duration",
    "model",
    "description",
]
LOOSE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["USER", "user", "message", "text", "data:,x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.text(max_size=3), LOOSE, max_size=4), LOOSE, LOOSE)
def test_no_document_makes_it_fail(
    messages: dict[str, object], items: object, other: object
) -> None:
    document = {
        "version": "orpg.3.0",
        "messages": messages,
        "items": items,
        "characters": other,
        "title": other,
    }
    assert isinstance(read_openrouter(document), Imported)
