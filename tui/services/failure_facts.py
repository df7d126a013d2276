"""The figures and names that an error carries beside its words, whichever field they are in.

Some stand only in the sentence itself, as OpenRouter writes it; those sentences are matched here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from tui.domain.errors import Cause, FailureFacts
from tui.domain.values import as_count, as_list, as_names, as_number, as_object, as_text

_MOST_NAMES = 20
_LONGEST_NAME = 80
_MOST_DIGITS = 15
_MILLISECONDS = 1000
_FARTHEST_RESET = 4_102_444_800
"""The year 2100, in seconds; what is later is no moment at which a limit ends."""

_AFFORDABLE = re.compile(r"requested up to ([\d,]+) tokens, but can only afford ([\d,]+)")
_CONTEXT = re.compile(r"maximum context length (?:is|of) ([\d,]+)", re.IGNORECASE)
_PROMPTS = (
    re.compile(r"\(([\d,]+) (?:of text input|in the messages)", re.IGNORECASE),
    re.compile(r"resulted in ([\d,]+) tokens|requested about ([\d,]+) tokens", re.IGNORECASE),
)
"""The size of the prompt alone where it is named, else with what was asked for."""
_CAUSES = (
    (Cause.KEY_LIMIT, re.compile(r"key limit exceeded", re.IGNORECASE)),
    (Cause.FREE_PER_DAY, re.compile(r"free-models-per-day", re.IGNORECASE)),
    (Cause.FREE_PER_MINUTE, re.compile(r"free-models-per-min", re.IGNORECASE)),
    (Cause.PRIVACY, re.compile(r"data policy|settings/privacy", re.IGNORECASE)),
    (
        Cause.UNSUPPORTED,
        re.compile(r"no endpoints found that (?:can handle|support)", re.IGNORECASE),
    ),
)
_PRIVACY_TYPE = "privacy_restricted"
_TOO_LONG = re.compile(r"prompt is too long: ([\d,]+) tokens > ([\d,]+)")

Clean = Callable[[str, int], str]


def read_facts(
    error: Mapping[str, object],
    message: str,
    clean: Clean,
    headers: Mapping[str, str] | None = None,
) -> FailureFacts:
    """The facts of an error object and of its ``message``, the provider's own words included.

    ``clean`` makes a text safe to show. ``headers`` are the answer's: limits stand there, or in the
    error's ``metadata``.
    """
    metadata = as_object(error.get("metadata"))
    availability = as_object(error.get("availability"))
    requested, affordable = _pair(_AFFORDABLE.search(message))
    prompt, context = _lengths(error, message)
    limits = {**_lowered(headers), **_lowered(as_object(metadata.get("headers")))}

    def names(value: object) -> tuple[str, ...]:
        listed = as_names(value) or ((value,) if isinstance(value, str) and value else ())
        return tuple(clean(name, _LONGEST_NAME) for name in listed[:_MOST_NAMES])

    constraint = as_object(availability.get("constraint"))
    error_type = (
        as_text(availability.get("code"))
        or as_text(metadata.get("error_type"))
        or as_text(error.get("error_type"))
    )
    return FailureFacts(
        error_type=clean(error_type, _LONGEST_NAME),
        cause=_cause(error_type, message, metadata),
        provider=clean(as_text(metadata.get("provider_name")), _LONGEST_NAME),
        requested_tokens=requested,
        affordable_tokens=affordable,
        prompt_tokens=prompt,
        context_length=context,
        limit=_count(limits.get("x-ratelimit-limit")),
        resets_at=_moment(limits.get("x-ratelimit-reset")),
        reasons=names(metadata.get("reasons")) or names(metadata.get("patterns")),
        excluded_by=names(availability.get("excluded_by")) + names(constraint.get("field")),
        available_providers=names(metadata.get("available_providers")),
        fallback_models=names(availability.get("fallback_models")),
    )


def _cause(error_type: str, message: str, metadata: Mapping[str, object]) -> Cause:
    if error_type == _PRIVACY_TYPE:
        return Cause.PRIVACY
    if as_list(metadata.get("patterns")):
        return Cause.GUARDRAIL
    found = (cause for cause, pattern in _CAUSES if pattern.search(message))
    return next(found, Cause.OTHER)


def earlier_errors(metadata: Mapping[str, object]) -> str:
    """What happened at providers that were tried before, in words; empty if none is named."""
    tried = []
    for row in as_list(metadata.get("previous_errors"))[:5]:
        earlier = as_object(row)
        provider = as_text(earlier.get("provider"))
        code = earlier.get("code") or earlier.get("status")
        if provider:
            tried.append(f"{provider} {code}" if code is not None else provider)
    return f"before that {', '.join(tried)}" if tried else ""


def asked_wait(error: Mapping[str, object]) -> float | None:
    """The seconds that the body itself asks to wait for."""
    seconds = as_number(as_object(error.get("availability")).get("retry_after"))
    return seconds if seconds is not None and seconds > 0 else None


def _lengths(error: Mapping[str, object], message: str) -> tuple[int | None, int | None]:
    """The tokens of the prompt and of the context: llama.cpp has fields for them."""
    prompt, context = as_count(error.get("n_prompt_tokens")), as_count(error.get("n_ctx"))
    too_long = _pair(_TOO_LONG.search(message))
    if too_long != (None, None):
        return too_long
    for pattern in _PROMPTS:
        found = pattern.search(message) if prompt is None else None
        if found is not None:
            prompt = next((_number(group) for group in found.groups() if group), None)
    limit = _CONTEXT.search(message)
    return prompt, context if limit is None else _number(limit[1])


def _pair(found: re.Match[str] | None) -> tuple[int | None, int | None]:
    return (None, None) if found is None else (_number(found[1]), _number(found[2]))


def _number(digits: str) -> int | None:
    plain = digits.replace(",", "")
    return int(plain) if 0 < len(plain) <= _MOST_DIGITS else None


def _lowered(headers: Mapping[str, object] | None) -> dict[str, object]:
    return {name.lower(): value for name, value in (headers or {}).items()}


def _count(value: object) -> int | None:
    if isinstance(value, str):
        return _number(value) if value.isascii() and value.isdecimal() else None
    return as_count(value)


def _moment(value: object) -> datetime | None:
    """When a limit ends: a Unix time in milliseconds, or in seconds."""
    count = _count(value)
    if count is None:
        return None
    seconds = count / _MILLISECONDS if count > _FARTHEST_RESET else count
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _FARTHEST_RESET else None
