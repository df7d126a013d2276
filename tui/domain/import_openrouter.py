"""What OpenRouter's chatroom saves: one conversation a file, as ``orpg.1.0`` to ``orpg.3.0``.

``characters`` are the models that were asked, each with its instructions; ``messages`` are keyed by
id. Up to version 2 a message holds its text in ``content`` and its thoughts in ``reasoning``;
version 3 names ``items``, which hold both, and ``parentMessageId``. The format is not documented;
this is what real files and the readers of several other programs show.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tui.domain.attachments import Attachment, inspect
from tui.domain.conversation import Conversation, Generation, Message, Role, Timing, title_from
from tui.domain.cost import UNKNOWN_COST, Cost, CostSource, Usage
from tui.domain.errors import WorkbenchError
from tui.domain.import_values import (
    LONGEST_TEXT,
    MOST_MESSAGES,
    Imported,
    Json,
    NotAnExportError,
    amount_of,
    count_of,
    id_of,
    moment_of,
    seconds_of,
    text_of,
    title_of,
)
from tui.domain.model import normalise_model_id
from tui.domain.pictures import data_in
from tui.domain.values import as_list, as_object

SOURCE = "OpenRouter chatroom"
_PROVIDER = "openrouter"
_AUTO = "openrouter/auto"
_USER = "USER"
_VERSION = re.compile(r"orpg\.[1-9]\d*\.\d+")
_TIME_IN_ID = re.compile(r"msg-(\d{10})-")
_TEXTS = ("input_text", "output_text", "text", "refusal")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Row:
    """One message as far as all versions tell it."""

    id: str
    role: Role
    row: Json
    at: datetime
    parent: str
    parts: Sequence[Json]
    reasoning: str


def is_openrouter(document: object) -> bool:
    """Whether the document looks like it."""
    row = as_object(document)
    return _VERSION.fullmatch(text_of(row.get("version"))) is not None and "messages" in row


def read_openrouter(document: object) -> Imported:
    """The conversation of an export; raises :class:`NotAnExportError` if it is none."""
    if not is_openrouter(document):
        raise NotAnExportError("It is no chat saved by OpenRouter's chatroom.")
    source = as_object(document)
    imported = Imported(SOURCE)
    rows = sorted(_rows(source), key=lambda row: row.at)
    if not rows:
        return imported
    if len(rows) > MOST_MESSAGES:
        imported.problems.append("The chat was cut: it has too many messages.")
    characters = as_object(source.get("characters"))
    key = rows[0].id  # the file has no id of its own, and its first message stays the first
    conversation = Conversation(
        id=id_of(SOURCE, key),
        session_id=id_of(SOURCE, key, "session"),
        model=_AUTO,
        created_at=rows[0].at,
        title=title_of(source.get("title")),
        updated_at=rows[-1].at,
        system_prompt=_instructions(characters, rows),
    )
    parents = _parents(rows)
    for row in _parents_first(rows[:MOST_MESSAGES], parents):
        parent = parents.get(row.id)
        parent_id = id_of(SOURCE, key, parent) if parent else None
        if parent_id not in conversation.messages:
            parent_id = None
        message = _message(row, key, parent_id, conversation, characters, imported)
        conversation.put(message)
        if message.generation is not None:
            conversation.model = message.generation.model_asked
    conversation.leaf_id = id_of(SOURCE, key, rows[:MOST_MESSAGES][-1].id)
    first = next(iter(conversation.messages.values()))
    conversation.title = conversation.title or title_from(first.text)
    imported.conversations.append(conversation)
    return imported


def _rows(source: Json) -> Iterator[_Row]:
    items = as_object(source.get("items"))
    for key, value in as_object(source.get("messages")).items():
        row = as_object(value)
        name = text_of(row.get("id")) or key
        is_user = row.get("type") == "user" or row.get("characterId") == _USER
        parts, reasoning = _content(row, items)
        if not parts and not reasoning:
            continue
        found = _TIME_IN_ID.match(name)
        at = (
            moment_of(row.get("createdAt"))
            or (moment_of(int(found[1])) if found is not None else None)
            or moment_of(row.get("updatedAt"))
            or _EPOCH
        )
        role = Role.USER if is_user else Role.ASSISTANT
        yield _Row(name, role, row, at, text_of(row.get("parentMessageId")), parts, reasoning)


def _content(row: Json, items: Json) -> tuple[list[Json], str]:
    """The parts of a message, and its reasoning."""
    references = [as_object(one) for one in as_list(row.get("items"))]
    if not references:
        content = row.get("content")
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        found = [as_object(part) for part in [*as_list(parts), *as_list(row.get("attachments"))]]
        return [part for part in found if part], text_of(row.get("reasoning"))
    references.sort(key=lambda one: count_of(one.get("sequenceIndex")) or 0)
    parts, thoughts = [], []
    for reference in references:
        data = as_object(as_object(items.get(text_of(reference.get("id")))).get("data"))
        content = data.get("content")
        pieces = [{"type": "text", "text": content}] if isinstance(content, str) else content
        rows = [as_object(piece) for piece in as_list(pieces)]
        if data.get("type") == "reasoning":
            rows += [as_object(piece) for piece in as_list(data.get("summary"))]
            thoughts += [text_of(piece.get("text")) for piece in rows]
        elif data.get("type") in (None, "message"):
            parts += [piece for piece in rows if piece]
    return parts, "\n\n".join(filter(None, thoughts))


def _parents(rows: Sequence[_Row]) -> dict[str, str]:
    """What each message follows, by their ids.

    Where no message of the user's names another, as up to version 2, they follow each other: the
    answers of several models to one message are siblings, and the next message follows the last.
    """
    known = {row.id for row in rows}
    named = any(row.parent in known for row in rows if row.role is Role.USER)
    parents: dict[str, str] = {}
    prompt = last = ""
    for row in rows:
        if row.role is Role.USER:
            parent = row.parent if named else last
            prompt = row.id
        else:
            parent = row.parent if row.parent in known else prompt
        if parent in known and parent != row.id:
            parents[row.id] = parent
        last = row.id
    return parents


def _parents_first(rows: Sequence[_Row], parents: dict[str, str]) -> Iterator[_Row]:
    """The messages so that each comes after the one it follows; a circle is cut open."""
    by_id = {row.id: row for row in rows}
    done: set[str] = set()
    for row in rows:
        line = {row.id: row}
        parent = parents.get(row.id)
        while parent is not None and parent in by_id and not (parent in done or parent in line):
            line[parent] = by_id[parent]
            parent = parents.get(parent)
        for one in reversed(line.values()):
            if one.id not in done:
                done.add(one.id)
                yield one


def _message(
    row: _Row,
    key: str,
    parent_id: str | None,
    conversation: Conversation,
    characters: Json,
    imported: Imported,
) -> Message:
    texts = [text_of(part.get("text")) for part in row.parts if part.get("type") in _TEXTS]
    attachments = [found for part in row.parts if (found := _attachment(part, imported))]
    metadata = as_object(row.row.get("metadata"))
    character = as_object(characters.get(text_of(row.row.get("characterId"))))
    model = normalise_model_id(
        text_of(metadata.get("variantSlug")) or text_of(character.get("model")) or _AUTO
    )
    is_answer = row.role is Role.ASSISTANT
    return Message(
        id=id_of(SOURCE, key, row.id),
        conversation_id=conversation.id,
        parent_id=parent_id,
        role=row.role,
        text=text_of("\n\n".join(filter(None, texts))),
        created_at=row.at,
        reasoning=text_of(row.reasoning) if is_answer else "",
        generation=_generation(model, metadata) if is_answer else None,
        attachments=tuple(attachments),
    )


def _generation(model: str, metadata: Json) -> Generation:
    """Who answered and what it cost, as far as the export says."""
    amount = amount_of(metadata.get("cost"))
    is_known = amount is not None and (amount > 0 or model.endswith(":free"))
    return Generation(
        model_asked=model,
        provider_name=_PROVIDER,
        served_by=title_of(metadata.get("provider")) or None,
        generation_id=text_of(metadata.get("generationId"))[:200] or None,
        usage=_usage(metadata, amount if is_known else None),
        cost=Cost(amount, CostSource.REPORTED) if is_known else UNKNOWN_COST,
        timing=Timing(
            seconds_of(metadata.get("latencyDuration")), seconds_of(metadata.get("duration"))
        ),
    )


def _usage(metadata: Json, cost: Decimal | None) -> Usage | None:
    tokens = count_of(metadata.get("tokensCount"))
    return Usage(completion_tokens=tokens, cost=cost) if tokens is not None or cost else None


def _attachment(part: Json, imported: Imported) -> Attachment | None:
    """A file that is part of the export; one that is elsewhere is not fetched."""
    for name in ("image_url", "file_data", "url", "dataUrl", "data"):
        value = part.get(name)
        address = text_of(as_object(value).get("url") if isinstance(value, dict) else value)
        if not address.startswith("data:") or len(address) == LONGEST_TEXT:
            continue
        data = data_in(address) or b""
        try:
            found = inspect(data, text_of(part.get("filename")) or text_of(part.get("name")))
        except WorkbenchError as error:
            imported.problems.append(error.failure.what)
            return None
        imported.files[found.digest] = data
        return found
    return None


def _instructions(characters: Json, rows: Sequence[_Row]) -> str:
    """The instructions that all models which answered were given, if they were the same."""
    asked = [text_of(row.row.get("characterId")) for row in rows if row.role is Role.ASSISTANT]
    texts = {text_of(as_object(characters.get(name)).get("description")).strip() for name in asked}
    return next(iter(texts)) if len(texts) == 1 else ""
