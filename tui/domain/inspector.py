"""The request as it goes over the wire, to be read, copied and repeated.

It is made by the very functions that send, called for show; only the key is left out.
"""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pprint import pformat

from tui.domain.attachments_request import NO_FILES, Files
from tui.domain.context_parts import TYPED
from tui.domain.conversation import Message
from tui.domain.request import Json, build_headers
from tui.domain.sanitize import visible
from tui.domain.turn import TurnRequest
from tui.domain.wire_format import CHAT_PATH, wire_headers

_KEY = "OPENROUTER_API_KEY"
_STACK = 8
"""More marks on top of each other than :func:`visible` leaves."""
_AUTHORIZATION = "Authorization"
_LINE = 88
_MEANINGS = {
    "model": "the model that was chosen",
    "models": "[models] fallbacks: who answers when the first one cannot",
    "messages": "the active path",
    "stream": "always: the answer is shown as it comes",
    "stream_options": "always for other servers: their usage is only sent on request",
    "session_id": "the conversation: who holds its cache is asked again",
    "provider": "[models] provider: who may answer, and in which order",
    "plugins": "“Compress prompts”, and the plugins of the parameters",
    "modalities": "the model makes images, and does so only when asked for them",
    "transforms": "“Compress prompts”, in the older form that this provider is set to",
}
_CACHE_MARK = "“Enable prompt caching”: the prompt up to here is cached"
_RETURNED = {
    "reasoning_details": "the model's own reasoning, sent back unchanged",
    "annotations": "what was read out of a file, so that it is not paid for again",
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """Why a part of the body is there; ``path`` reads like ``messages[0].content[0].text``."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class InspectedRequest:
    """A request without its key; where there is one, ``headers`` show its public ends only."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Json
    annotations: tuple[Annotation, ...] = ()

    @property
    def body_json(self) -> str:
        """The body as it is sent, only indented; what could act on a terminal is escaped."""
        return _harmless(
            json.dumps(self.body, indent=2, ensure_ascii=False, default=str), _json_escape
        )

    def as_curl(self) -> str:
        """A command line that sends the same; it takes the key from the environment."""
        lines = [f"curl --no-buffer {shlex.quote(self.url)}"]
        for name, value in self.headers.items():
            if name == _AUTHORIZATION:
                lines.append(f'--header "{_AUTHORIZATION}: Bearer ${_KEY}"')
            else:
                lines.append(f"--header {shlex.quote(f'{name}: {value}')}")
        # No line of indented JSON is a bare word, so nothing in a prompt can end the document.
        return " \\\n  ".join([*lines, "--data-binary @- <<'JSON'"]) + f"\n{self.body_json}\nJSON\n"

    def as_python(self) -> str:
        """A script with httpx that sends the same; it takes the key from the environment."""
        headers = "".join(
            f'    "{_AUTHORIZATION}": f"Bearer {{os.environ[{_KEY!r}]}}",\n'
            if name == _AUTHORIZATION
            else f"    {name!r}: {value!r},\n"
            for name, value in self.headers.items()
        )
        body = _harmless(pformat(self.body, width=_LINE, sort_dicts=False), _python_escape)
        imports = "import os\nimport sys" if _AUTHORIZATION in self.headers else "import sys"
        return (
            f"{imports}\n\nimport httpx\n\n"
            f"headers = {{\n{headers}}}\n"
            f"body = {body}\n\n"
            f'with httpx.stream("{self.method}", {self.url!r}, headers=headers, json=body,'
            " timeout=120) as response:\n"
            "    for chunk in response.iter_bytes():\n"
            "        sys.stdout.buffer.write(chunk)\n"
            "        sys.stdout.buffer.flush()\n"
        )


def inspect_request(
    request: TurnRequest,
    path: Sequence[Message],
    client_request_id: str = TYPED,
    files: Files = NO_FILES,
) -> InspectedRequest:
    """The request that sends this path; its last message is the prompt.

    ``files`` is the data of what is attached; without it, words stand in its place.
    """
    connection = request.connection
    headers = wire_headers(build_headers(request.settings, client_request_id))
    if connection.key is not None:
        headers[_AUTHORIZATION] = f"Bearer {connection.key_hint or '…'}"
    body = request.body(path, files)
    return InspectedRequest(
        "POST",
        f"{connection.base_url}{CHAT_PATH}",
        headers,
        body,
        tuple(_annotations(body, request.settings.params)),
    )


def _annotations(body: Json, params: Mapping[str, object]) -> Iterator[Annotation]:
    for name, value in body.items():
        words = _MEANINGS.get(name)
        if words is not None:
            yield Annotation(name, words)
        elif name in params:
            yield Annotation(name, "a parameter that is set for this model")
        if name == "messages":
            yield from _within_messages(value)


def _within_messages(messages: Sequence[Json]) -> Iterator[Annotation]:
    for index, message in enumerate(messages):
        for name, words in _RETURNED.items():
            if name in message:
                yield Annotation(f"messages[{index}].{name}", words)
        content = message.get("content")
        for place, part in enumerate(content if isinstance(content, list) else ()):
            if "cache_control" in part:
                yield Annotation(f"messages[{index}].content[{place}].cache_control", _CACHE_MARK)


def _harmless(text: str, escaped: Callable[[str], str]) -> str:
    """Literals in which every character that could act, or stack too high, is an escape."""
    if visible(text) == text:
        return text
    return "".join(
        one if one == "\n" or visible(one * _STACK) == one * _STACK else escaped(one)
        for one in text
    )


def _json_escape(character: str) -> str:
    return json.dumps(character)[1:-1]


def _python_escape(character: str) -> str:
    return ascii(character)[1:-1]
