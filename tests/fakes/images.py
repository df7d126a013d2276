"""Images made by hand, real ones and such as only pretend."""

import base64
import struct
import zlib
from typing import Any

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?>\n<!-- x --><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 1, height: int = 1, *, red: int = 255) -> bytes:
    """A PNG of one colour."""
    return declared_png(width, height, (b"\0" + bytes((red, 0, 0)) * width) * height)


def declared_png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that says it has this size, whatever is in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def address(data: bytes, media_type: str = "image/png") -> str:
    """The data as the address that an answer brings."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def image_row(url: str) -> dict[str, Any]:
    """An image as it stands in a delta."""
    return {"type": "image_url", "image_url": {"url": url}}
