"""What can be checked of the set-up without asking a server: files, versions, the database."""

import os
import platform
import re
import shlex
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from time import monotonic
from typing import Final

from tui import __version__
from tui.domain.doctor import Finding, note, wrong
from tui.domain.sanitize import single_line
from tui.services.config_file import ConfigProblem
from tui.services.migrations import APPLICATION_ID, MIGRATIONS
from tui.services.paths import APP_NAME, Paths, shown

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([a-z]+)['\"]")
_OPTIONAL_EXTRAS: Final = frozenset({"images", "keyring", "schema"})
_RANGE = re.compile(r"(>=|<)\s*([0-9][0-9.]*)")
_LONGEST_CHECK: Final = 5.0
"""Seconds for reading through the database."""


def versions() -> Iterator[Finding]:
    """The program, Python, the system, and the libraries that it stands on."""
    yield Finding("version", "version", f"openrouter-workbench {__version__}")
    python = f"Python {platform.python_version()} on {platform.platform(terse=True)}"
    yield Finding("system", "system", python)
    yield libraries(requires_of_this_program())


def requires_of_this_program() -> Sequence[str]:
    """What the installed program declares that it needs; empty when it is run from its source."""
    try:
        return requires(APP_NAME) or ()
    except PackageNotFoundError:
        return ()


def libraries(requirements: Sequence[str]) -> Finding:
    """Whether every library is there in a version that will do."""
    found, missing, unfit, extras = [], [], [], []
    for requirement in requirements:
        named, _, marker = requirement.partition(";")
        extra = _EXTRA.search(marker)
        name_match = _NAME.match(named)
        if name_match is None or (extra is not None and extra[1] not in _OPTIONAL_EXTRAS):
            continue
        name = name_match[0]
        installed = _installed(name)
        if extra is not None:
            extras += [name] if installed else []
        elif installed is None:
            missing.append(name)
        elif not _fits(installed, named):
            unfit.append(f"{name} {installed}")
        elif name in ("textual", "httpx", "pydantic"):
            found.append(f"{name} {installed}")
    if missing or unfit:
        words = [f"missing: {', '.join(missing)}"] if missing else []
        words += [f"not the right version: {', '.join(unfit)}"] if unfit else []
        fix = "Install the workbench again: pip install --force-reinstall openrouter-workbench"
        return wrong("libraries", "libraries", "; ".join(words), fix)
    optional = f"; optional: {', '.join(extras)}" if extras else ""
    return Finding("libraries", "libraries", (", ".join(found) or "not installed") + optional)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _fits(installed: str, requirement: str) -> bool:
    """Whether a version is within the bounds of a requirement, as far as they are plain numbers."""
    have = _numbers(installed)
    for sign, bound in _RANGE.findall(requirement):
        if (sign == ">=" and have < _numbers(bound)) or (sign == "<" and have >= _numbers(bound)):
            return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    plain = re.match(r"[0-9.]*", text)
    return tuple(int(part) for part in (plain[0] if plain else "").split(".") if part)


def folders(paths: Paths) -> Iterator[Finding]:
    """A folder is fine if only its owner can use it, or if it can be made."""
    for name, folder in (("config", paths.config), ("data", paths.data), ("cache", paths.cache)):
        existing = next((place for place in (folder, *folder.parents) if place.exists()), folder)
        usable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
        place = shown(folder)
        if not usable:
            fix = f"Make it writable: chmod u+rwx {shlex.quote(str(existing))}"
            fix = fix if existing.is_dir() else f"Move the file {shown(existing)} away."
            yield wrong(name, name, f"{place} cannot be written", fix)
        elif not folder.exists():
            yield Finding(name, name, f"{place} (not made yet)")
        else:
            yield Finding(name, name, place)


def settings_file(paths: Paths, problems: Sequence[ConfigProblem]) -> Iterator[Finding]:
    """Every mistake of config.toml, with its line."""
    file = shown(paths.config_file)
    if not problems:
        state = file if paths.config_file.exists() else f"{file} (none yet: the defaults hold)"
        yield Finding("settings", "settings", state)
    for problem in problems:
        yield wrong("settings", "settings", f"{file}, {problem.placed}", problem.next_step)


def private_files(
    paths: Paths, history_file: Path, *, with_key: bool
) -> Iterator[tuple[str, Path]]:
    """What is nobody else's business and where it is, as far as it is there.

    ``with_key`` says that a key stands in config.toml; without one others may read that.
    """
    if with_key:
        yield "the key in config.toml", paths.config_file
    yield "the data folder", paths.data
    for file in sorted(paths.data.glob(f"{history_file.stem}*")):
        is_drafts = file.name.endswith(".drafts.json")
        yield ("what is attached to drafts" if is_drafts else "the history with its drafts"), file
    yield "the attachments", paths.data / "attachments"
    yield "the favourites", paths.favourites_file


def permissions(files: Iterable[tuple[str, Path]]) -> Iterator[Finding]:
    """Whether other users of the machine can get at what was said, or what is kept."""
    if os.name != "posix":
        return
    closed: list[str] = []
    exposed = False
    for what, file in files:
        access = _access_of_others(file)
        if access:
            exposed = True
            mode = "700" if file.is_dir() else "600"
            words = f"other users of this machine can {access} {what}: {shown(file)}"
            fix = f"Run: chmod {mode} {shlex.quote(single_line(str(file)))}"
            yield wrong("permissions", "permissions", words, fix)
        elif access is not None:
            closed.append(what)
    if not exposed:
        named = ", ".join(dict.fromkeys(closed)) or "what will be kept"
        yield Finding("permissions", "permissions", f"only you can read {named}")


def _access_of_others(file: Path) -> str | None:
    """What others may do with a file, empty for nothing; None if it is not there."""
    try:
        mode = file.stat().st_mode
    except OSError:
        return None
    if not mode & _OTHERS:
        return ""
    return "read and change" if mode & (stat.S_IWGRP | stat.S_IWOTH) else "read"


def database(file: Path) -> Finding:
    """Whether the history can be read through, and is of a version that we know."""
    if not file.exists():
        return Finding("history", "history", f"{shown(file)} (none yet)")
    move_away = (
        f"Move {shown(file)} away; a new history is begun, and copies of older ones stay beside it."
    )
    try:
        return _read_through(file, move_away)
    except (sqlite3.Error, OSError) as error:
        if "interrupted" in str(error):
            return note(
                "history", "history", f"{shown(file)}, too large to read through in a moment"
            )
        said = single_line(str(error), 100)
        return wrong("history", "history", f"{shown(file)} cannot be read ({said})", move_away)


def _read_through(file: Path, move_away: str) -> Finding:
    by = monotonic() + _LONGEST_CHECK
    locator = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(locator, uri=True, timeout=1.0)) as connection:
        connection.set_progress_handler(lambda: monotonic() > by, 10_000)
        schema = connection.execute("PRAGMA user_version").fetchone()[0]
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        if owner != APPLICATION_ID and schema:
            words = f"{shown(file)} belongs to another program"
            return wrong("history", "history", words, move_away)
        if schema > len(MIGRATIONS):
            words = f"{shown(file)} was written by a newer version of the workbench"
            return wrong("history", "history", words, "Install the newest version.")
        result = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if result != "ok":
            words = f"{shown(file)} is damaged ({single_line(str(result), 80)})"
            return wrong("history", "history", words, move_away)
        size = file.stat().st_size / 1024 / 1024
        return Finding("history", "history", f"{shown(file)}, {size:.1f} MiB, whole")
