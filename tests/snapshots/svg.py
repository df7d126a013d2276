"""Screens as SVG, in a form that two runs agree on."""

import html
import re
from collections import defaultdict

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_ID = re.compile(r"terminal-\d+")
_WORDS = re.compile(
    r'<text class="terminal-r\d+" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" '
    r'textLength="(?P<length>[\d.]+)"[^>]*>(?P<words>[^<]*)</text>'
)
_CELL = 12.2
"""Width of a terminal cell in Rich's SVG, in pixels."""


def normalised(svg: str) -> str:
    """The SVG without what differs from run to run, and without fonts from the web."""
    lines = _ID.sub("terminal", _FONT_FACE.sub("", svg)).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def words_of(svg: str) -> list[str]:
    """The lines of the screen as text."""
    rows: defaultdict[float, dict[int, str]] = defaultdict(dict)
    for found in _WORDS.finditer(normalised(svg)):
        words = html.unescape(found["words"]).replace("\xa0", " ")
        rows[float(found["y"])][round(float(found["x"]) / _CELL)] = words
    lines = []
    for y in sorted(rows):
        line = ""
        for column, words in sorted(rows[y].items()):
            line = line.ljust(column) + words
        lines.append(line.rstrip())
    return lines
