"""Signing in at OpenRouter with the browser: OAuth with PKCE, no secret of ours, no password.

Source: OpenRouter's guide to OAuth PKCE. The browser comes back to a server of this process on the
loopback interface; over SSH, or without a browser, the page shows a code to paste instead. The
verifier stays in memory: it goes to OpenRouter alone, in the body of the one request that trades
the code for a key.
"""

import asyncio
import base64
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Mapping
from contextlib import aclosing
from datetime import date
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import SecretStr

from tui.domain.connection import Connection, clean_key
from tui.domain.errors import WorkbenchError
from tui.domain.request import attribution_headers
from tui.domain.sanitize import single_line
from tui.domain.settings import OPENROUTER_URL, ProviderKind, ReliabilitySettings
from tui.domain.values import as_object, as_text, parse_json
from tui.services.browser import CannotOpenError, opener
from tui.services.failures import Said, status_failure
from tui.services.http import HttpClient
from tui.services.oauth_callback import CallbackServer
from tui.services.oauth_failures import (
    came_back_with,
    code_used,
    denied,
    no_code,
    no_key,
    no_listener,
    not_traded,
    timed_out,
)

AUTH_PAGE: Final = "https://openrouter.ai/auth"
LONGEST_SIGN_IN: Final = 600.0
"""Seconds; the code itself lives for ten minutes."""
_METHOD: Final = "S256"
_DENIED: Final = "access_denied"
_VERIFIER_BYTES: Final = 64
"""They become 86 characters, of the 43 to 128 that the standard allows."""
_LONGEST_ANSWER: Final = 64 * 1024
_LONGEST_CODE: Final = 512
_OVER_SSH: Final = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")


def key_label(today: date) -> str:
    """What the key is called on the list of keys: whose it is, and since when."""
    return f"OpenRouter Workbench, {today.isoformat()}"


def can_use_browser(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a browser of this machine can be opened, and can come back to this process."""
    if any(environ.get(name) for name in _OVER_SSH):
        return False
    try:
        opener(platform, environ)
    except CannotOpenError:
        return False
    return True


class SignIn:
    """One sign-in; use it as an asynchronous context manager.

    ``url`` is the page for a browser that comes back by itself, ``code_url`` the one that shows a
    code. Either way leads to one key, once. ``label`` names the key. The other arguments are for
    another server that speaks the same: its API's base URL, and its page.
    """

    def __init__(
        self,
        label: str,
        *,
        base_url: str = OPENROUTER_URL,
        page: str = AUTH_PAGE,
        reliability: ReliabilitySettings | None = None,
    ) -> None:
        self._label = label
        self._page = page
        self._connection = Connection("openrouter", ProviderKind.OPENROUTER, base_url, "")
        self._reliability = reliability or ReliabilitySettings()
        self._verifier = SecretStr(secrets.token_urlsafe(_VERIFIER_BYTES))
        self._traded: set[str] = set()
        self._callbacks: CallbackServer | None = None

    @property
    def origin(self) -> str:
        """The server that makes the key, and knows it."""
        return self._connection.origin

    async def __aenter__(self) -> Self:
        """Be ready for either way."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening."""
        if self._callbacks is not None:
            self._callbacks.close()

    async def listen(self) -> str:
        """Listen for the browser; the result is the page to open.

        Raises :class:`WorkbenchError` where nothing can listen.
        """
        return self._url((await self._listener()).url)

    async def _listener(self) -> CallbackServer:
        if self._callbacks is None:
            callbacks = CallbackServer()
            try:
                await callbacks.listen()
            except OSError as error:
                raise WorkbenchError(no_listener()) from error
            self._callbacks = callbacks
        return self._callbacks

    @property
    def code_url(self) -> str:
        """The page that shows a code to paste."""
        return self._url(None)

    def _url(self, callback_url: str | None) -> str:
        query = {
            "code_challenge": self._challenge(),
            "code_challenge_method": _METHOD,
            "key_label": self._label,
        }
        if callback_url is not None:
            query = {"callback_url": callback_url} | query
        return f"{self._page}?{urlencode(query)}"

    def _challenge(self) -> str:
        digest = hashlib.sha256(self._verifier.get_secret_value().encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    async def key_from_browser(self, longest: float = LONGEST_SIGN_IN) -> SecretStr:
        """Wait until the browser comes back, and trade its code for a key.

        Raises :class:`WorkbenchError` if the user says no, nobody comes within ``longest`` seconds,
        or the code is refused.
        """
        callbacks = await self._listener()
        try:
            async with asyncio.timeout(longest):
                callback = await callbacks.wait()
        except TimeoutError:
            raise WorkbenchError(timed_out(longest, callbacks.strangers)) from None
        if callback.error:
            error = single_line(callback.error, 100)
            raise WorkbenchError(denied() if error == _DENIED else came_back_with(error))
        return await self.key_for(callback.code)

    async def key_for(self, code: str) -> SecretStr:
        """Trade a code for a key; the code may be the whole address of the page that shows it.

        Raises :class:`WorkbenchError`. A code is sent once, unless the server was not reached.
        """
        code = _code_in(code)
        if code in self._traded:
            raise WorkbenchError(code_used())
        body = {
            "code": code,
            "code_verifier": self._verifier.get_secret_value(),
            "code_challenge_method": _METHOD,
        }
        headers = {"Accept": "application/json", **attribution_headers()}
        async with aclosing(HttpClient(self._connection, self._reliability)) as client:
            reply = await client.post("/auth/keys", json.dumps(body).encode(), headers)
            self._traded.add(code)
            try:
                if reply.is_redirect:
                    raise WorkbenchError(client.redirect_failure(reply))
                answer = await reply.read_some(_LONGEST_ANSWER)
            finally:
                await reply.aclose()
        if not reply.succeeded:
            failure = status_failure(reply.status, answer, self._said(code), self._connection)
            raise WorkbenchError(not_traded(failure))
        return _key_in(answer)

    def _said(self, code: str) -> Said:
        """Masks what a server might echo: the verifier, and the code."""
        return _SaidWithout(self._verifier, code)


class _SaidWithout(Said):
    """Words of the server without the verifier and the code."""

    def __init__(self, verifier: SecretStr, code: str) -> None:
        super().__init__(verifier)
        self._code = code

    def __call__(self, text: str, longest: int = 500) -> str:
        """The text as one line, without either."""
        return super().__call__(text.replace(self._code, "…"), longest)


def _code_in(text: str) -> str:
    """The code that was pasted, alone or within an address; raises WorkbenchError."""
    text = text.strip()
    try:
        codes = parse_qs(urlsplit(text).query).get("code", [text])
    except ValueError:
        codes = []
    code = codes[0] if len(codes) == 1 else ""
    if not code.isascii() or not code.isprintable() or " " in code or "/" in code:
        raise WorkbenchError(no_code())
    if not 4 <= len(code) <= _LONGEST_CODE:
        raise WorkbenchError(no_code())
    return code


def _key_in(answer: bytes) -> SecretStr:
    """The key of a successful answer; raises WorkbenchError."""
    try:
        key = clean_key(as_text(as_object(parse_json(answer)).get("key")))
    except (ValueError, WorkbenchError):
        key = None
    if key is None:
        raise WorkbenchError(no_key())
    return key
