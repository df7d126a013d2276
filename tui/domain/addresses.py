"""Addresses of servers: one way to write each, and whether requests to it can be read on their way.

A user may leave the scheme out: what is near is then asked over http, all else over https.
"""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from tui.domain.errors import Failure, FailureKind, WorkbenchError

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_PRIVATE: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/32",  # as servers write where they listen
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
"""A scheme, also a slip such as ``http:/host``; what a port follows is a host."""
_HOST: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\\]+)(?P<port>:\d+)?(?=[/?#]|$)")


def _bad_url(what: str) -> WorkbenchError:
    return WorkbenchError(
        Failure(
            FailureKind.BAD_SETTINGS,
            f"The base URL {what}.",
            "Write it like https://openrouter.ai/api/v1 or http://127.0.0.1:4000/v1.",
        )
    )


def clean_base_url(raw: str) -> str:
    """The base URL without trailing slashes, its scheme and host in lower case.

    Where the scheme is left out, as in ``localhost:4000``, it is added: see :func:`with_scheme`.
    Raises :class:`WorkbenchError` for anything but http and https, for a missing host, and for
    credentials, a query or a fragment, none of which belong there. The words never quote the URL.
    """
    url = with_scheme(raw.strip())
    if not url.isprintable() or " " in url or "\\" in url:
        raise _bad_url("holds spaces, backslashes or invisible characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _bad_url("is not a URL") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise _bad_url("must begin with https:// or http://")
    if not host or port == 0:
        raise _bad_url("names no server")
    if "@" in parts.netloc:
        raise _bad_url("must not hold a user name or a password")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise _bad_url("must not hold a query or a fragment")
    return origin_of(url) + parts.path.rstrip("/")


def with_scheme(url: str) -> str:
    """The address with its scheme: http for this machine and private addresses, https otherwise.

    It stays as it is if it has one, and if it is no address at all: a single word without a port,
    such as a key in the wrong field, is never looked up as a name.
    """
    found = _HOST.match(url)
    if "://" in url or _SCHEME.match(url) or found is None:
        return url
    host = found["host"].strip("[]").lower()
    is_named = "." in host or ":" in host or found["port"] is not None or _is_this_machine(host)
    if not is_named:
        return url
    return f"{'http' if _is_near(host) else 'https'}://{url}"


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, with the default port written out nowhere."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    shown_port = "" if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f":{port}"
    return f"{parts.scheme}://{host}{shown_port}"


def is_loopback(url: str) -> bool:
    """Whether the URL names this machine; names other than ``localhost`` are not looked up."""
    return _is_this_machine(urlsplit(url).hostname or "")


def crosses_network_in_clear(url: str) -> bool:
    """Whether requests to this URL can be read on their way: plain http to another machine."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """Whether a host is this machine or an address of a private network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _is_this_machine(host)
    return address.is_loopback or any(address in network for network in _PRIVATE)
