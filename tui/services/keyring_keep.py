"""Storing a provider's key: in the keyring where there is one that works, else in config.toml."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from tui.domain.errors import WorkbenchError
from tui.services.config_file import save_changes
from tui.services.config_lines import KeyPath
from tui.services.keyring_store import KeyringStore
from tui.services.paths import shown

_REFERS = "${"


def keep_key(
    config_file: Path,
    provider: str,
    key: SecretStr,
    keyring: KeyringStore,
    changes: Mapping[KeyPath, object] | None = None,
) -> str:
    """Store the key, with other ``changes`` of the settings, and say in words where it is now.

    A copy in config.toml is removed once the keyring has the key; a reference such as ``${MY_KEY}``
    stays there, as only what is read from there is expanded, and the keyring forgets the key that
    it replaces. Raises :class:`WorkbenchError` if the file cannot be written; nothing in it has
    changed then.
    """
    section = ("providers", provider)
    status = keyring.status()
    words = ""
    if status.available and _REFERS not in key.get_secret_value():
        try:
            keyring.put(provider, key)
            words = f"kept in {status.words}"
        except WorkbenchError:
            words = ""
    stored: dict[KeyPath, object] = dict(changes or {})
    stored[(*section, "api_key")] = None if words else key
    stored[(*section, "key_in_keyring")] = True if words else None
    save_changes(config_file, stored)
    if status.available and not words:
        keyring.remove(provider)
    return words or f"saved to {shown(config_file)}, readable by you alone"


def save_with_keys(
    config_file: Path, changes: Mapping[KeyPath, object], keyring: KeyringStore
) -> str:
    """Save changes of the settings: a new key as :func:`keep_key` does, and in words where it is.

    A key that is no longer in the keyring by the changes is removed from it. The words are empty
    without a new key, unless the keyring keeps one that it should not. Raises
    :class:`WorkbenchError` if the file cannot be written.
    """
    keys = {
        path[1]: value
        for path, value in changes.items()
        if path[-1] == "api_key" and isinstance(value, SecretStr)
    }
    left = {
        path[1] for path, value in changes.items() if path[-1] == "key_in_keyring" and not value
    }
    # No key touches the file on its way to the keyring; "not in the keyring" is not written out.
    waiting: dict[KeyPath, object] = {
        path: value
        for path, value in changes.items()
        if not (path[-1] == "api_key" and path[1] in keys)
    }
    waiting |= {("providers", name, "key_in_keyring"): None for name in left}
    words = ""
    for name, key in keys.items():
        words = keep_key(config_file, name, key, keyring, waiting)
        waiting = {}
    if waiting:
        save_changes(config_file, waiting)
    for name in left - keys.keys():
        if not keyring.remove(name):
            words = "not used any more, but still in the keyring, which did not remove it"
    return words
