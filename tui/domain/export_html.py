"""A conversation as one HTML file that needs nothing else, runs nothing and asks nobody.

Everything that was said is escaped; the policy in its head forbids scripts, forms and every request
even if it were not. Images are part of the file where their data is known.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from tui.domain.attachments import AttachmentKind
from tui.domain.attachments_request import NO_FILES, Files
from tui.domain.conversation import UNTITLED, Conversation, Message
from tui.domain.export_selection import (
    Scope,
    cost_words,
    figures,
    files_of,
    heading,
    note,
    selected,
)
from tui.domain.figures import tokens
from tui.domain.image_header import read_header
from tui.domain.images import without_data
from tui.domain.sanitize import link_target, single_line, visible
from tui.domain.tree import TreeRow

_LONGEST_MARKDOWN = 500_000
"""Characters of a message that is laid out; a longer one stands there as it was written."""
_MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
header { border-bottom: 1px solid #8886; margin-bottom: 2rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
article { border-left: 3px solid #8886; padding-left: 1rem; margin: 0 0 2rem; }
article.user { border-color: #3b82f6; }
article.assistant { border-color: #10b981; }
article > h2 { font-size: .9rem; margin: 0; opacity: .75; }
.figures, .note { font-size: .85rem; opacity: .75; }
pre { background: #8882; padding: .75rem; overflow-x: auto; border-radius: .25rem; }
code { font: .9em/1.45 ui-monospace, monospace; }
.plain { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #8886; padding: .25rem .6rem; }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid #8884; }
img { max-width: 100%; }
@media print {
  body { max-width: none; margin: 0; font-size: 11pt; }
  h1, h2, h3 { break-after: avoid; }
  pre, table, img { break-inside: avoid; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
"""
_POLICY = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    + b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'"
)


def as_html(
    conversation: Conversation, scope: Scope = Scope.BRANCH, files: Files = NO_FILES
) -> str:
    """The text of the file; ``files`` is the data of images by their digest."""
    title = escape(single_line(conversation.title, 200) or UNTITLED)
    rows = selected(conversation, scope)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            f"<header>\n<h1>{title}</h1>\n{_figures(conversation, rows)}\n</header>",
            "<main>",
            *_system(conversation),
            *(_article(row, files) for row in rows),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _figures(conversation: Conversation, rows: Sequence[TreeRow]) -> str:
    shown = figures(rows)
    parts = [
        conversation.created_at.strftime("%Y-%m-%d %H:%M UTC"),
        ", ".join(shown.models) or single_line(conversation.model, 200),
        f"{shown.messages} messages",
        f"{tokens(shown.prompt_tokens)} → {tokens(shown.completion_tokens)} tokens",
        cost_words(shown.cost),
        *(f"#{single_line(tag, 200)}" for tag in conversation.tags),
    ]
    return f'<p class="figures">{escape(" · ".join(parts))}</p>'


def _system(conversation: Conversation) -> Iterator[str]:
    if conversation.system_prompt.strip():
        text = escape(visible(conversation.system_prompt).strip())
        yield f'<article class="system">\n<h2>System</h2>\n<p class="plain">{text}</p>\n</article>'


def _article(row: TreeRow, files: Files) -> str:
    message = row.message
    parts = [f'<article class="{message.role}">', f"<h2>{escape(heading(row))}</h2>"]
    if message.reasoning.strip():
        text = escape(visible(message.reasoning).strip())
        parts.append(
            f'<details>\n<summary>Reasoning</summary>\n<p class="plain">{text}</p>\n</details>'
        )
    if message.text.strip():
        parts.append(_body(message.text))
    parts += _images(message, files)
    parts += [f'<p class="note">{escape(words)}</p>' for words in files_of(message)]
    if words := note(message):
        parts.append(f'<p class="note">{escape(words)}</p>')
    return "\n".join([*parts, "</article>"])


def _body(text: str) -> str:
    shown = without_data(visible(text))
    if len(shown) > _LONGEST_MARKDOWN:
        return f'<p class="plain">{escape(shown)}</p>'
    return str(_MARKDOWN.render(shown)).strip()


def _images(message: Message, files: Files) -> Iterator[str]:
    digests = [picture.digest for picture in message.images]
    digests += [one.digest for one in message.attachments if one.kind is AttachmentKind.IMAGE]
    for digest in digests:
        data = files.get(digest)
        media_type = _MEDIA_TYPES.get(read_header(data).format.suffix) if data else None
        if data and media_type is not None:
            encoded = b64encode(data).decode("ascii")
            yield f'<p><img alt="" src="data:{media_type};base64,{encoded}"></p>'


class _Renderer(RendererHTML):
    """Links that tell nobody where one comes from, and images that stay words."""

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """The beginning of a link."""
        tokens[idx].attrSet("rel", "noopener noreferrer nofollow")
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """An image that is elsewhere: what it shows, and where it would be."""
        address = single_line(str(tokens[idx].attrs.get("src", "")), 200)
        words = self.renderInlineAsText(tokens[idx].children or [], options, env)
        return escape(f"[image: {words or 'no description'} · {address}]")


def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    reader.enable(["table", "strikethrough"])
    # The same links as on screen; anything else stays the text it is.
    reader.validateLink = _is_link  # type: ignore[method-assign]
    return reader


def _is_link(url: str) -> bool:
    return link_target(url) is not None


_MARKDOWN = _markdown()
