"""Images in the text of answers, in words.

Nothing is fetched: what is known is in the address or the data.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from tui.domain.image_header import read_header
from tui.domain.sanitize import single_line

_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,([A-Za-z0-9+/]*={0,2})")
_KEPT = 64
"""Characters of data that may be shown; they hold the size of a PNG or GIF."""
_HEAD = 64 * 1024
"""Characters of data in which the size of an image is looked for."""
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is known of an image without loading it; sizes are pixels."""

    name: str = ""
    width: int = 0
    height: int = 0


def image_facts(source: str) -> ImageFacts:
    """The facts that the address of an image, or its data, tells."""
    match = _DATA.match(source)
    if match is not None:
        kind = (match[1] or "data").partition("/")[2]
        return ImageFacts(f"{kind} data" if kind else "data", *_pixels(match[2]))
    if source.startswith("data:"):
        return ImageFacts("data")
    try:
        path = urlsplit(source).path
    except ValueError:
        return ImageFacts()
    return ImageFacts(single_line(unquote(path.rstrip("/").rpartition("/")[2]), _LONGEST_NAME))


def image_words(description: str, source: str) -> str:
    """The image in one line, such as ``image: a chart · chart.png · 640×480``."""
    facts = image_facts(source)
    parts = [single_line(description)]
    if facts.name and facts.name != parts[0]:
        parts.append(facts.name)
    if facts.width:
        parts.append(f"{facts.width}×{facts.height}")
    return f"image: {' · '.join(filter(None, parts)) or 'no description'}"


def without_data(text: str) -> str:
    """The text with the data of ``data:`` addresses cut to its beginning."""
    if ";base64," not in text:
        return text
    return _DATA.sub(_shortened, text)


def _shortened(match: re.Match[str]) -> str:
    start = match.start(2) - match.start()
    whole = match.group()
    return whole if len(whole) <= start + _KEPT else f"{whole[: start + _KEPT]}…"


def _pixels(data: str) -> tuple[int, int]:
    """Width and height, or zeros."""
    head = data[:_HEAD].rstrip("=")
    if len(head) % 4 == 1:  # cut in the middle of a byte
        head = head[:-1]
    try:
        raw = base64.b64decode(head + "=" * (-len(head) % 4))
    except binascii.Error:
        return 0, 0
    header = read_header(raw)
    return header.width, header.height
