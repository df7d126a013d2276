"""A fake OpenRouter on the loopback interface: raw sockets, scripted answers, good and bad.

    async with FakeServer() as server:
        server.on("POST /chat/completions", sse(chunk("Hello"), chunk(finish="stop")))
        ... ask server.base_url ...
        assert server.requests[0].json["model"] == "test/model"

Unscripted paths give a small catalogue, a key, and 404 for the rest. Several replies for one route
are given one after the other; the last one repeats.
"""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Any, Self

PREFIX = "/api/v1"
_PATIENCE = 5.0
_POLL = 0.005


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many seconds within an answer."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stall:
    """Say nothing more until the client closes the connection."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Abort the connection so that the client sees a reset."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """Close the connection without the end that HTTP asks for."""


Step = bytes | Pause | Stall | Reset | Hangup


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, headers and the steps of its body.

    The body is sent in chunks of HTTP, unless the headers name a ``Content-Length``, which may lie.
    ``split`` cuts every write into pieces of that size. ``raw`` sends the steps alone.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Sequence[Step] = ()
    split: int | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; header names are in lower case, ``path`` has no prefix or query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path below the base URL."""
        path = self.target.partition("?")[0]
        if "://" in path:
            path = "/" + path.split("/", 3)[3]
        return path.removeprefix(PREFIX)

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


Answer = Reply | Callable[[Request], Reply]


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON document."""
    return text_reply(json.dumps(value), "application/json", status, headers)


def text_reply(
    text: str,
    media_type: str = "text/plain",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """A document of any type."""
    body = text.encode()
    return Reply(
        status,
        {"Content-Type": media_type, "Content-Length": str(len(body)), **(headers or {})},
        (body,),
    )


def error_reply(
    status: int,
    message: str = "it failed",
    headers: Mapping[str, str] | None = None,
    **metadata: object,
) -> Reply:
    """An error as OpenRouter writes it."""
    error: dict[str, object] = {"code": status, "message": message}
    if metadata:
        error["metadata"] = metadata
    return json_reply({"error": error}, status, headers)


def chunk(
    content: str | None = "", *, finish: str | None = None, **more: object
) -> dict[str, object]:
    """One chunk of a streamed answer; ``more`` holds fields beside its choices, such as usage."""
    return {
        "id": "gen-1-test",
        "model": "test/model-20260101",
        "provider": "Test",
        "object": "chat.completion.chunk",
        "choices": [
            {
                "index": 0,
                "delta": {"role": "assistant", "content": content},
                "finish_reason": finish,
                "native_finish_reason": finish,
            }
        ],
        **more,
    }


def event(data: object) -> bytes:
    """One server-sent event with this data: a string as it is, anything else as JSON."""
    text = data if isinstance(data, str) else json.dumps(data)
    return f"data: {text}\n\n".encode()


COMMENT = b": OPENROUTER PROCESSING\n\n"
DONE = event("[DONE]")


def sse(
    *parts: Mapping[str, object] | Step,
    done: bool = True,
    headers: Mapping[str, str] | None = None,
    split: int | None = None,
) -> Reply:
    """A streamed answer of chunks and steps in any order, with ``[DONE]`` unless told not to."""
    steps: list[Step] = [event(part) if isinstance(part, Mapping) else part for part in parts]
    if done:
        steps.append(DONE)
    return Reply(200, {"Content-Type": "text/event-stream", **(headers or {})}, steps, split)


def catalogue(context_length: int = 8192) -> dict[str, list[dict[str, object]]]:
    """What ``GET /models`` answers: one model, whose context holds so many tokens."""
    return {
        "data": [
            {
                "id": "test/model",
                "name": "Test: Model",
                "canonical_slug": "test/model-20260101",
                "context_length": context_length,
                "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
                "pricing": {"prompt": "0.000001", "completion": "0.000002"},
                "top_provider": {"max_completion_tokens": 1024, "is_moderated": False},
                "supported_parameters": ["max_tokens", "temperature"],
            }
        ]
    }


CATALOGUE = catalogue()
KEY = {"data": {"label": "sk-or-v1-tes...nary", "limit": 10, "limit_remaining": 7.5, "usage": 2.5}}


def _defaults() -> dict[str, list[Answer]]:
    return {
        "GET /models": [json_reply(CATALOGUE)],
        "HEAD /models": [Reply(200, {"Content-Length": "0"})],
        "GET /key": [json_reply(KEY)],
    }


class FakeServer:
    """The server; use it as an asynchronous context manager.

    ``tls`` serves https. ``mute`` accepts connections and never says a word, so that a client stays
    within the TLS handshake or waits for headers. ``stalled`` counts the answers that have come to
    a Stall, and ``left_at`` holds the monotonic moments at which clients closed these.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, mute: bool = False) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.open_connections = 0
        self.stalled = 0
        self.left_at: list[float] = []
        self.port = 0
        self._tls = tls
        self._mute = mute
        self._routes = _defaults()
        self._server: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What the client takes as its base URL."""
        return self.origin + PREFIX

    def on(self, route: str, *answers: Answer) -> None:
        """Script a route such as ``POST /chat/completions``; a function gets the request."""
        self._routes[route] = list(answers)

    def on_chat(self, *answers: Answer) -> None:
        """Script the chat route."""
        self.on("POST /chat/completions", *answers)

    @property
    def chats(self) -> list[Request]:
        """The chat requests that came."""
        return [request for request in self.requests if request.path == "/chat/completions"]

    async def until(self, condition: Callable[[], bool], what: str = "the condition") -> None:
        """Wait until the condition holds; fails after a few seconds."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while not condition():
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            raise AssertionError(f"{what} did not hold within {_PATIENCE:g} s") from None

    async def until_closed(self) -> None:
        """Wait until no connection is open any more; fails after a few seconds."""
        await self.until(lambda: self.open_connections == 0, "that the client closes")

    async def __aenter__(self) -> Self:
        # A mute server takes no part in the handshake either.
        tls = None if self._mute else self._tls
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._handlers:
            task.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        task.add_done_callback(self._handlers.discard)
        self.connections += 1
        self.open_connections += 1
        try:
            if self._mute:
                while await reader.read(65536):
                    pass
            else:
                async for request in self._requests(reader):
                    self.requests.append(request)
                    if not await self._reply(self._choose(request), request, reader, writer):
                        break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or the server is closed
        finally:
            self.open_connections -= 1
            writer.close()

    async def _requests(self, reader: asyncio.StreamReader) -> AsyncIterator[Request]:
        while line := await reader.readline():
            method, target, _ = line.decode("latin-1").split(" ", 2)
            headers: dict[str, str] = {}
            while (header := (await reader.readline()).decode("latin-1").rstrip("\r\n")) != "":
                name, _, value = header.partition(":")
                headers[name.lower()] = value.strip()
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            yield Request(method, target, headers, body)

    def _choose(self, request: Request) -> Reply:
        answers = self._routes.get(f"{request.method} {request.path}")
        if not answers:
            return error_reply(404, "nothing here")
        answer = answers[0] if len(answers) == 1 else answers.pop(0)
        return answer(request) if callable(answer) else answer

    async def _reply(
        self,
        reply: Reply,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Send the answer; the result is whether the connection can take another request."""
        names = {name.lower() for name in reply.headers}
        chunked = not reply.raw and "content-length" not in names
        if not reply.raw:
            head = [f"HTTP/1.1 {reply.status} Status"]
            head += [f"{name}: {value}" for name, value in reply.headers.items()]
            head += ["Transfer-Encoding: chunked"] * chunked
            await self._write(writer, "\r\n".join([*head, "", ""]).encode("latin-1"), None)
        for step in reply.body if request.method != "HEAD" else ():
            match step:
                case Pause(seconds):
                    await asyncio.sleep(seconds)
                case Stall():
                    await self._gone(reader)
                    return False
                case Reset():
                    _abort(writer)
                    return False
                case Hangup():
                    return False
                case bytes(data) if data:
                    framed = b"%x\r\n%s\r\n" % (len(data), data) if chunked else data
                    await self._write(writer, framed, reply.split)
        if chunked and request.method != "HEAD":
            await self._write(writer, b"0\r\n\r\n", None)
        return not reply.raw

    async def _write(self, writer: asyncio.StreamWriter, data: bytes, split: int | None) -> None:
        size = split or len(data)
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            await writer.drain()
            await asyncio.sleep(0)

    async def _gone(self, reader: asyncio.StreamReader) -> None:
        self.stalled += 1
        while not _has_closed(reader):
            await asyncio.sleep(_POLL)
        self.left_at.append(monotonic())


def _has_closed(reader: asyncio.StreamReader) -> bool:
    return reader.at_eof() or reader.exception() is not None


def _abort(writer: asyncio.StreamWriter) -> None:
    raw: socket.socket | None = writer.get_extra_info("socket")
    if raw is not None:
        # Lingering for zero seconds makes the close a reset.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
