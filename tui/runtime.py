"""The composition root: what the command line, the environment and the files amount to.

Both the app and the headless commands start here. Starting imports neither textual nor httpx.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.crash_report import secrets_in
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection, Overrides, expand_variables, resolve
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.parameters_layers import Layer
from tui.domain.settings import ProviderKind, Settings
from tui.domain.turn import TurnRequest
from tui.services.catalogue_cache import CatalogueCache
from tui.services.catalogue_store import CatalogueStore
from tui.services.config_file import ConfigProblem, load_config, misplaced
from tui.services.exchanges import Exchanges
from tui.services.fallback import StandIns
from tui.services.fallback_open import Means, can_stand_in, stand_in_requests, stand_ins_for
from tui.services.keyring_store import KeyringStore
from tui.services.paths import Paths, resolve_paths

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

NO_CONNECTION = Failure(
    FailureKind.BAD_SETTINGS, "No provider is set up.", "Choose one in the settings (F2)."
)


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """What config.toml says, and what that amounts to; see :class:`Runtime`."""

    settings: Settings
    config_problems: tuple[ConfigProblem, ...]
    connection: Connection | None
    connection_problem: Failure | None


@dataclass(slots=True)
class Runtime:
    """Settings, folders and the connection that they resolve to.

    ``connection`` is None when it cannot be resolved; ``connection_problem`` then says why.
    ``demo_speed`` multiplies the pace of simulated answers; 0 is without any waiting.
    ``exchanges`` are the last answers as they came over the wire.
    """

    settings: Settings
    paths: Paths
    environ: Mapping[str, str]
    overrides: Overrides
    config_problems: tuple[ConfigProblem, ...] = ()
    connection: Connection | None = None
    connection_problem: Failure | None = None
    demo_speed: float = 1.0
    exchanges: Exchanges = field(default_factory=Exchanges)
    keyring: KeyringStore = field(default_factory=KeyringStore)

    @classmethod
    def start(
        cls, *, home: Path | None, overrides: Overrides, environ: Mapping[str, str]
    ) -> Runtime:
        """Read the settings and resolve the connection; raises WorkbenchError without folders."""
        runtime = cls(Settings(), resolve_paths(home, environ), environ, overrides)
        runtime.reload()
        return runtime

    def reload(self) -> None:
        """Read config.toml again, as after a save on the settings screen; blocks."""
        self.take(self.read())

    def read(self) -> SettingsRead:
        """What config.toml says now, with nothing changed here; blocks, a keyring for seconds."""
        config = load_config(self.paths.config_file)
        connection, problem = None, None
        try:
            connection = self._resolve(config.settings, self.overrides)
        except WorkbenchError as error:
            problem = error.failure
        problems = (*misplaced(self.paths), *config.problems)
        return SettingsRead(config.settings, problems, connection, problem)

    def take(self, read: SettingsRead) -> None:
        """Go by these settings from now on."""
        self.settings, self.config_problems = read.settings, read.config_problems
        self.connection, self.connection_problem = read.connection, read.connection_problem

    def secrets(self) -> list[str]:
        """Every key that is known here, from wherever it came, for leaving them out of a report."""
        written = [self.settings.provider(name).api_key for name in self.settings.provider_names()]
        in_use = [] if self.connection is None else [self.connection.key]
        keys = [key.get_secret_value() for key in (*written, *in_use, *self.keyring.seen) if key]
        return [*secrets_in(self.environ), *(expand_variables(key, self.environ) for key in keys)]

    @property
    def history_file(self) -> Path:
        """Where conversations are kept; simulated ones and their costs never mix with real ones."""
        is_demo = self.connection is not None and self.connection.is_demo
        return self.paths.data / "demo.db" if is_demo else self.paths.history_file

    def open_service(self, connection: Connection | None = None) -> OpenRouter:
        """The service for a connection, by default the resolved one.

        Imports httpx, so the app calls it off the event loop. Raises WorkbenchError when there is
        no connection.
        """
        from tui.services.openrouter import OpenRouter

        connection = connection or self.connection
        if connection is None:
            raise WorkbenchError(self.connection_problem or NO_CONNECTION)
        transport = None
        if connection.kind is ProviderKind.DEMO:
            from tui.demo.transport import DemoTransport

            transport = DemoTransport(speed=self.demo_speed)
        return OpenRouter(
            connection,
            self.settings.reliability,
            transport=transport,
            exchanges=self.exchanges,
        )

    def stand_ins(
        self, connection: Connection, asked: str, session_id: str, layers: Sequence[Layer] = ()
    ) -> StandIns:
        """Who takes a turn over when this connection fails one with the model ``asked``."""
        return stand_ins_for(
            self.settings,
            connection,
            self._means,
            asked=asked,
            session_id=session_id,
            layers=layers,
        )

    def stand_in_requests(
        self, connection: Connection, asked: str, session_id: str, layers: Sequence[Layer] = ()
    ) -> list[TurnRequest]:
        """What those would be asked, as far as that is known beforehand; blocks."""
        return stand_in_requests(
            self.settings,
            connection,
            self._means,
            asked=asked,
            session_id=session_id,
            layers=layers,
        )

    def can_stand_in(self, provider: str, asked: str) -> bool:
        """Whether another provider may answer for the model ``asked``; blocks."""
        return can_stand_in(self.settings, self._means, provider, asked)

    @property
    def _means(self) -> Means:
        return Means(self._connect, self.open_service, self._cached_catalogue)

    def _connect(self, provider: str) -> Connection:
        """The connection to another provider; flags that chose an address were not meant for it."""
        return self._resolve(self.settings, Overrides(provider=provider))

    def _resolve(self, settings: Settings, overrides: Overrides) -> Connection:
        """The connection for these flags; the keyring is asked only for a key that is needed."""
        connection = resolve(settings, self.environ, overrides)
        is_kept = settings.provider(connection.provider).key_in_keyring
        if connection.key_source is not None or not is_kept:
            return connection
        kept = self.keyring.get(connection.provider)
        if kept.key is None:
            return replace(connection, key_problem=kept.problem or "the keyring has none")
        return resolve(settings, self.environ, overrides, kept.key)

    def _cached_catalogue(self, connection: Connection) -> Catalogue | None:
        return CatalogueCache(self.paths.cache, connection.origin).load()

    def catalogue_store(self) -> CatalogueStore | None:
        """Where the catalogue of the connected server and its changes are kept."""
        if self.connection is None:
            return None
        return CatalogueStore.of(self.paths.cache, self.connection.origin)

    def catalogue_cache(self) -> CatalogueCache | None:
        """The cached catalogue of the connected server."""
        if self.connection is None:
            return None
        return CatalogueCache(self.paths.cache, self.connection.origin)
