"""A bare client for the demo's transport: what is on the wire, without the service above it."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tui.demo.transport import DemoTransport
from tui.services.http import ByteStream, TransportRequest

ROOT = "http://demo.invalid/api/v1"
SONNET = "anthropic/claude-sonnet-4.5"

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One answer: its chunks and comments if it was streamed, else its document."""

    status: int
    headers: dict[str, str]
    lines: tuple[str, ...]

    @property
    def document(self) -> Any:
        return json.loads("\n".join(self.lines), parse_float=Decimal)

    @property
    def chunks(self) -> list[Json]:
        data = [line.removeprefix("data: ") for line in self.lines if line.startswith("data: {")]
        return [json.loads(item, parse_float=Decimal) for item in data]

    @property
    def is_done(self) -> bool:
        return "data: [DONE]" in self.lines

    @property
    def deltas(self) -> list[Json]:
        return [choice["delta"] for chunk in self.chunks for choice in chunk["choices"]]

    @property
    def text(self) -> str:
        return "".join(delta.get("content") or "" for delta in self.deltas)

    @property
    def reasoning(self) -> str:
        return "".join(delta.get("reasoning") or "" for delta in self.deltas)

    @property
    def finish_reasons(self) -> list[str | None]:
        return [choice["finish_reason"] for c in self.chunks for choice in c["choices"]]

    @property
    def usage(self) -> Json:
        (usage,) = (chunk["usage"] for chunk in self.chunks if "usage" in chunk)
        return dict(usage)

    @property
    def generation_id(self) -> str:
        return self.headers["x-generation-id"]


def messages(*texts: str) -> list[Json]:
    """A conversation that begins with the user."""
    roles = ("user", "assistant")
    return [{"role": roles[i % 2], "content": text} for i, text in enumerate(texts)]


def chat_request(*texts: str, model: str = SONNET, **fields: Any) -> TransportRequest:
    """A streaming chat request."""
    body = {"model": model, "messages": messages(*texts), "stream": True, **fields}
    return TransportRequest("POST", f"{ROOT}/chat/completions", json=body)


class DemoClient:
    """Sends requests to one transport."""

    def __init__(self, transport: DemoTransport) -> None:
        self.transport = transport

    async def send(self, request: TransportRequest) -> Answer:
        response = await self.transport.handle_async_request(request)
        assert isinstance(response.stream, ByteStream)
        content = b"".join([part async for part in response.stream])
        await response.stream.aclose()
        # Not splitlines: that cuts at separators which JSON may hold.
        lines = tuple(content.decode().split("\n"))
        return Answer(response.status_code, dict(response.headers), lines)

    async def get(self, path: str) -> Answer:
        return await self.send(TransportRequest("GET", ROOT + path))

    async def chat(self, *texts: str, model: str = SONNET, **fields: Any) -> Answer:
        return await self.send(chat_request(*texts, model=model, **fields))
