"""Connections that could not be made or did not hold, in words.

Raised exceptions are told apart by what caused them, as HTTP libraries wrap the operating system's
errors several times. No word here quotes an exception: some of them quote headers.
"""

import errno
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies

from tui.domain.addresses import is_loopback
from tui.domain.errors import Failure, FailureKind, Speaker, sentence

_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


@dataclass(frozen=True, slots=True)
class ActiveProxy:
    """The proxy that requests go through: where it is set, and its address.

    ``variable`` names a variable of the environment, or the system settings where these are used.
    ``address`` never holds the user name and password that the variable may hold.
    """

    variable: str
    address: str

    def __str__(self) -> str:
        """The proxy as a status line shows it."""
        return f"{self.variable} ({self.address})"


def active_proxy(base_url: str) -> ActiveProxy | None:
    """The proxy that the environment sets for this address, or None.

    A server on this machine is always asked directly: a proxy could not reach it, and would be
    given the key and the conversation.
    """
    parts = urlsplit(base_url)
    proxies = getproxies()
    if is_loopback(base_url) or _is_exempt(parts.hostname or "", proxies.get("no", "")):
        return None
    for scheme in (parts.scheme, "all"):
        if proxies.get(scheme):
            names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
            variable = next((name for name in names if os.environ.get(name)), "system settings")
            return ActiveProxy(variable, _bare(proxies[scheme]))
    return None


def _is_exempt(host: str, no_proxy: str) -> bool:
    """Whether ``NO_PROXY`` names the host, a domain it is in, or everything."""
    names = [name.strip().lower().lstrip(".") for name in no_proxy.split(",")]
    return any(name in ("*", host) or (name and host.endswith(f".{name}")) for name in names)


def _bare(proxy_url: str) -> str:
    """The proxy's scheme, host and port alone."""
    try:
        parts = urlsplit(proxy_url if "://" in proxy_url else f"http://{proxy_url}")
    except ValueError:
        return "an unreadable address"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and everything that caused it, groups opened."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from causes(inner)
        error = error.__cause__ or error.__context__


def _failure(kind: FailureKind, what: str, next_step: str) -> Failure:
    return Failure(kind, sentence(what), next_step, Speaker.NETWORK)


def not_reached(error: BaseException, origin: str, proxy: ActiveProxy | None) -> Failure:
    """The failure for a connection that could not be made."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _failure(
                FailureKind.TLS,
                f"The certificate of {origin} is not trusted: {cause.verify_message}.",
                "If the server is yours, name its CA file in SSL_CERT_FILE; if not, do not use it.",
            )
        if isinstance(cause, ssl.SSLError):
            return _failure(
                FailureKind.TLS,
                f"{origin} did not agree on an encrypted connection.",
                "Check the port in the base URL (F2), and whether it should begin with http://.",
            )
    if proxy is not None:
        return proxy_failed(proxy)
    for cause in causes(error):
        if isinstance(cause, socket.gaierror | UnicodeError):
            return _failure(
                FailureKind.NAME_NOT_FOUND,
                f"The name of {origin} cannot be looked up.",
                "Check the network connection, and the base URL in the settings (F2).",
            )
        if isinstance(cause, ConnectionRefusedError):
            return _failure(
                FailureKind.REFUSED,
                f"{origin} refuses connections.",
                "Start the server, or correct the port in the base URL (F2).",
            )
        if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
            return _failure(
                FailureKind.REFUSED,
                f"There is no way to {origin} from here.",
                "Check the network connection or the VPN.",
            )
    return _failure(
        FailureKind.REFUSED,
        f"No connection to {origin} could be made.",
        "Check the network connection, and the base URL in the settings (F2).",
    )


def connect_timed_out(origin: str, seconds: float) -> Failure:
    """The failure for a server that does not take the connection."""
    return _failure(
        FailureKind.UNREACHABLE,
        f"{origin} did not take the connection within {seconds:g} s.",
        "Check the network connection and the base URL, or raise the connect timeout (F2).",
    )


def no_answer(origin: str, seconds: float) -> Failure:
    """The failure for a server that took the request and says nothing."""
    return _failure(
        FailureKind.TIMEOUT,
        f"{origin} did not answer within {seconds:g} s.",
        "Send again, or raise the first byte timeout (F2).",
    )


def fell_silent(origin: str, seconds: float) -> Failure:
    """The failure for an answer that stopped coming without an end."""
    return _failure(
        FailureKind.TIMEOUT,
        f"{origin} sent nothing for {seconds:g} s.",
        "What arrived is kept. Send again, or raise the silence timeout (F2).",
    )


def lost_before_answer(origin: str) -> Failure:
    """The failure for a connection that ended after the request, before any answer."""
    return _failure(
        FailureKind.CONNECTION_LOST,
        f"{origin} closed the connection without an answer.",
        "It may have taken the request, and bill it. Send again; if it stays so, look at the "
        "server's log or status page.",
    )


def lost_within_answer(origin: str) -> Failure:
    """The failure for a connection that ended before the answer was complete."""
    return _failure(
        FailureKind.CONNECTION_LOST,
        f"The connection to {origin} was lost before the answer was complete.",
        "What arrived is kept. Send again.",
    )


def proxy_failed(proxy: ActiveProxy) -> Failure:
    """The failure for a proxy that cannot be used."""
    return _failure(
        FailureKind.PROXY,
        f"The proxy set in {proxy} did not make the connection.",
        f"Correct or unset {proxy.variable}, or add the server to NO_PROXY.",
    )


def not_http(origin: str) -> Failure:
    """The failure for a server that answers in something else than HTTP."""
    return _failure(
        FailureKind.BAD_DATA,
        f"{origin} did not answer in HTTP.",
        "Check the base URL in the settings (F2): https:// or http://, and the port.",
    )


def not_sent(origin: str) -> Failure:
    """The failure for a request that could not even be written."""
    return Failure(
        FailureKind.BAD_SETTINGS,
        f"The request to {origin} could not be written.",
        "Check the base URL and the API key in the settings (F2).",
    )


def bad_environment(error: Exception, proxy: ActiveProxy | None) -> Failure:
    """The failure for variables of the environment that no connection can be made with."""
    if isinstance(error, OSError):
        return Failure(
            FailureKind.TLS,
            "The trusted certificates cannot be read.",
            "Correct or unset SSL_CERT_FILE and SSL_CERT_DIR in the environment.",
        )
    return Failure(
        FailureKind.PROXY,
        f"The proxy set in {proxy or 'the environment'} cannot be used.",
        "Correct or unset the proxy variables; they take http:// and https:// addresses.",
    )
