"""Text from outside made safe to show: control, bidi and tag characters, and URLs.

Terminals obey escape sequences wherever they appear, and Textual passes most of them on. So every
text that a server, a file or the clipboard supplied is rendered through :func:`visible`. Storage
and requests keep the original.
"""

import re
from urllib.parse import quote, urlsplit

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_NEVER_RAW = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without TAB and LF, DEL, C1
    "\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, separators, bidi controls
    "\U000e0000-\U000e007f"  # tags
    "\ud800-\udfff"  # lone surrogates cannot be encoded
    "]"
)
# Marks that stack on one cell; a script needs a few, a flood paints over the lines around it.
_STACKING = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U000e0100-\U000e01ef"
)
_LONGEST_STACK = 4
_FLOOD = re.compile(f"([{_STACKING}]{{{_LONGEST_STACK}}})[{_STACKING}]+")
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_WHITE_SPACE = re.compile(r"\s+")
_SHOWN_LINK_SCHEMES = frozenset({"http", "https", "mailto"})


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)  # the Unicode control pictures: ␛ for ESC
    return "␡" if code == 0x7F else _REPLACEMENT


def visible(text: str) -> str:
    """The text as it may be shown: line breaks as LF, everything that could act made visible.

    Joiners and variation selectors stay, as emoji and some scripts need them, but runs of stacking
    marks are cut to four.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_BREAK.sub("\n", text)
    text = _NEVER_RAW.sub(_picture, text)
    return text if text.isascii() else _FLOOD.sub(r"\1", text)


def single_line(text: str, longest: int | None = None) -> str:
    """The text as one line for a title, a name or a table cell, cut to ``longest`` characters."""
    line = _WHITE_SPACE.sub(" ", visible(text)).strip()
    if longest is not None and len(line) > longest:
        return line[: longest - 1].rstrip() + "…"
    return line


def storable(text: str) -> str:
    """The text with lone surrogates replaced: the one thing that UTF-8 cannot carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def hides_characters(text: str) -> bool:
    """Whether the text holds characters that :func:`visible` would replace or drop."""
    return visible(text) != _LINE_BREAK.sub("\n", text)


def link_target(url: str) -> str | None:
    """The URL percent-encoded for a terminal hyperlink, or None if it must not be a link.

    Only http, https and mailto are allowed; control characters, spaces and everything beyond ASCII
    are encoded, since an escape character inside a hyperlink would reach the terminal raw.
    """
    encoded = quote(storable(url.strip()), safe="%/:=&?~#+!$,;'@()*[]")
    try:
        parts = urlsplit(encoded)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in _SHOWN_LINK_SCHEMES:
        return None
    if parts.scheme.lower() != "mailto" and not host:
        return None
    return encoded
