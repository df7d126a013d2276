import asyncio
import os
from pathlib import Path

from tui.domain.connection import Overrides
from tui.runtime import Runtime
from tui.ui.controllers.session import Session


def old_file(home: Path, name: str) -> Path:
    """The file of that name below the home, as if it had been written long ago."""
    (file,) = home.rglob(name)
    os.utime(file, (0, 0))
    return file


def is_there(file: Path) -> bool:
    return file.exists()


async def test_a_file_that_was_never_sent_goes_behind_the_start(tmp_path: Path) -> None:
    runtime = Runtime.start(home=tmp_path, overrides=Overrides(provider="demo"), environ={})
    session = Session(runtime)
    await session.open_history()
    never_sent = await session.attachments.add_data(b"x", "a.txt")
    await session.aclose()
    file = old_file(tmp_path, never_sent.digest)

    again = Session(runtime)
    await again.open_history()
    try:
        async with asyncio.timeout(10):
            while is_there(file):
                await asyncio.sleep(0.01)
    finally:
        await again.aclose()


async def test_leaving_at_once_does_not_wait_for_what_is_cleared_away(tmp_path: Path) -> None:
    runtime = Runtime.start(home=tmp_path, overrides=Overrides(provider="demo"), environ={})
    session = Session(runtime)
    await session.open_history()
    async with asyncio.timeout(5):
        await session.aclose()
