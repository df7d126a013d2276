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
    FIRST,
    attack_lines,
    foreign_sequences,
    unreadable_lines,
)
from tests.terminal.harness import Terminal
from tui.domain.settings import DEFAULT_MODEL

TALL = {"columns": 130, "rows": 100}
INLINE = " ".join(ATTACKS.values())
IN_A_FENCE = 40
"""The number of the first line of attacks that stands in a fence."""
BLOCKS = (
    ("# {}", "- {}", "> {}"),
    ("`{}`", "[{}](http://example.org)", "| {} | b |\n|---|---|\n| {} | c |"),
)


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


def wait_for_all(terminal: Terminal, first: int = FIRST) -> None:
    terminal.wait_for(lambda: not unreadable_lines(terminal.text, first), what="the words around")


def in_blocks(*frames: str) -> list[str]:
    """Every attack in each of these blocks."""
    return [frame.replace("{}", f"L {attack} R") for frame in frames for attack in ATTACKS.values()]


def reasoning(text: str) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"reasoning": text}, "finish_reason": None}]}


def finished() -> dict[str, object]:
    return chunk("", finish="stop")


@pytest.mark.parametrize("size", [10_000, 1], ids=["whole", "by character"])
def test_in_an_answer_and_stored(hostile: Start, server: FakeServer, size: int) -> None:
    text = f"{attack_lines()}\n\n```python\n{attack_lines(chr(10), IN_A_FENCE)}\n```"
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    server.on_chat(sse(*(chunk(piece) for piece in pieces), finished()))
    terminal = hostile()
    ask(terminal, "Attack me")
    wait_for_all(terminal)
    wait_for_all(terminal, IN_A_FENCE)
    terminal.wait_for("test/model")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    again = hostile("--resume")
    wait_for_all(again)
    wait_for_all(again, IN_A_FENCE)


def test_in_every_kind_of_block_and_the_target_of_a_link(
    hostile: Start, server: FakeServer
) -> None:
    links = [f"[word{n}](<http://x/{attack}>)" for n, attack in enumerate(ATTACKS.values(), 10)]
    server.on_chat(
        *(
            sse(chunk("\n\n".join([*lines, f"The end of {number}."])), finished())
            for number, lines in enumerate([*(in_blocks(*frames) for frames in BLOCKS), links])
        )
    )
    terminal = hostile()
    for number in range(len(BLOCKS) + 1):
        ask(terminal, f"Attack me {number}")
        terminal.wait_for(f"The end of {number}.")


def test_in_reasoning_and_in_who_answered(hostile: Start, server: FakeServer) -> None:
    names = {"model": f"Lm {INLINE} Rm", "provider": f"Lp {INLINE} Rp", "id": f"gen{INLINE}"}
    server.on_chat(
        sse(reasoning(attack_lines()), chunk("The answer."), finished()),
        sse(chunk("Another answer.") | names, finished() | names),
    )
    terminal = hostile()
    ask(terminal, "Attack me")
    terminal.wait_for("The answer.")
    if unreadable_lines(terminal.text):
        terminal.send("\x1bz")
    wait_for_all(terminal)
    ask(terminal, "Who are you?")
    terminal.wait_for("Another answer.")
    terminal.wait_for("Lp ")


def test_in_everything_that_a_server_may_say_instead_of_an_answer(
    hostile: Start, server: FakeServer
) -> None:
    half = {"error": {"code": 502, "message": f"Said 2: {INLINE}"}, "choices": []}
    page = f"<html>Said 3: {INLINE}</html>".encode()
    replies = (
        error_reply(400, f"Said 0: {INLINE}"),
        error_reply(429, f"Said 1: {INLINE}", {"Retry-After": "999"}),
        sse(chunk("Half"), half, done=False),
        Reply(200, {"Content-Type": "text/html"}, (page, Hangup())),
    )
    terminal = hostile()
    for number, reply in enumerate(replies):
        server.on_chat(reply)
        ask(terminal, f"Attack me {number}")
        terminal.wait_for(f"Said {number}:")
        terminal.send("\x15")  # a prompt that was not answered is given back


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
