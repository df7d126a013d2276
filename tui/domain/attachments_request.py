"""Files as a request wants them: parts of a message's content.

The data is handed in by its digest, since it lies on the disk. Where it is not needed, as for a
preview of what would be sent, a few words stand in its place.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tui.domain.attachments import Attachment, AttachmentKind, text_of
from tui.domain.sanitize import storable

Json = dict[str, Any]
Files = Mapping[str, bytes]
"""The data of files by their digest."""

NO_FILES: Files = MappingProxyType({})
_AUDIO_FORMATS = {"audio/wav": "wav", "audio/mpeg": "mp3"}
_BACKTICKS = re.compile("`{3,}")
_LANGUAGE = re.compile(r"\.([A-Za-z0-9+#]{1,12})$")


def content_of(text: str, attachments: Sequence[Attachment], files: Files) -> str | list[Json]:
    """The content of a message: its text, and its files as parts after it.

    With text files only it stays one text, which every server understands.
    """
    texts = [storable(text)] if text else []
    texts += [_text(one, files) for one in attachments if one.kind is AttachmentKind.TEXT]
    parts = [_part(one, files) for one in attachments if one.kind is not AttachmentKind.TEXT]
    whole = "\n\n".join(texts)
    if not parts:
        return whole
    return [{"type": "text", "text": whole}, *parts] if whole else parts


def _text(attachment: Attachment, files: Files) -> str:
    data = files.get(attachment.digest)
    body = _stand_in(attachment) if data is None else storable(text_of(data)).rstrip("\n")
    longest = max((len(run) for run in _BACKTICKS.findall(body)), default=2)
    fence = "`" * (longest + 1)
    name = attachment.name.replace("`", "'")
    language = _LANGUAGE.search(attachment.name)
    return f"File `{name}`:\n\n{fence}{language[1] if language else ''}\n{body}\n{fence}"


def _part(attachment: Attachment, files: Files) -> Json:
    data = files.get(attachment.digest)
    encoded = _stand_in(attachment) if data is None else b64encode(data).decode("ascii")
    address = f"data:{attachment.media_type};base64,{encoded}"
    match attachment.kind:
        case AttachmentKind.IMAGE:
            return {"type": "image_url", "image_url": {"url": address}}
        case AttachmentKind.AUDIO:
            audio = {"data": encoded, "format": _AUDIO_FORMATS[attachment.media_type]}
            return {"type": "input_audio", "input_audio": audio}
        case _:
            return {"type": "file", "file": {"filename": attachment.name, "file_data": address}}


def _stand_in(attachment: Attachment) -> str:
    return f"<{attachment.size:,} bytes of {attachment.name}>"
