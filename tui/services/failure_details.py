"""Failures whose words depend on what the other side told: figures, limits, reasons."""

import re
from collections.abc import Callable
from dataclasses import replace

from tui.domain.errors import Cause, FailureFacts
from tui.domain.errors import FailureKind as Kind
from tui.domain.figures import tokens
from tui.services.failure_words import Words

_WHICH_LIMIT = re.compile(r"key limit exceeded \(([a-z ]{1,30})\)", re.IGNORECASE)
_UNSUPPORTED = re.compile(r"(?:can handle|support) ([a-z ]{1,60})", re.IGNORECASE)


def refined(words: Words, message: str, facts: FailureFacts) -> Words:
    """The words with what is known in this case; ``message`` is what the other side said."""
    for kind, refine in _REFINERS:
        if words.kind is kind:
            words = refine(words, message, facts)
    return words


def _no_credit(words: Words, _message: str, facts: FailureFacts) -> Words:
    affordable, requested = facts.affordable_tokens, facts.requested_tokens
    if affordable is None:
        return words
    asked = f", not the {tokens(requested)} asked for" if requested is not None else ""
    return replace(
        words,
        what=f"The balance affords an answer of {tokens(affordable)} tokens{asked}.",
        next_step="Send again with a lower max_tokens, add credit, or choose a cheaper model (F3).",
    )


def _free_limit(words: Words, _message: str, facts: FailureFacts) -> Words:
    when = f" It ends at {facts.resets_at:%H:%M} UTC." if facts.resets_at is not None else ""
    count = f": {facts.limit:,} requests" if facts.limit is not None else ""
    if facts.cause is Cause.FREE_PER_DAY:
        return replace(
            words,
            what=f"The daily limit for free models is used up{count}.{when}",
            next_step="Wait, use a model that costs something, or buy credit: "
            "accounts that bought $10 once have 1,000 free requests a day.",
        )
    if facts.cause is Cause.FREE_PER_MINUTE:
        return replace(
            words,
            what=f"The limit per minute for free models is reached{count}.{when}",
            next_step="Send again in a minute, or use a model that costs something (F3).",
        )
    return words


def _key_limit(words: Words, message: str, facts: FailureFacts) -> Words:
    if facts.cause is not Cause.KEY_LIMIT:
        return words
    found = _WHICH_LIMIT.search(message)
    which = f" ({found[1]})" if found is not None else ""
    return Words(
        Kind.NO_CREDIT,
        f"The key has used up its own limit{which}.",
        "Raise the limit where the key was made, or use another key (F2).",
    )


def _guardrail(words: Words, _message: str, facts: FailureFacts) -> Words:
    if facts.cause is not Cause.GUARDRAIL:
        return words
    which = f": {', '.join(facts.reasons)}" if facts.reasons else ""
    return replace(
        words,
        what=f"A guardrail of your account stopped the message{which}.",
        next_step="Change the message, or the guardrail where the key was made.",
    )


def _provider_limit(words: Words, _message: str, facts: FailureFacts) -> Words:
    if not facts.provider or facts.cause is not Cause.OTHER:
        return words
    return replace(
        words,
        what=f"{facts.provider} takes no more requests for this model at the moment.",
        next_step="Wait a moment, let another provider serve it, or choose another model (F3).",
    )


def _no_endpoints(words: Words, message: str, facts: FailureFacts) -> Words:
    if facts.cause is Cause.PRIVACY:
        return Words(
            Kind.FORBIDDEN,
            "The privacy settings of your account leave no provider for this model.",
            "Change them at openrouter.ai/settings/privacy, or choose another model (F3).",
        )
    wanted = _UNSUPPORTED.search(message)
    if facts.cause is Cause.UNSUPPORTED and wanted is not None:
        return Words(
            Kind.NOT_FOUND,
            f"No provider of this model takes {wanted[1].strip()}.",
            "Choose another model (F3), or leave that out of the request.",
        )
    if facts.available_providers:
        names = ", ".join(facts.available_providers[:5])
        return Words(
            Kind.NOT_FOUND,
            "The provider routing of this request leaves nobody who serves the model.",
            f"Loosen the routing: the model is served by {names}.",
        )
    return words


def _moderated(words: Words, _message: str, facts: FailureFacts) -> Words:
    if not facts.reasons:
        return words
    return replace(words, what=f"The message was flagged for {', '.join(facts.reasons)}.")


def _overflow(words: Words, _message: str, facts: FailureFacts) -> Words:
    prompt, context = facts.prompt_tokens, facts.context_length
    if context is None:
        return words
    if prompt is None:
        return replace(
            words, what=f"The conversation is longer than the model's {tokens(context)} tokens."
        )
    if prompt < context:
        what = (
            f"The prompt of {tokens(prompt)} tokens leaves too little of the model's "
            f"{tokens(context)} for the answer that was asked for."
        )
        return replace(words, what=what)
    return replace(
        words,
        what=f"The conversation has {tokens(prompt)} tokens, the model takes {tokens(context)}.",
    )


_REFINERS: tuple[tuple[Kind, Callable[[Words, str, FailureFacts], Words]], ...] = (
    (Kind.NO_CREDIT, _key_limit),
    (Kind.NO_CREDIT, _no_credit),
    (Kind.FORBIDDEN, _key_limit),
    (Kind.FORBIDDEN, _guardrail),
    (Kind.RATE_LIMITED, _free_limit),
    (Kind.RATE_LIMITED, _provider_limit),
    (Kind.NOT_FOUND, _no_endpoints),
    (Kind.MODERATED, _moderated),
    (Kind.CONTEXT_OVERFLOW, _overflow),
)
