"""A keyring that does what a test says: keep keys, be locked, fail, or never answer."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tui.services.keyring_store import KeyringStore


class FakeBackend:
    """Keeps passwords in memory; ``before`` runs before each call and may raise or wait."""

    name = "Test Keyring"

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self._before = before

    def get_password(self, service: str, name: str) -> str | None:
        self._before()
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self._before()
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        self._before()
        del self.kept[service, name]


class KeyringLocked(Exception):  # noqa: N818 - the name that the real library gives it
    """As the real library raises it."""


def locked() -> None:
    raise KeyringLocked("sk-or-v1-test-canary-quoted")


class Hanging:
    """Waits until it is let go, as a keyring does that asks somebody who is not there."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1
        self.let_go.wait(30)


def store_of(backend: Any, longest: float = 5.0) -> KeyringStore:
    """The keyring service over a backend, or over a library that cannot be imported (None)."""

    def load() -> Any:
        if backend is None:
            raise ImportError("no keyring")
        return SimpleNamespace(get_keyring=lambda: backend)

    return KeyringStore(longest, load)
