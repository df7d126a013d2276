"""An attached image as the image screen wants it."""

from dataclasses import dataclass
from pathlib import Path

from tui.domain.pictures import Picture


@dataclass(frozen=True, slots=True)
class AttachedImage:
    """One image that is at hand; see :class:`tui.ui.controllers.image_desk.Images`."""

    data: bytes

    async def image_data(self, _picture: Picture) -> bytes | None:
        """Its data."""
        return self.data

    async def image_file(self, _picture: Picture) -> Path | None:
        """It has no file that another program may open: what was attached must not change."""
        return None
