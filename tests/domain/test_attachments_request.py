"""What a whole request says of attached files, of what was read out of them, and of who reads."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tui.domain.attachments import inspect
from tui.domain.attachments_models import PdfEngine
from tui.domain.conversation import Message, Role
from tui.domain.prompt_size import raw_sizes
from tui.domain.request import TurnSettings, build_body
from tui.domain.settings import ProviderKind

AT = datetime(2026, 3, 1, tzinfo=UTC)
PDF = b"%PDF-1.7 /Type /Page"
PAPER = inspect(PDF, "paper.pdf")
NOTES = inspect(b"some notes", "notes.txt")
PARSED = {"type": "file", "file": {"hash": "abc", "content": []}}
CITED = {"type": "url_citation", "url_citation": {"url": "https://a.example"}}
PATH = [
    Message("q", "c", None, Role.USER, "Sum up", AT, attachments=(PAPER,)),
    Message("a", "c", "q", Role.ASSISTANT, "It says …", AT, annotations=(PARSED, CITED)),
    Message("n", "c", "a", Role.USER, "And this?", AT, attachments=(NOTES,)),
]
FILES = {PAPER.digest: PDF, NOTES.digest: b"some notes"}
CLAUDE = TurnSettings(ProviderKind.OPENROUTER, "anthropic/claude-sonnet-4.5")


def messages(turn: TurnSettings) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = build_body(PATH, turn, None, FILES)["messages"]
    return rows


def test_files_stand_behind_the_text_of_their_message() -> None:
    first, _, last = messages(CLAUDE)
    assert [part["type"] for part in first["content"]] == ["text", "file"]
    assert last["content"].startswith("And this?\n\nFile `notes.txt`")


def test_a_cache_mark_stands_on_the_text() -> None:
    first = messages(replace(CLAUDE, prompt_caching=True))[0]
    assert [sorted(part) for part in first["content"]] == [
        ["cache_control", "text", "type"],
        ["file", "type"],
    ]


def test_what_was_read_out_of_a_file_goes_back_to_openrouter_only() -> None:
    assert messages(CLAUDE)[1]["annotations"] == [PARSED]
    other = TurnSettings(ProviderKind.COMPATIBLE, "local")
    assert set(messages(other)[1]) == {"role", "content"}


def test_who_reads_pdfs_is_said_where_it_was_chosen_and_there_are_any() -> None:
    chosen = replace(CLAUDE, pdf_engine=PdfEngine.CLOUDFLARE, params={"plugins": [{"id": "web"}]})
    plugins = build_body(PATH, chosen, None, FILES)["plugins"]
    assert {"id": "file-parser", "pdf": {"engine": "cloudflare-ai"}} in plugins
    assert {"id": "web"} in plugins
    for turn, path in ((CLAUDE, PATH), (chosen, PATH[2:])):
        body = build_body(path, turn, None, FILES)
        assert not any(plugin["id"] == "file-parser" for plugin in body["plugins"])


def test_files_count_in_the_size_of_a_prompt() -> None:
    with_files, without = raw_sizes(PATH), raw_sizes([replace(one, attachments=()) for one in PATH])
    assert with_files[0] == without[0] + PAPER.tokens
    assert with_files[1] == without[1]
    assert with_files[2] == without[2] + NOTES.tokens
