"""What can be done with an image of an answer: load it, save a copy, open it in another program."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.file_names import file_stem
from tui.domain.pictures import Picture
from tui.services.browser import CannotOpenError, open_file
from tui.services.paths import shown
from tui.services.saving import (
    folder_for_downloads,
    free_path,
    replace_file,
    save_new,
    typed_path,
)

_GONE = Failure(
    FailureKind.STORAGE,
    "The file of this image is gone, or was changed.",
    "If it was moved out of the data folder, put it back.",
)
_NOT_ON_DISK = Failure(
    FailureKind.STORAGE,
    "This image is not on the disk.",
    "Save it to another place first, and open it there.",
)


class Images(Protocol):
    """Where images are kept; the history of a conversation is one such place."""

    async def image_data(self, picture: Picture) -> bytes | None:
        """The data of an image, or None if it is gone."""

    async def image_file(self, picture: Picture) -> Path | None:
        """Its file; None while it is only in memory."""


class ImageDesk:
    """The images of one conversation; ``title`` is what a saved copy is called after."""

    def __init__(self, images: Images, title: str, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self._images = images
        self._title = title

    async def data(self, picture: Picture) -> bytes:
        """The data of an image; raises WorkbenchError if it is gone."""
        data = await self._images.image_data(picture)
        if data is None:
            raise WorkbenchError(_GONE)
        return data

    async def open(self, picture: Picture) -> None:
        """Show an image in the system's viewer; raises WorkbenchError.

        Only formats that hold nothing but pixels, as the data itself says, are opened.
        """
        if not picture.format.is_raster:
            raise WorkbenchError(not_opened(picture))
        path = await self._images.image_file(picture)
        if path is None:
            raise WorkbenchError(_NOT_ON_DISK)
        await self.data(picture)
        try:
            await asyncio.to_thread(open_file, path, self.environ)
        except CannotOpenError as error:
            raise WorkbenchError(
                Failure(FailureKind.STORAGE, str(error), f"The image is {shown(path)}.")
            ) from error

    async def suggestion(self, picture: Picture, number: int) -> Path:
        """Where to save a copy unless the user says otherwise; nothing has that name yet."""
        name = self.name(picture, number)
        return await asyncio.to_thread(lambda: free_path(folder_for_downloads() / name))

    async def target(self, typed: str, picture: Picture, number: int) -> Path:
        """The path that the user typed, which may be a folder."""
        return await asyncio.to_thread(typed_path, typed, self.name(picture, number))

    async def save(self, picture: Picture, path: Path, *, replace: bool = False) -> None:
        """Save a copy of an image.

        Raises FileExistsError if something has that name and ``replace`` is not set, and
        WorkbenchError if it cannot be written.
        """
        data = await self.data(picture)
        try:
            await asyncio.to_thread(replace_file if replace else save_new, path, data)
        except FileExistsError:
            raise
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise WorkbenchError(_not_saved(path, reason)) from error

    def name(self, picture: Picture, number: int) -> str:
        """What a copy of the image is called; ``number`` counts from 1."""
        return f"{file_stem(self._title, 'image')}-{number}{picture.format.suffix}"


def not_opened(picture: Picture) -> Failure:
    """The failure for an image that no program is started for."""
    return Failure(
        FailureKind.STORAGE,
        f"This is not opened: {picture.words}.",
        "Only PNG, JPEG, GIF and WebP are. Save it, and look at what it is.",
    )


def _not_saved(path: Path, reason: str) -> Failure:
    return Failure(
        FailureKind.STORAGE,
        f"{shown(path)} cannot be written.",
        "Choose another place.",
        detail=reason,
    )
