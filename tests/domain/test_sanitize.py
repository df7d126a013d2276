"""Text from outside is shown, never obeyed."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.sanitize import (
    copyable,
    hides_characters,
    link_target,
    single_line,
    storable,
    visible,
)

ATTACKS = {
    "bell": "\x07",
    "backspace": "\x08",
    "vertical tab": "\x0b",
    "form feed": "\x0c",
    "shift out": "\x0e",
    "escape": "\x1b",
    "file separator": "\x1c",
    "delete": "\x7f",
    "next line": "\x85",
    "C1 control sequence introducer": "\x9b",
    "C1 string terminator": "\x9c",
    "soft hyphen": "\xad",
    "arabic letter mark": "\u061c",
    "hangul filler": "\u3164",
    "zero width space": "\u200b",
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "right-to-left override": "\u202e",
    "pop directional formatting": "\u202c",
    "left-to-right isolate": "\u2066",
    "pop directional isolate": "\u2069",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "interlinear annotation": "\ufff9",
    "tag": "\U000e0041",
    "language tag": "\U000e0001",
    "lone surrogate": "\ud83d",
}
SEQUENCES = {
    "clipboard": "\x1b]52;c;aGk=\x07",
    "window title": "\x1b]0;owned\x1b\\",
    "hyperlink": "\x1b]8;;http://x\x1b\\y\x1b]8;;\x1b\\",
    "erase": "\x1b[2J",
    "device status": "\x1b[6n",
    "device control": "\x1bPq#0\x1b\\",
    "C1 clipboard": "\x9d52;c;aGk=\x9c",
}
OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
any_text = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("name", ATTACKS)
def test_no_acting_character_passes_and_its_place_is_seen(name: str) -> None:
    shown = visible(f"before{ATTACKS[name]}after")
    assert ATTACKS[name] not in shown
    assert re.fullmatch("before[\ufffd\u2400-\u2421]after", shown)
    assert hides_characters(ATTACKS[name])


@pytest.mark.parametrize("name", SEQUENCES)
def test_escape_sequences_become_pictures(name: str) -> None:
    shown = visible(SEQUENCES[name])
    assert not OBEYED.search(shown)
    assert len(shown) == len(SEQUENCES[name])


def test_control_characters_have_their_pictures() -> None:
    assert visible("\x1b[31m\x7f\x00") == "␛[31m␡␀"


@given(any_text)
def test_nothing_that_acts_is_left(text: str) -> None:
    assert not OBEYED.search(visible(text))


@given(any_text)
def test_showing_twice_changes_nothing(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_printable_ascii_is_unchanged(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "tab\there",
        "two\nlines",
        "汉字 wrapping, ภาษาไทยที่นี่, हिन्दी, שָׁלוֹם, e\u0301",
        "👩\u200d❤\ufe0f\u200d💋\u200d👨 🏳\ufe0f\u200d🌈 👍🏽",
        "می\u200cخواهم",
        "┌─────┐│█████│",
        "«„“‘’—…",
    ],
)
def test_ordinary_text_of_any_script_is_unchanged(text: str) -> None:
    assert visible(text) == text
    assert not hides_characters(text)


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\u2028b", "a\u2029b"])
def test_every_line_break_is_a_line_feed(text: str) -> None:
    assert visible(text) == "a\nb"
    assert not hides_characters(text)


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u0e47", "\u200d", "\ufe0f", "\u0f71"])
def test_stacks_of_marks_are_cut_to_four(mark: str) -> None:
    assert visible(f"a{mark * 100}b") == f"a{mark * 4}b"
    assert visible(f"a{mark * 4}b") == f"a{mark * 4}b"


@given(st.text(st.characters(categories=["Mn", "Me", "Lo", "Po"])))
def test_no_stack_is_higher_than_four(text: str) -> None:
    stacked = 0
    for character in visible(text):
        stacked = stacked + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        assert stacked <= 4


@pytest.mark.parametrize(
    ("text", "longest", "line"),
    [
        ("  two\n\twords ", None, "two words"),
        ("exactly ten", 11, "exactly ten"),
        ("exactly ten!", 11, "exactly te…"),
        ("cut before  space", 12, "cut before…"),
        ("\x1b[2J", None, "␛[2J"),
        ("", 5, ""),
        ("\n" * 10_000 + "far down" + "\n" * 10_000, 20, "far down"),
        ("x" * 10_000, 5, "xxxx…"),
        ("ab " * 10_000, 5, "ab a…"),
        ("a" + " " * 10_000 + "b", 5, "a…"),
    ],
)
def test_a_single_line_is_short_and_without_breaks(
    text: str, longest: int | None, line: str
) -> None:
    assert single_line(text, longest) == line


@given(any_text, st.integers(min_value=1, max_value=40))
def test_a_single_line_never_exceeds_its_limit(text: str, longest: int) -> None:
    line = single_line(text, longest)
    assert len(line) <= longest
    assert "\n" not in line
    assert not OBEYED.search(line)


@given(any_text)
def test_what_is_stored_can_be_encoded(text: str) -> None:
    stored = storable(text)
    stored.encode("utf-8")
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert stored == text


def test_only_lone_surrogates_are_replaced() -> None:
    assert storable("\ufeffa\ud83d\ude00b\ud83dc\ude00d\ud83d\x1b") == "\ufeffa😀b�c�d�\x1b"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://openrouter.ai/docs?a=1&b=%20#top", "https://openrouter.ai/docs?a=1&b=%20#top"),
        (" http://127.0.0.1:8080/ ", "http://127.0.0.1:8080/"),
        ("https://[::1]:8080/", "https://[::1]:8080/"),
        ("HTTP://Example.com/a b", "HTTP://Example.com/a%20b"),
        ("mailto:someone@example.com", "mailto:someone@example.com"),
        ("https://example.com/ä", "https://example.com/%C3%A4"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://example.com/\x1b]8;;\x07", "https://example.com/%1B]8;;%07"),
        ("https://example.com/\u202e", "https://example.com/%E2%80%AE"),
        ("https://example.com/\ud83d", "https://example.com/%EF%BF%BD"),
    ],
)
def test_links_are_percent_encoded(url: str, target: str) -> None:
    assert link_target(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "vscode://file/x",
        "java\nscript:alert(1)",
        "https:///path",
        "https:\\\\example.com",
        "http://[::1",
        "https://bank.example@evil.example/",
        "https://user:pass@evil.example/",
        "https://ex\x1bample.com/",
        "https://ex\u202eample.com/",
        "https://exa%0ample.com/",
        "mailto:",
        "-oProxyCommand=x",
    ],
)
def test_anything_else_is_no_link(url: str) -> None:
    assert link_target(url) is None


@given(any_text)
def test_a_link_is_printable_ascii(text: str) -> None:
    target = link_target(f"https://example.com/{text}")
    assert target is None or (target.isascii() and target.isprintable() and " " not in target)


def test_what_is_copied_cannot_act_and_is_otherwise_as_it_was() -> None:
    text = "".join(map(chr, range(0xA0))) + "\r\n汉 👩\u200d❤ \u202e\u200b\u2028\ud800"
    kept = copyable(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", kept)
    assert "\t\n" in kept
    assert kept.endswith("~\n汉 👩\u200d❤ \u202e\u200b\u2028\ufffd")
