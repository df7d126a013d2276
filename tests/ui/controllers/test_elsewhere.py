"""Noticing what other running instances write."""

from pathlib import Path

from tests.ui.screens.test_chat_list import write
from tui.services.history import History
from tui.ui.controllers.elsewhere import Elsewhere


async def test_only_what_others_write_is_news(tmp_path: Path) -> None:
    own = await History.open(tmp_path / "history.db")
    other = await History.open(tmp_path / "history.db")
    elsewhere = Elsewhere()
    await elsewhere.has_written(own)
    assert not await elsewhere.has_written(own)
    await write(own, ["apples"])
    assert elsewhere.may_have_written(own)
    assert not await elsewhere.has_written(own), "it was oneself"
    assert not elsewhere.may_have_written(own)
    await write(other, ["pears"])
    assert elsewhere.may_have_written(own)
    assert await elsewhere.has_written(own)
    await own.aclose()
    await other.aclose()
