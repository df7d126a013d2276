"""What a prompt will come to, before it is sent: its tokens, and what the cache makes of them."""

from collections.abc import Sequence
from dataclasses import replace

from tui.domain.attachments import AttachmentKind
from tui.domain.caching import CachingKind, minimum_tokens
from tui.domain.caching_entries import AUTOMATIC_MINIMUM, WarmPrefix
from tui.domain.conversation import Message
from tui.domain.cost import Usage
from tui.domain.model import Model
from tui.domain.prompt_size import PromptSize
from tui.domain.request import TurnSettings, explicit_caching, marked_messages


def expected_prompt(
    settings: TurnSettings,
    model: Model | None,
    path: Sequence[Message],
    size: PromptSize,
    warm: WarmPrefix | None = None,
) -> Usage:
    """The prompt's part of the usage, in tokens.

    ``warm`` is what a provider still holds; it counts as far as the path begins with it. With
    marks, what is not read is written up to the last mark, if it is long enough.
    """
    total = size.total
    read = min(warm.tokens, total) if warm is not None and _begins_with(path, warm) else 0
    prompt = Usage(prompt_tokens=total, cached_tokens=read, audio_tokens=_heard(path))
    kind = explicit_caching(settings, model)
    if kind is None:
        return prompt
    marked = max(marked_messages(path, settings, model), default=-1)
    up_to_mark = size.up_to(marked + 1)
    if up_to_mark < (minimum_tokens(settings.model) or AUTOMATIC_MINIMUM):
        return prompt
    if kind is CachingKind.GEMINI:
        # What Gemini writes it counts as read as well; what it holds already is not written again.
        written = 0 if read else up_to_mark
        return replace(prompt, cached_tokens=max(read, up_to_mark), cache_write_tokens=written)
    return replace(prompt, cache_write_tokens=max(0, up_to_mark - read))


def _heard(path: Sequence[Message]) -> int | None:
    """Tokens of attached sound, which have a price of their own; None without any."""
    files = (file for message in path for file in message.attachments)
    return sum(file.tokens for file in files if file.kind is AttachmentKind.AUDIO) or None


def _begins_with(path: Sequence[Message], warm: WarmPrefix) -> bool:
    beginning = path[: len(warm.messages)]
    return tuple(message.id for message in beginning) == warm.messages
