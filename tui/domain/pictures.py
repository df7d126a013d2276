"""Images that came with an answer: what is known of them, and how they are named."""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote_to_bytes

from tui.domain.figures import byte_size
from tui.domain.image_header import ImageFormat, read_header

_WHITE_SPACE = re.compile(r"\s+")
_PIECE = 4
"""Base64 comes in pieces of so many characters."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One image, without its data; ``width`` and ``height`` are pixels or 0, ``size`` is bytes.

    ``digest`` is the SHA-256 of the data in hexadecimal: equal images are one.
    """

    digest: str
    format: ImageFormat
    width: int
    height: int
    size: int

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The image with this data."""
        header = read_header(data)
        digest = hashlib.sha256(data).hexdigest()
        return cls(digest, header.format, header.width, header.height, len(data))

    @property
    def file_name(self) -> str:
        """The name under which it is stored; nothing in it comes from outside."""
        return f"{self.digest}{self.format.suffix}"

    @property
    def words(self) -> str:
        """What it is: ``PNG 1024×1024 · 1.2 MB``."""
        known = self.format is not ImageFormat.UNKNOWN
        name = str(self.format) if known else "no known format"
        pixels = f" {self.width}×{self.height}" if self.width and self.height else ""
        return f"{name}{pixels} · {byte_size(self.size)}"


def data_in(address: str) -> bytes | None:
    """The data of a ``data:`` address, or None for an address of another scheme.

    What cannot be decoded is handed back as it came, since nothing that arrived may be lost.
    """
    scheme, _, rest = address.partition(":")
    if scheme.strip().lower() != "data":
        return None
    head, _, body = rest.partition(",")
    is_base64 = head.lower().rstrip().endswith(";base64")
    data = _decoded(body) if is_base64 else unquote_to_bytes(body)
    return data or address.encode(errors="replace")


def _decoded(body: str) -> bytes:
    """Base64 with or without white space and padding; nothing if it is none."""
    body = _WHITE_SPACE.sub("", body).rstrip("=")
    try:
        return base64.b64decode(body + "=" * (-len(body) % _PIECE), validate=True)
    except ValueError:
        return b""
