"""Finding a file to attach: by a part of its name below a folder, or along a path one types."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.domain.attachments_paths import PathIndex
from tui.services.attachments_read import path_from
from tui.services.attachments_walk import FolderEntry, list_files, list_folder

_MOST = 100


@dataclass(frozen=True, slots=True)
class FileRow:
    """One line of the list: where it is, how it is shown, and which characters match.

    ``typed`` is what a path that is being typed becomes with it.
    """

    path: Path
    shown: str
    marks: tuple[int, ...] = ()
    is_folder: bool = False
    typed: str = ""


def is_path(text: str) -> bool:
    """Whether the text says where it begins, and so is a path and no part of a name."""
    return text.startswith(("/", "~", "./", "../", "file://", '"', "'")) or text[1:3] == ":\\"


class FileChoice:
    """What is listed for a text; ``folder`` is where names are looked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index: PathIndex | None = None

    async def list(self) -> None:
        """List the files of the folder; until then only paths can be typed."""
        self.index = await list_files(self.folder)

    async def rows(self, text: str) -> Sequence[FileRow]:
        """The files that the text may mean, best first."""
        text = text.strip()
        if is_path(text):
            return await self._along(text)
        if self.index is None:
            return ()
        found = self.index.candidates(text, _MOST)
        return [FileRow(self.folder / one.path, one.path, one.marks) for one in found]

    async def _along(self, text: str) -> Sequence[FileRow]:
        """The names in the folder that the path leads to, those that go on with it."""
        path = path_from(text, self.folder)
        before, _, begun = text.rpartition("/")
        inside = text == "~" or text.endswith(("/", "/.", "/.."))
        folder, begun = (path, "") if inside else (path.parent, begun)
        entries = await list_folder(folder)
        rows = [
            _row(folder, entry, before if not text.startswith("~") or before else "~")
            for entry in entries
            if entry.name.lower().startswith(begun.lower())
            and (begun or not entry.name.startswith("."))
        ]
        return rows[:_MOST] or ([FileRow(path, text)] if begun else [])


def _row(folder: Path, entry: FolderEntry, before: str) -> FileRow:
    name = f"{entry.name}{os.sep}" if entry.is_folder else entry.name
    return FileRow(folder / entry.name, name, (), entry.is_folder, f"{before}/{name}")
