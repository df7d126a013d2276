"""A workbench that looks the same at every run: one moment, ids in order, nothing that moves."""

import importlib
import itertools
import os
import pkgutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Self
from unittest.mock import patch
from uuid import UUID

import tui

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""The moment of every screen."""
_SECONDS_PER_EVENT = 0.02
_LEFT_OUT = ("OPENROUTER_", "ORW_", "XDG_", "TEXTUAL", "NO_COLOR", "COLORTERM", "TERM_PROGRAM")


class FrozenDatetime(datetime):
    """A datetime class whose present never passes."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """The one moment there is; naive without a time zone, as the real one."""
        moment = NOW.astimezone(tz) if tz is not None else NOW.replace(tzinfo=None)
        return cls.fromisoformat(moment.isoformat())


@contextmanager
def frozen(home: Path) -> Iterator[None]:
    """Run what is inside at one moment, in UTC, with ``home`` as the home folder.

    The clock that times answers goes on by one step an event, so that durations are the same on
    every machine.
    """
    modules = list(_all_modules())
    from tui.services import search
    from tui.ui.controllers.turn import Turn

    ids = itertools.count(1)
    ticks = itertools.count(1)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
    environ |= {"HOME": str(home), "TZ": "UTC", "TEXTUAL_ANIMATIONS": "none"}
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, environ, clear=True))
        stack.callback(time.tzset)
        time.tzset()
        for module in modules:
            if getattr(module, "datetime", None) is datetime:
                stack.enter_context(patch.object(module, "datetime", FrozenDatetime))
            if hasattr(module, "uuid4"):
                stack.enter_context(patch.object(module, "uuid4", lambda: UUID(int=next(ids))))
        clock = {"clock": lambda: next(ticks) * _SECONDS_PER_EVENT}
        stack.enter_context(patch.object(Turn.__init__, "__kwdefaults__", clock))
        stack.enter_context(patch.object(search, "time", SimpleNamespace(perf_counter=lambda: 0.0)))
        yield


def _all_modules() -> Iterator[object]:
    """Every module of the workbench, loaded: the app itself imports some only when it runs."""
    for found in pkgutil.walk_packages(tui.__path__, "tui."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
            yield sys.modules[found.name]
