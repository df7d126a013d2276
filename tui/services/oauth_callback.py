"""A server for one visit: the browser that comes back from signing in.

It listens on the loopback interface, on a port that the system chooses, takes GET at one path that
nobody can guess, and answers with pages that quote nothing of the request.
"""

import asyncio
import hmac
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

_HOST: Final = "127.0.0.1"
_LARGEST_REQUEST = 16 * 1024
_LONGEST_REQUEST = 5.0
"""Seconds for a browser to say what it wants."""
_LONGEST_CODE = 512
_STATE_BYTES = 32
_PATH = "/callback/"
_HEADERS = (
    "Content-Type: text/html; charset=utf-8",
    "Cache-Control: no-store",
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy: no-referrer",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
)
_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>OpenRouter Workbench</title>"
    "<style>body{{font:1.1rem system-ui;margin:20vh auto;max-width:32rem;padding:0 1rem}}</style>"
    "<h1>{title}</h1><p>{text}"
)
_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Not Allowed",
            410: "Gone"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Callback:
    """What the browser brought: a code, or the name of an error."""

    code: str = ""
    error: str = ""


class CallbackServer:
    """Listens until it is closed; it takes one answer and then no other.

    ``strangers`` counts visits that belonged to another sign-in, or to nobody's.
    """

    def __init__(self) -> None:
        self.strangers = 0
        self._state = secrets.token_urlsafe(_STATE_BYTES)
        self._server: asyncio.Server | None = None
        self._port = 0
        self._callback: asyncio.Future[Callback] = asyncio.get_running_loop().create_future()

    @property
    def url(self) -> str:
        """Where the browser is sent back to."""
        return f"http://{_HOST}:{self._port}{_PATH}{self._state}"

    async def wait(self) -> Callback:
        """What the browser brings, once it comes."""
        return await asyncio.shield(self._callback)

    async def listen(self) -> None:
        """Open the door; raises OSError where this is not possible."""
        self._server = await asyncio.start_server(self._visited, _HOST, 0, limit=_LARGEST_REQUEST)
        self._port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Close the door."""
        self._callback.cancel()
        if self._server is not None:
            self._server.close()

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_LONGEST_REQUEST):
                head = await reader.readuntil(b"\r\n\r\n")
                status, title, text = self._answer(head.decode("latin-1"))
                page = _PAGE.format(title=title, text=text).encode()
                lines = (
                    f"HTTP/1.1 {status} {_REASONS[status]}",
                    *_HEADERS,
                    f"Content-Length: {len(page)}",
                    "\r\n",
                )
                writer.write("\r\n".join(lines).encode() + page)
                await writer.drain()
        except (
            TimeoutError,
            OSError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ValueError,  # an address that is none
        ):
            pass  # whoever it was did not speak HTTP
        finally:
            writer.close()

    def _answer(self, head: str) -> tuple[int, str, str]:
        """The status, title and text for a request; takes the code if it is the one waited for."""
        request, *headers = head.split("\r\n")
        method, _, rest = request.partition(" ")
        target = urlsplit(rest.partition(" ")[0])
        if method != "GET":
            return 405, "Not here", "Only a browser that comes back from signing in is expected."
        if not self._is_for_us(headers) or not target.path.startswith(_PATH):
            return (
                404,
                "Nothing here",
                "Only a browser that comes back from signing in is expected.",
            )
        state = target.path.removeprefix(_PATH)
        if not hmac.compare_digest(state.encode("latin-1"), self._state.encode()):
            self.strangers += 1
            return 403, "Another sign-in", "This page belongs to a sign-in that is not going on."
        if self._callback.done():
            return 410, "Already done", "This sign-in is finished. You can close this page."
        query = parse_qs(target.query)
        codes, errors = query.get("code", []), query.get("error", [])
        if errors:
            self._callback.set_result(Callback(error=errors[0][:_LONGEST_CODE]))
            return 200, "Not signed in", "No key was made. You can close this page."
        if len(codes) != 1 or len(codes[0]) > _LONGEST_CODE:
            return 400, "No code", "Nothing that could be used came along. Try signing in again."
        self._callback.set_result(Callback(codes[0]))
        return 200, "Signed in", "You can close this page and go back to the terminal."

    def _is_for_us(self, headers: list[str]) -> bool:
        """Whether the visitor meant this server, and not a name that only leads here."""
        named = {f"{host}:{self._port}" for host in (_HOST, "localhost")}
        hosts = [line.partition(":")[2].strip() for line in headers if _is_host(line)]
        return len(hosts) == 1 and hosts[0].lower() in named


def _is_host(line: str) -> bool:
    return line.lower().startswith("host:")
