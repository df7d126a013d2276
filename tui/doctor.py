"""``orw doctor``: what the set-up amounts to, what the server says, and what is wrong with it."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tui import __version__
from tui.domain.connection import Connection
from tui.domain.errors import FailureKind, WorkbenchError, sentence
from tui.domain.figures import money
from tui.domain.sanitize import visible
from tui.domain.settings import ProviderKind
from tui.runtime import Runtime
from tui.services.wire import parse_catalogue

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

_LIBRARIES: Final = ("textual", "httpx", "pydantic", "rich")
_PROXY_VARIABLES: Final = ("http_proxy", "https_proxy", "all_proxy")
_LABEL_WIDTH: Final = 11


_CONNECTING: Final = 4.0
_ANSWERING: Final = 6.0
_ASKING: Final = 10.0
"""Seconds for the connection, for an answer to begin, and for all questions together."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``wrong`` is something that the user should mend."""

    label: str
    words: str
    wrong: bool = False


def run_doctor(runtime: Runtime, *, offline: bool = False) -> int:
    """Print the findings as they come; 1 if one of them is wrong.

    The server is asked for its models and about the key, unless ``offline``.
    """
    wrong = 0
    for finding in examine(runtime):
        wrong += _print(finding)
    if not offline and runtime.connection is not None:
        for finding in asyncio.run(ask_server(runtime, runtime.connection)):
            wrong += _print(finding)
    print("Nothing is wrong." if not wrong else f"{wrong} to mend, marked with !")
    return 1 if wrong else 0


def _print(finding: Finding) -> bool:
    """Print a line; returns whether it is wrong."""
    sign = "!" if finding.wrong else " "
    print(visible(f"{sign} {finding.label:<{_LABEL_WIDTH}} {finding.words}"), flush=True)
    return finding.wrong


def examine(runtime: Runtime) -> Iterator[Finding]:
    """Everything that is worth a line and can be said without asking a server."""
    yield Finding("version", f"openrouter-workbench {__version__}")
    yield Finding(
        "system", f"Python {platform.python_version()} on {platform.platform(terse=True)}"
    )
    yield Finding("libraries", ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES))
    paths = runtime.paths
    for label, folder in (("config", paths.config), ("data", paths.data), ("cache", paths.cache)):
        yield _folder(label, folder)
    for problem in runtime.config_problems:
        yield Finding("settings", f"{paths.config_file}: {problem}", wrong=True)
    if runtime.connection is None:
        yield Finding("connection", str(runtime.connection_problem or "none"), wrong=True)
    else:
        yield from _connection(runtime.connection)
        yield _catalogue(runtime)
    yield _proxy(runtime.environ)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"


def _folder(label: str, folder: Path) -> Finding:
    """A folder is fine if it can be written, or does not exist and can be made."""
    existing = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    usable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    state = "" if folder.exists() else " (not made yet)"
    return Finding(label, f"{folder}{state if usable else ' cannot be written'}", wrong=not usable)


def _connection(connection: Connection) -> Iterator[Finding]:
    yield Finding("provider", f"{connection.provider} ({connection.kind})")
    address = "made up on this machine" if connection.is_demo else connection.base_url
    yield Finding("server", address)
    yield Finding("model", connection.model)
    if connection.key_source is None:
        words = "none; set OPENROUTER_API_KEY, or enter one in the settings (F2)"
        yield Finding("key", words if connection.needs_key else "none", connection.needs_key)
        return
    words = f"{connection.key_hint} from {connection.key_source}"
    if connection.consent is not None:
        words += (
            f"; not sent to {connection.origin}, as it was not entered for it: agree in the app"
        )
    if connection.shadowed is not None:
        words += f"; it wins over the one in {connection.shadowed}"
    yield Finding("key", words, wrong=connection.consent is not None)


async def ask_server(runtime: Runtime, connection: Connection) -> list[Finding]:
    """What the server says of its models and of the key, within a few seconds."""
    patient = runtime.settings.reliability
    hasty = replace(
        runtime,
        settings=runtime.settings.with_values(
            "reliability",
            connect_timeout=min(patient.connect_timeout, _CONNECTING),
            first_byte_timeout=min(patient.first_byte_timeout, _ANSWERING),
            silence_timeout=min(patient.silence_timeout, _ANSWERING),
        ),
    )
    findings: list[Finding] = []
    try:
        async with asyncio.timeout(_ASKING), aclosing(hasty.open_service(connection)) as service:
            findings.append(await _ask_for_models(service))
            is_ours = connection.kind is not ProviderKind.COMPATIBLE
            if connection.key is not None and is_ours and not findings[0].wrong:
                findings.append(await _ask_about_key(service))
    except WorkbenchError as error:
        findings.append(Finding("answer", str(error.failure), wrong=True))
    except TimeoutError:
        words = f"{connection.server_name} did not finish within {_ASKING:g} s. Try again later."
        findings.append(Finding("answer", sentence(words), wrong=True))
    return findings


async def _ask_for_models(service: OpenRouter) -> Finding:
    """Whether the server lists its models, and how fast; a key that it refuses shows here too."""
    begun = monotonic()
    try:
        body = await service.models()
        took = monotonic() - begun
        count = len(parse_catalogue(body).models)
    except WorkbenchError as error:
        failure = error.failure
        label = "key check" if failure.kind is FailureKind.BAD_KEY else "answer"
        return Finding(label, str(failure), wrong=True)
    return Finding("answer", f"{count:,} models in {took:.2f} s")


async def _ask_about_key(service: OpenRouter) -> Finding:
    """Whether the server takes the key, and what is left on it."""
    try:
        info = await service.key_info()
    except WorkbenchError as error:
        return Finding("key check", str(error.failure), wrong=True)
    if info is None:
        return Finding("key check", "this server cannot tell anything about keys")
    if info.limit is None:
        return Finding("key check", "valid, without a limit of its own")
    left = f"{money(info.limit_remaining)} left of {money(info.limit)}"
    return Finding("key check", f"valid, {left}")


def _catalogue(runtime: Runtime) -> Finding:
    cache = runtime.catalogue_cache()
    catalogue = None if cache is None else cache.load()
    if catalogue is None:
        return Finding("catalogue", "not fetched yet")
    words = f"{len(catalogue.models):,} models"
    if catalogue.fetched_at is not None:
        hours = (datetime.now(UTC) - catalogue.fetched_at).total_seconds() / 3600
        words += f", fetched {hours:.1f} h ago" if hours >= 0 else ", fetched in the future"
    return Finding("catalogue", words)


def _proxy(environ: Mapping[str, str]) -> Finding:
    """Which proxies are set, without the passwords that their addresses may hold."""
    active = [
        f"{name}={_host(value)}"
        for name, value in environ.items()
        if name.lower() in _PROXY_VARIABLES and value.strip()
    ]
    return Finding("proxy", ", ".join(active) or "none")


def _host(address: str) -> str:
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.hostname or '?'}{port}"
    except ValueError:
        return "?"
