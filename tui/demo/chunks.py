"""The shapes of what a chat request is answered with: usage, reasoning, choices and bodies."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from tui.demo.answers import Ending, Reply
from tui.demo.billing import Generation
from tui.demo.catalogue import Json

_REASONING_FORMATS = {
    "anthropic": "anthropic-claude-v1",
    "google": "google-gemini-v1",
    "openai": "openai-responses-v1",
    "x-ai": "xai-responses-v1",
}
_NATIVE_REASONS = {
    "anthropic": {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"},
    "google": {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"},
    "openai": {"stop": "completed", "length": "max_output_tokens"},
}


class UsageShape(Enum):
    """The three forms in which the last chunk with the usage has been seen on the wire."""

    NO_CHOICE = auto()
    NULL_REASON = auto()
    REPEATED_REASON = auto()


_USAGE_SHAPES = {
    "anthropic": UsageShape.NO_CHOICE,
    "openai": UsageShape.REPEATED_REASON,
    "google": UsageShape.REPEATED_REASON,
    "x-ai": UsageShape.REPEATED_REASON,
}
"""By author; the older form with a null reason stands for everybody else."""


@dataclass(frozen=True, slots=True)
class Script:
    """One generation and what it is going to say; ``metadata`` goes with the last chunk."""

    generation: Generation
    reply: Reply
    hides_reasoning: bool = False
    metadata: Json | None = None

    @property
    def author(self) -> str:
        """Who made the model that answers."""
        return self.generation.endpoint.model.author

    @property
    def native_reason(self) -> str:
        """The finish reason in the provider's own word."""
        reason = self.reply.finish_reason
        return _NATIVE_REASONS.get(self.author, {}).get(reason, reason)

    @property
    def rate(self) -> float:
        """Tokens per second."""
        return self.reply.tokens_per_second or self.generation.endpoint.model.tokens_per_second

    @property
    def silence(self) -> float:
        """Seconds before the first token."""
        return self.generation.endpoint.host.latency + self.reply.silence

    @property
    def head(self) -> Json:
        """The fields that all chunks of the answer share."""
        generation = self.generation
        return {
            "id": generation.id,
            "created": int(generation.at.timestamp()),
            "model": generation.endpoint.model.served_as,
            "provider": generation.endpoint.host.name,
        }


def usage_row(script: Script) -> Json:
    """The ``usage`` of a generation as it stands; amounts are USD, counts are tokens."""
    generation = script.generation
    cost, prompt_cost = generation.cost(), generation.prompt_cost()
    older = _USAGE_SHAPES.get(script.author) is None
    prompt_details = {"cached_tokens": generation.cache.read, "audio_tokens": 0, "video_tokens": 0}
    if not older or generation.cache.written:
        prompt_details["cache_write_tokens"] = generation.cache.written
    return {
        "prompt_tokens": generation.prompt_tokens,
        "completion_tokens": generation.completion_tokens,
        "total_tokens": generation.prompt_tokens + generation.completion_tokens,
        "cost": cost,
        "is_byok": False,
        "prompt_tokens_details": prompt_details,
        "cost_details": {
            "upstream_inference_cost": None if older else cost,
            "upstream_inference_prompt_cost": prompt_cost,
            "upstream_inference_completions_cost": cost - prompt_cost,
        },
        "completion_tokens_details": {
            "reasoning_tokens": generation.reasoning_tokens,
            "image_tokens": 0,
            "audio_tokens": 0,
        },
    }


def reasoning_detail(author: str, piece: str) -> Json:
    """One piece of ``reasoning_details`` with text; OpenAI shows summaries only."""
    kind = "summary" if author == "openai" else "text"
    return {
        "type": f"reasoning.{kind}",
        kind: piece,
        "format": _REASONING_FORMATS.get(author, "unknown"),
        "index": 0,
    }


def reasoning_seal(author: str, thoughts: str) -> Json | None:
    """The last piece, which vouches for the thoughts, or None for models that do not sign."""
    seal = base64.b64encode(hashlib.sha512(thoughts.encode(errors="replace")).digest()).decode()
    common = {"format": _REASONING_FORMATS.get(author, "unknown"), "index": 0}
    if author == "anthropic":
        return {"type": "reasoning.text", "signature": seal, **common}
    if author in _REASONING_FORMATS:
        return {"type": "reasoning.encrypted", "data": seal, **common}
    return None


def image_rows(images: Iterable[bytes]) -> list[Json]:
    """Images as they come in a delta or a message."""
    addresses = (f"data:image/png;base64,{base64.b64encode(data).decode()}" for data in images)
    return [
        {"type": "image_url", "image_url": {"url": address}, "index": index}
        for index, address in enumerate(addresses)
    ]


def provider_failure(provider: str) -> Json:
    """The error of a provider that fails after the answer has begun."""
    return {
        "code": 502,
        "message": "Provider disconnected unexpectedly",
        "metadata": {"provider_name": provider, "error_type": "provider_unavailable"},
    }


def choice_row(delta: Json, reason: str | None, native: str | None) -> Json:
    """The one choice of a chunk."""
    return {"index": 0, "delta": delta, "finish_reason": reason, "native_finish_reason": native}


def completion_row(script: Script) -> Json:
    """The body of an answer that is not streamed; the generation must have ended."""
    reply = script.reply
    message: Json = {"role": "assistant", "content": "".join(reply.tokens), "refusal": None}
    if reply.reasoning and not script.hides_reasoning:
        thoughts = "".join(reply.reasoning)
        detail = reasoning_detail(script.author, thoughts)
        seal = reasoning_seal(script.author, thoughts)
        message["reasoning"] = thoughts
        if seal is not None and seal["type"] == detail["type"]:
            detail, seal = detail | seal, None
        message["reasoning_details"] = [detail, *([] if seal is None else [seal])]
    if reply.images:
        message["images"] = image_rows(reply.images)
    choice: Json = {
        "index": 0,
        "message": message,
        "finish_reason": reply.finish_reason,
        "native_finish_reason": script.native_reason,
    }
    if reply.ending is Ending.ERROR:
        choice["error"] = provider_failure(script.generation.endpoint.host.name)
    row = script.head | {"object": "chat.completion", "choices": [choice]}
    if script.metadata is not None:
        row["openrouter_metadata"] = script.metadata
    return row | {"usage": usage_row(script)}


def usage_chunk_choices(script: Script) -> list[Json]:
    """The ``choices`` beside the usage in the last chunk, in the shape of the author's time."""
    empty: Json = {"role": "assistant", "content": ""}
    match _USAGE_SHAPES.get(script.author, UsageShape.NULL_REASON):
        case UsageShape.NO_CHOICE:
            return []
        case UsageShape.NULL_REASON:
            return [choice_row(empty, None, None)]
        case UsageShape.REPEATED_REASON:
            return [choice_row(empty, script.reply.finish_reason, script.native_reason)]


def json_bytes(value: object) -> bytes:
    """Compact JSON in UTF-8; a lone surrogate from a request becomes ``?``.

    Amounts are computed in Decimal and leave as the JSON numbers that OpenRouter sends: doubles.
    """
    text = json.dumps(value, default=float, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace")
