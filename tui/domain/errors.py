"""Every failure: what happened, who said so, and what to do next."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tui.domain.actions import Action


class Speaker(StrEnum):
    """Who reported a failure."""

    SERVER = "server"
    PROVIDER = "provider"
    NETWORK = "network"
    WORKBENCH = "workbench"


class FailureKind(StrEnum):
    """What kind of failure it is; screens and exit codes decide by this, never by the words."""

    BAD_REQUEST = "bad_request"
    CONTEXT_OVERFLOW = "context_overflow"
    BAD_KEY = "bad_key"
    NO_KEY = "no_key"
    KEY_WITHHELD = "key_withheld"
    NO_CREDIT = "no_credit"
    FORBIDDEN = "forbidden"
    MODERATED = "moderated"
    NOT_FOUND = "not_found"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    PROVIDER_ERROR = "provider_error"
    SERVER_ERROR = "server_error"
    NAME_NOT_FOUND = "name_not_found"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    PROXY = "proxy"
    CONNECTION_LOST = "connection_lost"
    REDIRECT = "redirect"
    NOT_A_STREAM = "not_a_stream"
    EMPTY_ANSWER = "empty_answer"
    BAD_DATA = "bad_data"
    TOO_MUCH_DATA = "too_much_data"
    BAD_SETTINGS = "bad_settings"
    OVER_BUDGET = "over_budget"
    STORAGE = "storage"
    INTERNAL = "internal"


class Cause(StrEnum):
    """What exactly stood in the way, where the status alone leaves it open."""

    OTHER = "other"
    KEY_LIMIT = "key_limit"
    FREE_PER_DAY = "free_per_day"
    FREE_PER_MINUTE = "free_per_minute"
    GUARDRAIL = "guardrail"
    PRIVACY = "privacy"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """What the other side told beside its words, as far as it did; texts are safe to show.

    ``error_type`` is OpenRouter's name for the failure. Lengths are tokens: what the answer was
    allowed to have, what the balance affords, what the prompt has and what the model takes.
    ``limit`` counts requests and ``resets_at`` is in UTC. ``excluded_by`` and the rest tell of the
    choice of endpoints.
    """

    error_type: str = ""
    cause: Cause = Cause.OTHER
    provider: str = ""
    requested_tokens: int | None = None
    affordable_tokens: int | None = None
    prompt_tokens: int | None = None
    context_length: int | None = None
    limit: int | None = None
    resets_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    excluded_by: tuple[str, ...] = ()
    available_providers: tuple[str, ...] = ()
    fallback_models: tuple[str, ...] = ()


_NO_FACTS = FailureFacts()


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure in words a user can act on.

    ``what`` is one line on what happened and ``next_step`` one line on what to do; ``detail`` is
    what the other side said, cut to 500 characters and already safe to show. ``retry_after`` is in
    seconds. ``actions`` are what can be done at once, the most promising first. None of them ever
    holds a key.
    """

    kind: FailureKind
    what: str
    next_step: str
    said_by: Speaker = Speaker.WORKBENCH
    status: int | None = None
    detail: str = ""
    retry_after: float | None = None
    facts: FailureFacts = _NO_FACTS
    actions: tuple[Action, ...] = ()

    def __str__(self) -> str:
        """The failure as one paragraph for a terminal without a screen."""
        return f"{self.what_was_said} {self.next_command}"

    @property
    def next_command(self) -> str:
        """What to do next where no key opens a screen."""
        return without_screens(self.next_step)

    @property
    def what_was_said(self) -> str:
        """What happened, with what the other side said of it."""
        return f"{self.what} ({self.detail})" if self.detail else self.what


_INSTEAD_OF_SCREENS: Final = (
    (re.compile(r"Open the settings \(F2\) to agree"), "Press F2 in orw to agree"),
    (re.compile(r"(Enter (?:one|[^.]*\bkey\b[^.]*)) in the settings \(F2\)"), r"\1 by orw onboard"),
    (re.compile(r"the settings \(F2\)"), "config.toml"),
    (re.compile(r"\(F2\)"), "(config.toml)"),
    (re.compile(r"\(F3\)"), "(orw models)"),
)


def without_screens(words: str) -> str:
    """The advice for a command line: what F2 and F3 do in the app has other names there."""
    for pattern, instead in _INSTEAD_OF_SCREENS:
        words = pattern.sub(instead, words)
    return words


def sentence(words: str) -> str:
    """The words with a capital letter, unless they begin with an address."""
    return words if "://" in words.partition(" ")[0] else words[:1].upper() + words[1:]


class WorkbenchError(Exception):
    """Raised by services; carries the :class:`Failure` that is shown to the user."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.what)
        self.failure = failure
