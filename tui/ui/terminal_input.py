"""What a terminal types, taken apart before Textual reads it as keys.

Two things must never become keys. A **paste** is text, whatever it holds: Textual would execute
keys for an escape character inside one, and for everything behind an embedded end marker. So here a
paste lasts until its last end marker before a pause. **Answers** to queries (device attributes,
colours, status reports) may come late, or because other output asked for them; Textual would type
those that it does not know into the prompt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_PASTE_START: Final = "\x1b[200~"
_PASTE_END: Final = "\x1b[201~"
_ESCAPE: Final = "\x1b"
_ALT_ENTER: Final = "\x1b\r"
"""What most terminals type for Alt+Enter; Textual would take it for a caret and Enter."""
_ALT_ENTER_BY_NUMBER: Final = "\x1b[13;3u"
_ALT_AND_A_KEY: Final = re.compile("\x1b([ac-eg-z1-9,.])")
"""What they type for Alt and a key; Textual knows B and F of these, as steps by words.

It would take a digit for the sign that one terminal of macOS types by it.
"""

_PASTE_PAUSE: Final = 0.05
"""Seconds without input that end a paste: a terminal sends a paste in one go."""
_PASTE_PATIENCE: Final = 1.0
"""Seconds without input after which the end of a paste will not come any more."""

# No key and no mouse report has a private prefix (? > =). Of the answers that have one, Textual
# wants mode reports ($y) only. Without one, n, c, x and t end answers if there are parameters, but
# 48…t is a resize.
_ANSWER: Final = re.compile(
    "\x1b(?:"
    r"\[[?>=][0-9;:]*(?:\$[^y\x1b]|[@-~])"
    r"|\[[0-9;:]+[ncx]"
    r"|\[(?!48;)[0-9;:]+t"
    "|[P\\]^_X][^\x1b\x07]*(?:\x07|\x1b\\\\)"
    ")"
)
_UNFINISHED: Final = re.compile("\x1b(?:\\[[?>=]?[0-9;:]*\\$?|[P\\]^_X][^\x1b\x07]*\x1b?)?\\Z")
# Beginnings that no key has: what follows may come late, and if it never does, nobody misses it.
_ANSWER_BEGUN: Final = re.compile("\x1b(?:\\[[?>=]|\\][0-9]|P[0-9!>]|_G)")
_ANSWER_PATIENCE: Final = 1.0
"""Seconds to wait for the rest of an answer."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Characters and sequences for Textual's parser, which knows keys and mouse reports."""

    text: str


@dataclass(frozen=True, slots=True)
class EscapePressed:
    """An escape character with nothing behind it: the key, on terminals that cannot say so."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The text of a bracketed paste, without its markers."""

    text: str


InputToken = Keys | EscapePressed | Pasted


class TerminalInput:
    """Takes decoded input piece by piece; ``escape_delay`` is in seconds.

    Moments are monotonic, in seconds. Whoever reads must call :meth:`tick` when nothing came, at
    the latest after :meth:`patience`.
    """

    def __init__(self, escape_delay: float) -> None:
        self._escape_delay = escape_delay
        self._held = ""
        self._paste: list[str] | None = None
        self._paste_tail = ""
        self._paste_has_ended = False
        self._deadline: float | None = None

    def feed(self, text: str, now: float) -> Iterator[InputToken]:
        """Take what was read; yields what is certain by now."""
        if self._paste is not None:
            self._continue_paste(self._paste, text, now)
            return
        text, start, pasted = (self._held + text).partition(_PASTE_START)
        late, end, text = text.rpartition(_PASTE_END)
        if end:
            # The rest of a paste that took a break.
            yield _pasted(late)
        if start:
            self._hold("", None)
            yield from self._keys(text)
            self._paste, self._paste_tail, self._paste_has_ended = [], "", False
            self._continue_paste(self._paste, pasted, now)
            return
        unfinished = _UNFINISHED.search(text)
        complete = text if unfinished is None else text[: unfinished.start()]
        held = text[len(complete) :]
        begun = _ANSWER_BEGUN.match(held) is not None
        self._hold(held, now + (_ANSWER_PATIENCE if begun else self._escape_delay))
        yield from self._keys(complete)

    def tick(self, now: float) -> Iterator[InputToken]:
        """Nothing came: yields what was waiting for more and has waited long enough."""
        if self._deadline is None or now < self._deadline:
            return
        held, paste = self._held, self._paste
        self._hold("", None)
        if paste is not None:
            self._paste = None
            text = "".join(paste)
            behind = ""
            if self._paste_has_ended:
                text, _, behind = text.rpartition(_PASTE_END)
            yield _pasted(text)
            yield from self.feed(behind, now)
        elif held == _ESCAPE:
            yield EscapePressed()
        elif not _ANSWER_BEGUN.match(held):
            yield Keys(held)

    def patience(self, now: float, longest: float) -> float:
        """How many seconds to wait for input, at most ``longest``, before calling ``tick``."""
        return longest if self._deadline is None else min(longest, max(0.0, self._deadline - now))

    def _hold(self, text: str, deadline: float | None) -> None:
        self._held = text
        self._deadline = deadline if text else None

    def _keys(self, text: str) -> Iterator[InputToken]:
        keys = _ANSWER.sub("", text).replace(_ALT_ENTER, _ALT_ENTER_BY_NUMBER)
        keys = _ALT_AND_A_KEY.sub(lambda alt: f"\x1b[{ord(alt[1])};3u", keys)
        if keys:
            yield Keys(keys)

    def _continue_paste(self, paste: list[str], text: str, now: float) -> None:
        paste.append(text)
        # An end marker may be split over reads, so the end of the earlier ones is looked at again.
        recent = self._paste_tail + text
        self._paste_tail = recent[1 - len(_PASTE_END) :]
        self._paste_has_ended = self._paste_has_ended or _PASTE_END in recent
        self._deadline = now + (_PASTE_PAUSE if self._paste_has_ended else _PASTE_PATIENCE)


def _pasted(text: str) -> Pasted:
    return Pasted(text.replace(_PASTE_START, "").replace(_PASTE_END, "").replace("\0", ""))
