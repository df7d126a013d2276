"""The changes of the catalogue on disk: for 30 days, bounded, of one server."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tui.domain.catalogue_changes import Change, ChangeKind
from tui.services.catalogue_journal import MOST_CHANGES, CatalogueJournal

ORIGIN = "https://openrouter.ai"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> CatalogueJournal:
    return CatalogueJournal(tmp_path, ORIGIN)


def change(model_id: str = "a/b", days_ago: float = 0, **words: str) -> Change:
    return Change(ChangeKind.PRICE_UP, model_id, "A: B", NOW - timedelta(days=days_ago), **words)


def file_of(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_nothing_is_known_before_the_first_change(
    journal: CatalogueJournal, tmp_path: Path
) -> None:
    assert journal.load(NOW) == ()
    journal.add([], NOW)
    assert list(tmp_path.iterdir()) == []


def test_what_was_added_is_there_again_newest_first(journal: CatalogueJournal) -> None:
    old = change("a/old", 3, what="prompt", before="$1", after="$2")
    first, second = change("a/first"), change("a/second")
    journal.add([old], NOW - timedelta(days=3))
    journal.add([first, second], NOW)
    assert journal.load(NOW) == (first, second, old)


def test_after_thirty_days_a_change_is_forgotten(journal: CatalogueJournal, tmp_path: Path) -> None:
    journal.add([change("a/old", 0)], NOW)
    later = NOW + timedelta(days=29)
    assert len(journal.load(later)) == 1
    assert journal.load(NOW + timedelta(days=31)) == ()
    journal.add([change("a/new", -31)], NOW + timedelta(days=31))
    assert "a/old" not in file_of(tmp_path).read_text()


def test_a_flood_of_changes_keeps_the_newest(journal: CatalogueJournal) -> None:
    journal.add([change("a/before", 1)], NOW)
    journal.add([change(f"a/{number}") for number in range(MOST_CHANGES + 50)], NOW)
    kept = journal.load(NOW)
    assert len(kept) == MOST_CHANGES
    assert kept[0].model_id == "a/0"
    assert "a/before" not in {one.model_id for one in kept}


def test_words_from_outside_are_cut_and_cannot_act(journal: CatalogueJournal) -> None:
    journal.add([Change(ChangeKind.NEW, "a/\x1b[31m" + "x" * 10_000, "N\nN" * 900, NOW)], NOW)
    (kept,) = journal.load(NOW)
    assert "\x1b" not in kept.model_id
    assert len(kept.model_id) <= 300
    assert len(kept.name) <= 200


def test_the_file_is_private_and_of_one_server(journal: CatalogueJournal, tmp_path: Path) -> None:
    journal.add([change()], NOW)
    file = file_of(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = CatalogueJournal(tmp_path, "http://127.0.0.1:4000")
    assert other.load(NOW) == ()
    other.add([change("b/c")], NOW)
    (theirs,) = set(tmp_path.iterdir()) - {file}
    file.replace(theirs)
    assert other.load(NOW) == ()


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"format": 9}']
)
def test_a_damaged_file_is_an_empty_one(
    journal: CatalogueJournal, tmp_path: Path, content: bytes
) -> None:
    journal.add([change()], NOW)
    file_of(tmp_path).write_bytes(content)
    assert journal.load(NOW) == ()
    journal.add([change()], NOW)
    assert journal.load(NOW) == (change(),)


@pytest.mark.parametrize(
    "row",
    [
        None,
        7,
        {},
        {"kind": "new", "id": "", "at": "2026-11-20T12:00:00+00:00"},
        {"kind": "odd", "id": "a", "at": "2026-11-20T12:00:00+00:00"},
        {"kind": "new", "id": "a", "at": "yesterday"},
        {"kind": "new", "id": "a", "at": 5},
        {"kind": "new", "id": ["a"], "at": "2026-11-20T12:00:00+00:00"},
    ],
)
def test_a_damaged_row_costs_that_row(
    journal: CatalogueJournal, tmp_path: Path, row: object
) -> None:
    journal.add([change()], NOW)
    file = file_of(tmp_path)
    document = json.loads(file.read_bytes())
    document["changes"].append(row)
    file.write_text(json.dumps(document))
    assert journal.load(NOW) == (change(),)
