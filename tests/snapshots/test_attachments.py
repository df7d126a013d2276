"""How attached files look above the prompt, and the dialog that finds them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea

from tests.fakes.images import png
from tests.frozen import frozen
from tests.snapshots.conftest import AssertSnapshot
from tests.ui.screens.models_support import connected, workbench
from tests.waiting import until
from tui.ui.app import Workbench
from tui.ui.screens.attach_file import AttachFile
from tui.ui.screens.chat import ChatScreen
from tui.ui.widgets.attachment_chips import AttachmentChips, Chip

PDF = b"%PDF-1.4\n" + b"<< /Type /Page >>\n" * 12 + b"startxref\n9\n%%EOF\n"
HOSTILE = "evil\x1b[31m\u202egnp.py"


@asynccontextmanager
async def attached(
    home: Path, size: tuple[int, int]
) -> AsyncIterator[tuple[Pilot[None], Workbench]]:
    """The chat with three files attached, in the folder that they come from."""
    folder = home / "work"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/chart.png").write_bytes(png(640, 480))
    (folder / "docs/report.pdf").write_bytes(PDF)
    (folder / f"docs/{HOSTILE}").write_text("print('hi')\n" * 40)
    os.chdir(folder)
    with frozen(home / "home"):
        async with workbench(home / "home").run_test(size=size) as pilot:
            app = await connected(pilot)
            screen = app.screen
            assert isinstance(screen, ChatScreen)
            screen.use_model("mistralai/mistral-nemo")
            for name in ("chart.png", "report.pdf", HOSTILE):
                before = shown(screen)
                screen.attach(f"docs/{name}")
                await until(pilot, partial(other_than, before, screen))
            screen.query_one(TextArea).cursor_blink = False
            await until(pilot, lambda: screen.money.plan is not None)
            yield pilot, app


def other_than(before: tuple[Chip, ...], screen: ChatScreen) -> bool:
    return shown(screen) != before


def shown(screen: ChatScreen) -> tuple[Chip, ...]:
    return screen.query_one(AttachmentChips).chips


async def test_files_above_the_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assert_snapshot: AssertSnapshot
) -> None:
    monkeypatch.chdir(tmp_path)  # so that the folder of now comes back
    async with attached(tmp_path, (120, 30)) as (pilot, app):
        await pilot.press("alt+c", "up")
        await pilot.pause()
        assert_snapshot(app, "attachments-chips")


async def test_the_dialog_in_a_small_light_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assert_snapshot: AssertSnapshot
) -> None:
    monkeypatch.chdir(tmp_path)
    async with attached(tmp_path, (80, 24)) as (pilot, app):
        app.theme = "workbench-light"
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, AttachFile))
        dialog = app.screen
        dialog.query_one(Input).cursor_blink = False
        await pilot.press(*"docs")
        await until(pilot, lambda: dialog.query_one(OptionList).option_count == 3)
        told = dialog.query_one("#told", Static)
        await until(pilot, lambda: "chart.png · 640×480" in str(told.render()))
        await pilot.pause()
        assert_snapshot(app, "attachments-dialog")
