"""Conversations as JSON: everything that is stored of them, so that it can be read in again.

    {"format": "openrouter-workbench", "version": 1,
     "conversations": [{"id": …, "messages": [{"id": …, "generation": {…}}]}],
     "files": {"<SHA-256>": "<base64>"}}

A conversation, a message and a generation are their rows of the database; what has no value is left
out. Reading such a file and writing it again gives the same bytes.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.export_selection import Scope
from tui.services.history_rows import (
    conversation_to_row,
    generation_to_row,
    message_to_row,
    moment_to_text,
)

FORMAT = "openrouter-workbench"
VERSION = 1
JSON_COLUMNS = frozenset(
    {
        "annotations",
        "attachments",
        "estimate",
        "images",
        "prices",
        "reasoning_details",
        "request_settings",
        "settings",
        "usage_details",
    }
)
"""Columns that hold JSON as text; in the file it is part of the document."""
_ESCAPED = re.compile("[\x7f-\x9f\ud800-\udfff]")
"""What acts in a terminal where the file is printed, or cannot be written as UTF-8."""
_OF_MESSAGE = frozenset({"conversation_id"})
_OF_GENERATION = frozenset({"conversation_id", "message_id", "started_at"})


def as_json(
    conversations: Iterable[Conversation],
    files: Iterable[tuple[str, bytes]] = (),
    scope: Scope = Scope.CONVERSATION,
) -> Iterator[str]:
    """The text of the file, piece by piece; ``files`` is data by its digest, in order of these.

    They are asked for after the last conversation was.
    """
    yield f'{{\n"format": {_dumped(FORMAT)},\n"version": {VERSION},\n"conversations": ['
    for number, conversation in enumerate(conversations):
        yield ",\n" if number else "\n"
        yield _dumped(conversation_record(conversation, scope))
    yield '\n],\n"files": {'
    for number, (digest, data) in enumerate(files):
        yield ",\n" if number else "\n"
        yield f'{_dumped(digest)}: "{b64encode(data).decode("ascii")}"'
    yield "\n}\n}\n"


def conversation_record(conversation: Conversation, scope: Scope) -> dict[str, Any]:
    """One conversation as plain data, with the messages of the active path or of all branches."""
    shown = conversation.path() if scope is Scope.BRANCH else conversation.in_sight()
    row = conversation_to_row(conversation) | {
        "updated_at": moment_to_text(conversation.updated_at or conversation.created_at),
        "leaf_id": conversation.leaf_id,
        "pinned": conversation.pinned,
        "archived": conversation.archived,
        "tags": list(conversation.tags),
    }
    return _plain(row) | {"messages": [_message_record(message) for message in shown]}


def _message_record(message: Message) -> dict[str, Any]:
    if message.state is MessageState.STREAMING:
        # In the file it will not go on.
        message = replace(message, state=MessageState.INTERRUPTED)
    record = _plain(message_to_row(message), _OF_MESSAGE)
    if message.generation is not None:
        row = generation_to_row(message.generation, message)
        record["generation"] = _plain(row, _OF_GENERATION)
    return record


def _plain(row: Mapping[str, object], left_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in JSON_COLUMNS and isinstance(value, str) else value
        for name, value in row.items()
        if value is not None and name not in left_out
    }


def _dumped(value: object) -> str:
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False, indent=1))


def _escape(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"
