"""Reading in what :mod:`tui.services.exporter_json` wrote, or what claims to be that."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.import_values import MOST_MESSAGES, Imported, NotAnExportError, id_of, text_of
from tui.domain.sanitize import single_line
from tui.domain.values import as_list, as_object
from tui.services.exporter_json import FORMAT, JSON_COLUMNS, VERSION
from tui.services.history_problems import UNREADABLE
from tui.services.history_rows import (
    conversation_from_row,
    conversation_to_row,
    generation_to_row,
    message_from_row,
    message_to_row,
)
from tui.services.importer_checks import (
    LONGEST_ENCODED,
    LONGEST_WORDS,
    bounded_columns,
    check_files,
    moment_text,
)

SOURCE = "OpenRouter Workbench"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DIGEST = re.compile("[0-9a-f]{64}")
_DEFAULTS: Mapping[str, object] = {
    "draft": "",
    "failure_text": "",
    "model": "",
    "reasoning": "",
    "request_settings": "{}",
    "settings": "{}",
    "state": str(MessageState.COMPLETE),
    "system_prompt": "",
    "title": "",
}


class _Record(dict[str, Any]):
    """A row of the database from the file: columns that are missing have no value."""

    def __missing__(self, name: str) -> object:
        return _DEFAULTS.get(name)


def is_native(document: object) -> bool:
    """Whether the document is one of ours, of any version."""
    return as_object(document).get("format") == FORMAT


def read_native(document: object) -> Imported:
    """The conversations of a file; raises :class:`NotAnExportError` if it is none of ours.

    What cannot be read is left out and named: a conversation as a whole, or one of its messages.
    """
    root = as_object(document)
    if not is_native(document):
        raise NotAnExportError("It was not written by this program.")
    if not isinstance(root.get("version"), int) or not 1 <= root["version"] <= VERSION:
        raise NotAnExportError("It was written by a newer version of this program.")
    imported = Imported(SOURCE)
    for number, row in enumerate(as_list(root.get("conversations")), 1):
        try:
            imported.conversations.append(_conversation(as_object(row), number, imported))
        except (*UNREADABLE, KeyError, AttributeError, RecursionError) as error:
            words = single_line(f"{type(error).__name__}: {error}", 100)
            imported.problems.append(f"Conversation {number} cannot be read ({words}).")
    for digest, encoded in as_object(root.get("files")).items():
        if not _DIGEST.fullmatch(digest) or not isinstance(encoded, str):
            continue
        if len(encoded) > LONGEST_ENCODED:
            imported.problems.append(f"The file {digest[:8]}… is too large.")
            continue
        try:
            imported.files[digest] = b64decode(encoded, validate=True)
        except ValueError:
            imported.problems.append(f"The file {digest[:8]}… cannot be read.")
    return imported


def _conversation(source: Mapping[str, Any], number: int, imported: Imported) -> Conversation:
    row = _Record(_as_columns(source))
    row["id"] = conversation_id = _clean_id(row["id"], "", f"conversation {number}")
    row["session_id"] = _clean_id(row["session_id"], conversation_id, "session")
    if len(text_of(source.get("title"))) > LONGEST_WORDS:
        imported.problems.append(f"The title of conversation {number} was cut: it is too long.")
    row["created_at"] = moment_text(row["created_at"])
    row["updated_at"] = moment_text(row["updated_at"] or row["created_at"])
    messages: dict[str, Message] = {}
    rows = as_list(source.get("messages"))
    if len(rows) > MOST_MESSAGES:
        imported.problems.append(f"Conversation {number} was cut: it has too many messages.")
    for place, item in enumerate(rows[:MOST_MESSAGES]):
        try:
            message = _message(as_object(item), conversation_id, place)
        except (*UNREADABLE, KeyError, AttributeError, RecursionError):
            words = f"Message {place + 1} of conversation {number} cannot be read."
            imported.problems.append(words)
            continue
        if message.parent_id not in messages:
            # It must come before; so nothing can go round in a circle.
            message = replace(message, parent_id=None)
        messages[message.id] = message
    tags = [single_line(text_of(tag), 40) for tag in as_list(source.get("tags"))[:100]]
    row["leaf_id"] = _clean_id(row["leaf_id"], conversation_id, "leaf")
    conversation = conversation_from_row(row, list(messages.values()), tags=sorted({*tags} - {""}))
    conversation_to_row(conversation)  # raises for a value that could not be stored
    return conversation


def _message(source: Mapping[str, Any], conversation_id: str, place: int) -> Message:
    row = _Record(_as_columns(source))
    row["id"] = _clean_id(row["id"], conversation_id, f"message {place}")
    row["conversation_id"] = conversation_id
    if row["parent_id"] is not None:
        row["parent_id"] = _clean_id(row["parent_id"], conversation_id, "parent")
    row["text"] = text_of(row["text"])
    row["reasoning"] = text_of(row["reasoning"])
    row["created_at"] = moment_text(row["created_at"])
    generation = source.get("generation")
    if isinstance(generation, dict):
        row = _Record({**_as_columns(generation), **row})
    else:
        row["model_asked"] = None
    message = message_from_row(row)
    if message.state is MessageState.STREAMING:
        message = replace(message, state=MessageState.INTERRUPTED)
    check_files(message)
    message_to_row(message)  # these raise for a value that could not be stored
    if message.generation is not None:
        generation_to_row(message.generation, message)
    return message


def _as_columns(source: Mapping[str, Any]) -> dict[str, Any]:
    """The record as a row: JSON that is part of the document is text there.

    Earlier versions of the program wrote some of it as text in the document too.
    """
    columns = {
        name: json.dumps(value)
        if name in JSON_COLUMNS and value is not None and not isinstance(value, str)
        else value
        for name, value in source.items()
        if name not in ("messages", "generation", "tags")
    }
    return bounded_columns(columns)


def _clean_id(value: object, within: str, missing: str) -> str:
    """The id as it is if it could be ours, else one that is the same each time.

    ``missing`` stands for an id that is not there.
    """
    text = text_of(value)
    return text if _ID.fullmatch(text) else id_of(SOURCE, within, text or missing)
