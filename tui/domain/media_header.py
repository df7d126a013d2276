"""What sound files and PDFs tell of themselves: how long they are. Nothing is decoded.

The layout of WAV is that of RIFF; of MP3 frames, that of ISO/IEC 11172-3, section 2.4.2.3.
"""

import re

_LONGEST_HEADER = 64 * 1024
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_PAGE_COUNT = re.compile(rb"/Count\s+(\d{1,6})(?!\d)")
_PDF_END = 2_048
"""Bytes at the end of a PDF in which readers look for where its table of contents begins."""
_BYTES_PER_PAGE = 50_000
"""For a PDF whose pages are compressed out of sight."""
_MOST_PAGES = 100_000

_LAYER_3 = 1
_RATES_MPEG_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG_1 = 3
_RESERVED = 1
"""The version that is no version."""


def pdf_pages(data: bytes) -> int:
    """About how many pages a PDF has, at least 1."""
    counted = len(_PAGE.findall(data))
    stated = max((int(found) for found in _PAGE_COUNT.findall(data)), default=0)
    return min(max(counted, stated), _MOST_PAGES) or max(1, len(data) // _BYTES_PER_PAGE)


def pdf_has_end(data: bytes) -> bool:
    """Whether a PDF has the end that it must have. Source: ISO 32000-1, 7.5.5."""
    end = data[-_PDF_END:]
    return b"startxref" in end and b"%%EOF" in end


def wav_seconds(data: bytes) -> float:
    """How long a WAV file plays, or 0.0 if it does not say."""
    at, bytes_per_second = 12, 0
    while at + 8 <= min(len(data), _LONGEST_HEADER):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"fmt " and at + 20 <= len(data):
            bytes_per_second = int.from_bytes(data[at + 16 : at + 20], "little")
        elif name == b"data":
            # A stream writes the largest size there is, since it does not know better.
            size = min(size, len(data) - at - 8)
            return size / bytes_per_second if bytes_per_second else 0.0
        at += 8 + size + size % 2
    return 0.0


def mp3_seconds(data: bytes) -> float:
    """About how long an MP3 file plays by the rate of its first frame; 0.0 for anything else."""
    at = 0
    if data.startswith(b"ID3") and len(data) > 10:
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        at = 10 + size
    rate = _bit_rate(data[at : at + 4])
    return (len(data) - at) * 8 / rate if rate else 0.0


def _bit_rate(frame: bytes) -> int:
    """Bits per second of a frame of layer 3 by its header; 0 if it is none."""
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return 0
    version, layer = frame[1] >> 3 & 3, frame[1] >> 1 & 3
    index, sampling = frame[2] >> 4, frame[2] >> 2 & 3
    if version == _RESERVED or layer != _LAYER_3 or sampling == 3 or index == 15:
        return 0
    return 1000 * (_RATES_MPEG_1 if version == _MPEG_1 else _RATES_MPEG_2)[index]
