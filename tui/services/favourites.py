"""Favourites, recents and saved filters in a file of their own: they change with every use.

They are the user's, so the file lies in the data folder and not among the caches; config.toml stays
for what is written by hand.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model_lists import (
    LONGEST_FILTER_NAME,
    MOST_FAVOURITES,
    MOST_FILTERS,
    MOST_RECENTS,
    ModelLists,
)
from tui.domain.sanitize import single_line
from tui.domain.values import as_names, as_object
from tui.services.atomic import taking_turns, write_atomically
from tui.services.paths import make_private_folder

_FORMAT = 1
_LARGEST_FILE = 1024 * 1024
_LONGEST_ID = 300
_LONGEST_FILTER = 2_000


@dataclass(frozen=True, slots=True)
class LoadedLists:
    """The lists as they are on disk; ``problem`` says what is wrong with the file."""

    lists: ModelLists = field(default_factory=ModelLists)
    problem: Failure | None = None


class FavouritesFile:
    """The file of the user's lists, readable by the user alone and replaced in one step.

    The methods block; call them in a thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> LoadedLists:
        """The lists; without a file they are empty. Never raises."""
        try:
            if not self._path.exists():
                return LoadedLists()
            if not self._path.is_file() or self._path.stat().st_size > _LARGEST_FILE:
                raise ValueError("it is no file of this program")
            document = json.loads(self._path.read_bytes())
            if not isinstance(document, dict) or document.get("format") != _FORMAT:
                raise ValueError("it is no file of this program")
        except (OSError, ValueError, RecursionError) as error:
            return LoadedLists(problem=_unreadable(self._path, error))
        filters = {
            name: text
            for name, text in as_object(document.get("filters")).items()
            if isinstance(text, str) and 0 < len(name) <= LONGEST_FILTER_NAME
        }
        return LoadedLists(
            ModelLists(
                _ids(document.get("favourites"), MOST_FAVOURITES),
                _ids(document.get("recents"), MOST_RECENTS),
                {
                    name: text[:_LONGEST_FILTER]
                    for name, text in list(filters.items())[:MOST_FILTERS]
                },
            )
        )

    def change(self, change: Callable[[ModelLists], ModelLists]) -> ModelLists:
        """Change the lists as they are on disk now, and return them as they are then.

        Another window may have changed them since they were loaded; while this runs, it waits. A
        damaged file is set aside under another name first. Raises :class:`WorkbenchError` if that
        or writing fails, with the file as it was.
        """
        folder = self._path.parent
        make_private_folder(folder)
        try:
            with taking_turns(folder):
                return self._change(change)
        except OSError as error:
            raise WorkbenchError(_not_saved(self._path, error)) from error

    def _change(self, change: Callable[[ModelLists], ModelLists]) -> ModelLists:
        """The same while nobody else changes them; raises OSError."""
        loaded = self.load()
        changed = change(loaded.lists)
        if changed == loaded.lists and loaded.problem is None:
            return changed
        document = {
            "format": _FORMAT,
            "favourites": changed.favourites,
            "recents": changed.recents,
            "filters": dict(changed.filters),
        }
        if loaded.problem is not None:
            self._path.rename(self._path.with_name(f"{self._path.name}.{_mark()}.damaged"))
        write_atomically(self._path, json.dumps(document, indent=1).encode())
        return changed


def _mark() -> str:
    return secrets.token_hex(4)


def _ids(value: object, most: int) -> tuple[str, ...]:
    names = (name for name in as_names(value) if len(name) <= _LONGEST_ID)
    return tuple(dict.fromkeys(names))[:most]


def _unreadable(path: Path, error: Exception) -> Failure:
    return Failure(
        FailureKind.STORAGE,
        f"The favourites in {single_line(path.name)} cannot be read.",
        "The file is set aside, under a name that ends in .damaged, when they are next changed.",
        detail=single_line(str(error), 200),
    )


def _not_saved(path: Path, error: OSError) -> Failure:
    return Failure(
        FailureKind.STORAGE,
        f"The favourites cannot be saved to {single_line(str(path))}.",
        "Make room on the disk, or check the permissions of the folder.",
        detail=single_line(error.strerror or str(error), 200),
    )
