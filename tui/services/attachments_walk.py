"""The files below a folder, for completing ``@path``: bounded, and without what Git ignores."""

import asyncio
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tui.domain.attachments_paths import PathIndex
from tui.domain.ignore_rules import IgnoreRule, read_rules

_MOST_FILES = 10_000
_DEEPEST = 12
_LONGEST = 2.0
"""Seconds for one listing, as of a slow network drive."""
_LARGEST_IGNORE_FILE = 256 * 1024
_NEVER = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox"})


_Rules = tuple[tuple[str, IgnoreRule], ...]
"""Rules with the folder that they count from."""


async def list_files(folder: Path) -> PathIndex:
    """The files below a folder as an index, near ones first; never raises.

    Hidden files and those that a .gitignore names are left out, and links to folders are not
    followed. What is not reached within its bounds is left out; the index then says so.
    """
    return await asyncio.to_thread(_list, folder)


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A name in a folder, and whether it is a folder itself."""

    name: str
    is_folder: bool


async def list_folder(folder: Path) -> list[FolderEntry]:
    """What is in a folder, folders first, hidden names too; nothing if it cannot be read.

    As much of it as is reached within the bounds of a listing.
    """
    return await asyncio.to_thread(_list_folder, folder)


def _list_folder(folder: Path) -> list[FolderEntry]:
    ends = time.monotonic() + _LONGEST
    found: list[FolderEntry] = []
    with suppress(OSError, ValueError), os.scandir(folder) as listing:
        for entry in islice(listing, _MOST_FILES):
            if time.monotonic() > ends:
                break
            found.append(FolderEntry(entry.name, _is_folder(entry)))
    return sorted(found, key=lambda entry: (not entry.is_folder, entry.name.lower()))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _list(folder: Path) -> PathIndex:
    ends = time.monotonic() + _LONGEST
    found: list[str] = []
    for path in _walk(folder):
        if len(found) == _MOST_FILES or time.monotonic() > ends:
            return PathIndex(found, whole=False)
        if path:
            found.append(path)
    return PathIndex(found)


def _walk(top: Path) -> Iterator[str]:
    """Paths relative to the top, folder by folder, those of one folder in order.

    An empty one for what is left out, so that the caller can see how long it takes.
    """
    waiting: deque[tuple[str, _Rules, int]] = deque([("", (), 0)])
    while waiting:
        inside, rules, depth = waiting.popleft()
        rules = (*rules, *((inside, rule) for rule in _rules(top / inside)))
        try:
            with os.scandir(top / inside) as listing:
                entries = sorted(listing, key=lambda entry: entry.name.lower())
        except OSError:
            continue
        for entry in entries:
            path = f"{inside}{entry.name}"
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                is_file = not is_folder and entry.is_file()
            except OSError:
                continue
            if entry.name.startswith(".") or entry.name in _NEVER:
                continue
            if _is_ignored(path, rules, is_folder=is_folder):
                yield ""
                continue
            if is_folder and depth < _DEEPEST:
                waiting.append((f"{path}/", rules, depth + 1))
            elif is_file:
                yield path


def _rules(folder: Path) -> Iterator[IgnoreRule]:
    try:
        with (folder / ".gitignore").open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LARGEST_IGNORE_FILE)
    except OSError:
        return
    yield from read_rules(text)


def _is_ignored(path: str, rules: _Rules, *, is_folder: bool) -> bool:
    ignored = False
    for base, rule in rules:
        if rule.brings_back == ignored and rule.matches(path[len(base) :], is_folder=is_folder):
            ignored = not rule.brings_back
    return ignored
