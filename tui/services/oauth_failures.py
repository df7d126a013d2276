"""What can go wrong while signing in, in words."""

from dataclasses import replace

from tui.domain.errors import Failure, FailureKind, Speaker
from tui.domain.figures import seconds

_AGAIN = "Start signing in again, or paste a key."


def denied() -> Failure:
    """The failure for a user who said no on the page."""
    return Failure(
        FailureKind.FORBIDDEN,
        "You did not allow the workbench to have a key.",
        "Start signing in again if that was a slip, or paste a key.",
        Speaker.SERVER,
    )


def came_back_with(error: str) -> Failure:
    """The failure for another error that the page sent along; it is safe to show."""
    return Failure(
        FailureKind.FORBIDDEN,
        "Signing in ended with an error.",
        _AGAIN,
        Speaker.SERVER,
        detail=error,
    )


def timed_out(longest: float, strangers: int) -> Failure:
    """The failure for a browser that did not come back; ``longest`` is in seconds."""
    if strangers:
        what = "A browser came back from another sign-in, but not from this one."
    else:
        what = f"The browser did not come back within {seconds(longest)}."
    return Failure(
        FailureKind.TIMEOUT,
        what,
        "Sign in again on the newest page, or let it show a code and paste that.",
    )


def no_code() -> Failure:
    """The failure for a text that is no code."""
    return Failure(
        FailureKind.BAD_KEY,
        "That is not a code.",
        "Paste what the page shows after signing in, or its whole address.",
    )


def code_used() -> Failure:
    """The failure for a code that was traded already."""
    return Failure(
        FailureKind.BAD_KEY, "This code was used already: it works once.", _AGAIN, Speaker.SERVER
    )


def no_listener() -> Failure:
    """The failure for a machine on which nothing can listen."""
    return Failure(
        FailureKind.REFUSED,
        "The workbench cannot listen for the browser on this machine.",
        "Sign in with the code instead: open the page, and paste the code that it shows.",
    )


def no_key() -> Failure:
    """The failure for an answer without a key in it."""
    return Failure(
        FailureKind.BAD_DATA,
        "The server took the code, but sent no key that could be used.",
        _AGAIN,
        Speaker.SERVER,
    )


def not_traded(failure: Failure) -> Failure:
    """The failure of the trade, in the words of this step; ``failure`` is what the server said."""
    said = failure.detail.casefold()
    match failure.status:
        case 403 if "expired" in said:
            what = "The code has expired: it lives for ten minutes."
        case 403 if "used" in said:
            return replace(code_used(), status=failure.status, detail=failure.detail)
        case 403:
            what = "The server does not accept the code for this sign-in."
        case 400:
            what = "The server does not take this way of signing in."
        case 405 | 404:
            what = "The server has no place to trade a code for a key."
        case _:
            return failure
    return Failure(
        FailureKind.BAD_KEY, what, _AGAIN, Speaker.SERVER, failure.status, failure.detail
    )
