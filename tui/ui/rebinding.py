"""Keys of the user's own: the table [keys] of the settings over the bindings of the app."""

from collections.abc import Mapping, Sequence

from textual.binding import Binding, BindingsMap
from textual.keys import _character_to_key

OwnKeys = Mapping[str, Sequence[str]]
"""For the id of a binding the keys that it has instead of its own, as Textual names them."""

_SPELLINGS = {
    "control": "ctrl",
    "del": "delete",
    "esc": "escape",
    "ins": "insert",
    "option": "alt",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "return": "enter",
}


def own_keys(written: Mapping[str, str]) -> OwnKeys:
    """The table as it is meant: several keys stand behind each other with commas, none is none."""
    return {name: tuple(_keys_in(keys)) for name, keys in written.items()}


def rebound(bindings: BindingsMap, keys: OwnKeys) -> BindingsMap:
    """The bindings of one widget under the user's keys; these come before what has them too."""
    kept: dict[str, list[Binding]] = {}
    moved: dict[str, list[Binding]] = {}
    for key, on_key in bindings.key_to_bindings.items():
        for binding in on_key:
            own = keys.get(binding.id or "")
            if own is None:
                kept.setdefault(key, []).append(binding)
                continue
            for other in own:
                there = moved.setdefault(other, [])
                if all(one.id != binding.id for one in there):
                    there.append(binding.with_key(key=other, key_display=None))
    for key, on_key in moved.items():
        kept[key] = [*on_key, *kept.get(key, ())]
    return BindingsMap.from_keys(kept)


def _keys_in(written: str) -> list[str]:
    return [_key(one) for part in written.split(",") if (one := part.strip())]


def _key(written: str) -> str:
    """One key as Textual names it: ``Ctrl+Alt+N`` is alt+ctrl+n, ``alt+.`` is alt+full_stop."""
    *modifiers, last = [*written[:-2].split("+"), "+"] if written[-1] == "+" else written.split("+")
    lowered = [_SPELLINGS.get(one.strip().lower(), one.strip().lower()) for one in modifiers if one]
    if len(last) == 1:
        last = _character_to_key(last.lower() if lowered else last)
    else:
        last = _SPELLINGS.get(last.strip().lower(), last.strip().lower())
    return "+".join([*sorted(lowered), last])  # in the order in which Textual reads them
