"""Where requests and the key go: redirects, certificates, proxies, logs and error texts."""

import asyncio
import logging
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.fakes.server import FakeServer, Reply, chunk, error_reply, json_reply, sse, text_reply
from tests.fakes.tls import self_signed
from tests.services.asking import (
    BODY,
    CANARY,
    HEADERS,
    api,
    ask,
    connection_to,
    failure_of,
    text_of,
)
from tui.domain.errors import FailureKind, WorkbenchError
from tui.domain.settings import ReliabilitySettings
from tui.services.http import Transport, TransportRequest, TransportResponse
from tui.services.network_failures import active_proxy
from tui.services.openrouter import OpenRouter

ANSWER = sse(chunk("Hello", finish="stop"))
REDIRECTS = [301, 302, 303, 307, 308]


def redirect(status: int, target: str) -> Reply:
    return Reply(status, {"Location": target, "Content-Length": "0"})


# Redirects.
@pytest.mark.parametrize("status", REDIRECTS)
async def test_a_redirected_turn_is_not_followed_and_the_target_is_named(status: int) -> None:
    async with (
        FakeServer() as server,
        FakeServer() as elsewhere,
        api(server.base_url) as service,
    ):
        server.on_chat(redirect(status, elsewhere.base_url + "/chat/completions"))
        failure = failure_of(await ask(service))
        assert (failure.kind, failure.status) == (FailureKind.REDIRECT, status)
        assert elsewhere.origin in failure.what
        assert (elsewhere.connections, len(server.requests)) == (0, 1)


@pytest.mark.parametrize("status", REDIRECTS)
async def test_a_turn_is_not_followed_within_its_origin_either(status: int) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(redirect(status, "/api/v1/elsewhere"))
        assert failure_of(await ask(service)).kind is FailureKind.REDIRECT
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", REDIRECTS)
async def test_the_catalogue_is_followed_within_its_origin(status: int) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", redirect(status, "/api/v1/models/all?x=1"))
        server.on("GET /models/all", json_reply({"data": []}))
        assert await service.models() == b'{"data": []}'
        assert server.requests[-1].target == "/api/v1/models/all?x=1"


async def test_the_catalogue_is_not_followed_to_another_origin() -> None:
    async with (
        FakeServer() as server,
        FakeServer() as elsewhere,
        api(server.base_url) as service,
    ):
        server.on("GET /models", redirect(302, elsewhere.base_url + "/models"))
        with pytest.raises(WorkbenchError) as raised:
            await service.models()
        assert raised.value.failure.kind is FailureKind.REDIRECT
        assert elsewhere.origin in raised.value.failure.what
        assert elsewhere.connections == 0


async def test_a_circle_of_redirects_ends() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", redirect(302, "/api/v1/models"))
        with pytest.raises(WorkbenchError) as raised:
            await service.models()
        assert raised.value.failure.kind is FailureKind.REDIRECT
        assert len(server.requests) == 5


@pytest.mark.parametrize(
    "target", ["http://[", "http://x:99999/", "", f"https://{CANARY}.example/"]
)
async def test_a_target_that_is_no_address_or_holds_the_key_does_no_harm(target: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(redirect(302, target))
        server.on("GET /models", redirect(302, target))
        assert failure_of(await ask(service)).kind is FailureKind.REDIRECT
        with pytest.raises(WorkbenchError) as raised:
            await service.models()
        assert CANARY not in str(raised.value.failure)


# Certificates.
async def test_a_self_signed_certificate_is_refused_in_words(tmp_path: Path) -> None:
    context, _ = self_signed(tmp_path)
    async with FakeServer(tls=context) as server, api(server.base_url) as service:
        events = await ask(service)
        failure = failure_of(events)
        assert failure.kind is FailureKind.TLS
        assert "not trusted: self-signed certificate" in failure.what.replace(
            "self signed", "self-signed"
        )
        assert "SSL_CERT_FILE" in failure.next_step
        assert (len(events), len(server.requests)) == (1, 0)


async def test_a_certificate_named_by_the_environment_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with FakeServer(tls=context) as server, api(server.base_url) as service:
        server.on_chat(ANSWER)
        assert text_of(await ask(service)) == "Hello"


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_certificates_that_cannot_be_read_are_told(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with api("https://127.0.0.1:9/v1") as service:
        failure = failure_of(await ask(service))
    assert failure.kind is FailureKind.TLS
    assert "SSL_CERT_FILE" in failure.next_step


async def test_https_to_a_port_that_speaks_http_is_told() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)  # a line would have to end first, and a handshake may hold no end
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with api(f"https://127.0.0.1:{port}/v1") as service:
            failure = failure_of(await ask(service))
    assert failure.kind is FailureKind.TLS
    assert "http://" in failure.next_step


# Proxies.
async def test_a_server_on_this_machine_is_never_asked_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with FakeServer() as proxy, FakeServer() as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        monkeypatch.setenv("ALL_PROXY", proxy.origin)
        server.on_chat(ANSWER)
        async with api(server.base_url) as service:
            assert text_of(await ask(service)) == "Hello"
        assert proxy.connections == 0
        assert active_proxy(server.base_url) is None


async def test_other_servers_are_asked_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with FakeServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        proxy.on_chat(ANSWER)
        async with api("http://gateway.invalid/api/v1") as service:
            assert text_of(await ask(service)) == "Hello"
        [request] = proxy.requests
        assert request.target == "http://gateway.invalid/api/v1/chat/completions"


async def test_a_proxy_that_refuses_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with FakeServer() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.origin.replace("http://", "http://user:secret@"))
        proxy.on("CONNECT gateway.invalid:443", text_reply("no", status=407))
        async with api("https://gateway.invalid/api/v1") as service:
            events = await ask(service)
    failure = failure_of(events)
    assert failure.kind is FailureKind.PROXY
    assert f"HTTPS_PROXY ({proxy.origin})" in failure.what
    assert "secret" not in repr(events)


async def test_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with api("http://gateway.invalid/v1") as service:
        failure = failure_of(await ask(service))
    assert failure.kind is FailureKind.PROXY
    assert "HTTP_PROXY (http://127.0.0.1:9)" in failure.what


@pytest.mark.parametrize("address", ["ftp://127.0.0.1:9", "://", "http://127.0.0.1:port"])
async def test_a_proxy_address_that_cannot_be_used_is_told(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", address)
    async with api("http://gateway.invalid/v1") as service:
        assert failure_of(await ask(service)).kind is FailureKind.PROXY


def test_the_proxy_in_use_can_be_shown_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://user:p%40ss@proxy.example:3128/path")
    assert str(active_proxy("https://openrouter.ai/api/v1")) == (
        "https_proxy (http://proxy.example:3128)"
    )
    assert active_proxy("http://gateway.example/v1") is None


@pytest.mark.parametrize(
    ("exempt", "direct"),
    [
        ("openrouter.ai", True),
        (".openrouter.ai", True),
        ("example.com, OpenRouter.ai", True),
        ("ai", True),
        ("*", True),
        ("router.ai", False),
        ("", False),
        (",", False),
    ],
)
def test_no_proxy_names_the_servers_that_are_asked_directly(
    exempt: str, direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", exempt)
    assert (active_proxy("http://openrouter.ai/api/v1") is None) == direct


def test_a_proxy_for_everything_is_shown_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "user:secret@proxy.example:3128")
    assert str(active_proxy("http://gateway.example/v1")) == (
        "ALL_PROXY (http://proxy.example:3128)"
    )


def test_a_proxy_address_that_cannot_be_read_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@[")
    assert str(active_proxy("http://gateway.example/v1")) == "HTTP_PROXY (an unreadable address)"


# The key.
async def test_the_key_is_in_no_exception_and_no_representation() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", error_reply(401, f"Bearer {CANARY} is wrong"))
        with pytest.raises(WorkbenchError) as raised:
            await service.models()
        error = raised.value
        assert error.__context__ is None
        assert error.__cause__ is None
        shown = "".join(traceback.format_exception(error)) + repr(error) + repr(error.failure)
        shown += repr(service) + repr(vars(service)) + repr(service.connection)
        assert CANARY not in shown


@pytest.mark.parametrize("flaw", ["\n", "\0", "\u200b", "ü", " ", "\ud83d"])
async def test_a_key_that_cannot_be_a_header_is_refused_before_any_request(flaw: str) -> None:
    fields = {"key": SecretStr(CANARY + flaw + CANARY)}
    async with FakeServer() as server, api(server.base_url, connection=fields) as service:
        assert failure_of(await ask(service)).kind is FailureKind.BAD_KEY
        with pytest.raises(WorkbenchError) as raised:
            await service.models()
        assert raised.value.failure.kind is FailureKind.BAD_KEY
        assert raised.value.__context__ is None
        assert server.connections == 0


async def test_white_space_around_the_key_is_not_sent() -> None:
    fields = {"key": SecretStr(f" {CANARY}\n")}
    async with FakeServer() as server, api(server.base_url, connection=fields) as service:
        await service.models()
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"


async def test_an_exception_of_the_library_is_not_dragged_along() -> None:
    async with api("http://127.0.0.1:9/v1") as service:
        with pytest.raises(WorkbenchError) as raised:
            await service.models()
    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None


async def test_logging_everything_logs_neither_key_nor_headers_nor_bodies(
    caplog: pytest.LogCaptureFixture,
) -> None:
    names = ["", "httpx", "httpcore", "httpcore.connection", "httpcore.http11"]
    for name in names:
        caplog.set_level(logging.DEBUG, logger=name or None)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(chunk("secret answer"), chunk(finish="stop")))
        await service.models()
        await ask(service)
    assert not [r for r in caplog.records if r.name.startswith(("httpx", "httpcore"))]
    for word in (CANARY, "secret answer", "Grüße", "uthorization"):
        assert word not in caplog.text


# Documents.
async def test_a_document_past_its_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.services.openrouter.LONGEST_CATALOGUE", 1000)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on("GET /models", text_reply("x" * 1000), text_reply("x" * 1001))
        assert len(await service.models()) == 1000
        with pytest.raises(WorkbenchError) as raised:
            await service.models()
        await server.until(lambda: server.open_connections <= 1)
    assert raised.value.failure.kind is FailureKind.TOO_MUCH_DATA


async def test_a_transport_of_ones_own_is_used_and_closed_with_the_service() -> None:
    transport = RecordingTransport()
    service = OpenRouter(
        connection_to("http://demo.invalid/api/v1"), ReliabilitySettings(), transport=transport
    )
    async for _ in service.stream_chat(dict(BODY), HEADERS):
        pass
    await service.aclose()
    assert transport.seen == ["http://demo.invalid/api/v1/chat/completions", "closed"]


class RecordingTransport(Transport):
    def __init__(self) -> None:
        self.seen: list[str] = []

    async def handle_async_request(self, request: TransportRequest) -> TransportResponse:
        self.seen.append(str(request.url))
        return TransportResponse(200, headers={"content-type": "text/event-stream"}, content=b"")

    async def aclose(self) -> None:
        self.seen.append("closed")
