"""An authorization server on the loopback interface, and a browser that follows its page."""

import asyncio
import base64
import hashlib
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.server import FakeServer, Reply, Request, error_reply, json_reply

KEY = "sk-or-v1-test-canary-signed-in-0001"


@dataclass
class AuthorizationServer:
    """Hands out codes that work once, for whoever knows the verifier behind the challenge."""

    server: FakeServer = field(default_factory=FakeServer)
    expired: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    _challenges: dict[str, str] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        return self.server.base_url

    @property
    def page(self) -> str:
        return f"{self.server.origin}/auth"

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        self.server.on("POST /auth/keys", self._trade)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.server.__aexit__(kind, error, traceback)

    def agree(self, url: str) -> str:
        """The code that the page makes for a user who agrees."""
        query = parse_qs(urlsplit(url).query)
        assert url.startswith(f"{self.page}?")
        assert query["code_challenge_method"] == ["S256"]
        assert query["key_label"]
        code = f"code-{len(self._challenges) + 1}"
        self._challenges[code] = query["code_challenge"][0]
        return code

    def _trade(self, request: Request) -> Reply:
        body = request.json
        if body["code_challenge_method"] != "S256":
            return error_reply(400, "Invalid code_challenge_method")
        code, verifier = body["code"], body["code_verifier"]
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code in self.expired:
            return error_reply(403, "Authorization code expired")
        if code in self.used:
            return error_reply(403, "Authorization code was already used")
        if self._challenges.get(code) != challenge:
            return error_reply(403, f"Invalid code {code} or verifier {verifier}")
        self.used.add(code)
        return json_reply({"key": KEY, "user_id": None})


def callback_of(url: str) -> str:
    """Where a page sends its browser back to."""
    return parse_qs(urlsplit(url).query)["callback_url"][0]


async def visit(
    url: str, *, host: str | None = None, method: str = "GET", **query: str
) -> tuple[int, str]:
    """What a browser sees at an address of this machine: the status and the page."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        target = f"{parts.path}?{urlencode(query)}" if query else parts.path
        head = f"{method} {target} HTTP/1.1\r\nHost: {host or parts.netloc}\r\n\r\n"
        writer.write(head.encode())
        answer = (await reader.read()).decode()
    finally:
        writer.close()
    return int(answer.split(" ", 2)[1]), answer
