"""Leaving the app asks first where something is not saved."""

from typing import Any, Protocol, runtime_checkable

from textual.app import App


@runtime_checkable
class AsksFirst(Protocol):
    """A screen on which something may not be saved."""

    async def may_leave(self) -> bool:
        """Whether the user agrees to lose what is not saved; to be awaited in a worker."""


async def may_leave(app: App[Any]) -> bool:
    """Ask on every open screen that has something to lose; to be awaited in a worker."""
    for screen in reversed(app.screen_stack):
        if isinstance(screen, AsksFirst) and not await screen.may_leave():
            return False
    return True
