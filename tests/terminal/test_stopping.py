"""Esc stops an answer in every phase: at once, and the server sees the connection close."""

from collections.abc import Callable
from time import monotonic

from tests.fakes.server import COMMENT, FakeServer, Reply, Stall, chunk, error_reply, sse
from tests.terminal.conftest import Start, ask
from tests.terminal.harness import Terminal

AT_ONCE = 0.3
"""Seconds from the key to the close of the socket; a tenth is the wait for an escape sequence."""
TRIES = 3
"""Another program may be busy just then, so the best of these counts."""


def best_of(attempt: Callable[[], float]) -> float:
    best = attempt()
    for _ in range(TRIES - 1):
        if best < AT_ONCE:
            break
        best = min(best, attempt())
    return best


PHASES = {
    "nothing came yet": Reply(body=(Stall(),), raw=True),
    "headers came": sse(Stall()),
    "comments came": sse(COMMENT, COMMENT, Stall()),
    "text came": sse(chunk("The first half"), Stall()),
}


def test_escape_closes_the_connection_in_every_phase(online: Start, server: FakeServer) -> None:
    terminal = online()

    def attempt() -> float:
        stalled, left = server.stalled, len(server.left_at)
        ask(terminal, "Tell me everything")
        terminal.wait_for(lambda: server.stalled > stalled, what="the phase")
        pressed = monotonic()
        terminal.send("\x1b")
        terminal.wait_for(lambda: len(server.left_at) > left, what="the close")
        empty_the_prompt(terminal)
        return server.left_at[-1] - pressed

    for phase, reply in PHASES.items():
        server.on_chat(reply)
        assert best_of(attempt) < AT_ONCE, phase
        assert len(server.chats) == server.stalled, phase


def test_escape_ends_the_wait_for_the_next_try(online: Start, server: FakeServer) -> None:
    server.on_chat(error_reply(503, "busy", {"Retry-After": "60"}))
    terminal = online()
    attempts = 0

    def attempt() -> float:
        nonlocal attempts
        attempts += 1
        ask(terminal, "Tell me everything")
        terminal.wait_for("Esc stops")
        pressed = monotonic()
        terminal.send("\x1b")
        terminal.wait_until_gone("Esc stops")
        stopped = monotonic()
        empty_the_prompt(terminal)
        return stopped - pressed

    assert best_of(attempt) < AT_ONCE
    assert len(server.chats) == attempts


def empty_the_prompt(terminal: Terminal) -> None:
    """Take away a prompt that was given back because nothing answered it."""
    terminal.wait_until_quiet()
    terminal.send("\x15")
