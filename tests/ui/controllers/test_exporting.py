"""Several conversations in one file: what has nothing to show is left out, and counted."""

import json
from pathlib import Path

import pytest

from tests.fakes.rich_conversation import rich_conversation
from tui.domain.connection import Overrides
from tui.domain.errors import WorkbenchError
from tui.runtime import Runtime
from tui.services.branches import store_conversation
from tui.ui.controllers.exporting import export
from tui.ui.controllers.session import Session


async def test_what_has_no_messages_is_only_in_json(tmp_path: Path) -> None:
    home, wanted = tmp_path / "home", tmp_path / "wanted"
    session = Session(Runtime.start(home=home, overrides=Overrides(provider="demo"), environ={}))
    history = await session.open_history()
    try:
        await store_conversation(history, rich_conversation("c1"))
        unsaid = await history.new_conversation("openai/gpt-5.2")
        await history.save_draft(unsaid.id, "half a thought")
        ids = ["c1", unsaid.id]

        assert await export(session, ids, f"{wanted}.md", overwrite=False) == (
            wanted.with_suffix(".md"),
            1,
        )
        assert wanted.with_suffix(".md").read_text().count("\ntitle:") == 1
        path, left_out = await export(session, ids, f"{wanted}.json", overwrite=False)
        assert left_out == 0
        assert [one["id"] for one in json.loads(path.read_text())["conversations"]] == ids
        with pytest.raises(WorkbenchError, match="Nothing has been said here yet"):
            await export(session, [unsaid.id], f"{wanted}.html", overwrite=False)
        assert not wanted.with_suffix(".html").exists()
    finally:
        await session.aclose()
