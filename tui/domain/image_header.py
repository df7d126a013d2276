"""What the first bytes of an image tell: its format and its size in pixels. Nothing is decoded.

The format is read from the data and never believed from a name or a media type, since it decides
which program may open the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

_READ = 256 * 1024
"""Bytes in which a size is looked for, but for a JPEG."""
_MOST_SEGMENTS = 1_000
"""Of a JPEG, that are passed over to its size: profiles and previews of 64 KiB each."""
_GIF_HEADER = 13
"""Bytes of a GIF before its tables and pictures."""
_GIF_EXTENSION, _GIF_IMAGE, _GIF_TRAILER = b"!,;"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SVG = re.compile(
    # Atomic: a comment ends at the first mark, or many of them could be read in countless ways.
    rb"(?:\xef\xbb\xbf)?\s*(?:(?><\?xml[^>]*>|<!--.*?-->|<!DOCTYPE\s+svg[^>]*>)\s*)*<svg[\s>]",
    re.DOTALL,
)
_SVG_WITHIN = 4096


class ImageFormat(StrEnum):
    """The formats that are told apart."""

    PNG = "PNG"
    JPEG = "JPEG"
    GIF = "GIF"
    WEBP = "WebP"
    SVG = "SVG"
    UNKNOWN = "unknown"

    @property
    def suffix(self) -> str:
        """What the name of a file ends in; a program is chosen by it."""
        return _SUFFIXES[self]

    @property
    def is_raster(self) -> bool:
        """Whether it holds pixels and nothing else; an SVG is a document that may run scripts."""
        return self not in {ImageFormat.SVG, ImageFormat.UNKNOWN}


_SUFFIXES = {
    ImageFormat.PNG: ".png",
    ImageFormat.JPEG: ".jpg",
    ImageFormat.GIF: ".gif",
    ImageFormat.WEBP: ".webp",
    ImageFormat.SVG: ".svg",
    ImageFormat.UNKNOWN: ".bin",
}


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """Format and size in pixels; zeros where the size is not known."""

    format: ImageFormat = ImageFormat.UNKNOWN
    width: int = 0
    height: int = 0


def read_header(raw: bytes) -> ImageHeader:
    """The header of an image, of which the beginning is enough."""
    if raw.startswith(b"\xff\xd8\xff"):
        return ImageHeader(ImageFormat.JPEG, *_jpeg_size(raw))
    raw = raw[:_READ]
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageHeader(ImageFormat.PNG, *_numbers(raw, "big", 16, 20, size=4))
    if raw.startswith((b"GIF87a", b"GIF89a")):
        return ImageHeader(ImageFormat.GIF, *_numbers(raw, "little", 6, 8, size=2))
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return ImageHeader(ImageFormat.WEBP, *_webp_size(raw))
    if _SVG.match(raw[:_SVG_WITHIN]):
        return ImageHeader(ImageFormat.SVG)
    return ImageHeader()


def holds_picture(data: bytes) -> bool:
    """Whether the data of an image gets as far as to a picture; without one, it is of no use.

    Sources: PNG specification, 5.6; GIF89a, 20; RFC 9649, section 2.7; ITU T.81, B.2.1.
    """
    match read_header(data).format:
        case ImageFormat.PNG:
            return any(kind == b"IDAT" for kind, _ in _png_chunks(data))
        case ImageFormat.JPEG:
            return _jpeg_scan(data) > 0
        case ImageFormat.GIF:
            return data.find(b",", _GIF_HEADER) > 0
        case ImageFormat.WEBP:
            return any(data.find(kind, 12) > 0 for kind in (b"VP8 ", b"VP8L", b"ANMF"))
    return False


def is_cut_short(data: bytes) -> bool:
    """Whether the data of an image ends before the image does, or does not tell its size.

    Many programs show such an image all the same.

    Sources: PNG specification, 5.3; GIF89a, 15 to 27; RFC 9649, section 2.4; for the end of a JPEG,
    ITU T.81, B.1.
    """
    header = read_header(data)
    if not header.format.is_raster:
        return False
    if not (header.width and header.height and holds_picture(data)):
        return True
    match header.format:
        case ImageFormat.PNG:
            return all(kind != b"IEND" or end > len(data) for kind, end in _png_chunks(data))
        case ImageFormat.JPEG:
            # More may follow, such as the film of a moving photo.
            return data.find(b"\xff\xd9", _jpeg_scan(data)) < 0
        case ImageFormat.GIF:
            return _gif_end(data) > len(data)
        case ImageFormat.WEBP:
            return int.from_bytes(data[4:8], "little") + 8 > len(data) + 1  # padding is forgotten
    return False


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The kinds of the chunks, and where each ends or would end, if the data went on."""
    at = 8
    while at + 8 <= len(data):
        kind, at = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        yield kind, at


def _gif_end(data: bytes) -> int:
    """Where a GIF ends, or would end at the least if the data went on."""
    at = _GIF_HEADER + _gif_table(data, 10)
    while at < len(data) and (kind := data[at]) != _GIF_TRAILER:
        if kind == _GIF_IMAGE:
            at += 11 + _gif_table(data, at + 9)
        elif kind == _GIF_EXTENSION:
            at += 2
        else:
            at += 1  # a byte that fills; decoders pass over it, too
            continue
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return at + 1


def _gif_table(data: bytes, at: int) -> int:
    """Bytes of the colours that the flags at a place announce."""
    flags = data[at] if at < len(data) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _numbers(
    raw: bytes, order: Literal["big", "little"], first: int, second: int, *, size: int
) -> tuple[int, int]:
    """Two numbers of ``size`` bytes each, or zeros if the data ends before."""
    if len(raw) < second + size:
        return 0, 0
    return (
        int.from_bytes(raw[first : first + size], order),
        int.from_bytes(raw[second : second + size], order),
    )


def _jpeg_size(raw: bytes) -> tuple[int, int]:
    at = _jpeg_frame(raw)
    height, width = _numbers(raw, "big", at + 5, at + 7, size=2) if at else (0, 0)
    return width, height


def _jpeg_frame(raw: bytes) -> int:
    """Where the segment begins that tells the size, or 0 if it is not found."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if raw[at : at + 2] == b"\xff\xff":  # a byte that fills
            at += 1
            continue
        if at + 9 > len(raw) or raw[at] != 0xFF:
            return 0
        if raw[at + 1] in _JPEG_FRAMES:
            return at
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return 0


def _jpeg_scan(raw: bytes) -> int:
    """Where the first pixels begin; 0 or less if there are none."""
    frame = _jpeg_frame(raw)
    return raw.find(b"\xff\xda", frame) if frame else 0


def _webp_size(raw: bytes) -> tuple[int, int]:
    """Of the three kinds of WebP. Source: RFC 9649, sections 2.5 to 2.7 and 3.4."""
    kind = raw[12:16]
    if kind == b"VP8X":
        width, height = _numbers(raw, "little", 24, 27, size=3)
        return (width + 1, height + 1) if len(raw) >= 30 else (0, 0)
    if kind == b"VP8 " and raw[23:26] == b"\x9d\x01\x2a":
        width, height = _numbers(raw, "little", 26, 28, size=2)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and raw[20:21] == b"\x2f" and len(raw) >= 25:
        bits = int.from_bytes(raw[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0
