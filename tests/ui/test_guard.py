"""Errors of workers that nobody expected: said in a toast, kept in a file, and the app goes on."""

from pathlib import Path

from tests.ui.test_app import workbench
from tests.waiting import until
from tui.ui.guard import run_guarded

CANARY = "sk-or-v1-test-canary-0000"


async def fail() -> None:
    raise LookupError(f"no such thing as {CANARY}")


async def test_an_error_of_a_worker_is_told_with_a_report_that_holds_no_key(orw_home: Path) -> None:
    app = workbench(orw_home)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.report_file.parent.is_dir())
        run_guarded(app, fail(), "failing")
        await until(pilot, lambda: app._notifications)
        [told] = app._notifications
        assert "LookupError" in (told.title or "")
        assert "last-error.txt; read it before you share it." in told.message
        report = app.report_file.read_text()
        assert "in fail" in report
        assert CANARY not in report
        assert app.is_running
