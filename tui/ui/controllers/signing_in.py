"""What signing in with the browser stands on; nothing that speaks HTTP is imported before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.services.browser import CannotOpenError, open_link

if TYPE_CHECKING:
    from tui.services.oauth import SignIn


def _openrouter(label: str) -> SignIn:
    from tui.services.oauth import SignIn

    return SignIn(label)


@dataclass(frozen=True, slots=True)
class SigningIn:
    """How sign-ins are made and pages are opened; ``has_browser`` is None to find it out."""

    environ: Mapping[str, str]
    make: Callable[[str], SignIn] = _openrouter
    open_page: Callable[[str], None] = open_link
    has_browser: bool | None = None

    def label(self) -> str:
        """What the key will be called at OpenRouter."""
        from tui.services.oauth import key_label

        return key_label(datetime.now(UTC).date())

    def origin(self) -> str:
        """The server that makes the keys."""
        return self.make(self.label()).origin

    def begins_in_browser(self) -> bool:
        """Whether a browser of this machine can be opened and come back."""
        from tui.services.oauth import can_use_browser

        return can_use_browser(self.environ) if self.has_browser is None else self.has_browser

    def problem_opening(self, page: str) -> str:
        """Open the page; why that was not possible, or an empty text."""
        try:
            self.open_page(page)
        except CannotOpenError as error:
            return str(error)
        return ""
