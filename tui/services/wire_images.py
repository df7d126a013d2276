"""The images of an answer as events: in the delta's ``images``, or among the parts of its content.

``{"type": "image_url", "image_url": {"url": "data:image/png;base64,…"}}`` is one of them.
"""

from collections.abc import Iterator

from tui.domain.events import ImageArrived, TextDelta
from tui.domain.pictures import Picture, data_in
from tui.domain.sanitize import link_target
from tui.domain.values import as_list, as_object
from tui.services.sse import MIB

LARGEST_IMAGES = 64 * MIB
"""Characters of the addresses of all images of one answer, data included."""
MOST_IMAGES = 64


class TooManyImagesError(Exception):
    """Raised for an answer whose images pass their bounds; those before have been yielded."""


class ImageReader:
    """Takes the images of one answer, each once: some providers repeat them at the end."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._size = 0

    def read(self, *values: object) -> Iterator[ImageArrived | TextDelta]:
        """The images in these JSON values, which may be of any kind.

        An image that is elsewhere is not fetched: it becomes a link in the text. Raises
        :class:`TooManyImagesError`.
        """
        for value in values:
            for item in as_list(value):
                found = as_object(item).get("image_url")
                address = found if isinstance(found, str) else as_object(found).get("url")
                if isinstance(address, str) and address:
                    yield from self._take(address)

    def _take(self, address: str) -> Iterator[ImageArrived | TextDelta]:
        self._size += len(address)
        if self._size > LARGEST_IMAGES:
            raise TooManyImagesError
        data = data_in(address)
        picture = Picture.of(data) if data is not None else None
        key = address if picture is None else picture.digest
        if key in self._known:
            return
        if len(self._known) == MOST_IMAGES:
            raise TooManyImagesError
        self._known.add(key)
        if picture is not None and data is not None:
            yield ImageArrived(picture, data)
        elif (target := link_target(address)) is not None:
            yield TextDelta(f"\n\n![](<{target}>)\n\n")
