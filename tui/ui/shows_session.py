"""Screens that show something of the session."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class ShowsSession(Protocol):
    """A screen that wants to know when the catalogue, the key or the settings have changed."""

    def session_changed(self) -> None:
        """Something that is shown has changed."""
