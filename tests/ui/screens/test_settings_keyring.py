"""The key on the settings screen where the system has a keyring."""

import tomllib
from pathlib import Path

from textual.widgets import Static

from tests.fakes.keyring import FakeBackend, Hanging, store_of
from tests.ui.screens.settings_support import DARK, KEY, OTHER_KEY, OpenSettings, opened
from tests.waiting import until
from tui.services.keyring_store import SERVICE

IN_KEYRING = f"{DARK}[providers.openrouter]\nkey_in_keyring = true\n"
ITS_PLACE = (SERVICE, "openrouter")


def place_of(settings: OpenSettings) -> str:
    return str(settings.app.first.query_one("KeyField .place", Static).content)


async def test_a_key_in_the_keyring_is_read_replaced_there_and_removed(tmp_path: Path) -> None:
    backend = FakeBackend()
    backend.kept[ITS_PLACE] = KEY
    async with opened(tmp_path, IN_KEYRING, keyring=store_of(backend)) as settings:
        await until(settings.pilot, lambda: "from the keyring" in settings.effect("api_key"))
        assert "sk-or-…0001" in settings.effect("api_key")
        assert place_of(settings) == "Kept in Test Keyring, the keyring of this system."

        await settings.press_button("verify-key")
        await until(settings.pilot, lambda: settings.key_result.startswith("Valid"))
        assert [connection.key_hint for connection in settings.server.asked] == ["sk-or-…0001"]

        await settings.enter("api_key", OTHER_KEY)
        assert "as typed, not saved yet" in settings.effect("api_key")
        await settings.saved()
        assert backend.kept == {ITS_PLACE: OTHER_KEY}
        assert settings.written()["providers"] == {"openrouter": {"key_in_keyring": True}}
        assert [toast.message for toast in settings.app._notifications] == [
            "The key is kept in Test Keyring."
        ]


async def test_removing_the_key_takes_it_out_of_the_keyring(tmp_path: Path) -> None:
    backend = FakeBackend()
    backend.kept[ITS_PLACE] = KEY
    async with opened(tmp_path, IN_KEYRING, keyring=store_of(backend)) as settings:
        await until(settings.pilot, lambda: "from the keyring" in settings.effect("api_key"))
        await settings.press_button("remove-key")
        assert "There is no key yet" in settings.effect("api_key")
        await settings.saved()
        assert backend.kept == {}
        assert "key_in_keyring" not in settings.config.read_text()


async def test_a_keyring_that_never_answers_keeps_nobody_from_saving(tmp_path: Path) -> None:
    hanging = Hanging()
    keyring = store_of(FakeBackend(hanging), longest=0.05)
    try:
        async with opened(tmp_path, IN_KEYRING, keyring=keyring) as settings:
            assert "has not handed it over" in settings.effect("api_key")
            await settings.enter("api_key", KEY)
            await settings.saved()
    finally:
        hanging.let_go.set()
    assert tomllib.loads(settings.config.read_text())["providers"] == {
        "openrouter": {"api_key": KEY}
    }
