"""The composition root: what the command line, the environment and the files amount to.

Both the app and the headless commands start here. Starting imports neither textual nor httpx.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.connection import Connection, Overrides, resolve
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.settings import ProviderKind, Settings
from tui.services.catalogue_cache import CatalogueCache
from tui.services.catalogue_store import CatalogueStore
from tui.services.config_file import ConfigProblem, load_config, misplaced
from tui.services.paths import Paths, resolve_paths

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

NO_CONNECTION = Failure(
    FailureKind.BAD_SETTINGS, "No provider is set up.", "Choose one in the settings (F2)."
)


@dataclass(slots=True)
class Runtime:
    """Settings, folders and the connection that they resolve to.

    ``connection`` is None when it cannot be resolved; ``connection_problem`` then says why.
    ``demo_speed`` multiplies the pace of simulated answers; 0 is without any waiting.
    """

    settings: Settings
    paths: Paths
    environ: Mapping[str, str]
    overrides: Overrides
    config_problems: tuple[ConfigProblem, ...] = ()
    connection: Connection | None = None
    connection_problem: Failure | None = None
    demo_speed: float = 1.0

    @classmethod
    def start(
        cls, *, home: Path | None, overrides: Overrides, environ: Mapping[str, str]
    ) -> Runtime:
        """Read the settings and resolve the connection; raises WorkbenchError without folders."""
        runtime = cls(Settings(), resolve_paths(home, environ), environ, overrides)
        runtime.reload()
        return runtime

    def reload(self) -> None:
        """Read config.toml again, as after a save on the settings screen."""
        config = load_config(self.paths.config_file)
        self.settings = config.settings
        self.config_problems = (*misplaced(self.paths), *config.problems)
        self.connection, self.connection_problem = None, None
        try:
            self.connection = resolve(self.settings, self.environ, self.overrides)
        except WorkbenchError as error:
            self.connection_problem = error.failure

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
        return OpenRouter(connection, self.settings.reliability, transport=transport)

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
