"""Workers never let an exception escape: it becomes a message that says what to do."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from textual.app import App
from textual.dom import DOMNode
from textual.worker import Worker

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.services.paths import shown
from tui.ui.crash import SafeCrash

_Arguments = ParamSpec("_Arguments")
_Node = TypeVar("_Node", bound=DOMNode)


def run_guarded(app: App[Any], work: Coroutine[Any, Any, object], group: str) -> Worker[None]:
    """Run the coroutine as a worker of the app; a failure in it is shown, never raised."""
    return app.run_worker(_guarded(app, work), group=group, exit_on_error=False)


def guarded(
    group: str,
) -> Callable[
    [Callable[Concatenate[_Node, _Arguments], Coroutine[Any, Any, object]]],
    Callable[Concatenate[_Node, _Arguments], Worker[None]],
]:
    """Make a method a worker of its widget: Textual's ``work``, but a failure in it is shown.

    A call ends what still runs in the group.
    """

    def decorate(
        method: Callable[Concatenate[_Node, _Arguments], Coroutine[Any, Any, object]],
    ) -> Callable[Concatenate[_Node, _Arguments], Worker[None]]:
        @wraps(method)
        def start(
            self: _Node, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
        ) -> Worker[None]:
            work = _guarded(self.app, method(self, *args, **kwargs))
            return self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

        return start

    return decorate


async def _guarded(app: App[Any], work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except WorkbenchError as error:
        notify_failure(app, error.failure)
    except Exception as error:  # noqa: BLE001 - the whole point: nothing ends the app
        notify_failure(app, await _outlived(app, error))


async def _outlived(app: App[Any], error: Exception) -> Failure:
    """The failure for an error that nobody expected; its report is kept where the app says."""
    path = await asyncio.to_thread(app.keep_report, error) if isinstance(app, SafeCrash) else None
    where = f" with {shown(path)}; read it before you share it" if path is not None else ""
    return Failure(
        FailureKind.INTERNAL,
        f"Something went wrong in the workbench ({type(error).__name__}).",
        f"Nothing of your conversation is lost. Please report it{where}.",
    )


def notify_failure(app: App[Any], failure: Failure) -> None:
    """Show a failure as a toast: what happened, and what to do next."""
    said = f"\n{failure.detail}" if failure.detail else ""
    app.notify(
        f"{failure.next_step}{said}",
        title=failure.what,
        severity="error",
        timeout=10,
        markup=False,
    )
