"""Workers never let an exception escape: it becomes a message that says what to do."""

from collections.abc import Coroutine
from typing import Any

from textual.app import App
from textual.worker import Worker

from tui.domain.errors import Failure, FailureKind, WorkbenchError


def run_guarded(app: App[Any], work: Coroutine[Any, Any, object], group: str) -> Worker[None]:
    """Run the coroutine as a worker of the app; a failure in it is shown, never raised."""
    return app.run_worker(_guarded(app, work), group=group, exit_on_error=False)


async def _guarded(app: App[Any], work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except WorkbenchError as error:
        notify_failure(app, error.failure)
    except Exception as error:  # noqa: BLE001 - the whole point: nothing ends the app
        notify_failure(
            app,
            Failure(
                FailureKind.INTERNAL,
                f"Something went wrong in the workbench ({type(error).__name__}).",
                "Nothing of your conversation is lost; please report it if it happens again.",
            ),
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
