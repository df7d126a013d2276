"""The system's keyring as a place for keys: optional, and never waited for for long.

The keyring library is an extra. A locked keyring may ask its user for a password on the desktop,
or wait for a service that never starts, so everything runs on a thread that is given up in time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import SecretStr

from tui.domain.connection import clean_key
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.sanitize import single_line

SERVICE = "openrouter-workbench"
LONGEST_WAIT = 2.0
"""Seconds; an unlocked keyring answers in a few milliseconds."""
_NO_STORE = ("keyring.backends.fail", "keyring.backends.null")
_PLAINTEXT = "PlaintextKeyring"

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class KeyringStatus:
    """Whether keys can be kept in the keyring; ``words`` name it, or say why not."""

    available: bool
    words: str


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key from the keyring, or why there is none: ``problem`` is empty if none was ever kept."""

    key: SecretStr | None = None
    problem: str = ""


class _GaveUpError(Exception):
    """The keyring did not answer in time."""


def _library() -> Any:
    import keyring

    return keyring


class KeyringStore:
    """Keeps one key for each provider.

    ``longest`` is in seconds; after it has passed once the keyring is not asked again, as the first
    question is still waiting. ``load`` imports the library.
    """

    def __init__(self, longest: float = LONGEST_WAIT, load: Callable[[], Any] = _library) -> None:
        self._longest = longest
        self._load = load
        self._stuck = False
        self.seen: set[SecretStr] = set()
        """Every key that went in or came out."""

    def status(self) -> KeyringStatus:
        """What there is to keep keys in; never raises."""
        try:
            backend = self._within_time(self._backend)
        except ImportError:
            words = "the keyring library is not installed (openrouter-workbench[keyring])"
            return KeyringStatus(False, words)
        except Exception as error:  # noqa: BLE001 - backends raise whatever their bus raises
            return KeyringStatus(False, _why(error))
        module, kind = type(backend).__module__, type(backend).__name__
        if module.startswith(_NO_STORE) or kind == _PLAINTEXT:
            return KeyringStatus(False, "this system has no keyring that keeps a secret")
        name = getattr(backend, "name", "") or f"{module} {kind}"
        return KeyringStatus(True, single_line(str(name), 60))

    def get(self, provider: str) -> KeptKey:
        """The key of a provider; never raises."""
        try:
            found = self._within_time(lambda: self._backend().get_password(SERVICE, provider))
            key = clean_key(found) if isinstance(found, str) else None
            self.seen |= {key} if key is not None else set()
            return KeptKey(key)
        except WorkbenchError as error:
            return KeptKey(problem=error.failure.what)
        except ImportError:
            return KeptKey(problem="the keyring library is not installed any more")
        except Exception as error:  # noqa: BLE001 - backends raise whatever their bus raises
            return KeptKey(problem=_why(error))

    def put(self, provider: str, key: SecretStr) -> None:
        """Keep a key; raises :class:`WorkbenchError` unless it can be read back."""
        self.seen.add(key)

        def write_and_read() -> bool:
            backend, secret = self._backend(), key.get_secret_value()
            backend.set_password(SERVICE, provider, secret)
            return bool(backend.get_password(SERVICE, provider) == secret)

        try:
            kept = self._within_time(write_and_read)
        except Exception as error:  # noqa: BLE001 - backends raise whatever their bus raises
            kept, why = False, _why(error)
        else:
            why = "it gave back something else"
        if not kept:
            raise WorkbenchError(
                Failure(
                    FailureKind.STORAGE,
                    "The key could not be kept in the keyring.",
                    "Unlock the keyring and try again, or keep the key in config.toml.",
                    detail=why,
                )
            )

    def remove(self, provider: str) -> bool:
        """Forget a key; False if the keyring did not do so."""
        try:
            self._within_time(lambda: self._backend().delete_password(SERVICE, provider))
        except Exception:  # noqa: BLE001 - backends raise whatever their bus raises
            return False
        return True

    def _backend(self) -> Any:
        return self._load().get_keyring()

    def _within_time(self, work: Callable[[], _Result]) -> _Result:
        """The result of ``work``, done on a thread that nobody waits for beyond the time limit.

        Raises what it raised, and _GaveUpError. Exceptions lose their chain: one of them may quote
        the key.
        """
        if self._stuck:
            raise _GaveUpError
        results: list[_Result] = []
        errors: list[Exception] = []

        def run() -> None:
            try:
                results.append(work())
            except Exception as error:  # noqa: BLE001 - handed to the caller
                errors.append(error)

        # A daemon, so that one that hangs for ever does not keep the program from ending.
        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(self._longest)
        if results:
            return results[0]
        if errors:
            raise errors[0]
        self._stuck = True
        raise _GaveUpError


def _why(error: Exception) -> str:
    """The reason in words; what the exception itself says may hold anything."""
    if isinstance(error, _GaveUpError):
        return "the keyring did not answer in time: it may be locked"
    name = type(error).__name__
    if name == "KeyringLocked":
        return "the keyring is locked"
    if name in ("NoKeyringError", "InitError"):
        return "this system has no keyring that works here"
    return f"the keyring failed ({name})"
