"""Inline Markdown (markdown-it's tokens) as styled spans."""

import re
from collections.abc import Iterable, Mapping
from functools import partial

from markdown_it.token import Token
from rich.style import Style

from tui.domain.images import image_facts, image_words, without_data
from tui.domain.sanitize import link_target, single_line, visible
from tui.ui.transcript.formulas import CLOSING
from tui.ui.transcript.grammar import PARSER
from tui.ui.transcript.latex import readable, script
from tui.ui.transcript.look import Look
from tui.ui.transcript.openextras import FOOTNOTE
from tui.ui.transcript.trace import Trace
from tui.ui.transcript.wrap import Span

_OVERLAYS = {
    "strong_open": Style(bold=True),
    "em_open": Style(italic=True),
    "s_open": Style(strike=True),
}
# Text that neither Markdown nor the recognition of bare links gives a meaning to.
_LITERAL = re.compile(r"(?:[A-Za-z0-9 ,;?'\"()%#+=|{}^/-]|\.(?![A-Za-z]))*", re.ASCII)

_LONGEST_REFUSED = 120

References = Mapping[str, dict[str, str]]

TARGET = "href"
"""In the meta data of a link's style: its cleaned target."""


def flat(text: str) -> str:
    """Text without anything that could act or move the cursor (entities may have brought it in)."""
    return visible(text).replace("\n", " ").replace("\t", " ")


def inline_source(
    source: str,
    look: Look,
    base: Style,
    references: References,
    *,
    formulas: bool = True,
    trace: Trace | None = None,
) -> list[Span]:
    """The spans of one line of source, such as a table's cell."""
    if trace is None and _LITERAL.fullmatch(source):
        return [(source, base)] if source else []
    tokens = PARSER.parseInline(source, {"references": dict(references)})
    draw = partial(inline, look=look, base=base, formulas=formulas)
    children = tokens[0].children or ()
    return draw(children) if trace is None else trace.cell(children, source, draw)


def inline(
    tokens: Iterable[Token], look: Look, base: Style, *, formulas: bool = True
) -> list[Span]:
    """The spans of inline tokens; ``base`` is the style of plain text.

    ``formulas`` says whether LaTeX is shown as readable text.
    """
    spans: list[Span] = []
    styles = [base]
    links: list[tuple[str, int]] = []  # the targets of open links and where their texts begin
    for token in tokens:
        style = styles[-1]
        kind = token.type
        if kind == "text":
            if token.content:
                spans.append((flat(without_data(token.content)), style))
        elif kind == "softbreak":
            spans.append((" ", style))
        elif kind == "hardbreak":
            spans.append(("\n", style))
        elif kind == "code_inline":
            spans.append((flat(token.content), style + look["code-inline"]))
        elif kind == "link_open":
            links.append((str(token.attrs.get("href", "")), len(spans)))
            styles.append(_linked(style, look, links[-1][0]))
        elif kind == "link_close":
            styles.pop()
            _end_link(spans, *links.pop(), look)
        elif kind == "image":
            source = str(token.attrs.get("src", ""))
            words = image_words(token.content, source)
            spans.append((f"[{words}]", _linked(style, look, source)))
        elif kind == "math_inline" or kind == "math_inline_double":
            spans.append(_formula(token, look, style, formulas=formulas))
        elif token.nesting > 0:
            styles.append(style + _OVERLAYS.get(kind, Style.null()))
        elif token.nesting < 0:
            if len(styles) > 1:
                styles.pop()
        elif token.content:
            spans.append((flat(token.content), style))
    return spans


def _formula(token: Token, look: Look, style: Style, *, formulas: bool) -> Span:
    text = readable(token.content.strip()) if formulas else None
    if text is None:
        source = f"{token.markup}{token.content}{CLOSING[token.markup]}"
        return flat(source), style + look["code-inline"]
    return flat(text), style + look["formula"]


def _linked(style: Style, look: Look, url: str) -> Style:
    if url == FOOTNOTE:
        return style + look["mark"]
    target = link_target(url)
    if target is None:
        return style
    style += look["link"]
    meta = Style.from_meta({TARGET: target})
    # A terminal may open what is marked as a link by itself; mail is left to us.
    return style + meta + Style(link=target) if target.startswith("http") else style + meta


def _end_link(spans: list[Span], url: str, start: int, look: Look) -> None:
    """Write footnotes small, and the target of what is no link that can be opened."""
    if url == FOOTNOTE:
        for index in range(start, len(spans)):
            text, style = spans[index]
            spans[index] = (footnote_mark(text.removeprefix("^")), style)
    elif link_target(url) is None and url:
        text = "".join(text for text, _ in spans[start:])
        shown = image_facts(url).name if url.startswith("data:") else single_line(url)
        if shown not in {text, f"mailto:{text}"}:
            spans.append((f" ({single_line(shown, _LONGEST_REFUSED)})", look["mark"]))


def footnote_mark(label: str) -> str:
    """How a footnote is referred to: ¹, or [label]."""
    return script("^", label) if label.isdecimal() and label.isascii() else f"[{label}]"
