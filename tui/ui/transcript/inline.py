"""Inline Markdown (markdown-it's tokens) as styled spans."""

import re
from collections.abc import Iterable, Mapping

from markdown_it.token import Token
from rich.style import Style

from tui.domain.sanitize import link_target, visible
from tui.ui.transcript.grammar import PARSER
from tui.ui.transcript.look import Look
from tui.ui.transcript.wrap import Span

_OVERLAYS = {
    "strong_open": Style(bold=True),
    "em_open": Style(italic=True),
    "s_open": Style(strike=True),
}
# Text that neither Markdown nor the recognition of bare links gives a meaning to.
_LITERAL = re.compile(r"(?:[A-Za-z0-9 ,;?'\"()%$#+=|{}^/-]|\.(?![A-Za-z]))*", re.ASCII)

References = Mapping[str, dict[str, str]]


def flat(text: str) -> str:
    """Text without anything that could act or move the cursor (entities may have brought it in)."""
    return visible(text).replace("\n", " ").replace("\t", " ")


def inline_source(source: str, look: Look, base: Style, references: References) -> list[Span]:
    """The spans of one line of source, such as a table's cell."""
    if _LITERAL.fullmatch(source):
        return [(source, base)] if source else []
    tokens = PARSER.parseInline(source, {"references": dict(references)})
    return inline(tokens[0].children or (), look, base)


def inline(tokens: Iterable[Token], look: Look, base: Style) -> list[Span]:
    """The spans of inline tokens; ``base`` is the style of plain text."""
    spans: list[Span] = []
    styles = [base]
    for token in tokens:
        style = styles[-1]
        kind = token.type
        if kind == "text":
            if token.content:
                spans.append((flat(token.content), style))
        elif kind == "softbreak":
            spans.append((" ", style))
        elif kind == "hardbreak":
            spans.append(("\n", style))
        elif kind == "code_inline":
            spans.append((flat(token.content), style + look["code-inline"]))
        elif kind == "link_open":
            styles.append(_linked(style, look, str(token.attrs.get("href", ""))))
        elif kind == "image":
            linked = _linked(style, look, str(token.attrs.get("src", "")))
            spans.append((f"[image: {flat(token.content) or 'no description'}]", linked))
        elif token.nesting > 0:
            styles.append(style + _OVERLAYS.get(kind, Style.null()))
        elif token.nesting < 0:
            if len(styles) > 1:
                styles.pop()
        elif token.content:
            spans.append((flat(token.content), style))
    return spans


def _linked(style: Style, look: Look, url: str) -> Style:
    target = link_target(url)
    style += look["link"]
    return style + Style(link=target) if target and target.startswith("http") else style
