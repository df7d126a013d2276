"""What the terminal can do: by what it answers, and by what it says of itself.

The questions are the standard ones: the kitty keyboard protocol's flags, the kitty graphics
protocol, and the primary device attributes, which every terminal answers, so that nobody is waited
for who has said all.
"""

import os
import re
import select
import sys
import termios
import tty
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from tui.domain.doctor import Finding, State, wrong

LONGEST_ANSWER: Final = 0.5
"""Seconds; over a slow SSH connection an answer takes a round trip."""
_ABOUT_KEYS = b"\x1b[?u"
_ABOUT_IMAGES = b"\x1b_Gi=4211,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_ABOUT_THE_REST = b"\x1b[c"
_TITLES_INSTEAD = ("TMUX", "STY")
"""Inside of these the question about images would become the title of the window."""
_SHOWS_IT = frozenset({"Apple_Terminal"})
_ATTRIBUTES = re.compile(rb"\x1b\[\?([0-9;]*)c")
_KITTY_KEYS = re.compile(rb"\x1b\[\?[0-9]+u")
_KITTY_IMAGES = re.compile(rb"\x1b_G[^\x1b]*OK")
_SIXEL, _CLIPBOARD = "4", "52"
_MANY_COLOURS = ("truecolor", "24bit")
_TAKES_OSC_52 = ("xterm", "alacritty", "foot", "wezterm", "rxvt", "screen", "tmux", "contour")


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a terminal can do; None where it did not say."""

    colours: str
    kitty_keys: bool | None = None
    images: str | None = None
    clipboard: bool | None = None


def questions(environ: Mapping[str, str]) -> bytes:
    """What a terminal can be asked without showing anything of it."""
    hidden = environ.get("TERM_PROGRAM") not in _SHOWS_IT and environ.get("TERM") != "linux"
    if not hidden or any(environ.get(name) for name in _TITLES_INSTEAD):
        return _ABOUT_KEYS + _ABOUT_THE_REST
    return _ABOUT_KEYS + _ABOUT_IMAGES + _ABOUT_THE_REST


def ask_terminal(environ: Mapping[str, str], longest: float = LONGEST_ANSWER) -> bytes:
    """What the terminal answers to the questions; empty if there is none to be asked."""
    if environ.get("TERM", "dumb") == "dumb":
        return b""
    try:
        into, out = sys.stdin.fileno(), sys.stdout.fileno()
        if not (os.isatty(into) and os.isatty(out)):
            return b""
    except (AttributeError, OSError, ValueError):
        return b""
    return ask(into, out, questions(environ), longest)


def ask(into: int, out: int, asked: bytes, longest: float) -> bytes:
    """The same for two file descriptors; the terminal's mode is as before afterwards."""
    try:
        before = termios.tcgetattr(into)
    except termios.error:
        return b""
    answer = b""
    by = monotonic() + longest
    try:
        tty.setcbreak(into, termios.TCSANOW)
        os.write(out, asked)
        while _ATTRIBUTES.search(answer) is None and (left := by - monotonic()) > 0:
            if not select.select([into], [], [], left)[0]:
                break
            piece = os.read(into, 4096)
            if not piece:
                break
            answer += piece
    except OSError:
        pass
    finally:
        termios.tcsetattr(into, termios.TCSAFLUSH, before)
    return answer


def abilities(environ: Mapping[str, str], answer: bytes) -> Abilities:
    """What an answer and the environment say of a terminal."""
    term = environ.get("TERM", "")
    if environ.get("COLORTERM", "").lower() in _MANY_COLOURS or "direct" in term:
        colours = "16 million"
    elif "256" in term:
        colours = "256"
    else:
        colours = "16" if term not in ("", "dumb") else "none"
    found = _ATTRIBUTES.search(answer)
    if found is None:
        guessed = any(name in term for name in _TAKES_OSC_52) or None
        return Abilities(colours, clipboard=guessed)
    attributes = found[1].decode().split(";")
    images = "kitty" if _KITTY_IMAGES.search(answer) else None
    if images is None and _SIXEL in attributes:
        images = "sixel"
    return Abilities(
        colours,
        kitty_keys=_KITTY_KEYS.search(answer) is not None,
        images=images or "none",
        clipboard=_CLIPBOARD in attributes or any(name in term for name in _TAKES_OSC_52),
    )


def terminal(environ: Mapping[str, str], answer: bytes, *, is_terminal: bool) -> Finding:
    """The terminal as a finding; what is missing is a note, as everything works without it."""
    term = environ.get("TERM", "")
    name = environ.get("TERM_PROGRAM") or term or "unnamed"
    if not is_terminal:
        return Finding("terminal", "terminal", "none: the output goes into a pipe or a file")
    if term in ("", "dumb"):
        return wrong(
            "terminal",
            "terminal",
            f"TERM={term} says that this terminal cannot draw",
            "Set TERM to what it is, such as xterm-256color.",
        )
    can = abilities(environ, answer)
    parts = [
        f"{can.colours} colours",
        _ability("kitty keys", can.kitty_keys),
        _ability("OSC 52", can.clipboard),
        f"images: {can.images or 'not said'}",
    ]
    inside = next((each for each in ("TMUX", "STY") if environ.get(each)), "")
    words = f"{name}: {', '.join(parts)}"
    fix = ""
    if inside == "TMUX":
        fix = (
            "In tmux: set -s extended-keys on; set -s set-clipboard on; set -g allow-passthrough on"
        )
    elif can.colours in ("16", "256"):
        fix = "If it can show more colours, set COLORTERM=truecolor."
    elif can.kitty_keys is False:
        fix = "Shift+Enter may send here; Alt+Enter and Ctrl+J always make a new line."
    state = State.NOTE if fix else State.FINE
    return Finding("terminal", "terminal", words, state, fix)


def _ability(name: str, can: bool | None) -> str:
    match can:
        case True:
            return name
        case False:
            return f"no {name}"
    return f"{name}: not said"
