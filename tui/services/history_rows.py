"""Messages and generations as rows and back: what is read is what was written.

Two things cannot be stored as they are: lone surrogates, which UTF-8 cannot carry, become U+FFFD,
and numbers that are no measure of anything (NaN, counts beyond 64 bits) become NULL, unknown.
"""

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tui.domain.chat_settings import ChatSettings
from tui.domain.conversation import (
    Conversation,
    Generation,
    Message,
    MessageState,
    Role,
    Timing,
)
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.errors import FailureKind
from tui.domain.image_header import ImageFormat
from tui.domain.pictures import Picture
from tui.domain.sanitize import storable
from tui.services.attachments_rows import (
    annotations_from_text,
    annotations_to_text,
    attachments_from_text,
    attachments_to_text,
)
from tui.services.history_bill import (
    bill_to_row,
    estimate_from_text,
    prices_from_text,
    with_details,
)

Row = Mapping[str, Any]

_LARGEST_INTEGER = 2**63 - 1
_DIGEST = re.compile("[0-9a-f]{64}")
_FAILURE_KINDS = {str(known): known for known in FailureKind}
_IMAGE_FORMATS = {str(known): known for known in ImageFormat}
_TOKEN_COUNTS = (
    "prompt_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "cached_tokens",
    "cache_write_tokens",
)


def moment_to_text(moment: datetime) -> str:
    """A moment in UTC as text that sorts as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def optional_text(text: str | None) -> str | None:
    """A text that may be stored, or None."""
    return None if text is None else storable(text)


def conversation_to_row(conversation: Conversation) -> dict[str, object]:
    """A snapshot of the conversation without its messages."""
    return {
        "id": conversation.id,
        "session_id": conversation.session_id,
        "model": storable(conversation.model),
        "title": storable(conversation.title),
        "draft": storable(conversation.draft),
        "created_at": moment_to_text(conversation.created_at),
        "system_prompt": storable(conversation.system_prompt),
        "settings": settings_to_text(conversation.settings),
    }


def settings_to_text(settings: ChatSettings) -> str:
    """What a conversation asks with, as JSON."""
    return _to_json(settings.as_record()) or "{}"


def conversation_from_row(
    row: Row,
    messages: Sequence[Message],
    *,
    removed: Collection[str] = (),
    tags: Sequence[str] = (),
    other_costs: Sequence[Cost] = (),
) -> Conversation:
    """The conversation with its messages, in their order."""
    known = {message.id: message for message in messages}
    in_sight = [message.id for message in messages if message.id not in removed]
    leaf_id = row["leaf_id"]
    if leaf_id not in known or leaf_id in removed:
        leaf_id = in_sight[-1] if in_sight else None
    return Conversation(
        id=row["id"],
        session_id=row["session_id"],
        model=row["model"],
        created_at=datetime.fromisoformat(row["created_at"]),
        title=row["title"],
        draft=row["draft"],
        leaf_id=leaf_id,
        messages=known,
        system_prompt=row["system_prompt"],
        settings=ChatSettings.of_record(json.loads(row["settings"])),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        pinned=bool(row["pinned"]),
        archived=bool(row["archived"]),
        tags=tuple(tags),
        removed=set(removed),
        other_costs=tuple(other_costs),
    )


def message_to_row(message: Message) -> dict[str, object]:
    """The message's own columns, without its generation."""
    details = message.reasoning_details
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "parent_id": message.parent_id,
        "role": str(message.role),
        "text": storable(message.text),
        "reasoning": storable(message.reasoning),
        "reasoning_details": None
        if details is None
        else _to_json([dict(item) for item in details]),
        "created_at": moment_to_text(message.created_at),
        "state": str(message.state),
        "failure_kind": None if message.failure_kind is None else str(message.failure_kind),
        "failure_text": storable(message.failure_text),
        "images": images_to_text(message.images),
        "attachments": attachments_to_text(message.attachments),
        "annotations": annotations_to_text(message.annotations),
    }


def message_from_row(row: Row) -> Message:
    """The message and its generation from a row that joins both tables."""
    details, failure_kind = row["reasoning_details"], row["failure_kind"]
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        role=Role(row["role"]),
        text=row["text"],
        created_at=datetime.fromisoformat(row["created_at"]),
        state=MessageState(row["state"]),
        reasoning=row["reasoning"],
        reasoning_details=None if details is None else json.loads(details),
        generation=None if row["model_asked"] is None else _generation_from_row(row),
        failure_kind=None if failure_kind is None else _failure_kind(failure_kind),
        failure_text=row["failure_text"],
        images=images_from_text(row["images"]),
        attachments=attachments_from_text(row["attachments"]),
        annotations=annotations_from_text(row["annotations"]),
    )


def _failure_kind(written: object) -> FailureKind:
    """The kind of a failure; one that only a newer version knows is no reason to lose the rest."""
    return _FAILURE_KINDS.get(str(written), FailureKind.INTERNAL)


def images_to_text(images: Sequence[Picture]) -> str | None:
    """What is known of the images of an answer; NULL for none, as of nearly all messages."""
    return json.dumps([asdict(picture) for picture in images]) if images else None


def images_from_text(text: str | None) -> tuple[Picture, ...]:
    """The images of an answer; the digest names a file, so it must be one."""
    rows: list[dict[str, Any]] = [] if text is None else json.loads(text)
    return tuple(
        Picture(
            row["digest"],
            _IMAGE_FORMATS.get(row["format"], ImageFormat.UNKNOWN),
            row["width"],
            row["height"],
            row["size"],
        )
        for row in rows
        if _DIGEST.fullmatch(row["digest"])
    )


def generation_to_row(generation: Generation, message: Message) -> dict[str, object]:
    """The generation's columns, with those of the message it stands behind."""
    usage = generation.usage or Usage()
    row: dict[str, object] = {name: _count(getattr(usage, name)) for name in _TOKEN_COUNTS}
    return (
        row
        | {
            "message_id": message.id,
            "conversation_id": message.conversation_id,
            "started_at": moment_to_text(message.created_at),
            "model_asked": storable(generation.model_asked),
            "provider_name": storable(generation.provider_name),
            "model_served": optional_text(generation.model_served),
            "served_by": optional_text(generation.served_by),
            "generation_id": optional_text(generation.generation_id),
            "finish_reason": optional_text(generation.finish_reason),
            "usage_reported": generation.usage is not None,
            "usage_cost": _money_to_text(usage.cost),
            "upstream_inference_cost": _money_to_text(usage.upstream_inference_cost),
            "is_byok": usage.is_byok,
            "cost": _money_to_text(generation.cost.amount),
            "cost_source": str(generation.cost.source),
            "first_token": _seconds(generation.timing.first_token),
            "total": _seconds(generation.timing.total),
            "request_settings": _to_json(dict(generation.request_settings)) or "{}",
            "copied": generation.copied,
            "service_tier": optional_text(generation.service_tier),
        }
        | bill_to_row(generation)
    )


def cost_from_row(row: Row) -> Cost:
    """The cost of a generation."""
    return Cost(_money_from_text(row["cost"]), CostSource(row["cost_source"]))


def _generation_from_row(row: Row) -> Generation:
    usage = Usage(
        **{name: row[name] for name in _TOKEN_COUNTS},
        cost=_money_from_text(row["usage_cost"]),
        upstream_inference_cost=_money_from_text(row["upstream_inference_cost"]),
        is_byok=None if row["is_byok"] is None else bool(row["is_byok"]),
    )
    return Generation(
        model_asked=row["model_asked"],
        provider_name=row["provider_name"],
        model_served=row["model_served"],
        served_by=row["served_by"],
        generation_id=row["generation_id"],
        finish_reason=row["finish_reason"],
        usage=with_details(usage, row) if row["usage_reported"] else None,
        cost=cost_from_row(row),
        timing=Timing(row["first_token"], row["total"]),
        request_settings=json.loads(row["request_settings"]),
        copied=bool(row["copied"]),
        service_tier=row["service_tier"],
        prices=prices_from_text(row["prices"]),
        estimate=estimate_from_text(row["estimate"]),
    )


def _count(count: int | None) -> int | None:
    return count if count is not None and abs(count) <= _LARGEST_INTEGER else None


def _seconds(seconds: float | None) -> float | None:
    return seconds if seconds is not None and math.isfinite(seconds) else None


def _money_to_text(amount: Decimal | None) -> str | None:
    return str(amount) if amount is not None and amount.is_finite() else None


def _money_from_text(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _to_json(value: object) -> str | None:
    """The value as JSON in ASCII, so that even a lone surrogate comes back as it was sent.

    None if it is nested too deep or holds an integer too long for Python to write.
    """
    try:
        return json.dumps(value, default=str)
    except (RecursionError, ValueError):
        return None
