"""Conversations as Markdown and as HTML: complete, escaped, and nothing that runs."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.conversations import NOON
from tests.fakes.images import png
from tests.fakes.rich_conversation import FILES, rich_conversation
from tui.domain.conversation import Conversation, Message, Role
from tui.domain.export_html import as_html
from tui.domain.export_markdown import as_markdown
from tui.domain.export_names import file_name, numbered
from tui.domain.export_selection import Scope

MARKDOWN = """---
title: "The sky & <b>why</b>"
model: "example/model"
models: ["example/model"]
created: 2026-03-01T12:00:00+00:00
updated: 2026-03-01T12:05:00+00:00
tags: ["physics", "work"]
messages: 4
prompt_tokens: 7
completion_tokens: 5
cost_usd: 0.001
answers_of_unknown_cost: 1
answers_of_estimated_cost: 1
conversation_cost_usd: 0.0052
---

# The sky & <b>why</b>

## System

Be brief.

## You

Why is the sky blue?

*attached: sky.png · 4×3 · {size} B*

*attached: notes.txt · 11 B*

## example/model (2/2)

Rayleigh, again.

*{note}*

## You

And at night?

# Not a heading

## example/model

*{failed}*
"""


def test_markdown_has_its_figures_in_front() -> None:
    text = as_markdown(rich_conversation())
    notes = re.findall(r"^\*((?!attached).+)\*$", text, re.MULTILINE)
    assert len(notes) == 2
    assert notes[0].startswith("stopped · model-2026 · Example · ≈ $0.001")
    expected = MARKDOWN.format(size=len(png(4, 3)), note=notes[0], failed=notes[1])
    assert text == expected


def test_markdown_of_all_branches_has_reasoning_and_every_answer() -> None:
    text = as_markdown(rich_conversation(), Scope.CONVERSATION)
    assert "> Light is a wave.\n>\n> So." in text
    assert text.index("(1/2)") < text.index("Rayleigh* scattering") < text.index("(2/2)")
    assert "*image: PNG 4×3" in text
    assert "cost_usd: 0.0052\n" in text
    assert "conversation_cost_usd" not in text


def test_what_acts_in_a_terminal_is_left_out_of_markdown() -> None:
    chat = rich_conversation(title="\x1b]0;x\x07\n---\nmodel: evil")
    chat.put(replace(chat.messages["c1-q"], text="\x1b[2J\x9b31mred\r\nline"))
    text = as_markdown(chat)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    assert "[2J31mred\nline" in text
    assert text.split("\n---\n")[0].count("\nmodel:") == 1


ALLOWED = frozenset(
    {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "article"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "details", "summary", "pre", "code"),
        *("em", "strong", "del", "a", "ul", "ol", "li", "blockquote", "br", "hr", "img"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
)
ASKING = frozenset({"srcset", "action", "formaction", "background", "poster", "data", "ping"})


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data

    def check(self) -> None:
        """Nothing runs, nothing is asked for, every link is one that may be followed."""
        assert set(self.tags) <= ALLOWED
        for name, value in self.attributes:
            assert not name.startswith("on")
            assert name not in ASKING
            if name == "src":
                assert value.startswith("data:image/")
            if name == "href":
                assert value.startswith(("http://", "https://", "mailto:"))


def test_the_page_needs_nothing_and_shows_everything() -> None:
    page = as_html(rich_conversation(), Scope.CONVERSATION, FILES)
    seen = Page(page)
    seen.check()
    assert seen.tags.count("article") == 6
    assert seen.tags.count("img") == 2
    assert 'print("<blue>")' in seen.words
    assert "Light is a wave." in seen.words
    assert "The sky & <b>why</b>" in seen.words
    assert "<table>" in page
    assert "≈ $0.0052 + ?" in seen.words
    assert "@media print" in page
    policy = next(value for name, value in seen.attributes if "default-src" in value)
    assert "Content-Security-Policy" in page
    assert "unsafe" not in page
    assert "default-src 'none'" in policy


def test_the_policy_lets_in_the_style_of_the_page_only() -> None:
    page = as_html(rich_conversation())
    style = page.split("<style>")[1].split("</style>")[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page


HOSTILE = [
    "<script>alert(1)</script>",
    "</article></main><script src=https://evil.example/x.js></script>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](https://evil.example/track.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<img src=x onerror=alert(1)>",
    '[x](https://a.example/"onmouseover="alert(1))',
    "<https://a.example/<script>>",
    '```"><script>alert(1)</script>\nx\n```',
    "<style>body{background:url(https://evil.example)}</style>",
    "&lt;script&gt; &#x3c;script&#x3e;",
    "\x1b]0;x\x07 \u202egnp.exe",
    "<!-- -->\n<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "[x]: javascript:alert(1)\n[x]",
    "<iframe srcdoc='<script>alert(1)</script>'>",
]


def saying(text: str) -> Conversation:
    chat = Conversation("c", "s", f"m{text}", NOON, title=text, system_prompt=text, tags=(text,))
    chat.put(Message("q", "c", None, Role.USER, text, NOON, reasoning=text))
    chat.leaf_id = "q"
    return chat


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_was_said_runs_or_asks_for_anything(text: str) -> None:
    page = as_html(saying(text))
    Page(page).check()
    assert "\x1b" not in page
    assert "\u202e" not in page


@given(st.text(max_size=60) | st.lists(st.sampled_from(HOSTILE), max_size=3).map("\n".join))
def test_no_text_gets_out_of_its_place(text: str) -> None:
    seen = Page(as_html(saying(text)))
    seen.check()
    assert seen.tags.count("article") == 1 + bool(text.strip())


def test_a_message_without_end_stands_as_it_was_written() -> None:
    page = as_html(saying("*a* " * 200_000))
    assert '<p class="plain">*a* *a*' in page


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The sky", "2026-03-01-the-sky-{}.md"),
        ("Über Größe", "2026-03-01-uber-groe-{}.md"),
        ("汉字", "2026-03-01-{}.md"),
        ("", "2026-03-01-{}.md"),
        ("../../etc/passwd", "2026-03-01-etc-passwd-{}.md"),
        ("a..b", "2026-03-01-a.b-{}.md"),
        ("x" * 500, "2026-03-01-" + "x" * 60 + "-{}.md"),
        ("\ud800", "2026-03-01-{}.md"),
    ],
)
def test_a_name_has_the_day_and_harmless_words(title: str, expected: str) -> None:
    name = file_name(title, "c1", datetime(2026, 3, 1, tzinfo=UTC), "md")
    assert name == expected.format(name[-11:-3])
    assert re.fullmatch(r"[0-9a-f]{8}", name[-11:-3])


@given(st.text(max_size=200), st.text(max_size=50))
def test_every_name_is_harmless(title: str, conversation_id: str) -> None:
    name = file_name(title, conversation_id, NOON, "html")
    assert re.fullmatch(r"[0-9][A-Za-z0-9._-]{0,118}", name)
    assert ".." not in name


def test_conversations_of_one_title_have_names_of_their_own() -> None:
    assert file_name("Sky", "c1", NOON, "md") != file_name("Sky", "c2", NOON, "md")
    assert numbered("chat.tar.md", 2) == "chat.tar-2.md"
    assert numbered("chat", 3) == "chat-3"
