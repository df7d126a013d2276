"""What middle-out would leave out of a prompt that is too long, told before it is sent.

OpenRouter removes or truncates messages from the middle until the prompt fits, as models mind that
least. How it does so exactly is not documented; this is the same idea with our own counts, so the
figures are marked ``≈``. See its guide to message transforms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.domain.caching_entries import WarmPrefix
from tui.domain.context_parts import ContextParts, context_parts
from tui.domain.conversation import Message
from tui.domain.errors import Failure, FailureKind
from tui.domain.figures import tokens
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest

_KEPT = 2
"""The first and the last message stay, whatever happens."""
_COMPRESSED_BY_DEFAULT = 8192
"""Endpoints of at most this context compress unless the request says no."""
_MOST_MESSAGES = {"anthropic": 1000}
"""Providers that refuse longer conversations, by author."""


@dataclass(frozen=True, slots=True)
class MiddleOut:
    """Which messages would go: ``dropped`` whole, and ``cut`` down to ``cut_to`` tokens."""

    dropped: frozenset[int] = frozenset()
    cut: int | None = None
    cut_to: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A message of which ``tokens`` would be left out; ``whole`` if nothing of it stays."""

    message_id: str
    tokens: int
    whole: bool


@dataclass(frozen=True, slots=True)
class CompressionPreview:
    """What a send would leave out, in tokens; ``breaks_cache`` if some of that is cached.

    ``still_over`` is by how much the first and the last message alone are too long.
    """

    needed: int
    limit: int
    left_out: tuple[LeftOut, ...]
    breaks_cache: bool = False
    still_over: int = 0

    @property
    def tokens_left_out(self) -> int:
        """Everything that would be left out."""
        return sum(one.tokens for one in self.left_out)

    @property
    def words(self) -> str:
        """The same in a sentence."""
        over = tokens(self.still_over, estimated=True)
        if not self.left_out:
            return f"it is {over} tokens too long, and would be cut"
        count = len(self.left_out)
        messages = "1 message" if count == 1 else f"{count:,} messages"
        left_out = tokens(self.tokens_left_out, estimated=True)
        words = f"{left_out} tokens of {messages} would be left out"
        if self.breaks_cache:
            words += "; that breaks the cached prefix"
        if self.still_over:
            words += f"; the rest is still {over} tokens too long and would be cut, too"
        return words


def middle_out(sizes: Sequence[int], limit: int, most_messages: int | None = None) -> MiddleOut:
    """Which of the messages of these sizes go, so that at most ``limit`` tokens are left.

    From the middle outwards, nearest first; the last one that has to shrink is cut if a part of it
    fits. The first and the last message stay, so that what is left may still be too much.
    """
    count = len(sizes)
    left, kept = sum(sizes), count
    dropped: set[int] = set()
    for index in _from_the_middle(count):
        too_many = most_messages is not None and kept > most_messages
        if left <= limit and not too_many:
            break
        if not too_many and left - sizes[index] < limit:
            return MiddleOut(frozenset(dropped), index, sizes[index] - (left - limit))
        dropped.add(index)
        left -= sizes[index]
        kept -= 1
    return MiddleOut(frozenset(dropped))


def _from_the_middle(count: int) -> list[int]:
    """Every index but the first and the last, the middle first."""
    middle = (count - 1) / 2
    return sorted(range(1, count - 1), key=lambda index: (abs(index - middle), -index))


def compression_preview(
    request: TurnRequest, path: Sequence[Message], warm: WarmPrefix | None = None
) -> CompressionPreview | None:
    """What compression would leave out of this path; None if all of it is sent.

    The last message of the path is the prompt.
    """
    parts = context_parts(request, path)
    if parts.limit is None or not _compresses(request):
        return None
    sizes = request.size(path).messages
    sent = [index for index, size in enumerate(sizes) if size]
    room = parts.limit - parts.reserved
    most = _MOST_MESSAGES.get(request.settings.model.removeprefix("~").partition("/")[0])
    if parts.used <= room and (most is None or len(sent) <= most):
        return None
    result = middle_out([sizes[index] for index in sent], room, most)
    left_out = []
    for place, index in enumerate(sent):
        if place in result.dropped:
            left_out.append(LeftOut(path[index].id, sizes[index], whole=True))
        elif place == result.cut:
            left_out.append(LeftOut(path[index].id, sizes[index] - result.cut_to, whole=False))
    held = frozenset(warm.messages) if warm is not None else frozenset()
    breaks = any(one.message_id in held for one in left_out)
    over = parts.used - sum(one.tokens for one in left_out) - room
    needed = parts.used + parts.reserved
    return CompressionPreview(needed, parts.limit, tuple(left_out), breaks, max(0, over))


def overflow_failure(request: TurnRequest, parts: ContextParts) -> Failure | None:
    """Why the send is stopped before it costs anything, or None if it may go.

    That is when it is too long and nothing would shorten it: the server would refuse it. With a
    model of which no context length is known, only the server can tell.
    """
    if not parts.overflow or _compresses(request):
        return None
    over = tokens(parts.overflow, estimated=True)
    return Failure(
        FailureKind.CONTEXT_OVERFLOW,
        f"The conversation is {over} tokens too long for {request.settings.model}.",
        "Check “Compress prompts”, start again from here, or choose a model with more context.",
    )


def _compresses(request: TurnRequest) -> bool:
    """Whether the server will shorten a prompt that is too long."""
    return request.settings.compress_prompts and request.settings.kind is not (
        ProviderKind.COMPATIBLE
    )
