"""Refreshing the catalogue: marks of the server, pages, and the last good copy."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import FakeServer, Reply, Request, error_reply, json_reply, text_reply
from tests.services.asking import CANARY, api
from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_changes import ChangeKind
from tui.domain.errors import FailureKind, WorkbenchError
from tui.services import catalogue_refresh
from tui.services.catalogue_refresh import Refreshed, refresh, usable_models
from tui.services.catalogue_store import CatalogueStore
from tui.services.openrouter import OpenRouter
from tui.services.wire import MOST_MODELS, parse_catalogue

ORIGIN = "https://openrouter.ai"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARK = 'W/"1-abc"'


@pytest.fixture
def store(tmp_path: Path) -> CatalogueStore:
    return CatalogueStore.of(tmp_path / "cache", ORIGIN)


def models(*ids: str, **more: Any) -> dict[str, Any]:
    return {"data": [{"id": one, "pricing": {"prompt": "0.000001"}} for one in ids], **more}


async def refreshed(
    service: OpenRouter, store: CatalogueStore, at: datetime = NOON, **more: Any
) -> Refreshed:
    return await refresh(service, store, now=lambda: at, **more)


async def test_what_comes_is_stored_with_its_changes(store: CatalogueStore) -> None:
    later = NOON + timedelta(days=1)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", json_reply(models("a/1", "a/2")), json_reply(models("a/2", "a/3")))
        first = await refreshed(service, store)
        second = await refreshed(service, store, later)
    assert (list(first.catalogue.models), first.changes) == (["a/1", "a/2"], ())
    assert first.catalogue.fetched_at == NOON
    told = [(change.kind, change.model_id) for change in second.changes]
    assert told == [(ChangeKind.NEW, "a/3"), (ChangeKind.GONE, "a/1")]
    assert store.journal.load(later) == second.changes
    stored = store.load()
    assert stored is not None
    assert (list(stored.models), stored.fetched_at) == (["a/2", "a/3"], later)
    assert first.problem is second.problem is None


async def test_a_catalogue_that_is_unchanged_is_not_sent_again(store: CatalogueStore) -> None:
    def answer(request: Request) -> Reply:
        if request.headers.get("if-none-match") == MARK:
            return Reply(304, {"ETag": MARK}, ())
        return json_reply(models("a/1"), headers={"ETag": MARK})

    later = NOON + timedelta(days=1)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", answer)
        first = await refreshed(service, store)
        second = await refreshed(service, store, later)
        third = await refreshed(service, store, later, known=second.catalogue)
    assert first.catalogue.version == MARK
    assert [request.headers.get("if-none-match") for request in server.requests] == [
        None,
        MARK,
        MARK,
    ]
    assert second.catalogue.models == first.catalogue.models
    assert second.catalogue.fetched_at == third.catalogue.fetched_at == later
    stored = store.load()
    assert stored is not None
    assert (stored.fetched_at, stored.version) == (later, MARK)
    assert second.problem is None


@pytest.mark.parametrize("mark", ["no quotes", '"ü"', '"' + "x" * 300 + '"', ""])
async def test_a_mark_that_is_none_is_not_sent_back(store: CatalogueStore, mark: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", json_reply(models("a/1"), headers={"ETag": mark}))
        assert (await refreshed(service, store)).catalogue.version is None
        await refreshed(service, store)
    assert "if-none-match" not in server.requests[-1].headers


async def test_pages_are_followed_and_stored_as_one(store: CatalogueStore) -> None:
    pages = {
        "": models("a/1", total_count=3, links={"next": "/api/v1/models?offset=1&limit=1"}),
        "offset=1&limit=1": models("a/2", links={"next": "?offset=2"}),
        "offset=2": models("a/3", "a/1", links={"next": None}),
    }
    come: list[int] = []
    async with FakeServer() as server, api(server.base_url) as service:
        server.on(
            "GET /models",
            lambda request: json_reply(
                pages[request.target.partition("?")[2]], headers={"ETag": MARK}
            ),
        )
        found = await refreshed(service, store, progress=come.append)
    assert list(found.catalogue.models) == ["a/1", "a/2", "a/3"]
    assert come == [1, 2, 3]
    # The mark of one page says nothing of the others.
    assert found.catalogue.version is None
    stored = store.load()
    assert stored is not None
    assert stored.models == found.catalogue.models


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/api/v1/models?offset=1",
        "//elsewhere.example/models",
        "/other/models",
        "/api/v1/../../key",
        "http://[bad",
    ],
)
async def test_a_page_elsewhere_is_not_asked_for(store: CatalogueStore, link: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", json_reply(models("a/1", links={"next": link})))
        with pytest.raises(WorkbenchError) as raised:
            await refreshed(service, store)
        assert len(server.requests) == 1
    assert raised.value.failure.kind is FailureKind.BAD_DATA
    assert CANARY not in str(raised.value.failure)


async def test_pages_without_end_are_given_up(
    store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_refresh, "MOST_PAGES", 3)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", json_reply(models("a/1", links={"next": "?again"})))
        with pytest.raises(WorkbenchError) as raised:
            await refreshed(service, store)
        assert len(server.requests) == 3
    assert raised.value.failure.kind is FailureKind.TOO_MUCH_DATA


BAD_ANSWERS = {
    "error": error_reply(500, "it failed"),
    "malformed": text_reply('{"data": [', "application/json"),
    "web page": text_reply("<html>", "text/html"),
    "no data": json_reply({"data": None}),
    "nobody": json_reply({"data": [{"name": "without id"}]}),
    "deep": text_reply("[" * 10_000, "application/json"),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
async def test_the_last_good_copy_stays(store: CatalogueStore, name: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", json_reply(models("a/1")), BAD_ANSWERS[name])
        good = await refreshed(service, store)
        with pytest.raises(WorkbenchError) as raised:
            await refreshed(service, store, known=good.catalogue)
    assert raised.value.failure.next_step
    stored = store.load()
    assert stored is not None
    assert (list(stored.models), stored.fetched_at) == (["a/1"], NOON)


async def test_without_a_network_the_copy_stays(store: CatalogueStore) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        await refreshed(service, store)
        address = server.base_url
    async with api(address, retries=0) as service:
        with pytest.raises(WorkbenchError):
            await refreshed(service, store)
    assert store.load() is not None


async def test_a_catalogue_that_cannot_be_stored_is_shown_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the folder's place")
    store = CatalogueStore.of(tmp_path / "cache", ORIGIN)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", json_reply(models("a/1")))
        found = await refreshed(service, store)
    assert list(found.catalogue.models) == ["a/1"]
    assert found.problem is not None
    assert found.problem.kind is FailureKind.STORAGE


async def test_what_the_key_may_use_is_asked_with_the_key_and_not_stored(
    store: CatalogueStore,
) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models/user", json_reply(models("a/1", "a/2")))
        assert await usable_models(service) == {"a/1", "a/2"}
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    assert store.load() is None


async def test_a_server_that_does_not_say_what_a_key_may_use_is_told_apart_from_a_failure() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models/user", json_reply({}, status=404), json_reply({}, status=403))
        with pytest.raises(WorkbenchError, match="does not say which models a key may use"):
            await usable_models(service)
        with pytest.raises(WorkbenchError) as refused:
            await usable_models(service)
        assert refused.value.failure.status == 403


async def test_nobody_is_asked_what_a_key_that_is_missing_may_use() -> None:
    without_key = {"key": None}
    async with api("https://openrouter.ai/api/v1", connection=without_key) as service:
        with pytest.raises(WorkbenchError, match="not known without a key"):
            await usable_models(service)


ODD_ROWS: list[Any] = [
    None,
    [],
    "text",
    {"id": 7},
    {"id": "a/b[red]"},
    {"id": "../../etc"},
    {"id": "a/b[red]", "name": "a second one"},
    {"id": "a/" + "x" * 10_000},
    {
        "id": "a/odd",
        "name": ["no"],
        "created": "yesterday",
        "context_length": "many",
        "architecture": 5,
        "pricing": {"prompt": "NaN", "completion": "1e-400", "overrides": [7, {}]},
        "top_provider": None,
        "supported_parameters": {"tools": True},
        "default_parameters": None,
        "expiration_date": 20260101,
        "alias_target": "x",
        "reasoning": "yes",
        "benchmarks": [],
    },
]


async def test_odd_rows_cost_themselves_only(store: CatalogueStore) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", json_reply({"data": ODD_ROWS}))
        found = (await refreshed(service, store)).catalogue
    assert list(found.models) == ["a/b[red]", "../../etc", "a/" + "x" * 10_000, "a/odd"]
    assert found.skipped == 4
    odd = found.models["a/odd"]
    assert (odd.pricing.prompt, odd.pricing.completion, odd.context_length) == (None, None, None)


def test_a_catalogue_without_end_is_cut() -> None:
    rows = [{"id": f"a/{number}"} for number in range(MOST_MODELS + 7)]
    found = parse_catalogue(json.dumps({"data": rows}).encode())
    assert (len(found.models), found.skipped) == (MOST_MODELS, 7)


async def test_reading_a_large_catalogue_leaves_the_loop_running(
    store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parse waits for the loop here: on the loop it would wait for itself."""
    loop = asyncio.get_running_loop()

    def parse(body: bytes) -> Catalogue:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(timeout=10)
        return parse_catalogue(body)

    monkeypatch.setattr(catalogue_refresh, "parse_catalogue", parse)
    async with FakeServer() as server, api(server.base_url) as service:
        assert (await refreshed(service, store)).catalogue.models
