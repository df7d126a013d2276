"""Which running instance writes: a lock that the system lets go of when its process is gone.

A process number would do only until it is used again, and means nothing in another container.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Self
from uuid import uuid4

_PRIVATE_FILE = 0o600
_SUFFIX = ".live"


class InstanceLock:
    """A locked file beside the database that lasts exactly as long as this instance.

    ``token`` names the instance in the database.
    """

    def __init__(self, database: Path, token: str, descriptor: int) -> None:
        self._database = database
        self._descriptor = descriptor
        self.token = token

    @classmethod
    def acquire(cls, database: Path) -> Self:
        """A new lock. Raises ``OSError`` if the folder cannot be written."""
        while True:
            token = uuid4().hex
            path = _lock_file(database, token)
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE_FILE)
            try:
                os.fchmod(descriptor, _PRIVATE_FILE)
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # An instance that cleans up may have removed the file before it was locked,
                if path.exists():
                    return cls(database, token, descriptor)
            except BlockingIOError:
                pass  # or be about to.
            except BaseException:
                os.close(descriptor)
                path.unlink(missing_ok=True)
                raise
            os.close(descriptor)
            path.unlink(missing_ok=True)

    def is_live(self, token: str | None) -> bool:
        """Whether the instance of this name still runs, here or in another process."""
        # Shared, so that two instances asking at once do not take each other for the owner.
        return token is not None and not _try_locked(
            _lock_file(self._database, token), fcntl.LOCK_SH, lambda path: None
        )

    def remove_stale(self) -> None:
        """Remove the lock files of instances that are gone."""
        for path in self._database.parent.glob(f"{self._database.name}.*{_SUFFIX}"):
            # Removed while it is locked, so that it cannot be one that is just being acquired.
            _try_locked(path, fcntl.LOCK_EX, Path.unlink)

    def release(self) -> None:
        """End the instance: what it left unfinished may be recovered by others."""
        _lock_file(self._database, self.token).unlink(missing_ok=True)
        os.close(self._descriptor)


def _lock_file(database: Path, token: str) -> Path:
    return database.with_name(f"{database.name}.{token}{_SUFFIX}")


def _try_locked(path: Path, kind: int, action: Callable[[Path], None]) -> bool:
    """Do something while holding a lock on the file; False if its owner holds it.

    A file that is not there has no owner.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        action(path)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
