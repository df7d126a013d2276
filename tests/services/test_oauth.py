"""Signing in with the browser, both ways, against a server that checks what it is given."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fakes.authorization import KEY, AuthorizationServer, callback_of, visit
from tests.fakes.server import FakeServer, Reply, error_reply, json_reply, text_reply
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.settings import ReliabilitySettings
from tui.services.oauth import AUTH_PAGE, SignIn, can_use_browser, key_label

QUICK = ReliabilitySettings(connect_timeout=1, first_byte_timeout=1, retries=0)


@asynccontextmanager
async def signing_in(server: AuthorizationServer | FakeServer) -> AsyncIterator[SignIn]:
    page = server.page if isinstance(server, AuthorizationServer) else f"{server.origin}/auth"
    async with SignIn(
        "Workbench, 2026-03-02", base_url=server.base_url, page=page, reliability=QUICK
    ) as sign_in:
        yield sign_in


async def failure_of(awaitable: Any) -> Failure:
    with pytest.raises(WorkbenchError) as caught:
        await awaitable
    return caught.value.failure


async def test_the_browser_comes_back_and_brings_a_key() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen()
        waiting = asyncio.create_task(sign_in.key_from_browser())
        status, page = await visit(callback_of(url), code=server.agree(url))
        key = await waiting
    assert key.get_secret_value() == KEY
    assert status == 200
    assert "You can close this page" in page
    assert KEY not in page
    assert [request.path for request in server.server.requests] == ["/auth/keys"]
    assert "authorization" not in server.server.requests[0].headers


async def test_without_a_browser_the_code_is_pasted() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        query = parse_qs(urlsplit(sign_in.code_url).query)
        assert "callback_url" not in query
        assert query["key_label"] == ["Workbench, 2026-03-02"]
        code = server.agree(sign_in.code_url)
        assert (await sign_in.key_for(f"  {code}\n")).get_secret_value() == KEY


async def test_the_address_of_the_page_with_the_code_will_do() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        code = server.agree(sign_in.code_url)
        key = await sign_in.key_for(f"https://openrouter.ai/auth/done?x=1&code={code}")
    assert key.get_secret_value() == KEY


async def test_the_verifier_goes_nowhere_but_into_the_one_request(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen()
        waiting = asyncio.create_task(sign_in.key_from_browser())
        _, page = await visit(callback_of(url), code=server.agree(url))
        key = await waiting
    [request] = server.server.requests
    verifier = request.json["code_verifier"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43,128}", verifier)
    elsewhere = [url, sign_in.code_url, page, request.target, str(request.headers), caplog.text]
    assert verifier not in " ".join(elsewhere)
    assert verifier not in repr(vars(sign_in))
    assert KEY not in caplog.text + repr(key)


async def test_every_sign_in_has_its_own_secrets() -> None:
    async with (
        AuthorizationServer() as server,
        signing_in(server) as first,
        signing_in(server) as second,
    ):
        urls = {await first.listen(), await second.listen(), first.code_url, second.code_url}
        assert len({parse_qs(urlsplit(url).query)["code_challenge"][0] for url in urls}) == 2
        code = server.agree(first.code_url)
        failure = await failure_of(second.key_for(code))
    assert failure.what == "The server does not accept the code for this sign-in."


async def test_another_sign_ins_state_is_refused_and_told() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen()
        waiting = asyncio.create_task(sign_in.key_from_browser(0.3))
        callback = callback_of(url)
        wrong = callback[:-4] + ("AAAA" if not callback.endswith("AAAA") else "BBBB")
        status, page = await visit(wrong, code="code-1")
        assert status == 403
        assert "belongs to a sign-in that is not going on" in page
        failure = await failure_of(waiting)
    assert "another sign-in, but not from this one" in failure.what
    assert server.server.requests == []


async def test_a_stranger_does_not_keep_the_real_browser_out() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen()
        waiting = asyncio.create_task(sign_in.key_from_browser())
        await visit(callback_of(url) + "x", code="stolen")
        await visit(callback_of(url), code=server.agree(url))
        assert (await waiting).get_secret_value() == KEY


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "You did not allow the workbench to have a key."),
        ("server_error", "Signing in ended with an error."),
    ],
)
async def test_a_user_who_says_no_is_understood(error: str, words: str) -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen()
        waiting = asyncio.create_task(sign_in.key_from_browser())
        status, page = await visit(callback_of(url), error=error)
        failure = await failure_of(waiting)
    assert failure.what == words
    assert status == 200
    assert "No key was made" in page


@pytest.mark.parametrize("comes_back", [True, False], ids=["browser", "pasted"])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("expired", "The code has expired: it lives for ten minutes."),
        ("used", "This code was used already: it works once."),
    ],
)
async def test_a_code_that_is_worth_nothing_is_told_both_ways(
    spoil: str, words: str, comes_back: bool
) -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen() if comes_back else sign_in.code_url
        code = server.agree(url)
        getattr(server, spoil).add(code)
        if comes_back:
            waiting = asyncio.create_task(sign_in.key_from_browser())
            await visit(callback_of(url), code=code)
            failure = await failure_of(waiting)
        else:
            failure = await failure_of(sign_in.key_for(code))
    assert failure.what == words
    assert "Start signing in again" in failure.next_step
    assert server.server.requests[0].json["code_verifier"] not in repr(failure)


async def test_a_replayed_code_is_told_by_the_server_and_not_sent_twice_by_us() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        code = server.agree(sign_in.code_url)
        await sign_in.key_for(code)
        again = await failure_of(sign_in.key_for(code))
        assert len(server.server.requests) == 1
        async with signing_in(server) as later:
            replayed = await failure_of(later.key_for(code))
    assert again.what == replayed.what == "This code was used already: it works once."


async def test_a_page_that_comes_back_twice_is_answered_once() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen()
        waiting = asyncio.create_task(sign_in.key_from_browser())
        code = server.agree(url)
        await visit(callback_of(url), code=code)
        status, _ = await visit(callback_of(url), code=code)
        await waiting
    assert status == 410
    assert len(server.server.requests) == 1


async def test_nobody_is_waited_for_for_ever_and_nothing_listens_afterwards() -> None:
    async with AuthorizationServer() as server:
        async with signing_in(server) as sign_in:
            url = await sign_in.listen()
            failure = await failure_of(sign_in.key_from_browser(0.01))
        assert failure.kind is FailureKind.TIMEOUT
        assert "did not come back within" in failure.what
        with pytest.raises(ConnectionRefusedError):
            await visit(callback_of(url))


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/favicon.ico", {}, 404),
        ("/", {"code": "x"}, 404),
        (None, {"code": "x", "host": "evil.example"}, 404),
        (None, {"code": "x", "method": "POST"}, 405),
        (None, {}, 400),
        (None, {"code": "x" * 600}, 400),
    ],
)
async def test_other_visits_are_turned_away(
    path: str | None, options: dict[str, str], status: int
) -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        callback = callback_of(await sign_in.listen())
        where = callback if path is None else callback[: callback.index("/", 8)] + path
        waiting = asyncio.create_task(sign_in.key_from_browser(5))
        answer = await visit(where, **options)
        assert answer[0] == status
        assert "no-store" in answer[1]
        assert not waiting.done()
        waiting.cancel()


async def test_the_listener_takes_no_garbage() -> None:
    escaped: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: escaped.append(context["message"]))
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        url = await sign_in.listen()
        parts = urlsplit(callback_of(url))
        assert parts.hostname == "127.0.0.1"
        no_address = b"GET http://[ HTTP/1.1\r\n\r\n"
        for garbage in (b"\x00" * 20_000, b"GET / HTTP/1.1\r\n", b"\r\n\r\n", no_address):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(garbage)
            writer.write_eof()
            await reader.read()
            writer.close()
        waiting = asyncio.create_task(sign_in.key_from_browser())
        await visit(callback_of(url), code=server.agree(url))
        assert (await waiting).get_secret_value() == KEY
    assert escaped == []


@pytest.mark.parametrize(
    "text", ["", "   ", "a b", "https://openrouter.ai/auth", "é" * 10, "x" * 600]
)
async def test_what_is_no_code_is_not_sent(text: str) -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        failure = await failure_of(sign_in.key_for(text))
    assert failure.what == "That is not a code."
    assert server.server.requests == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (json_reply({"user_id": "u"}), "sent no key that could be used"),
        (json_reply({"key": "has space in it"}), "sent no key that could be used"),
        (text_reply("<html>"), "sent no key that could be used"),
        (error_reply(400, "Invalid code_challenge_method"), "does not take this way of signing in"),
        (error_reply(405), "no place to trade"),
        (error_reply(404), "no place to trade"),
        (error_reply(500, "oops"), "The server failed."),
        (Reply(307, {"Location": "https://evil.test/", "Content-Length": "0"}), "redirects to"),
    ],
    ids=lambda value: str(getattr(value, "status", "")),
)
async def test_whatever_the_server_answers_is_said_in_words(reply: Reply, words: str) -> None:
    async with FakeServer() as server:
        server.on("POST /auth/keys", reply)
        async with signing_in(server) as sign_in:
            failure = await failure_of(sign_in.key_for("code-1234"))
    assert words in failure.what
    assert failure.next_step


async def test_a_server_that_echoes_secrets_is_masked() -> None:
    async with AuthorizationServer() as server, signing_in(server) as sign_in:
        failure = await failure_of(sign_in.key_for("code-unknown"))
    verifier = server.server.requests[0].json["code_verifier"]
    assert "Invalid code …" in failure.detail
    assert verifier not in repr(failure)
    assert "code-unknown" not in repr(failure)


async def test_a_server_that_was_not_reached_may_be_asked_again_with_the_same_code() -> None:
    async with FakeServer() as gone:
        port_of = gone.base_url
    async with SignIn("x", base_url=port_of, page="http://127.0.0.1:1/auth") as sign_in:
        for _ in range(2):
            failure = await failure_of(sign_in.key_for("code-1234"))
            assert failure.kind is FailureKind.REFUSED


def test_the_page_is_openrouters_unless_told_otherwise() -> None:
    assert SignIn("x").code_url.startswith(f"{AUTH_PAGE}?code_challenge=")


def test_a_key_is_named_and_dated() -> None:
    assert key_label(date(2026, 3, 2)) == "OpenRouter Workbench, 2026-03-02"


@pytest.mark.parametrize(
    ("environ", "platform", "usable"),
    [
        ({"PATH": "/nowhere"}, "linux", False),
        ({"PATH": "/nowhere", "DISPLAY": ":0"}, "linux", False),
        ({"SSH_CONNECTION": "a b c d", "DISPLAY": ":0"}, "linux", False),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", False),
    ],
)
def test_over_ssh_and_without_a_desktop_the_code_is_pasted(
    environ: dict[str, str], platform: str, usable: bool
) -> None:
    assert can_use_browser(environ, platform) is usable
