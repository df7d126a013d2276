"""What a terminal types reaches the prompt as text or as keys, and never as the wrong one."""

from tests.fakes.server import FakeServer, catalogue, chunk, json_reply, sse
from tests.terminal.conftest import READY, Start, ask
from tests.terminal.harness import Terminal


def prompt_of(terminal: Terminal) -> str:
    """The line of the prompt with its mark, without the cost of the next send at its end."""
    line = next(line for line in terminal.lines if line.lstrip().startswith("›"))
    return line.lstrip().partition("   ")[0]


def test_answers_of_the_terminal_stay_out_of_the_prompt(workbench: Start) -> None:
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    terminal.send("\x1b[?64;1;2;6;22c\x1b[>41;390;0c\x1b[0n\x1b]11;rgb:1111/1111/1111\x07")
    terminal.send("\x1b]10;rgb:dddd/dddd")
    terminal.send("/dddd\x1b\\\x1bP>|xterm(390)\x1b\\")
    terminal.send("\x1b[I\x1b[O\x1b[Izebra")
    terminal.wait_for("zebra")
    assert prompt_of(terminal).split() == ["›", "zebra"]


def test_a_paste_with_an_end_marker_in_it_sends_nothing_and_quits_nothing(
    online: Start, server: FakeServer
) -> None:
    terminal = online()
    terminal.wait_for(READY)
    terminal.send("\x1b[200~before\x1b[201~\r\x11\x1b[24~after\x1b[201~")
    terminal.wait_for("after")
    terminal.send("typed")
    terminal.wait_for("typed")
    assert terminal.process.poll() is None
    assert server.chats == []


def test_a_megabyte_is_pasted_without_being_sent_and_then_sent_whole(
    online: Start, server: FakeServer
) -> None:
    server.on("GET /models", json_reply(catalogue(context_length=1_000_000)))
    server.on_chat(sse(chunk("Received."), chunk("", finish="stop")))
    terminal = online()
    terminal.wait_for(READY)
    pasted = "a line of text\n" * (1024 * 1024 // 15)
    terminal.paste(pasted)
    terminal.wait_until_gone(READY)
    terminal.send("!")
    terminal.wait_for("!")
    assert server.chats == []
    terminal.send("\r")
    terminal.wait_for("Received.", timeout=30)
    (request,) = server.chats
    assert request.json["messages"][-1]["content"] == pasted + "!"


def test_typing_goes_on_while_an_answer_streams(online: Start, server: FakeServer) -> None:
    server.on_chat(sse(*(chunk(f"word{n} ") for n in range(500)), chunk("", finish="stop")))
    terminal = online()
    ask(terminal, "Go")
    terminal.send("the next question")
    terminal.wait_for("the next question")
    terminal.wait_for("word499")
    assert prompt_of(terminal).split() == ["›", "the", "next", "question"]


def test_a_burst_of_typing_with_enter_in_it_is_cut_exactly_there(
    online: Start, server: FakeServer
) -> None:
    server.on_chat(sse(chunk("Received."), chunk("", finish="stop")))
    terminal = online()
    terminal.wait_for(READY)
    burst = " ".join(str(number) for number in range(100))
    terminal.send(f"{burst}\rthe next question")
    terminal.wait_for("Received.")
    terminal.wait_for("the next question")
    (request,) = server.chats
    assert request.json["messages"][-1]["content"] == burst
    assert prompt_of(terminal).split() == ["›", "the", "next", "question"]
