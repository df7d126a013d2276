"""Which line may begin which Markdown block: the rules of CommonMark and of GitHub's tables.

Only what is needed to cut a message at places where a cut is certainly right; what stands between
two cuts is parsed by markdown-it.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, linkify

from tui.ui.transcript.formulas import add_formulas, display_opening

CODE_INDENT = 4

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_QUOTE = re.compile(r" {0,3}>")
_ITEM = re.compile(r"( {0,3})([-+*]|\d{1,9}[.)])([ \t]+|$)")
_SETEXT = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_DELIMITER = re.compile(r" {0,3}[|:-][|:\- \t]*$")
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_MAYBE_LINK = re.compile(r"[:@]|//|\.\w")


def _link(state: StateCore) -> None:
    """Find bare links; most texts have none, which a look at their punctuation tells."""
    if _MAYBE_LINK.search(state.src):
        linkify(state)


def new_parser() -> MarkdownIt:
    """A GitHub-flavoured parser that takes HTML for text: no part of an answer is hidden."""
    parser = MarkdownIt("gfm-like", {"html": False})
    parser.core.ruler.at("linkify", _link)
    add_formulas(parser)
    return parser


PARSER = new_parser()


def indent(line: str) -> int:
    """The width of the white space in front, with tab stops of four."""
    if not line.startswith((" ", "\t")):
        return 0
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def fence_opening(line: str) -> tuple[str, str] | None:
    """The fence's run of characters and its info string."""
    match = _FENCE.match(line)
    return (match[1], match[2].strip()) if match else None


def closes_fence(line: str, opening: str) -> bool:
    """Whether the line ends the fence that ``opening`` began."""
    text = line.strip(" \t")
    return (
        len(text) >= len(opening) and text == opening[0] * len(text) and indent(line) < CODE_INDENT
    )


def is_heading(line: str) -> bool:
    """Whether the line is an ATX heading."""
    return _HEADING.match(line) is not None


def is_heading_block(source: str) -> bool:
    """Whether a block's source is a heading of either kind."""
    lines = source.split("\n")
    return is_heading(lines[0]) if len(lines) == 1 else is_underline(lines[-1])


def is_rule(line: str) -> bool:
    """Whether the line is a thematic break."""
    return _RULE.match(line) is not None


def is_quote(line: str) -> bool:
    """Whether the line begins with a block quote's mark."""
    return _QUOTE.match(line) is not None


def is_underline(line: str) -> bool:
    """Whether the line makes a heading of the paragraph above."""
    return _SETEXT.match(line) is not None


def item_marker(line: str) -> tuple[str, int, int | None] | None:
    """For the first line of a list item: its list's type, where its text begins, its number."""
    match = _ITEM.match(line)
    if not match or is_rule(line):
        return None
    marker = match[2]
    start = match.end(2)
    text = line[start:].expandtabs(4).lstrip()
    spaces = indent(" " * start + line[start:]) - start
    # An empty item, or one that begins with indented code, counts one space only.
    content = start + (spaces if text and 1 <= spaces <= CODE_INDENT else 1)
    return marker[-1], content, int(marker[:-1]) if len(marker) > 1 else None


def interrupts_paragraph(line: str) -> bool:
    """Whether the line begins a block of its own right below a line of a paragraph."""
    if _starts_leaf(line):
        return True
    marker = item_marker(line)
    if marker is None:
        return False
    _, content, number = marker
    return number in {None, 1} and bool(line.expandtabs(4)[content - 1 :].strip())


def starts_block(line: str) -> bool:
    """Whether the line begins a block of its own below a list, a quote or a table."""
    return _starts_leaf(line) or item_marker(line) is not None


def _starts_leaf(line: str) -> bool:
    return (
        is_heading(line)
        or is_rule(line)
        or is_quote(line)
        or fence_opening(line) is not None
        or display_opening(line) is not None
    )


def is_table(header: str, delimiter: str) -> bool:
    """Whether the two lines are the head of a table."""
    if "|" not in header + delimiter or not _DELIMITER.match(delimiter):
        return False
    if len(table_cells(header)) != len(table_cells(delimiter)):
        return False
    tokens = PARSER.parse(f"{header}\n{delimiter}")
    return bool(tokens) and tokens[0].type == "table_open"


def table_cells(row: str) -> list[str]:
    r"""The sources of a row's cells; ``\|`` is a pipe inside one."""
    cells = [cell.replace(r"\|", "|") for cell in _CELL_BREAK.split(row.strip())]
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return [cell.strip() for cell in cells]


def definitions(source: str) -> tuple[dict[str, dict[str, str]], int]:
    """The link definitions at the top of a paragraph, and how many of its lines they take."""
    env: dict[str, Any] = {}
    tokens = PARSER.parse(source, env)
    lines = source.count("\n") + 1
    found = env.get("references", {})
    taken = tokens[0].map[0] if tokens and tokens[0].map else lines
    return found, taken if found else 0
