"""What the doctor says of a server, over a real socket."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.fakes.server import FakeServer, Reply, error_reply, json_reply, text_reply
from tui import doctor
from tui.doctor import run_doctor
from tui.domain.connection import Overrides
from tui.runtime import Runtime

CANARY = "sk-or-v1-test-canary-0000"


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ANSWERING", 0.2)
    monkeypatch.setattr(doctor, "_ASKING", 3.0)


async def examined(
    home: Path,
    base_url: str,
    capsys: pytest.CaptureFixture[str],
    *,
    provider: str = "openrouter",
    key: str = CANARY,
    offline: bool = False,
) -> tuple[int, str]:
    """The exit code and what was printed; the key is named together with the address."""
    overrides = Overrides(provider=provider, base_url=base_url)
    runtime = Runtime.start(home=home, overrides=overrides, environ={"OPENROUTER_API_KEY": key})
    code = await asyncio.to_thread(run_doctor, runtime, offline=offline)
    printed = capsys.readouterr().out
    assert CANARY not in printed
    return code, printed


async def test_a_server_that_answers_is_timed_and_its_key_described(
    orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with FakeServer() as server:
        code, printed = await examined(orw_home, server.base_url, capsys)
    assert code == 0, printed
    assert [request.path for request in server.requests] == ["/models", "/key"]
    assert re.search(r"answer +\d+ models in \d+\.\d\d s", printed)
    assert "key check   valid, $7.50 left of $10" in printed
    assert printed.endswith("Nothing is wrong.\n")


async def test_a_key_that_is_refused_is_wrong(
    orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with FakeServer() as server:
        server.on("GET /key", error_reply(401, "User not found."))
        code, printed = await examined(orw_home, server.base_url, capsys)
    assert code == 1
    assert "! key check" in printed
    assert "(User not found.) Enter a valid key" in printed


@pytest.mark.parametrize("key", ["", CANARY])
async def test_a_compatible_server_is_not_asked_about_keys(
    orw_home: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    async with FakeServer() as server:
        code, _ = await examined(orw_home, server.base_url, capsys, provider="compatible", key=key)
    assert code == 0
    assert [request.path for request in server.requests] == ["/models"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (text_reply("<!DOCTYPE HTML><title>No</title>", "text/html", 404), "no OpenAI-compatible"),
        (text_reply("<html><p>Welcome</p></html>", "text/html"), "list of models"),
        (json_reply({"error": {"message": "Boom"}}, 500), "(Boom)"),
    ],
)
async def test_a_server_that_is_no_api_is_wrong(
    orw_home: Path, capsys: pytest.CaptureFixture[str], reply: Reply, words: str
) -> None:
    async with FakeServer() as server:
        server.on("GET /models", reply)
        code, printed = await examined(orw_home, server.base_url, capsys)
    assert code == 1
    assert "! answer" in printed
    assert words in printed
    assert "<" not in printed
    assert printed.endswith("1 to mend, marked with !\n")


async def test_a_server_that_is_not_there_is_wrong(
    orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with FakeServer() as server:
        gone = server.base_url
    code, printed = await examined(orw_home, gone, capsys)
    assert code == 1
    assert "refuses connections. Start the server" in printed


async def test_a_server_that_says_nothing_is_not_waited_for(
    orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with FakeServer(mute=True) as server:
        code, printed = await examined(orw_home, server.base_url, capsys)
    assert code == 1
    assert "did not answer within 0.2 s" in printed


async def test_offline_asks_nobody(orw_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with FakeServer() as server:
        code, printed = await examined(orw_home, server.base_url, capsys, offline=True)
    assert code == 0
    assert server.requests == []
    assert "answer" not in printed
