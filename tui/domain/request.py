"""One pure function from a conversation to the request: what is shown, estimated and sent.

The chat, ``orw ask``, the cost preview and the inspector call the same function, so that what the
user sees is what goes over the wire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.domain.caching import CachingKind, caching_kind, marked_turns
from tui.domain.connection import Connection
from tui.domain.conversation import Message, Role
from tui.domain.model import Model, normalise_model_id
from tui.domain.sanitize import storable
from tui.domain.settings import ProviderKind, Settings

Json = dict[str, Any]

APP_URL = "https://github.com/openrouter-workbench/openrouter-workbench"
APP_TITLE = "OpenRouter Workbench"
CLIENT_ID_HEADER = "X-Client-Request-Id"

_COMPRESSION_PLUGIN = "context-compression"
_PARAMETER_ALIASES = {"maxTokens": "max_tokens", "cacheControlTtl": "cache_ttl"}
_NOT_SENT = "cache_ttl"
"""The one parameter that is ours: it goes into the cache marks, not beside them."""


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """What a request says apart from its messages, resolved for one turn."""

    kind: ProviderKind
    model: str
    session_id: str = ""
    fallbacks: tuple[str, ...] = ()
    compress_prompts: bool = False
    compression: str = "plugin"
    prompt_caching: bool = False
    cache_ttl: str | None = None
    routing: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_record(self) -> dict[str, object]:
        """The settings as plain data, for the history."""
        return {
            "kind": str(self.kind),
            "model": self.model,
            "fallbacks": list(self.fallbacks),
            "compress_prompts": self.compress_prompts,
            "prompt_caching": self.prompt_caching,
            "cache_ttl": self.cache_ttl,
            "provider": dict(self.routing),
            "params": dict(self.params),
        }


def turn_settings(
    settings: Settings, connection: Connection, model_id: str, session_id: str
) -> TurnSettings:
    """The settings of one turn with this model over this connection."""
    provider = settings.provider(connection.provider)
    for_model = settings.for_model(model_id)
    params = {_PARAMETER_ALIASES.get(name, name): value for name, value in for_model.params.items()}
    cache_ttl = params.pop(_NOT_SENT, None)
    return TurnSettings(
        kind=connection.kind,
        model=model_id,
        session_id=session_id,
        fallbacks=tuple(normalise_model_id(fallback) for fallback in for_model.fallbacks),
        compress_prompts=provider.compress_prompts,
        compression=provider.compression,
        prompt_caching=provider.prompt_caching,
        cache_ttl=cache_ttl if cache_ttl in ("5m", "1h") else None,
        routing=for_model.provider,
        params=params,
    )


def build_body(path: Sequence[Message], turn: TurnSettings, model: Model | None = None) -> Json:
    """The JSON body of ``POST /chat/completions`` for the active path.

    Fields of OpenRouter's own go only to OpenRouter, its gateways and the demo; a plain
    OpenAI-compatible server gets nothing but the standard ones.
    """
    sent = [message for message in path if message.text or message.role is Role.USER]
    if turn.kind is ProviderKind.COMPATIBLE:
        return {
            "model": turn.model,
            "messages": [_plain_message(message) for message in sent],
            "stream": True,
            "stream_options": {"include_usage": True},
            **turn.params,
        }
    body: Json = {
        "model": turn.model,
        "messages": _openrouter_messages(sent, turn, model),
        "stream": True,
        "session_id": turn.session_id,
        **_compression(turn),
        **turn.params,
    }
    if turn.fallbacks:
        body["models"] = [turn.model, *turn.fallbacks]
    if turn.routing:
        body["provider"] = dict(turn.routing)
    return body


def build_headers(turn: TurnSettings, client_request_id: str) -> dict[str, str]:
    """The headers of a chat request without the key; every try of one send has the same id."""
    headers = {CLIENT_ID_HEADER: client_request_id}
    return headers if turn.kind is ProviderKind.COMPATIBLE else headers | attribution_headers()


def attribution_headers() -> dict[str, str]:
    """How OpenRouter is told which app is asking."""
    return {
        "HTTP-Referer": APP_URL,
        "X-OpenRouter-Title": APP_TITLE,
        "X-Title": APP_TITLE,
        "X-OpenRouter-Categories": "general-chat",
    }


def _compression(turn: TurnSettings) -> Json:
    if turn.compression == "transforms":
        return {"transforms": ["middle-out"] if turn.compress_prompts else []}
    plugin: Json = {"id": _COMPRESSION_PLUGIN}
    if not turn.compress_prompts:
        # Explicit, as OpenRouter switches it on by itself for endpoints of 8,192 tokens or less.
        plugin["enabled"] = False
    return {"plugins": [plugin]}


def _plain_message(message: Message) -> Json:
    return {"role": str(message.role), "content": storable(message.text)}


def _openrouter_messages(
    sent: Sequence[Message], turn: TurnSettings, model: Model | None
) -> list[Json]:
    kind = caching_kind(turn.model, model) if turn.prompt_caching else CachingKind.NONE
    takes_marks = kind in (CachingKind.EXPLICIT, CachingKind.GEMINI)
    user_turns = [i for i, message in enumerate(sent) if message.role is Role.USER and message.text]
    system = next((i for i, message in enumerate(sent) if message.role is Role.SYSTEM), None)
    marked = marked_turns(kind, user_turns, system)
    messages: list[Json] = []
    for index, message in enumerate(sent):
        row = _plain_message(message)
        if takes_marks and message.role is not Role.ASSISTANT and message.text:
            # Always as parts, marked or not, so that the prefix is the same from turn to turn.
            row["content"] = [_text_part(row["content"], index in marked, kind, turn.cache_ttl)]
        if message.role is Role.ASSISTANT and _same_family(message, turn.model):
            row["reasoning_details"] = [dict(item) for item in message.reasoning_details or ()]
        messages.append(row)
    return messages


def _text_part(text: str, marked: bool, kind: CachingKind, ttl: str | None) -> Json:
    part: Json = {"type": "text", "text": text}
    if marked:
        part["cache_control"] = {"type": "ephemeral"}
        if ttl is not None and kind is CachingKind.EXPLICIT:
            part["cache_control"]["ttl"] = ttl
    return part


def _same_family(message: Message, model_id: str) -> bool:
    """Whether the model can read its reasoning again: signatures belong to a family."""
    if message.reasoning_details is None or message.generation is None:
        return False
    answered = message.generation.model_served or message.generation.model_asked
    return answered.partition("/")[0] == model_id.partition("/")[0]
