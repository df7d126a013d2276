"""The terminal driver: Textual's, with input that cannot be forged and output that may vanish."""

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable
from time import monotonic
from typing import IO, Any, Final, cast

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.ui.signals import INTERRUPTED
from tui.ui.terminal_input import EscapePressed, InputToken, Keys, TerminalInput

_READ_SIZE: Final = 64 * 1024
_LONGEST_WAIT: Final = 0.1
"""Seconds after which the input thread looks whether it should end."""


class _VanishingTerminal:
    """The part of a text file that Textual's writer thread uses; a closed terminal is no error.

    If writing raised, the thread would die and the app would wait forever for its full queue.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError:
            return

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            return

    def fileno(self) -> int:
        return self._file.fileno()


class TerminalDriver(LinuxDriver):
    """For Linux and macOS; give it to the app as ``driver_class``.

    Pastes and answers of the terminal are separated from keys by :class:`TerminalInput`, bytes
    that are not UTF-8 do not end the app, and a terminal that goes away does, in an orderly way.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = cast("Any", _VanishingTerminal(self._file))

    def run_input_thread(self) -> None:
        """Read the terminal until the app ends; runs in a thread of its own."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser(self._debug)
        terminal = TerminalInput(constants.ESCAPE_DELAY)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(terminal.patience(monotonic(), _LONGEST_WAIT))
                if ready:
                    data = self._read()
                    if not data:
                        self._app.call_later(self._app.exit, return_code=INTERRUPTED)
                        return
                    self._deliver(parser, terminal.feed(decode(data), monotonic()))
                self._deliver(parser, terminal.tick(monotonic()))
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        """What was typed, or nothing if the terminal is gone."""
        try:
            return os.read(self.fileno, _READ_SIZE)
        except OSError:
            return b""

    def _deliver(self, parser: XTermParser, tokens: Iterable[InputToken]) -> None:
        for token in tokens:
            for message in self._messages(parser, token):
                self.process_message(message)

    def _messages(self, parser: XTermParser, token: InputToken) -> Iterable[Message]:
        match token:
            case Keys(text):
                return parser.feed(text)
            case EscapePressed():
                return [events.Key("escape", "\x1b")]
            case _:
                return [events.Paste(token.text)]
