"""The image that the demo answers with, drawn pixel by pixel: a sun over hills."""

import math
import struct
import zlib
from functools import cache

WIDTH, HEIGHT = 240, 150
_SUN = (168, 52, 26)
"""Centre and radius in pixels."""
_HILLS = ((0.62, 9, 0.08, (58, 72, 110)), (0.76, 14, 0.053, (38, 48, 84)))
"""Height as a part of the picture, waves in pixels and radians per pixel, colour; far to near."""

Colour = tuple[int, int, int]


@cache
def picture() -> bytes:
    """The picture as a PNG file, the same every time.

    Source of the format: https://www.w3.org/TR/png-3/, sections 5 and 11.
    """
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits of each RGB channel
    lines = (
        bytes(channel for x in range(WIDTH) for channel in _pixel(x, y)) for y in range(HEIGHT)
    )
    pixels = b"".join(b"\0" + line for line in lines)  # each line is preceded by its filter: none
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(pixels, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixel(x: int, y: int) -> Colour:
    for level, wave, step, colour in reversed(_HILLS):
        if y > level * HEIGHT + wave * math.sin(x * step + level * 9):
            return colour
    sun_x, sun_y, radius = _SUN
    if math.hypot(x - sun_x, y - sun_y) < radius:
        return 250, 214, 140
    low = y / HEIGHT
    return round(112 + 120 * low), round(120 + 30 * low), round(190 - 60 * low)
