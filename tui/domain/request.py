"""One pure function from a conversation to the request: what is shown, estimated and sent.

The chat, ``orw ask``, the cost preview and the inspector call the same function, so that what the
user sees is what goes over the wire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.domain.attachments import AttachmentKind
from tui.domain.attachments_models import PdfEngine
from tui.domain.attachments_request import NO_FILES, Files, content_of
from tui.domain.caching import CachingKind, caching_kind, marked_turns, takes_ttl
from tui.domain.connection import Connection
from tui.domain.conversation import Message, Role
from tui.domain.model import Model, normalise_model_id
from tui.domain.parameters import CACHE_TTL
from tui.domain.parameters_layers import Layer, LayerSource, resolve_parameters
from tui.domain.problems import SettingProblem
from tui.domain.reasoning_echo import can_be_read_again
from tui.domain.routing import WISHES, merged_routing
from tui.domain.routing_read import read_routing
from tui.domain.settings import ProviderKind, Settings

Json = dict[str, Any]

APP_URL = "https://github.com/openrouter-workbench/openrouter-workbench"
APP_TITLE = "OpenRouter Workbench"
CLIENT_ID_HEADER = "X-Client-Request-Id"

COMPRESSION_PLUGIN = "context-compression"
FILE_PARSER_PLUGIN = "file-parser"
_IMAGE = "image"
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
    """What a request says apart from its messages, resolved for one turn.

    ``left_out`` is what the settings ask for and the request does not say, and why. ``limits`` are
    mistakes in what the settings forbid: with one of them nothing is sent.
    """

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
    pdf_engine: PdfEngine | None = None
    left_out: tuple[SettingProblem, ...] = ()
    limits: tuple[SettingProblem, ...] = ()

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
            "pdf_engine": self.pdf_engine and str(self.pdf_engine),
        }


def turn_settings(
    settings: Settings,
    connection: Connection,
    model_id: str,
    session_id: str,
    *,
    model: Model | None = None,
    layers: Sequence[Layer] = (),
) -> TurnSettings:
    """The settings of one turn with this model over this connection.

    ``layers`` are those above the settings: a preset's and the conversation's.
    """
    provider = settings.provider(connection.provider)
    layers = (*layers_of(settings, model_id), *layers)
    resolved = resolve_parameters(layers, model)
    params = dict(resolved.values)
    cache_ttl = params.pop(CACHE_TTL, None)
    routing, wrong = read_routing(merged_routing(*(layer.routing for layer in layers)))
    fallbacks = settings.for_model(model_id).fallbacks
    return TurnSettings(
        kind=connection.kind,
        model=model_id,
        session_id=session_id,
        fallbacks=tuple(normalise_model_id(fallback) for fallback in fallbacks),
        compress_prompts=provider.compress_prompts,
        compression=provider.compression,
        prompt_caching=provider.prompt_caching,
        cache_ttl=cache_ttl,
        routing=routing.body(),
        params=params,
        pdf_engine=next((one.pdf_engine for one in reversed(layers) if one.pdf_engine), None),
        left_out=(*resolved.problems, *wrong),
        limits=tuple(problem for problem in wrong if problem.field not in WISHES),
    )


def layers_of(settings: Settings, model_id: str) -> tuple[Layer, Layer]:
    """What the settings say of every model, and of this one."""
    default, for_model = settings.default, settings.for_model(model_id)
    return (
        Layer(LayerSource.DEFAULT, default.params, default.routing),
        Layer(LayerSource.MODEL, for_model.params, for_model.provider),
    )


def is_sent(message: Message) -> bool:
    """Whether a message goes into requests: an answer that said nothing does not."""
    return bool(message.text) or message.role is Role.USER


def explicit_caching(turn: TurnSettings, model: Model | None) -> CachingKind | None:
    """How the request asks for caching by marks, or None if it does not."""
    if turn.kind is ProviderKind.COMPATIBLE or not turn.prompt_caching:
        return None
    kind = caching_kind(turn.model, model)
    return kind if kind in (CachingKind.EXPLICIT, CachingKind.GEMINI) else None


def marked_messages(
    path: Sequence[Message], turn: TurnSettings, model: Model | None
) -> frozenset[int]:
    """Which messages of the path carry a cache mark, as indices into it.

    A mark on an empty text is refused, so messages without words are passed over.
    """
    kind = explicit_caching(turn, model)
    if kind is None:
        return frozenset()
    markable = [
        index for index, message in enumerate(path) if is_sent(message) and message.text.strip()
    ]
    user_turns = [index for index in markable if path[index].role is Role.USER]
    system = next((index for index in markable if path[index].role is Role.SYSTEM), None)
    return frozenset(marked_turns(kind, user_turns, system))


def build_body(
    path: Sequence[Message],
    turn: TurnSettings,
    model: Model | None = None,
    files: Files = NO_FILES,
) -> Json:
    """The JSON body of ``POST /chat/completions`` for the active path.

    Fields of OpenRouter's own go only to OpenRouter, its gateways and the demo; a plain
    OpenAI-compatible server gets nothing but the standard ones. ``files`` is the data of what is
    attached; without it, words stand in its place.
    """
    sent = [message for message in path if is_sent(message)]
    if turn.kind is ProviderKind.COMPATIBLE:
        return _plain_parameters(turn.params) | {
            "model": turn.model,
            "messages": [_plain_message(message, files) for message in sent],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    body: Json = dict(turn.params) | {
        "model": turn.model,
        "messages": _openrouter_messages(sent, turn, model, files),
        "stream": True,
    }
    if model is not None and _IMAGE in model.output_modalities:
        # Unless it is asked for images, a model that makes them answers in words.
        body.setdefault("modalities", [m for m in (_IMAGE, "text") if m in model.output_modalities])
    _add_compression(body, turn)
    _add_pdf_engine(body, turn, sent)
    if turn.session_id:
        body["session_id"] = turn.session_id
    if turn.fallbacks:
        body["models"] = [turn.model, *turn.fallbacks]
    if turn.routing:
        body["provider"] = dict(turn.routing)
    return body


def _plain_parameters(params: Mapping[str, Any]) -> Json:
    """The parameters that other servers know; of reasoning, the effort as OpenAI writes it."""
    plain = {name: value for name, value in params.items() if name not in _ONLY_OPENROUTER}
    reasoning = params.get("reasoning")
    effort = reasoning.get("effort") if isinstance(reasoning, Mapping) else None
    return plain | ({"reasoning_effort": effort} if effort else {})


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
    plugin: Json = {"id": COMPRESSION_PLUGIN}
    if not turn.compress_prompts:
        # Explicit, as OpenRouter switches it on by itself for endpoints of 8,192 tokens or less.
        plugin["enabled"] = False
    _put_plugin(body, plugin)


def _add_pdf_engine(body: Json, turn: TurnSettings, sent: Sequence[Message]) -> None:
    """Say what reads the PDFs, where there are any and it was chosen."""
    has_pdf = any(one.kind is AttachmentKind.PDF for message in sent for one in message.attachments)
    if has_pdf and turn.pdf_engine is not None:
        _put_plugin(body, {"id": FILE_PARSER_PLUGIN, "pdf": {"engine": str(turn.pdf_engine)}})


def _put_plugin(body: Json, plugin: Json) -> None:
    """Add a plugin to those that the parameters may name, in the place of one of its id."""
    named = body.get("plugins")
    others = named if isinstance(named, list) else []
    body["plugins"] = [*(one for one in others if not _is_plugin(one, plugin["id"])), plugin]


def _is_plugin(plugin: object, plugin_id: str) -> bool:
    return isinstance(plugin, Mapping) and plugin.get("id") == plugin_id


def _plain_message(message: Message, files: Files) -> Json:
    content = content_of(message.text, message.attachments, files)
    return {"role": str(message.role), "content": content}


def _openrouter_messages(
    sent: Sequence[Message], turn: TurnSettings, model: Model | None, files: Files
) -> list[Json]:
    takes_marks = explicit_caching(turn, model) is not None
    ttl = turn.cache_ttl if takes_ttl(turn.model) else None
    marked = marked_messages(sent, turn, model)
    messages: list[Json] = []
    for index, message in enumerate(sent):
        row = _plain_message(message, files)
        if takes_marks and message.role is not Role.ASSISTANT and message.text:
            # Always as parts, marked or not, so that the prefix is the same from turn to turn.
            row["content"] = _marked_content(row["content"], index in marked, ttl)
        if message.role is Role.ASSISTANT and can_be_read_again(message, turn.model):
            row["reasoning_details"] = [dict(item) for item in message.reasoning_details or ()]
        parsed = [dict(one) for one in message.annotations if one.get("type") == "file"]
        if parsed:
            # What was read out of a PDF is not paid for again.
            row["annotations"] = parsed
        messages.append(row)
    return messages


def _marked_content(content: str | list[Json], marked: bool, ttl: str | None) -> list[Json]:
    """The content as parts, with a cache mark on its text if it is to have one."""
    text, *others = [{"type": "text", "text": content}] if isinstance(content, str) else content
    part: Json = dict(text)
    if marked:
        part["cache_control"] = {"type": "ephemeral"}
        if ttl is not None:
            part["cache_control"]["ttl"] = ttl
    return [part, *others]
