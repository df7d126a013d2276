"""Settings that are read again while the workbench runs: off the loop, and in their order."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.fakes.keyring import FakeBackend, store_of
from tui.domain.connection import Overrides
from tui.runtime import Runtime
from tui.services.keyring_store import KeptKey, KeyringStore
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.session import Session

KEY = SecretStr("sk-or-v1-test-canary-kept-0001")
KEPT = "[providers.openrouter]\nkey_in_keyring = true\n"
A_WHILE = 10.0


class LockedKeyring(KeyringStore):
    """Answers once somebody has unlocked it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.unlocked = threading.Event()

    def get(self, provider: str) -> KeptKey:
        self.asked.set()
        self.unlocked.wait(A_WHILE)
        return KeptKey(KEY)


@pytest.fixture
def keyring() -> Iterator[LockedKeyring]:
    locked = LockedKeyring()
    yield locked
    locked.unlocked.set()


@pytest.fixture
def runtime(orw_home: Path) -> Runtime:
    runtime = Runtime.start(home=orw_home, overrides=Overrides(), environ={})
    runtime.keyring = store_of(FakeBackend())
    return runtime


def write(runtime: Runtime, text: str) -> None:
    file = runtime.paths.config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o600)


def key_in_use(runtime: Runtime) -> SecretStr | None:
    assert runtime.connection is not None
    return runtime.connection.key


async def reloading_from(keyring: LockedKeyring, runtime: Runtime) -> asyncio.Task[None]:
    """A reload that waits for its key."""
    session = Session(runtime)
    write(runtime, KEPT)
    runtime.keyring = keyring
    reloading = asyncio.create_task(session.reload())
    assert await asyncio.to_thread(keyring.asked.wait, A_WHILE)
    return reloading


async def test_a_keyring_that_is_locked_does_not_hold_up_the_app(
    runtime: Runtime, keyring: LockedKeyring
) -> None:
    reloading = await reloading_from(keyring, runtime)
    assert not reloading.done()
    assert key_in_use(runtime) is None, "what was in force stays until all is read"
    keyring.unlocked.set()
    await reloading
    assert key_in_use(runtime) == KEY


async def test_what_was_saved_is_taken_though_the_screen_that_saved_it_goes(
    runtime: Runtime, keyring: LockedKeyring
) -> None:
    reloading = await reloading_from(keyring, runtime)
    reloading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reloading
    keyring.unlocked.set()
    async with asyncio.timeout(A_WHILE):
        while key_in_use(runtime) is None:
            await asyncio.sleep(0.005)
    assert key_in_use(runtime) == KEY


async def test_of_two_names_for_a_model_the_one_that_is_read_is_written(runtime: Runtime) -> None:
    write(
        runtime,
        '[models."openrouter/a/b"]\nfallbacks = ["a/first"]\n\n'
        '[models."a/b"]\nfallbacks = ["a/last"]\n',
    )
    session = Session(runtime)
    await session.reload()
    desk = ModelDesk(session)
    assert desk.model_settings("a/b").fallbacks == ("a/last",)
    await desk.set_fallbacks("a/b", ("a/mine",))
    assert desk.model_settings("a/b").fallbacks == ("a/mine",)
    assert 'fallbacks = ["a/first"]' in runtime.paths.config_file.read_text()
