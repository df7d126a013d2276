"""What is wrong with the user's own keys: unknown names, and two actions on one key."""

import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

import tui.ui
from tui.domain.problems import SettingProblem, one_of
from tui.domain.sanitize import single_line
from tui.services.config_file import ConfigProblem, with_lines
from tui.ui.keymap import key_words
from tui.ui.rebinding import OwnKeys, own_keys

_CHAT = ("chat", "app")
_TOGETHER = {
    "prompt": ("prompt", "offers", *_CHAT),
    "offers": ("offers", "prompt", *_CHAT),
    "chat": ("prompt", "offers", "transcript", "sidebar", *_CHAT),
    "transcript": ("transcript", *_CHAT),
    "sidebar": ("sidebar", *_CHAT),
    "chips": ("chips", *_CHAT),
    "find": ("find", *_CHAT),
    "recall": ("recall", *_CHAT),
    "request": ("request", "json", "reply", "app"),
    "rows": ("rows", "reply", "request", "routing", "presets", "models", "spend", "app"),
}
"""For a group of bindings those that may act on the same key press; others stand alone."""
_NAMED = {
    *(str(key.value).rpartition("+")[2] for key in Keys if not str(key.value).startswith("<")),
    *KEY_NAME_REPLACEMENTS.values(),
}


@dataclass(frozen=True, slots=True)
class KnownBinding:
    """What a binding is called, its keys, and what it does in words."""

    id: str
    keys: tuple[str, ...]
    words: str

    @property
    def group(self) -> str:
        """The part of the app that it belongs to."""
        return self.id.partition(".")[0]


def known_bindings() -> Mapping[str, KnownBinding]:
    """Every binding that has an id, by it; all screens are imported for that."""
    for module in pkgutil.walk_packages(tui.ui.__path__, "tui.ui."):
        import_module(module.name)
    keys: dict[str, dict[str, None]] = {}
    words: dict[str, str] = {}
    for binding in _declared(DOMNode):
        if binding.id:
            keys.setdefault(binding.id, {}).update(dict.fromkeys(binding.key.split(",")))
            words.setdefault(binding.id, binding.tooltip or binding.description)
    return {name: KnownBinding(name, tuple(keys[name]), words[name]) for name in keys}


def key_problems(
    written: Mapping[str, str], known: Mapping[str, KnownBinding]
) -> Iterator[SettingProblem]:
    """What is wrong with the table [keys]; the field of each problem is its name in the table."""
    keys = own_keys(written)
    for name, own in keys.items():
        if name not in known:
            what = f"There is no key called {single_line(name, 60)}."
            yield SettingProblem(name, what, one_of(name, known))
            continue
        for key in own:
            if not _exists(key):
                what = f"{name}: there is no key {single_line(key, 40)}."
                yield SettingProblem(name, what, "Write it like ctrl+n, alt+z, f6 or pageup.")
    yield from _clashes(keys, known)


def keys_in_file(path: Path, written: Mapping[str, str]) -> Sequence[ConfigProblem]:
    """What is wrong with the keys in config.toml, each with its line."""
    if not written:
        return ()
    found = [
        (("keys", problem.field), ConfigProblem(problem.what, problem.next_step))
        for problem in key_problems(written, known_bindings())
    ]
    return with_lines(path, found)


def _clashes(keys: OwnKeys, known: Mapping[str, KnownBinding]) -> Iterator[SettingProblem]:
    told: set[frozenset[str]] = set()
    for name in keys:
        if name not in known:
            continue
        for other in known.values():
            pair = frozenset((name, other.id))
            if other.id == name or pair in told or not _meet(known[name].group, other.group):
                continue
            both = set(keys[name]) & set(keys.get(other.id, other.keys))
            both -= set(known[name].keys) & set(other.keys)  # meant to share: one leaves it
            if both:
                told.add(pair)
                key = key_words(min(both))
                what = f"{name} and {other.id} ({other.words}) are both on {key}."
                yield SettingProblem(name, what, "Give one of them another key.")


def _meet(one: str, other: str) -> bool:
    """Whether one key press may be for either of two groups."""
    return other in _TOGETHER.get(one, (one, "app")) or one in _TOGETHER.get(other, (other, "app"))


def _exists(key: str) -> bool:
    """Whether a terminal may send such a key."""
    *modifiers, last = key.split("+")
    known = {"ctrl", "alt", "shift", "super", "meta", "hyper"}
    return known.issuperset(modifiers) and (last in _NAMED or key_to_character(last) is not None)


def _declared(cls: type[DOMNode]) -> Iterator[Binding]:
    """The bindings that a class of the app and those below it declare."""
    if cls.__module__.startswith("tui."):
        bindings: Sequence[object] = cls.__dict__.get("BINDINGS", ())
        yield from (one for one in bindings if isinstance(one, Binding))
    for below in cls.__subclasses__():
        yield from _declared(below)
