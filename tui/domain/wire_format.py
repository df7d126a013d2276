"""How a chat request goes over the wire: its path, its headers but the key, and its bytes.

The service sends by this, and the inspector shows it.
"""

import json
from collections.abc import Mapping

from tui import __version__
from tui.domain.request import Json

CHAT_PATH = "/chat/completions"
CLIENT_HEADERS = {
    "Accept-Encoding": "identity",
    "User-Agent": f"openrouter-workbench/{__version__}",
}
"""What every request says of its sender; compressed answers are not asked for."""
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "text/event-stream"}
"""What a request with a JSON body says of it, and of the answer that is wanted."""


def wire_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """All headers of a chat request but the key and those of the connection, as they are sent."""
    return {**CLIENT_HEADERS, **JSON_HEADERS, **headers}


def encode_body(body: Json) -> bytes:
    """The body as it is sent; raises TypeError or ValueError for what JSON cannot carry."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
