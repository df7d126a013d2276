"""Keys of the user's own over the bindings of the app."""

import pytest
from textual._xterm_parser import XTermParser
from textual.binding import Binding, BindingsMap
from textual.events import Key

from tui.ui.rebinding import own_keys, rebound


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("ctrl+n", ("ctrl+n",)),
        ("Ctrl+N, F6", ("ctrl+n", "f6")),
        ("alt+.", ("alt+full_stop",)),
        ("Shift+Alt+PgUp", ("alt+shift+pageup",)),
        ("Esc", ("escape",)),
        ("G", ("G",)),
        ("ctrl++", ("ctrl+plus",)),
        ("", ()),
    ],
)
def test_keys_are_written_as_people_write_them(written: str, keys: tuple[str, ...]) -> None:
    assert own_keys({"chat.new": written}) == {"chat.new": keys}


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("ctrl+alt+n", "\x1b[110;7u"),
        ("shift+ctrl+alt+up", "\x1b[1;8A"),
        ("ctrl+alt++", "\x1b[43;7u"),
    ],
)
def test_a_key_is_called_what_its_press_is_called(written: str, typed: str) -> None:
    [pressed] = XTermParser().feed(typed)
    assert isinstance(pressed, Key)
    assert own_keys({"chat.new": written}) == {"chat.new": (pressed.key,)}


def actions(bindings: BindingsMap) -> dict[str, list[str]]:
    return {key: [one.action for one in found] for key, found in bindings.key_to_bindings.items()}


def test_only_what_is_named_moves_and_what_shares_its_key_stays() -> None:
    bindings = BindingsMap(
        [
            Binding("enter", "take", id="offers.take"),
            Binding("enter,ctrl+s", "send", id="prompt.send"),
            Binding("ctrl+t", "other", id="prompt.other"),
        ]
    )

    moved = rebound(bindings, own_keys({"prompt.send": "ctrl+t, f5"}))

    assert actions(moved) == {"enter": ["take"], "ctrl+t": ["send", "other"], "f5": ["send"]}
    assert moved.key_to_bindings["f5"][0].key == "f5"


def test_two_actions_can_change_places_and_one_can_have_no_key() -> None:
    bindings = BindingsMap([Binding("a", "one", id="x.one"), Binding("b", "two", id="x.two")])
    assert actions(rebound(bindings, own_keys({"x.one": "b", "x.two": "a"}))) == {
        "a": ["two"],
        "b": ["one"],
    }
    assert actions(rebound(bindings, own_keys({"x.one": ""}))) == {"b": ["two"]}
