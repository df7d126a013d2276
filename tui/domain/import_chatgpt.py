"""ChatGPT's export: ``conversations.json`` of its archive, a list of conversations as trees.

Each has a ``mapping`` of nodes with parent and message, and ``current_node``, the leaf on screen.
OpenAI documents none of it; the shapes are those that several independent readers describe. Nodes
that its own page does not show (roots without a message, tools, calls of tools) are left out, and
what stands below them moves up.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from tui.domain.conversation import Conversation, Generation, Message, Role, title_from
from tui.domain.cost import NOT_BILLED
from tui.domain.import_values import (
    MOST_MESSAGES,
    Imported,
    Json,
    NotAnExportError,
    id_of,
    moment_of,
    text_of,
    title_of,
)
from tui.domain.values import as_list, as_object

SOURCE = "ChatGPT"
_PROVIDER = "chatgpt"
_MODEL = "openai/chatgpt"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = 200
"""Nodes above one that are looked at for the message it follows: calls of tools in a row."""
_INTERNAL = ("thoughts", "reasoning_recap", "tether_browsing_display", "user_editable_context")
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}
# Marks of citations: signs of private use around words that only its page understands.
_CITATION = re.compile("\ue200[^\ue200\ue201]*\ue201|[\ue200-\ue206]")
_NOT_THERE = "*[{kind}: not part of the export]*"
_ASSETS = {
    "image_asset_pointer": "image",
    "audio_asset_pointer": "audio",
    "real_time_user_audio_video_asset_pointer": "recording",
}


def is_chatgpt(document: object) -> bool:
    """Whether the document looks like it."""
    conversations = _conversations(document)
    return bool(conversations) and any("mapping" in as_object(one) for one in conversations)


def read_chatgpt(document: object) -> Imported:
    """The conversations of an export; raises :class:`NotAnExportError` if it is none."""
    if not is_chatgpt(document):
        raise NotAnExportError("It is no conversations.json of ChatGPT.")
    imported = Imported(SOURCE)
    for number, row in enumerate(_conversations(document), 1):
        conversation = _conversation(as_object(row), number, imported)
        if conversation is not None:
            imported.conversations.append(conversation)
    return imported


def _conversations(document: object) -> list[object]:
    return list(as_list(as_object(document).get("conversations")) or as_list(document))


def _conversation(row: Json, number: int, imported: Imported) -> Conversation | None:
    nodes = {key: as_object(node) for key, node in as_object(row.get("mapping")).items()}
    name = text_of(row.get("conversation_id")) or text_of(row.get("id"))
    created = moment_of(row.get("create_time")) or moment_of(row.get("update_time")) or _EPOCH
    key = name or f"{number} {text_of(row.get('title'))} {created.isoformat()}"
    conversation = Conversation(
        id=id_of(SOURCE, key),
        session_id=id_of(SOURCE, key, "session"),
        model=_model(row.get("default_model_slug")) or _MODEL,
        created_at=created,
        title=title_of(row.get("title")),
        updated_at=moment_of(row.get("update_time")) or created,
        pinned=bool(row.get("is_starred") or row.get("pinned_time")),
        archived=row.get("is_archived") is True,
    )
    shown: dict[str, str] = {}
    for node_id, above in _in_order(nodes):
        if len(conversation.messages) == MOST_MESSAGES:
            imported.problems.append(f"Conversation {number} was cut: it has too many messages.")
            break
        node = as_object(nodes[node_id].get("message"))
        instructions = _instructions(node)
        if instructions:
            conversation.system_prompt = conversation.system_prompt or instructions
        text = _text(node) if _is_shown(node) else ""
        if not text.strip():
            continue
        parent_id = next((shown[one] for one in reversed(above) if one in shown), None)
        message = _message(conversation, key, node_id, node, text, parent_id)
        thoughts = (
            _thoughts(as_object(nodes[one].get("message"))) for one in _hidden(above, shown)
        )
        if message.role is Role.ASSISTANT:
            message = _with_reasoning(message, "\n\n".join(filter(None, thoughts)))
        conversation.put(message)
        shown[node_id] = message.id
    if not conversation.messages:
        return None
    leaf = text_of(row.get("current_node"))
    seen: set[str] = set()
    while leaf in nodes and leaf not in shown and leaf not in seen:
        seen.add(leaf)
        leaf = text_of(nodes[leaf].get("parent"))
    conversation.leaf_id = shown.get(leaf) or list(conversation.messages)[-1]
    first = next(iter(conversation.messages.values()))
    conversation.title = conversation.title or title_from(first.text)
    answers = [one for one in conversation.messages.values() if one.generation is not None]
    if answers and answers[-1].generation is not None:
        conversation.model = answers[-1].generation.model_asked
    return conversation


def _in_order(nodes: dict[str, Json]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every node with those above it, parents first, siblings as they are listed."""
    children: dict[str | None, list[str]] = {}
    for node_id, node in nodes.items():
        parent = text_of(node.get("parent"))
        children.setdefault(parent if parent in nodes and parent != node_id else None, []).append(
            node_id
        )
    for node_id, node in nodes.items():
        listed = [text_of(child) for child in as_list(node.get("children"))]
        order = {child: place for place, child in enumerate(listed)}
        children.get(node_id, []).sort(key=lambda child: order.get(child, len(order)))
    waiting: list[tuple[str, tuple[str, ...]]] = [
        (root, ()) for root in reversed(children.get(None, []))
    ]
    while waiting:
        node_id, above = waiting.pop()
        yield node_id, above
        # Only the nodes since the last few messages matter, and a chat may be very long.
        below = (*above[-_REMEMBERED:], node_id)
        waiting.extend((child, below) for child in reversed(children.get(node_id, [])))


def _hidden(above: tuple[str, ...], shown: dict[str, str]) -> list[str]:
    """The nodes between a message and the one it follows."""
    hidden: list[str] = []
    for node_id in reversed(above):
        if node_id in shown:
            break
        hidden.insert(0, node_id)
    return hidden


def _is_shown(message: Json) -> bool:
    metadata = as_object(message.get("metadata"))
    recipient = message.get("recipient")
    return (
        text_of(as_object(message.get("author")).get("role")) in _ROLES
        and metadata.get("is_visually_hidden_from_conversation") is not True
        and metadata.get("is_user_system_message") is not True
        and recipient in (None, "all")
        and as_object(message.get("content")).get("content_type") not in _INTERNAL
    )


def _text(message: Json) -> str:
    content = as_object(message.get("content"))
    if content.get("content_type") == "code":
        return f"```{text_of(content.get('language'))}\n{text_of(content.get('text'))}\n```"
    pieces = [_part(part) for part in as_list(content.get("parts"))]
    pieces = pieces or [text_of(content.get("text"))]
    return _CITATION.sub("", text_of("\n\n".join(piece for piece in pieces if piece)))


def _part(part: object) -> str:
    if isinstance(part, str):
        return text_of(part)
    row = as_object(part)
    kind = _ASSETS.get(text_of(row.get("content_type")))
    return _NOT_THERE.format(kind=kind) if kind is not None else text_of(row.get("text"))


def _thoughts(message: Json) -> str:
    content = as_object(message.get("content"))
    if content.get("content_type") != "thoughts":
        return ""
    rows = [as_object(thought) for thought in as_list(content.get("thoughts"))]
    pairs = ((text_of(row.get("summary")), text_of(row.get("content"))) for row in rows)
    return text_of("\n\n".join(text for pair in pairs for text in pair if text))


def _instructions(message: Json) -> str:
    """What the user once said of themselves and of how to answer, as a system prompt."""
    metadata = as_object(message.get("metadata"))
    if metadata.get("is_user_system_message") is not True:
        return ""
    data = as_object(metadata.get("user_context_message_data"))
    texts = (text_of(data.get(key)) for key in ("about_user_message", "about_model_message"))
    return "\n\n".join(filter(None, texts))


def _message(
    conversation: Conversation,
    key: str,
    node_id: str,
    node: Json,
    text: str,
    parent_id: str | None,
) -> Message:
    role = _ROLES[as_object(node.get("author"))["role"]]
    model = _model(as_object(node.get("metadata")).get("model_slug")) or conversation.model
    # OpenRouter never billed it, so it must not make a total look incomplete.
    generation = Generation(model, _PROVIDER, cost=NOT_BILLED) if role is Role.ASSISTANT else None
    return Message(
        id=id_of(SOURCE, key, node_id),
        conversation_id=conversation.id,
        parent_id=parent_id,
        role=role,
        text=text,
        created_at=moment_of(node.get("create_time")) or conversation.created_at,
        generation=generation,
    )


def _with_reasoning(message: Message, reasoning: str) -> Message:
    return replace(message, reasoning=text_of(reasoning)) if reasoning else message


def _model(slug: object) -> str:
    name = title_of(slug)
    return f"openai/{name}" if name and name != "auto" else ""
