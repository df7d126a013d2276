"""One pure function from a conversation to the request: what is shown, estimated and sent.

The chat, ``orw ask``, the cost preview and the inspector call the same function, so that what the
user sees is what goes over the wire.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.domain.caching import CachingKind, caching_kind, marked_turns, takes_ttl
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
_NOT_SENT = "cache_ttl"
"""The one parameter that is ours: it goes into the cache marks, not beside them."""
_RENAMED = {"cache_control_ttl": _NOT_SENT}
_CAPITAL = re.compile("(?<=[a-z])[A-Z]")
_ONLY_OPENROUTER = frozenset(
    {
        "cache_control",
        "include_reasoning",
        "models",
        "plugins",
        "preset",
        "provider",
        "reasoning",
        "route",
        "session_id",
        "trace",
        "transforms",
        "usage",
    }
)


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
    params = {_parameter_name(name): value for name, value in for_model.params.items()}
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


def _parameter_name(written: str) -> str:
    """A parameter as the API names it; other tools write ``maxTokens`` or ``cacheControlTtl``."""
    name = _CAPITAL.sub(lambda capital: f"_{capital.group().lower()}", written)
    return _RENAMED.get(name, name)


def build_body(path: Sequence[Message], turn: TurnSettings, model: Model | None = None) -> Json:
    """The JSON body of ``POST /chat/completions`` for the active path.

    Fields of OpenRouter's own go only to OpenRouter, its gateways and the demo; a plain
    OpenAI-compatible server gets nothing but the standard ones.
    """
    sent = [message for message in path if message.text or message.role is Role.USER]
    if turn.kind is ProviderKind.COMPATIBLE:
        params = {name: turn.params[name] for name in turn.params if name not in _ONLY_OPENROUTER}
        return params | {
            "model": turn.model,
            "messages": [_plain_message(message) for message in sent],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    body: Json = dict(turn.params) | {
        "model": turn.model,
        "messages": _openrouter_messages(sent, turn, model),
        "stream": True,
    }
    _add_compression(body, turn)
    if turn.session_id:
        body["session_id"] = turn.session_id
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


def _add_compression(body: Json, turn: TurnSettings) -> None:
    """Say whether to compress, beside the plugins that the parameters may name."""
    if turn.compression == "transforms":
        body["transforms"] = ["middle-out"] if turn.compress_prompts else []
        return
    plugin: Json = {"id": _COMPRESSION_PLUGIN}
    if not turn.compress_prompts:
        # Explicit, as OpenRouter switches it on by itself for endpoints of 8,192 tokens or less.
        plugin["enabled"] = False
    named = body.get("plugins")
    others = named if isinstance(named, list) else []
    body["plugins"] = [*(other for other in others if not _is_compression(other)), plugin]


def _is_compression(plugin: object) -> bool:
    return isinstance(plugin, Mapping) and plugin.get("id") == _COMPRESSION_PLUGIN


def _plain_message(message: Message) -> Json:
    return {"role": str(message.role), "content": storable(message.text)}


def _openrouter_messages(
    sent: Sequence[Message], turn: TurnSettings, model: Model | None
) -> list[Json]:
    kind = caching_kind(turn.model, model) if turn.prompt_caching else CachingKind.NONE
    takes_marks = kind in (CachingKind.EXPLICIT, CachingKind.GEMINI)
    ttl = turn.cache_ttl if takes_ttl(turn.model) else None
    # A mark on an empty text is refused.
    markable = [index for index, message in enumerate(sent) if message.text.strip()]
    user_turns = [index for index in markable if sent[index].role is Role.USER]
    system = next((index for index in markable if sent[index].role is Role.SYSTEM), None)
    marked = marked_turns(kind, user_turns, system)
    messages: list[Json] = []
    for index, message in enumerate(sent):
        row = _plain_message(message)
        if takes_marks and message.role is not Role.ASSISTANT and message.text:
            # Always as parts, marked or not, so that the prefix is the same from turn to turn.
            row["content"] = [_text_part(row["content"], index in marked, ttl)]
        if message.role is Role.ASSISTANT and _same_family(message, turn.model):
            row["reasoning_details"] = [dict(item) for item in message.reasoning_details or ()]
        messages.append(row)
    return messages


def _text_part(text: str, marked: bool, ttl: str | None) -> Json:
    part: Json = {"type": "text", "text": text}
    if marked:
        part["cache_control"] = {"type": "ephemeral"}
        if ttl is not None:
            part["cache_control"]["ttl"] = ttl
    return part


def _same_family(message: Message, model_id: str) -> bool:
    """Whether the model can read its reasoning again: signatures belong to a family."""
    if message.reasoning_details is None or message.generation is None:
        return False
    answered = message.generation.model_served or message.generation.model_asked
    return answered.partition("/")[0] == model_id.partition("/")[0]
