"""Answers that came, but not whole or not in order, in words."""

from tui.domain.errors import Failure, FailureKind, Speaker, sentence
from tui.services.failure_words import ENDED_WITH_ERROR
from tui.services.sse import MIB


def ended_with_error(detail: str) -> Failure:
    """The failure for an answer whose finish reason is an error that nobody explained."""
    words = ENDED_WITH_ERROR
    return Failure(words.kind, words.what, words.next_step, Speaker.PROVIDER, detail=detail)


def too_much_data(origin: str) -> Failure:
    """The failure for an answer that passes its bound."""
    return Failure(
        FailureKind.TOO_MUCH_DATA,
        sentence(f"{origin} sent more than an answer can hold."),
        "What arrived is kept. Check the server, or choose another model (F3).",
        Speaker.SERVER,
    )


def bad_data(origin: str) -> Failure:
    """The failure for a stream that is not one of chat chunks."""
    return Failure(
        FailureKind.BAD_DATA,
        sentence(f"{origin} sent data that is not a chat answer."),
        "What arrived is kept. Check the base URL (F2), or send again.",
        Speaker.SERVER,
    )


def empty_answer(origin: str) -> Failure:
    """The failure for an answer without a single chunk."""
    return Failure(
        FailureKind.EMPTY_ANSWER,
        sentence(f"{origin} sent an empty answer."),
        "Send again; a local server may do this when the conversation is too long for it.",
        Speaker.SERVER,
    )


def unfinished(origin: str) -> Failure:
    """The failure for a stream that ended without a finish reason."""
    return Failure(
        FailureKind.CONNECTION_LOST,
        sentence(f"{origin} ended the answer before it was complete."),
        "What arrived is kept. Send again.",
        Speaker.SERVER,
    )


def compressed(origin: str) -> Failure:
    """The failure for a body in a content coding, which could be a bomb."""
    return Failure(
        FailureKind.BAD_DATA,
        sentence(f"{origin} sent a compressed answer, which was not asked for."),
        "Switch compression off in the server or the gateway.",
        Speaker.SERVER,
    )


def too_long(origin: str, at_most: int) -> Failure:
    """The failure for a document of more than ``at_most`` bytes."""
    return Failure(
        FailureKind.TOO_MUCH_DATA,
        sentence(f"{origin} sent a document of more than {at_most // MIB} MiB."),
        "Check the base URL in the settings (F2).",
        Speaker.SERVER,
    )


def not_a_stream(origin: str, status: int, media_type: str, beginning: str) -> Failure:
    """The failure for a body of another type than asked for; its texts are safe to show."""
    return Failure(
        FailureKind.NOT_A_STREAM,
        sentence(
            f"{origin} answered with status {status} and {media_type or 'no content type'} "
            "instead of a stream."
        ),
        "Check the base URL in the settings (F2); it usually ends in /v1.",
        Speaker.SERVER,
        status,
        beginning,
    )
