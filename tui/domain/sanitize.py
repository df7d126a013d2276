"""Text from outside made safe to show: control, bidi and tag characters, and URLs.

Terminals obey escape sequences wherever they appear, and Textual passes most of them on. So every
text that a server, a file or the clipboard supplied is rendered through :func:`visible`. Storage
and requests keep the original.
"""

import re
import unicodedata
from collections import defaultdict
from urllib.parse import quote, urlsplit

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_NEVER_RAW = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without TAB and LF, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls
    "\xad\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # invisible, but take up text
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags and their unassigned kin
    "\ud800-\udfff"  # lone surrogates cannot be encoded
    "]+"
)
# The Unicode control pictures, ␛ for ESC; for everything else the replacement character.
_PICTURES = defaultdict(
    lambda: ord(_REPLACEMENT), {code: 0x2400 + code for code in range(0x20)} | {0x7F: ord("␡")}
)
# Marks stack on one cell; a script needs a few, a flood paints over the lines around it. Only runs
# that could hold a flood are looked at mark by mark: no letters, spaces, punctuation, box drawings
# or emoji.
_LONGEST_STACK = 4
_MAYBE_FLOOD = re.compile(
    "[^\\w\\s\x00-\u02ff\u2010-\u20cf\u2100-\u2fff\u3000-\u3029\U0001f000-\U0001faff]"
    f"{{{_LONGEST_STACK + 1},}}"
)
_JOINERS = "\u200c\u200d"
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_WHITE_SPACE = re.compile(r"\s+")
_ENOUGH_FOR_A_LINE = 16
_SHOWN_LINK_SCHEMES = frozenset({"http", "https", "mailto"})
_HOST_PART = re.compile(r"[^/?#:@]+")
_LINK_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


def _picture(match: re.Match[str]) -> str:
    return match.group().translate(_PICTURES)


def _unstack(match: re.Match[str]) -> str:
    kept: list[str] = []
    stacked = 0
    for character in match.group():
        on_top = character in _JOINERS or unicodedata.category(character) in ("Mn", "Me")
        stacked = stacked + 1 if on_top else 0
        if stacked <= _LONGEST_STACK:
            kept.append(character)
    return "".join(kept)


def visible(text: str) -> str:
    """The text as it may be shown: line breaks as LF, everything that could act made visible.

    Joiners and variation selectors stay, as emoji and some scripts need them, but runs of stacking
    marks are cut to four.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_BREAK.sub("\n", text)
    text = _NEVER_RAW.sub(_picture, text)
    return text if text.isascii() else _MAYBE_FLOOD.sub(_unstack, text)


def single_line(text: str, longest: int | None = None) -> str:
    """The text as one line for a title, a name or a table cell, cut to ``longest`` characters.

    Of a text that is far longer than what is asked for, only the beginning is looked at.
    """
    if longest is not None and len(text) > longest * _ENOUGH_FOR_A_LINE:
        text = text.strip()
        if len(text) > longest * _ENOUGH_FOR_A_LINE:
            text = text[: longest * _ENOUGH_FOR_A_LINE].rstrip() + "…"
    line = _WHITE_SPACE.sub(" ", visible(text)).strip()
    if longest is not None and len(line) > longest:
        return line[: longest - 1].rstrip(" …") + "…"
    return line


def storable(text: str) -> str:
    """The text with lone surrogates replaced: the one thing that UTF-8 cannot carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def copyable(text: str) -> str:
    """The text for the clipboard: as it was written, without C0 (but TAB and LF), DEL and C1.

    What is pasted into a shell or an editor must not act there. Everything else stays.
    """
    return _ACTING.sub("", storable(text.replace("\r\n", "\n").replace("\r", "\n")))


def hides_characters(text: str) -> bool:
    """Whether the text holds characters that :func:`visible` would replace or drop."""
    return visible(text) != _LINE_BREAK.sub("\n", text)


def link_target(url: str) -> str | None:
    """The URL percent-encoded for a terminal hyperlink, or None if it must not be a link.

    Only http, https and mailto are allowed, and no user name before the host, which would disguise
    it; a host beyond ASCII is written in punycode. Control characters, spaces and everything beyond
    ASCII are encoded, since an escape character in a hyperlink would reach the terminal raw.
    """
    encoded = quote(_ascii_host(storable(url.strip())), safe="%/:=&?~#+!$,;'@()*[]")
    try:
        parts = urlsplit(encoded)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in _SHOWN_LINK_SCHEMES:
        return None
    if parts.scheme == "mailto":
        return encoded if parts.path and not parts.netloc else None
    return encoded if _LINK_HOST.fullmatch(host) and "@" not in parts.netloc else None


def _ascii_host(url: str) -> str:
    """The URL with its host in punycode, or as it is where that is not possible."""
    before, slashes, rest = url.partition("://")
    host = _HOST_PART.match(rest)
    if host is None or host.group().isascii():
        return url
    try:
        return before + slashes + host.group().encode("idna").decode() + rest[host.end() :]
    except UnicodeError:
        return url
