"""What the inspector copies really sends the request: run as a stranger would run it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.domain.money_support import KEY, Chat, request_for
from tui.domain.conversation import Role
from tui.domain.inspector import InspectedRequest, inspect_request

HOSTILE = "'; rm -rf ~ #\n\"$(boom)`\nJSON\n\\ \x1b]0;x\x07 汉字 \u202e"


class _Server(HTTPServer):
    """Keeps the one request that it gets."""

    headers: dict[str, str]
    body: bytes
    path: str


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        self.server.path = self.path
        self.server.headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_words: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as listening:
        thread = Thread(target=listening.handle_request)
        listening.timeout = 30
        thread.start()
        yield listening
        thread.join(timeout=30)


@pytest.fixture
def inspected(server: _Server) -> InspectedRequest:
    request = request_for(
        base_url=f"http://127.0.0.1:{server.server_port}/v1",
        key_origins=[f"http://127.0.0.1:{server.server_port}"],
        prompt_caching=True,
    )
    chat = Chat(request)
    chat.say(Role.SYSTEM, "Be brief.")
    chat.say(Role.USER, HOSTILE)
    return inspect_request(request, chat.conversation.path(), "id-1")


def check(server: _Server, inspected: InspectedRequest, output: bytes) -> None:
    assert output == b"data: [DONE]\n\n"
    assert server.path == "/v1/chat/completions"
    assert json.loads(server.body) == inspected.body
    sent = {name.lower(): value for name, value in inspected.headers.items()}
    sent["authorization"] = f"Bearer {KEY}"
    assert {name: server.headers[name] for name in sent} == sent


def run(*command: str) -> bytes:
    environment = {**os.environ, "OPENROUTER_API_KEY": KEY, "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=40, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_script_sends_it(server: _Server, inspected: InspectedRequest, tmp_path: Path) -> None:
    script = tmp_path / "request.py"
    script.write_text(inspected.as_python(), encoding="utf-8")
    check(server, inspected, run(sys.executable, str(script)))


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_the_command_line_sends_it(server: _Server, inspected: InspectedRequest) -> None:
    check(server, inspected, run("bash", "-c", inspected.as_curl()))
