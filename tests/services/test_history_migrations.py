"""A made-up next version of the schema, and what becomes of a file while it is brought there."""

import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, take_turn
from tui.services.history import History
from tui.services.history_file import open_file
from tui.services.history_storage import Storage
from tui.services.migrations import MIGRATIONS, copies_of, schema_version, version_1

NOW = len(MIGRATIONS)
NEXT = NOW + 1


def add_colours(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE conversations ADD COLUMN colour TEXT DEFAULT 'green'")
    connection.execute("UPDATE conversations SET title = upper(title)")


def fail_half_way(connection: sqlite3.Connection) -> None:
    add_colours(connection)
    raise sqlite3.OperationalError("half way")


def orphan_messages(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM conversations")


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A history of the present version with one turn in it."""
    path = tmp_path / "history.db"
    history = await History.open(path)
    await take_turn(history, await history.new_conversation(MODEL), "blue")
    await history.aclose()
    return path


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in connection.execute("SELECT title FROM conversations")]


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return schema_version(connection)


def test_an_older_file_is_migrated_and_a_copy_of_it_kept(path: Path) -> None:
    open_file(path, [*MIGRATIONS, add_colours]).close()
    assert (version_of(path), titles(path)) == (NEXT, ["BLUE"])
    [copy] = copies_of(path)
    assert (version_of(copy), titles(copy)) == (NOW, ["blue"])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(path.parent.iterdir()) == [path, copy]


def test_a_copy_holds_what_was_still_in_the_log(path: Path) -> None:
    with closing(open_file(path)) as other:
        other.execute("UPDATE conversations SET title = 'only in the log'")
        open_file(path, [*MIGRATIONS, add_colours]).close()
        [copy] = copies_of(path)
        assert titles(copy) == ["only in the log"]


def test_several_versions_are_passed_one_after_the_other(path: Path) -> None:
    def add_weights(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE conversations ADD COLUMN weight TEXT")
        assert schema_version(connection) == NEXT

    open_file(path, [*MIGRATIONS, add_colours, add_weights]).close()
    assert version_of(path) == NEXT + 1
    assert [version_of(copy) for copy in copies_of(path)] == [NOW, NEXT]


def test_a_new_file_gets_the_newest_version_without_copies(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    open_file(path, [*MIGRATIONS, add_colours]).close()
    assert version_of(path) == NEXT
    assert list(tmp_path.iterdir()) == [path]


def test_a_current_file_is_not_copied(path: Path) -> None:
    open_file(path).close()
    assert copies_of(path) == []


@pytest.mark.parametrize("migration", [fail_half_way, orphan_messages])
def test_a_migration_that_fails_leaves_the_old_version(path: Path, migration: object) -> None:
    assert callable(migration)
    storage = Storage.open(path, [*MIGRATIONS, migration])
    assert storage.problem is not None
    storage.close()
    assert (version_of(path), titles(path)) == (NOW, ["blue"])


def test_a_migration_without_room_for_a_copy_is_not_begun(path: Path) -> None:
    path.with_name(f"history.db.v{NOW}.bak").mkdir()  # the copy cannot take its place
    storage = Storage.open(path, [*MIGRATIONS, add_colours])
    assert storage.problem is not None
    storage.close()
    assert (version_of(path), titles(path)) == (NOW, ["blue"])


def test_instances_that_migrate_at_once_do_it_once(path: Path) -> None:
    runs: list[int] = []

    def migrate_slowly(connection: sqlite3.Connection) -> None:
        runs.append(schema_version(connection))
        time.sleep(0.05)
        add_colours(connection)

    def start() -> None:
        open_file(path, [*MIGRATIONS, migrate_slowly]).close()

    with ThreadPoolExecutor() as executor:
        for future in [executor.submit(start) for _ in range(3)]:
            future.result()
    assert runs == [NOW]
    assert [version_of(copy) for copy in copies_of(path)] == [NOW]


MIGRATE_SLOWLY = """
import sys, time
from pathlib import Path
from tui.services.history_file import open_file
from tui.services.migrations import MIGRATIONS

def stage(name):
    print(name, flush=True)
    if name == sys.argv[2]:
        time.sleep(60)

def add_colours(connection):
    stage("begun")
    connection.execute("ALTER TABLE conversations ADD COLUMN colour TEXT DEFAULT 'green'")
    connection.execute("UPDATE conversations SET title = upper(title)")
    connection.execute("PRAGMA cache_size = 1")
    tags = [("x" * 999 + str(number),) for number in range(500)]
    connection.executemany("INSERT INTO tags SELECT id, ? FROM conversations", tags)
    stage("written")

open_file(Path(sys.argv[1]), [*MIGRATIONS, add_colours])
stage("committed")
"""


@pytest.mark.parametrize(
    ("stage", "version", "title"),
    [("begun", NOW, "blue"), ("written", NOW, "blue"), ("committed", NEXT, "BLUE")],
)
def test_a_kill_leaves_the_old_or_the_new_version(
    path: Path, stage: str, version: int, title: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", MIGRATE_SLOWLY, path, stage], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == stage:
                break
        process.send_signal(signal.SIGKILL)
    assert (version_of(path), titles(path)) == (version, [title])
    open_file(path, [*MIGRATIONS, add_colours]).close()
    assert (version_of(path), titles(path)) == (NEXT, ["BLUE"])
    assert titles(copies_of(path)[0]) == ["blue"]


def test_the_versions_are_numbered_without_gaps() -> None:
    modules = Path(version_1.__file__).parent.glob("version_*.py")
    assert sorted(module.stem for module in modules) == [
        f"version_{number}" for number in range(1, len(MIGRATIONS) + 1)
    ]
