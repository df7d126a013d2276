"""The catalogue of a running workbench: refreshed, journaled, and kept when that fails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fakes.server import FakeServer, error_reply, json_reply
from tui.domain.catalogue_changes import ChangeKind
from tui.domain.connection import Overrides
from tui.domain.errors import FailureKind
from tui.runtime import Runtime
from tui.ui.controllers.session import Session


def models(*ids: str) -> dict[str, Any]:
    return {"data": [{"id": one} for one in ids]}


@asynccontextmanager
async def session_with(server: FakeServer, home: Path) -> AsyncIterator[Session]:
    runtime = Runtime.start(home=home, overrides=Overrides(base_url=server.base_url), environ={})
    session = Session(runtime)
    try:
        yield session
    finally:
        await session.aclose()


async def test_a_refresh_tells_what_is_new_and_a_failure_keeps_what_is_shown(
    orw_home: Path,
) -> None:
    async with FakeServer() as server, session_with(server, orw_home) as session:
        answers = (json_reply(models("a/1")), json_reply(models("a/1", "a/2")), error_reply(500))
        server.on("GET /models", *answers)
        pages: list[int] = []
        await session.refresh_catalogue(pages.append)
        await session.refresh_catalogue(pages.append)
        assert (list(session.catalogue.models), pages) == (["a/1", "a/2"], [1, 1])
        assert session.catalogue_failure is None

        await session.refresh_catalogue()
        assert list(session.catalogue.models) == ["a/1", "a/2"]
        assert session.catalogue_failure is not None
        assert session.catalogue_failure.kind is FailureKind.SERVER_ERROR

        store = session.runtime.catalogue_store()
        assert store is not None
        (change,) = store.journal.load(datetime.now(UTC))
        assert (change.kind, change.model_id) == (ChangeKind.NEW, "a/2")


async def test_the_copy_of_an_earlier_run_is_there_before_any_answer(orw_home: Path) -> None:
    async with FakeServer() as server:
        server.on("GET /models", json_reply(models("a/1")))
        async with session_with(server, orw_home) as session:
            await session.refresh_catalogue()
        async with session_with(server, orw_home) as session:
            await session.load_cached_catalogue()
            assert list(session.catalogue.models) == ["a/1"]
            assert len(server.requests) == 1
