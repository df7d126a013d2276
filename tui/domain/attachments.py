"""Files that go with a message: what they are by their content, and what of them is taken.

A kind is read from the data and never believed from a name, since it decides how the file is sent.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.figures import byte_size
from tui.domain.image_header import ImageFormat, holds_picture, is_cut_short, read_header
from tui.domain.media_header import mp3_seconds, pdf_has_end, pdf_pages, wav_seconds
from tui.domain.sanitize import single_line
from tui.domain.tokens import estimate_tokens

MB = 1_000_000
LARGEST_TOGETHER = 64 * MB
"""Bytes that the files of one message may have together."""
_LONGEST_NAME = 120


class AttachmentKind(StrEnum):
    """What a file is sent as."""

    IMAGE = "image"
    PDF = "pdf"
    AUDIO = "audio"
    TEXT = "text"


LARGEST = {
    AttachmentKind.IMAGE: 20 * MB,
    AttachmentKind.PDF: 32 * MB,
    AttachmentKind.AUDIO: 25 * MB,
    AttachmentKind.TEXT: 2 * MB,
}
"""Bytes of one file; providers refuse larger ones, and text of this size fills any context."""
LARGEST_FILE = max(LARGEST.values())

_MEDIA_TYPES = {
    ImageFormat.PNG: "image/png",
    ImageFormat.JPEG: "image/jpeg",
    ImageFormat.GIF: "image/gif",
    ImageFormat.WEBP: "image/webp",
}
_PDF, _WAV, _MP3, _PLAIN = "application/pdf", "audio/wav", "audio/mpeg", "text/plain"

# Tokens, roughly. Images: Claude's documentation counts an image as width × height / 750 after
# scaling it down to about 1,600; without a size, an image of usual size. PDF: between the text of
# a page alone and its picture. Audio: Gemini's documentation counts 32 a second.
_PIXELS_PER_TOKEN = 750
_MOST_IMAGE_TOKENS = 1_600
_TOKENS_PER_PAGE = 1_500
_TOKENS_PER_SECOND = 32
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FEW_CONTROLS = 0.01
"""The share of control characters up to which something is text, as in a log with colours."""
_CONTROLS = "".join(map(chr, (*range(0x07), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F)))
_DROP_CONTROLS = dict.fromkeys(map(ord, _CONTROLS))


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a message, without its data; equal files are one.

    ``digest`` is the SHA-256 of the data in hexadecimal, ``size`` bytes, ``width`` and ``height``
    pixels, ``pages`` and ``seconds`` as far as the file tells, else 0. ``tokens`` is an estimate
    of what the model will count.
    """

    digest: str
    kind: AttachmentKind
    media_type: str
    name: str
    size: int
    tokens: int
    width: int = 0
    height: int = 0
    pages: int = 0
    seconds: float = 0.0

    @property
    def words(self) -> str:
        """What it is in one line, such as ``chart.png · 640×480 · 12 KB``."""
        parts = [self.name]
        if self.width and self.height:
            parts.append(f"{self.width}×{self.height}")
        if self.pages:
            parts.append(f"{self.pages} page{'s' if self.pages > 1 else ''}")
        if self.seconds:
            parts.append(f"{round(self.seconds)} s")
        return " · ".join([*parts, byte_size(self.size)])


def inspect(data: bytes, name: str) -> Attachment:
    """The attachment that this data is; ``name`` is for people only.

    Raises :class:`WorkbenchError` with words for what is empty, too large, of no kind that can be
    sent, or an image without a picture in it.
    """
    name = single_line(name, _LONGEST_NAME) or "file"
    if not data:
        raise refused(f"{name} is empty.", "Attach another file.")
    kind, media_type = kind_of(data) or (None, "")
    if kind is None:
        raise refused(
            f"{name} is no text, and no image, PDF or audio that can be sent.",
            "PNG, JPEG, WebP, GIF, PDF, WAV, MP3 and text files can be attached.",
        )
    check_size(name, kind, len(data))
    width = height = pages = 0
    seconds = 0.0
    match kind:
        case AttachmentKind.IMAGE:
            header = read_header(data)
            if not holds_picture(data):
                raise refused(
                    f"{name} begins like a {header.format} image, and there is no picture in it.",
                    "Save or download it again, then attach it.",
                )
            width, height = header.width, header.height
            tokens = _image_tokens(width, height)
        case AttachmentKind.PDF:
            pages = pdf_pages(data)
            tokens = max(pages, 1) * _TOKENS_PER_PAGE
        case AttachmentKind.AUDIO:
            seconds = wav_seconds(data) if media_type == _WAV else mp3_seconds(data)
            tokens = round(seconds * _TOKENS_PER_SECOND)
        case AttachmentKind.TEXT:
            tokens = estimate_tokens(text_of(data))
    digest = hashlib.sha256(data).hexdigest()
    return Attachment(
        digest, kind, media_type, name, len(data), tokens, width, height, pages, seconds
    )


def doubt(attachment: Attachment, data: bytes) -> str:
    """Why a file that is taken may still be refused or read in part; empty for none."""
    match attachment.kind:
        case AttachmentKind.PDF if not pdf_has_end(data):
            missing = "a PDF ends with %%EOF, and it does not"
        case AttachmentKind.IMAGE if is_cut_short(data):
            missing = "its end is missing, or its size"
        case _:
            return ""
    return f"{attachment.name} may be cut short or broken: {missing}."


def check_size(name: str, kind: AttachmentKind, size: int) -> None:
    """Raise :class:`WorkbenchError` for a file of this kind with more bytes than are taken."""
    if size > LARGEST[kind]:
        raise too_large(name, size, LARGEST[kind])


def kind_of(data: bytes) -> tuple[AttachmentKind, str] | None:
    """The kind and the media type of the data, or None for what cannot be sent."""
    image = _MEDIA_TYPES.get(read_header(data).format)
    if image is not None:
        return AttachmentKind.IMAGE, image
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return AttachmentKind.PDF, _PDF
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return AttachmentKind.AUDIO, _WAV
    if mp3_seconds(data) > 0:
        return AttachmentKind.AUDIO, _MP3
    return (AttachmentKind.TEXT, _PLAIN) if is_text(data) else None


def is_text(data: bytes) -> bool:
    """Whether the data is text in UTF-8, or in UTF-16 that says so."""
    try:
        text = _decoded(data)
    except UnicodeDecodeError:
        return False
    controls = len(text) - len(text.translate(_DROP_CONTROLS))
    return "\0" not in text and controls <= len(text) * _FEW_CONTROLS


def text_of(data: bytes) -> str:
    """The text of a text file, with LF at the end of each line."""
    return _decoded(data, "replace").replace("\r\n", "\n").replace("\r", "\n")


def refused(what: str, next_step: str) -> WorkbenchError:
    """The error for a file that cannot be attached."""
    return WorkbenchError(Failure(FailureKind.BAD_REQUEST, what, next_step))


def too_large(name: str, size: int, largest: int) -> WorkbenchError:
    """The error for a file of too many bytes."""
    return refused(
        f"{name} is too large: {byte_size(size)}.", f"At most {byte_size(largest)} can be read."
    )


def _decoded(data: bytes, errors: str = "strict") -> str:
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16", errors)
    return data.decode("utf-8-sig", errors)


def _image_tokens(width: int, height: int) -> int:
    if not width or not height:
        return _MOST_IMAGE_TOKENS
    return max(1, min(_MOST_IMAGE_TOKENS, width * height // _PIXELS_PER_TOKEN))
