"""Messages as text for other programs: without the marks of Markdown, or all as one document."""

from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from tui.ui.transcript.document import Entry, Role
from tui.ui.transcript.grammar import PARSER

_HEADINGS = {Role.USER: "User", Role.ASSISTANT: "Assistant"}


def chat_markdown(entries: Iterable[Entry]) -> str:
    """The messages of a chat as one Markdown document; remarks of the program are left out."""
    return "\n".join(
        f"## {_HEADINGS[entry.role]}\n\n{entry.text.strip(chr(10))}\n"
        for entry in entries
        if entry.role in _HEADINGS and entry.text
    )


def plain_text(markdown: str) -> str:
    """The text without marks: list marks and the content of code stay, addresses follow links."""
    tokens = PARSER.parse(markdown)
    return "\n".join(_Plain(tokens).blocks(0, len(tokens)))


class _Plain:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens

    def blocks(self, start: int, end: int, *, tight: bool = False) -> list[str]:
        """The lines of the blocks between two tokens."""
        lines: list[str] = []
        index = start
        while index < end:
            close = self._close(index)
            block = self._block(index, close)
            if lines and block and not tight:
                lines.append("")
            lines += block
            index = close + 1
        return lines

    def _close(self, index: int) -> int:
        token = self._tokens[index]
        while token.nesting > 0:
            index += 1
            found = self._tokens[index]
            if found.level == token.level and found.nesting < 0:
                break
        return index

    def _block(self, index: int, close: int) -> list[str]:
        token = self._tokens[index]
        match token.type:
            case "fence" | "code_block":
                return token.content.removesuffix("\n").split("\n")
            case "hr":
                return ["---"]
            case "bullet_list_open" | "ordered_list_open":
                return self._list(index, close)
            case "blockquote_open":
                return self.blocks(index + 1, close)
            case "table_open":
                return self._table(index, close)
        if token.nesting > 0:
            inside = self._tokens[index + 1 : close]
            texts = [inline_text(t.children or ()) for t in inside if t.type == "inline"]
            return "\n".join(texts).split("\n")
        return token.content.strip("\n").split("\n") if token.content else []

    def _list(self, index: int, close: int) -> list[str]:
        number = int(self._tokens[index].attrs.get("start", 1))
        ordered = self._tokens[index].type == "ordered_list_open"
        lines: list[str] = []
        index += 1
        while index < close:
            end = self._close(index)
            mark = f"{number}. " if ordered else "- "
            paragraphs = self._tokens[index + 1 : end]
            tight = any(t.type == "paragraph_open" and t.hidden for t in paragraphs)
            inside = self.blocks(index + 1, end, tight=tight) or [""]
            lines.append(mark + inside[0])
            lines += [(" " * len(mark) + line).rstrip() for line in inside[1:]]
            number += 1
            index = end + 1
        return lines

    def _table(self, index: int, close: int) -> list[str]:
        rows: list[list[str]] = []
        for token in self._tokens[index:close]:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(inline_text(token.children or ()))
        return ["\t".join(row) for row in rows]


def inline_text(tokens: Iterable[Token]) -> str:
    """The text of inline tokens; a link's address stands behind its text if it says more."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(parts)))
        elif token.type == "link_close" and links:
            address, start = links.pop()
            text = "".join(parts[start:])
            if token.markup not in {"linkify", "autolink"} and address not in {"", text}:
                parts.append(f" ({address})")
        elif token.type == "image":
            parts.append(f"{token.content} ({token.attrs.get('src', '')})".strip())
        else:
            parts.append(token.content)
    return "".join(parts)
