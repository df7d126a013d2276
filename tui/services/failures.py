"""A failed request in words: who refused, why, and what to do about it.

Statuses and error types are those of OpenRouter's error reference; other servers' shapes and names
are mapped onto them. See https://openrouter.ai/docs/api/reference/errors-and-debugging.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import SecretStr

from tui.domain.connection import SHORTEST_KEY, Connection, key_hint
from tui.domain.errors import Failure, FailureKind, Speaker
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind
from tui.domain.values import as_list, as_object, as_text, parse_json
from tui.services.failure_details import refined
from tui.services.failure_facts import asked_wait, earlier_errors, read_facts
from tui.services.failure_types import BY_TYPE
from tui.services.failure_words import (
    BY_STATUS,
    OTHER_4XX,
    OTHER_5XX,
    STEPS_ELSEWHERE,
    TOKEN_LIMIT_REACHED,
    UNEXPECTED,
    Words,
)
from tui.services.web_page import address_hint, gist, is_web_page

LONGEST_DETAIL = 500
_NO_SUCH_PATH = frozenset({404, 405, 501})

_SAME_TYPE = {
    "authentication_error": "authentication",
    "invalid_api_key": "authentication",
    "contextwindowexceedederror": "context_length_exceeded",
    "exceed_context_size_error": "context_length_exceeded",
    "insufficient_quota": "payment_required",
    "moderation": "content_policy_violation",
    "overloaded_error": "provider_overloaded",
    "permission_error": "permission_denied",
    "rate_limit_error": "rate_limit_exceeded",
}
"""Names that other OpenAI-compatible servers use for the same thing."""

_SAID = (
    (
        re.compile(
            r"context (length|size|window)|maximum context|prompt is too long", re.IGNORECASE
        ),
        BY_TYPE["context_length_exceeded"],
    ),
    (re.compile(r"token limit reached", re.IGNORECASE), TOKEN_LIMIT_REACHED),
    (
        re.compile(r"invalid model name|not a valid model id", re.IGNORECASE),
        BY_TYPE["model_not_found"],
    ),
    (
        re.compile(r"no connected db|(invalid|incorrect) api key", re.IGNORECASE),
        BY_TYPE["authentication"],
    ),
)
"""What servers say in a plain 400; "no connected db" is LiteLLM asked with a wrong key."""


class Said:
    """Makes the other side's words safe to show: the key masked, one line, cut."""

    def __init__(self, key: SecretStr | None) -> None:
        self._key = key

    def __call__(self, text: str, longest: int = LONGEST_DETAIL) -> str:
        """The text as one line of at most ``longest`` characters, without the key."""
        secret = self._key.get_secret_value().strip() if self._key is not None else ""
        if self._key is not None and len(secret) >= SHORTEST_KEY:
            text = text.replace(secret, key_hint(self._key))
        return single_line(text, longest)


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error object in any server's shape, reduced to what is needed to explain it.

    ``source`` is the object itself, from which facts are read; ``headers`` are the answer's.
    """

    message: str = ""
    types: tuple[str, ...] = ()
    code: int | None = None
    provider: str = ""
    source: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def read_complaint(body: object) -> Complaint | None:
    """The error in a JSON body or event, or None if it holds none.

    Known shapes: ``{"error": {…}}`` and ``{"error": "…"}`` (OpenAI, OpenRouter, llama.cpp),
    ``{"object": "error", "message": …}`` (vLLM), ``{"detail": …}`` (FastAPI), each also as the
    first item of an array.
    """
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return None
    for holder in (body, as_object(body.get("detail"))):
        error = holder.get("error")
        if isinstance(error, str) and error:
            return Complaint(
                f"{error}: {holder['message']}" if as_text(holder.get("message")) else error
            )
        if isinstance(error, dict):
            return _from_object(error)
    if body.get("object") == "error" or (as_text(body.get("message")) and "choices" not in body):
        return _from_object(body)
    detail = _fastapi_detail(body.get("detail"))
    return Complaint(detail) if detail else None


def _from_object(error: Mapping[str, object]) -> Complaint:
    metadata = as_object(error.get("metadata"))
    availability = as_object(error.get("availability"))
    provider = as_text(metadata.get("provider_name"))
    reasons = ", ".join(as_text(reason) for reason in as_list(metadata.get("reasons")))
    names = (
        availability.get("code"),
        "moderation" if reasons else None,
        metadata.get("error_type"),
        error.get("error_type"),
        error.get("code"),
        error.get("type"),
    )
    constraint = as_text(as_object(availability.get("constraint")).get("detail"))
    parts = (
        provider,
        as_text(error.get("message")),
        _unfold(metadata.get("raw")),
        reasons,
        constraint,
        earlier_errors(metadata),
    )
    return Complaint(
        message=": ".join(part for part in parts if part),
        types=tuple(name.lower() for name in names if isinstance(name, str)),
        code=_status_code(error.get("code")) or _status_code(error.get("http_status")),
        provider=provider,
        source=error,
    )


def _unfold(raw: object) -> str:
    """What the provider itself said: ``raw`` is its body, as text that may be JSON."""
    text = as_text(raw)
    try:
        inner = parse_json(text)
    except ValueError:
        return text
    complaint = read_complaint(inner)
    return complaint.message if complaint is not None and complaint.message else text


def _fastapi_detail(detail: object) -> str:
    rows: Sequence[object] = as_list(detail)
    return as_text(detail) or "; ".join(as_text(as_object(row).get("msg")) for row in rows)


def _status_code(code: object) -> int | None:
    if isinstance(code, str) and code.isascii() and code.isdecimal() and len(code) == 3:
        code = int(code)
    return code if isinstance(code, int) and 100 <= code <= 599 else None


def status_failure(
    status: int,
    body: bytes,
    said: Said,
    connection: Connection,
    retry_after: float | None = None,
    headers: Mapping[str, str] | None = None,
) -> Failure:
    """The failure for an answer with an error status; ``body`` may be of any kind or cut off."""
    try:
        complaint = read_complaint(parse_json(body))
    except ValueError:
        complaint = None
    if complaint is not None:
        complaint = replace(complaint, headers=headers or {})
        return _at(connection, _failure(complaint, status, said, retry_after))
    text = body.decode("utf-8", "replace")
    if not is_web_page(text):
        return _at(connection, _failure(Complaint(text), status, said, retry_after))
    if status in _NO_SUCH_PATH:
        return no_api(connection, status, "a web page", said(gist(text)))
    return _at(connection, _failure(Complaint(gist(text)), status, said, retry_after))


def no_api(connection: Connection, status: int, answer: str, detail: str) -> Failure:
    """The failure for a server that is none of ours; ``answer`` names what it sent instead."""
    return Failure(
        FailureKind.NOT_A_STREAM,
        f"{connection.base_url} is no OpenAI-compatible server: it answered with {answer}.",
        address_hint(connection.base_url),
        Speaker.SERVER,
        status,
        detail,
    )


def _at(connection: Connection, failure: Failure) -> Failure:
    """The failure with steps that exist at this kind of server: only OpenRouter routes."""
    if connection.kind is not ProviderKind.COMPATIBLE or failure.status is None:
        return failure
    usual = BY_STATUS.get(failure.status)
    step = STEPS_ELSEWHERE.get(failure.status)
    if usual is None or step is None or failure.next_step != usual.next_step:
        return failure
    if failure.status in _NO_SUCH_PATH:
        step = f"{step} {address_hint(connection.base_url)}"
    return replace(failure, next_step=step)


def reported_failure(complaint: Complaint, said: Said) -> Failure:
    """The failure for an error that came under status 200, alone or within a stream."""
    return _failure(complaint, complaint.code, said, None)


def _failure(
    complaint: Complaint, status: int | None, said: Said, retry_after: float | None
) -> Failure:
    facts = read_facts(complaint.source, complaint.message, said, complaint.headers)
    words = refined(_words(complaint, status), complaint.message, facts)
    by_provider = complaint.provider or words.kind is FailureKind.PROVIDER_ERROR
    return Failure(
        words.kind,
        said(words.what),
        said(words.next_step),
        Speaker.PROVIDER if by_provider else Speaker.SERVER,
        status,
        said(complaint.message),
        asked_wait(complaint.source) if retry_after is None else retry_after,
        facts,
    )


def _words(complaint: Complaint, status: int | None) -> Words:
    for name in complaint.types:
        words = BY_TYPE.get(_SAME_TYPE.get(name, name))
        if words is not None:
            return words
    if status in (None, 400, 413, 422, 500):
        for pattern, words in _SAID:
            if pattern.search(complaint.message):
                return words
    if status is None:
        return UNEXPECTED
    return BY_STATUS.get(status) or (
        OTHER_5XX if status >= 500 else OTHER_4XX if status >= 400 else UNEXPECTED
    )
