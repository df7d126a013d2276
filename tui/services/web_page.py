"""Web pages where an API was expected: told apart from other texts, and cut to what they say."""

import re
from html import unescape
from urllib.parse import urlsplit

_LOOKED_AT = 4096
"""Characters of a page that are read; its title stands at its beginning."""
_LONGEST_GIST = 100

_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*(?:>|\Z)")
_VERSION = re.compile(r"/v\d+(?:[a-z]+\d*)?(?:/|\Z)")


def is_web_page(text: str) -> bool:
    """Whether a body is HTML, whatever its content type says."""
    return _PAGE.match(_UNSEEN.sub("", text[:_LOOKED_AT])) is not None


def gist(page: str) -> str:
    """What a page says, as one short line of plain text: its title, or else its first words."""
    page = page[:_LOOKED_AT]
    title = _TITLE.search(page)
    words = title[1] if title is not None else _TAG.sub(" ", _UNSEEN.sub(" ", page))
    return " ".join(unescape(words).split())[:_LONGEST_GIST]


def address_hint(base_url: str) -> str:
    """What to do about an address at which no API answers; the path usually ends in /v1."""
    if _VERSION.search(urlsplit(base_url).path):
        return "Check the base URL in the settings (F2)."
    return f"Check the base URL in the settings (F2): it usually ends in /v1, as in {base_url}/v1."
