"""No text from outside acts on the terminal, whichever way it comes; the words around it stay."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.server import (
    FakeServer,
    Hangup,
    Reply,
    chunk,
    error_reply,
    json_reply,
    sse,
)
from tests.terminal.conftest import READY, Start, ask
from tests.terminal.escapes import (
    ATTACKS,
    attack_lines,
    foreign_sequences,
    unreadable_lines,
)
from tests.terminal.harness import Terminal
from tui.domain.settings import DEFAULT_MODEL

TALL = {"columns": 130, "rows": 80}
INLINE = " ".join(ATTACKS.values())


@pytest.fixture
def hostile(online: Start) -> Iterator[Start]:
    """Start the app on a tall screen; in the end, its terminals got what Textual writes, only."""
    used: list[Terminal] = []

    def start_watched(*arguments: object) -> Terminal:
        used.append(online(*arguments, **TALL))
        return used[-1]

    yield start_watched
    assert used
    for terminal in used:
        assert foreign_sequences(bytes(terminal.raw)) == []


def wait_for_all(terminal: Terminal) -> None:
    terminal.wait_for(lambda: not unreadable_lines(terminal.text), what="the words around")


def reasoning(text: str) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"reasoning": text}, "finish_reason": None}]}


def finished() -> dict[str, object]:
    return chunk("", finish="stop")


@pytest.mark.parametrize("size", [10_000, 1], ids=["whole", "by character"])
@pytest.mark.parametrize("frame", ["{}", "```python\n{}\n```"], ids=["prose", "fence"])
def test_in_an_answer_and_stored(hostile: Start, server: FakeServer, frame: str, size: int) -> None:
    text = frame.format(attack_lines())
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    server.on_chat(sse(*(chunk(piece) for piece in pieces), finished()))
    terminal = hostile()
    ask(terminal, "Attack me")
    wait_for_all(terminal)
    terminal.wait_for("test/model")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    again = hostile("--resume")
    wait_for_all(again)


def test_in_reasoning(hostile: Start, server: FakeServer) -> None:
    server.on_chat(sse(reasoning(attack_lines()), chunk("The answer."), finished()))
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("The answer.")
    if unreadable_lines(terminal.text):
        terminal.send("\x12")
    wait_for_all(terminal)


@pytest.mark.parametrize(
    "frames",
    [
        ["# {}", "- {}", "> {}"],
        ["`{}`", "[{}](http://example.org)", "| {} | b |\n|---|---|\n| {} | c |"],
    ],
    ids=["heading, list, quotation", "code, link, table"],
)
def test_in_every_kind_of_block(hostile: Start, server: FakeServer, frames: list[str]) -> None:
    lines = [frame.replace("{}", f"L {a} R") for frame in frames for a in ATTACKS.values()]
    server.on_chat(sse(chunk("\n\n".join([*lines, "The end."])), finished()))
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("The end.")


def test_in_the_target_of_a_link(hostile: Start, server: FakeServer) -> None:
    links = [f"[word{n}](<http://x/{attack}>)" for n, attack in enumerate(ATTACKS.values(), 10)]
    server.on_chat(sse(chunk("\n\n".join([*links, "The end."])), finished()))
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("The end.")


def test_in_who_answered(hostile: Start, server: FakeServer) -> None:
    names = {"model": f"Lm {INLINE} Rm", "provider": f"Lp {INLINE} Rp", "id": f"gen{INLINE}"}
    server.on_chat(sse(chunk("The answer.") | names, finished() | names))
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("The answer.")
    terminal.wait_for("Lp ")


def test_in_the_catalogue(hostile: Start, server: FakeServer, orw_home: Path) -> None:
    row = {"id": f"evil/Lm {INLINE} Rm", "name": INLINE, "description": INLINE}
    server.on("GET /models", json_reply({"data": [row]}))
    server.on_chat(sse(chunk("The answer."), finished()))
    terminal = hostile("--provider", "compatible", "--model", DEFAULT_MODEL)
    terminal.wait_for(lambda: any(orw_home.glob("cache/models-*")), what="the catalogue")
    # A server of one's own answers with its first model, as nobody chose one.
    ask(terminal, "Attack me")
    terminal.wait_for("The answer.")
    terminal.wait_for("Lm ")


@pytest.mark.parametrize("status", [400, 429])
def test_in_an_error_before_the_answer(hostile: Start, server: FakeServer, status: int) -> None:
    server.on_chat(error_reply(status, f"Said: {INLINE}", {"Retry-After": "999"}))
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("Said:")


def test_in_an_error_within_the_answer(hostile: Start, server: FakeServer) -> None:
    error = {"error": {"code": 502, "message": f"Said: {INLINE}"}, "choices": []}
    server.on_chat(sse(chunk("Half"), error, done=False))
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("Said:")


def test_in_a_page_that_is_no_answer(hostile: Start, server: FakeServer) -> None:
    page = f"<html>Said: {INLINE}</html>".encode()
    server.on_chat(Reply(200, {"Content-Type": "text/html"}, (page, Hangup())))
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("Said:")


def test_in_what_the_user_pastes_and_the_title_that_it_becomes(
    hostile: Start, server: FakeServer
) -> None:
    server.on_chat(sse(chunk("Received."), finished()))
    terminal = hostile()
    terminal.wait_for(READY)
    harmless_keys = attack_lines("\n").replace("\x00", "")
    terminal.paste(harmless_keys)
    terminal.wait_for("R26")
    terminal.send("\r")
    terminal.wait_for("Received.")
    wait_for_all(terminal)
    sent = server.chats[0].json["messages"][0]["content"]
    assert "PWNED" in (sent if isinstance(sent, str) else sent[0]["text"])


def test_in_a_model_chosen_on_the_command_line(hostile: Start, server: FakeServer) -> None:
    name = INLINE.replace("\x00", "")
    terminal = hostile("--model", f"evil/Lm{name}Rm")
    terminal.wait_for("Lm")
