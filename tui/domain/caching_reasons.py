"""Why an answer read nothing from the cache, or less than it could have."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui.domain.caching import CachingKind
from tui.domain.caching_entries import Asked, Held
from tui.domain.conversation import Message, Role
from tui.domain.figures import tokens

_COMPRESSED = 0.8
"""A prompt that could be compressed and came to less than this part of the estimate was."""
_MINUTE = 60


class MissReason(StrEnum):
    """Why something was not read from the cache."""

    FIRST_TURN = "first_turn"
    TOO_SHORT = "too_short"
    EXPIRED = "expired"
    OTHER_PROVIDER = "other_provider"
    OTHER_MODEL = "other_model"
    EARLIER_EDITED = "earlier_edited"
    SYSTEM_CHANGED = "system_changed"
    COMPRESSED = "compressed"
    SWITCHED_OFF = "switched_off"
    NO_CACHE = "no_cache"
    NOT_KNOWN = "not_known"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Miss:
    """A reason and the same in words, which name the figures behind it."""

    reason: MissReason
    words: str


def explain_miss(
    one: Asked,
    like: Sequence[Asked],
    expected: Held | None,
    path: Sequence[Message],
    *,
    others: bool,
) -> Miss:
    """Why an answer on the path missed the cache.

    ``like`` are the requests before it of the same model and connection, the oldest first, and
    ``others`` says whether there were any of another; ``expected`` is what should have been warm.
    """
    if one.offered is CachingKind.NONE:
        return Miss(MissReason.NO_CACHE, "the model has no prompt cache")
    if one.offered is CachingKind.UNKNOWN:
        return Miss(MissReason.NOT_KNOWN, "it is not known whether the model has a prompt cache")
    if one.kind is not one.offered:
        return Miss(MissReason.SWITCHED_OFF, "the caching box was not checked")
    if one.prompt_tokens < one.least:
        return _too_short(one, "the prompt has")
    if not like:
        if others:
            return Miss(MissReason.OTHER_MODEL, "another model had answered; each has its own")
        return Miss(MissReason.FIRST_TURN, "first turn")
    if expected is not None:
        return _not_kept(one, expected)
    return _not_there(one, like[-1], path)


def _not_kept(one: Asked, expected: Held) -> Miss:
    """Something should have been warm, and still was not read."""
    if _was_compressed(one):
        return Miss(MissReason.COMPRESSED, "compression had dropped the middle")
    served, holder = one.generation.served_by, expected.asked.generation.served_by
    if served and holder and served != holder:
        words = f"{served} answered, and {holder} holds the cache"
        return Miss(MissReason.OTHER_PROVIDER, words)
    return Miss(MissReason.UNEXPLAINED, "the provider did not say why")


def _not_there(one: Asked, last: Asked, path: Sequence[Message]) -> Miss:
    """Nothing was warm for this prompt: why the last request had left nothing for it."""
    if not last.intact or last.sent > one.sent:
        if last.shared < len(path) and path[last.shared].role is Role.SYSTEM:
            return Miss(MissReason.SYSTEM_CHANGED, "the system prompt had changed")
        return Miss(MissReason.EARLIER_EDITED, "an earlier message had changed")
    if not last.kind.is_there:
        return Miss(MissReason.FIRST_TURN, "first turn with the box checked")
    if last.prompt_tokens < last.least:
        return _too_short(last, "the turn before had")
    gap = (one.message.created_at - last.cached_since).total_seconds()
    if one.message.created_at >= last.expires:
        return Miss(MissReason.EXPIRED, f"expired: {_span(gap)} had passed")
    return Miss(MissReason.UNEXPLAINED, "the provider did not say why")


def _too_short(one: Asked, subject: str) -> Miss:
    words = f"too short: {subject} {tokens(one.prompt_tokens)} of {tokens(one.least)} tokens"
    return Miss(MissReason.TOO_SHORT, words)


def _was_compressed(one: Asked) -> bool:
    estimate = one.generation.estimate
    may_shrink = one.generation.request_settings.get("compress_prompts") is True
    return may_shrink and estimate is not None and one.prompt_tokens < estimate.prompt * _COMPRESSED


def _span(seconds: float) -> str:
    minutes = round(seconds / _MINUTE)
    if minutes < 2 * _MINUTE:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{round(minutes / _MINUTE)} hours"
