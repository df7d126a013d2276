"""How many tokens a path has for a model, message by message.

What the server has counted is believed: the prompt of the last answer and the answer itself are
known, and only what came after them is estimated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.conversation import Generation, Message, MessageState
from tui.domain.request import is_sent
from tui.domain.tokens import estimate_message_tokens

_WHOLE = frozenset({MessageState.COMPLETE, MessageState.CUT, MessageState.FILTERED})
_MOST_OFF = 3.0
"""Beyond this factor a reported prompt is not of the same text: it was rewritten on its way."""
_COMPRESSED = 0.8
"""A prompt that was allowed to shrink, and came to less than this part, did shrink."""


@dataclass(frozen=True, slots=True)
class PromptSize:
    """Tokens of the messages of a path, in their order; 0 for one that is not sent.

    The first ``measured`` tokens of the ``total`` were counted by the server, in an earlier turn.
    """

    messages: tuple[int, ...]
    measured: int = 0

    @property
    def total(self) -> int:
        """Tokens of the whole path."""
        return sum(self.messages)

    def up_to(self, count: int) -> int:
        """Tokens of the first ``count`` messages."""
        return sum(self.messages[:count])


def attached_tokens(message: Message) -> int:
    """Our own count of the files of a message."""
    return sum(file.tokens for file in message.attachments)


def raw_sizes(path: Sequence[Message]) -> tuple[int, ...]:
    """Our own count of each message and its files, not corrected for any model."""
    return tuple(
        estimate_message_tokens(one.text) + attached_tokens(one) if is_sent(one) else 0
        for one in path
    )


def prompt_size(
    path: Sequence[Message], model_id: str, calibration: Calibration = UNCALIBRATED
) -> PromptSize:
    """The size of a path for a model, believing what the model's last answer on it reported."""
    # What is learnt from texts says nothing of how a model counts images or pages.
    sizes = [
        calibration.prompt.tokens(raw - attached_tokens(one)) + attached_tokens(one) if raw else 0
        for one, raw in zip(path, raw_sizes(path), strict=True)
    ]
    before = [0, *accumulate(sizes)]
    for index in range(len(path) - 1, 0, -1):
        generation = path[index].generation
        if generation is None or path[index].state not in _WHOLE:
            continue
        counted = _counted(generation, model_id, before[index])
        if counted is not None:
            known = [*_scaled(sizes[:index], counted), _answer_size(path[index], sizes[index])]
            return PromptSize((*known, *sizes[index + 1 :]), measured=sum(known))
    return PromptSize(tuple(sizes))


def _counted(generation: Generation, model_id: str, estimated: int) -> int | None:
    """What the server counted for the prompt of an answer, if that can be believed."""
    counted = generation.usage.prompt_tokens if generation.usage is not None else None
    if generation.model_asked != model_id or not counted or not estimated:
        return None
    if not 1 / _MOST_OFF <= counted / estimated <= _MOST_OFF:
        return None
    may_shrink = generation.request_settings.get("compress_prompts") is True
    return None if may_shrink and counted < estimated * _COMPRESSED else counted


def _answer_size(message: Message, estimated: int) -> int:
    """An answer as part of the next prompt: its reasoning is not read again as text."""
    usage = message.generation.usage if message.generation is not None else None
    if usage is None or usage.completion_tokens is None or not is_sent(message):
        return estimated
    return max(0, usage.completion_tokens - (usage.reasoning_tokens or 0))


def _scaled(sizes: Sequence[int], total: int) -> list[int]:
    """The sizes in proportion, as whole numbers that add up to ``total``."""
    whole = sum(sizes)
    scaled: list[int] = []
    before = done = 0
    for size in sizes:
        before += size
        upto = before * total // whole
        scaled.append(upto - done)
        done = upto
    return scaled
