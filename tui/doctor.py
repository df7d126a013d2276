"""``orw doctor``: what the set-up amounts to, what the server says, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tui.domain.connection import Connection
from tui.domain.doctor import Finding, State, note, of_failure, wrong, wrong_ones
from tui.domain.errors import WorkbenchError
from tui.domain.sanitize import visible
from tui.domain.settings import ProviderKind
from tui.runtime import NO_CONNECTION, Runtime
from tui.services.config_file import holds_key
from tui.services.doctor_models import fallback_findings, models_in_use
from tui.services.doctor_server import Questions, network, server_findings, too_slow
from tui.services.doctor_setup import (
    database,
    folders,
    permissions,
    private_files,
    settings_file,
    versions,
)
from tui.services.doctor_terminal import ask_terminal, terminal
from tui.services.favourites import FavouritesFile

_SIGNS: Final = {State.FINE: " ", State.NOTE: "·", State.WRONG: "!"}
_LABEL_WIDTH: Final = 11
_OLD: Final = timedelta(days=7)

_CONNECTING: Final = 4.0
_ANSWERING: Final = 6.0
_ASKING: Final = 15.0
"""Seconds for the connection, for an answer to begin, and for all questions together."""


@dataclass(frozen=True, slots=True)
class DoctorOptions:
    """The flags of the command; ``models`` looks at every model that is set up, and at no more."""

    offline: bool = False
    as_json: bool = False
    models: bool = False


def run_doctor(runtime: Runtime, options: DoctorOptions | None = None) -> int:
    """Print the findings as they come, or all as JSON; 1 if one of them is wrong.

    The server is asked unless the options say otherwise.
    """
    options = options or DoctorOptions()
    findings: list[Finding] = []

    def take(finding: Finding) -> None:
        findings.append(finding)
        if not options.as_json:
            _print(finding)

    for finding in [] if options.models else examine(runtime):
        take(finding)
    if options.models:
        for finding in fallback_findings(runtime.settings):
            take(finding)
    if not options.offline and runtime.connection is not None:
        asyncio.run(_take_all(ask_server(runtime, runtime.connection, options), take))
    elif options.models and runtime.connection is None:
        take(_without_connection(runtime))
    bad = len(wrong_ones(findings))
    if options.as_json:
        records = [finding.as_record() for finding in findings]
        print(json.dumps({"ok": not bad, "findings": records}, indent=2))
    else:
        print("Nothing is wrong." if not bad else f"{bad} to mend, marked with !")
    return 1 if bad else 0


async def _take_all(findings: AsyncIterator[Finding], take: Callable[[Finding], None]) -> None:
    async for finding in findings:
        take(finding)


def _print(finding: Finding) -> None:
    """A line for the finding, and one below it for what to do."""
    sign = _SIGNS[finding.state]
    print(visible(f"{sign} {finding.label:<{_LABEL_WIDTH}} {finding.words}"))
    if finding.fix:
        print(visible(f"  {'':<{_LABEL_WIDTH}} → {finding.fix}"))
    sys.stdout.flush()


def examine(runtime: Runtime) -> Iterator[Finding]:
    """Everything that is worth a line and can be said without asking a server."""
    paths = runtime.paths
    yield from versions()
    yield from folders(paths)
    with_key = holds_key(runtime.settings)
    access = [*permissions(private_files(paths, runtime.history_file, with_key=with_key))]
    told = {finding.fix for finding in access}
    rest = [one for one in runtime.config_problems if one.next_step not in told]
    yield from settings_file(paths, rest)
    yield from access
    yield database(runtime.history_file)
    if runtime.connection is None:
        yield _without_connection(runtime)
    else:
        yield from _connection(runtime, runtime.connection)
        yield from network(runtime.connection)
        yield _catalogue(runtime)
    yield from fallback_findings(runtime.settings)
    environ = runtime.environ
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    answer = ask_terminal(environ) if is_terminal else b""
    yield terminal(environ, answer, is_terminal=is_terminal)


def _without_connection(runtime: Runtime) -> Finding:
    failure = runtime.connection_problem or NO_CONNECTION
    return of_failure("connection", "connection", failure)


def _connection(runtime: Runtime, connection: Connection) -> Iterator[Finding]:
    yield Finding("provider", "provider", f"{connection.provider} ({connection.kind})")
    address = "made up on this machine" if connection.is_demo else connection.base_url
    yield Finding("server", "server", address)
    yield Finding("chosen model", "model", connection.model)
    yield _key(connection)
    kept_in_file = runtime.settings.provider(connection.provider).api_key
    if kept_in_file is not None and "${" not in kept_in_file.get_secret_value():
        status = runtime.keyring.status()
        if status.available:
            words = f"{status.words} could keep the key, which is readable in config.toml"
            fix = "Move it there: orw onboard"
            yield note("keyring", "keyring", words, fix)


def _key(connection: Connection) -> Finding:
    if connection.key_source is None:
        problem = f" ({connection.key_problem})" if connection.key_problem else ""
        if not connection.needs_key:
            return Finding("key", "key", f"none{problem}")
        fix = "Set OPENROUTER_API_KEY, or run: orw onboard"
        return wrong("key", "key", f"none{problem}", fix)
    words = f"{connection.key_hint} from {connection.key_source}"
    if connection.consent is not None:
        words += f"; not sent to {connection.origin}, as it was not entered for it"
        return wrong("key", "key", words, "Press F2 in orw to agree, or to enter another key.")
    if connection.shadowed is not None:
        words += f"; it wins over the one in {connection.shadowed}"
        fix = f"To use the one in {connection.shadowed}, unset OPENROUTER_API_KEY."
        return note("key", "key", words, fix)
    return Finding("key", "key", words)


def _catalogue(runtime: Runtime) -> Finding:
    cache = runtime.catalogue_cache()
    catalogue = None if cache is None else cache.load()
    if catalogue is None:
        return Finding("catalogue", "catalogue", "not fetched yet")
    words = f"{len(catalogue.models):,} models"
    if catalogue.fetched_at is None:
        return Finding("catalogue", "catalogue", words)
    age = datetime.now(UTC) - catalogue.fetched_at
    if age < timedelta(0):
        fix = "Check the clock of this machine."
        return note("catalogue", "catalogue", f"{words}, fetched in the future", fix)
    words += f", fetched {age.total_seconds() / 3600:,.1f} h ago"
    if age > _OLD:
        fix = "Prices may have changed. Run: orw models --refresh"
        return note("catalogue", "catalogue", words, fix)
    return Finding("catalogue", "catalogue", words)


async def ask_server(
    runtime: Runtime, connection: Connection, options: DoctorOptions
) -> AsyncIterator[Finding]:
    """What the server says of the key and the models, within a few seconds."""
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
    try:
        async with asyncio.timeout(_ASKING), aclosing(hasty.open_service(connection)) as service:
            findings = server_findings(service, _questions(runtime, connection, options))
            async with aclosing(findings):
                async for finding in findings:
                    yield finding
    except WorkbenchError as error:
        yield of_failure("answer", "answer", error.failure)
    except TimeoutError:
        yield too_slow(connection.server_name, _ASKING)


def _questions(runtime: Runtime, connection: Connection, options: DoctorOptions) -> Questions:
    """The chosen model with its fallbacks, or every model that is set up or liked."""
    settings = runtime.settings
    uses = models_in_use(settings, connection.model)
    if not options.models:
        own = {connection.model, *settings.for_model(connection.model).fallbacks}
        uses = {model_id: use for model_id, use in uses.items() if model_id in own}
    else:
        for favourite in FavouritesFile(runtime.paths.favourites_file).load().lists.favourites:
            uses.setdefault(favourite, "favourite")
    if connection.kind is ProviderKind.COMPATIBLE:
        # The other ids are OpenRouter's.
        uses = {model_id: use for model_id, use in uses.items() if use == "model"}
    return Questions(tuple(uses.items()), settings)
