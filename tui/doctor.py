"""``orw doctor``: what the set-up amounts to, and what is wrong with it. It asks no server."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tui import __version__
from tui.domain.connection import Connection
from tui.domain.sanitize import visible
from tui.runtime import Runtime

_LIBRARIES: Final = ("textual", "httpx", "pydantic", "rich")
_PROXY_VARIABLES: Final = ("http_proxy", "https_proxy", "all_proxy")
_LABEL_WIDTH: Final = 11


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``wrong`` is something that the user should mend."""

    label: str
    words: str
    wrong: bool = False


def run_doctor(runtime: Runtime) -> int:
    """Print the findings; 1 if one of them is wrong."""
    findings = list(examine(runtime))
    for finding in findings:
        sign = "!" if finding.wrong else " "
        print(visible(f"{sign} {finding.label:<{_LABEL_WIDTH}} {finding.words}"))
    wrong = sum(finding.wrong for finding in findings)
    print("Nothing is wrong." if not wrong else f"{wrong} to mend, marked with !")
    return 1 if wrong else 0


def examine(runtime: Runtime) -> Iterator[Finding]:
    """Everything that is worth a line, from the program to the server."""
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
    yield Finding("server", connection.base_url)
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
