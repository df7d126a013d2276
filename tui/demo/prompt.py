"""What the demo reads from the body of a chat request."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tui.demo.catalogue import Json
from tui.demo.tokenizer import count_message, split_tokens
from tui.domain.compression import middle_out

_PLUGIN = "context-compression"
_MIDDLE_OUT = "middle-out"
_COMPRESSED_BY_DEFAULT = 8192
"""Endpoints of at most this context compress unless the request says no."""


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message: its text, and the lifetime of the cache mark on it, if there is one.

    ``author`` is whose models read it, and ``tokens`` what it costs with them.
    """

    role: str
    text: str
    cache_ttl: str | None = None
    author: str = ""
    tokens: int = field(init=False)

    def __post_init__(self) -> None:
        """Count the tokens once: a prompt is looked at more than once."""
        object.__setattr__(self, "tokens", count_message(self.text, self.author))


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages of one request; ``dropped`` of them were removed from the middle.

    ``turn`` counts the user's messages as they were sent, from 1.
    """

    messages: tuple[PromptMessage, ...]
    turn: int = 1
    dropped: int = 0

    @property
    def tokens(self) -> int:
        """About how many tokens the prompt has."""
        return sum(message.tokens for message in self.messages)

    @property
    def question(self) -> str:
        """The text of the last message of the user."""
        texts = [message.text for message in self.messages if message.role == "user"]
        return texts[-1] if texts else ""

    def counted_by(self, author: str) -> "Prompt":
        """The prompt with the token counts of an author's models."""
        counted = tuple(replace(message, author=author) for message in self.messages)
        return replace(self, messages=counted)

    def compressed(self, limit: int) -> "Prompt":
        """The prompt without its middle, until it has at most ``limit`` tokens.

        The first and the last message always stay whole.
        """
        out = middle_out([message.tokens for message in self.messages], limit)
        kept = tuple(
            _cut(message, out.cut_to) if index == out.cut else message
            for index, message in enumerate(self.messages)
            if index not in out.dropped
        )
        return replace(self, messages=kept, dropped=len(self.messages) - len(kept))


def read_prompt(body: Json) -> Prompt | None:
    """The prompt of a request, or None if its messages are not of the API's form."""
    rows = body.get("messages")
    if not isinstance(rows, list) or not rows:
        return None
    if not all(isinstance(row, dict) and isinstance(row.get("role"), str) for row in rows):
        return None
    messages = [_message(row) for row in rows]
    if isinstance(everywhere := body.get("cache_control"), dict):
        # A mark at the top level stands for one that moves along with the last message.
        messages[-1] = replace(messages[-1], cache_ttl=_ttl(everywhere))
    return Prompt(tuple(messages), turn=sum(row["role"] == "user" for row in rows))


def _cut(message: PromptMessage, tokens: int) -> PromptMessage:
    """The message without its middle, so that at most so many tokens are left of it."""
    pieces = list(split_tokens(message.text, message.author))
    kept = max(0, tokens - (message.tokens - len(pieces)))
    end = len(pieces) - kept // 2
    return replace(message, text="".join([*pieces[: kept - kept // 2], *pieces[end:]]))


def _message(row: Json) -> PromptMessage:
    content = row.get("content")
    if isinstance(content, str):
        return PromptMessage(row["role"], content)
    parts: Sequence[Any] = content if isinstance(content, list) else ()
    texts, ttl = [], None
    for part in parts:
        if isinstance(part, dict):
            texts.append(str(part.get("text") or ""))
            if isinstance(mark := part.get("cache_control"), dict):
                ttl = _ttl(mark)
    return PromptMessage(row["role"], "".join(texts), ttl)


def _ttl(mark: Json) -> str:
    return "1h" if mark.get("ttl") == "1h" else "5m"


def asked_completion_tokens(body: Json) -> int | None:
    """The most tokens that the request wants back, or None if it does not say."""
    asked = body.get("max_completion_tokens") or body.get("max_tokens")
    return asked if type(asked) is int and asked > 0 else None


def as_object(value: object) -> Json:
    """A field of the request that should be an object; anything else counts as not given."""
    return value if isinstance(value, dict) else {}


def as_names(value: object) -> list[str]:
    """A field of the request that should be a list of names; anything else counts as empty."""
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def wants_compression(body: Json, context_length: int) -> bool:
    """Whether the request lets the middle be dropped for an endpoint of this context."""
    plugins = body.get("plugins")
    for plugin in map(as_object, plugins if isinstance(plugins, list) else ()):
        if plugin.get("id") == _PLUGIN:
            return plugin.get("enabled") is not False
    if isinstance(transforms := body.get("transforms"), list):
        return _MIDDLE_OUT in transforms
    return context_length <= _COMPRESSED_BY_DEFAULT
