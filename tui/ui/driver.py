"""The terminal driver: Textual's, with input that cannot be forged and output that may vanish."""

import math
import os
import selectors
import signal
import threading
from codecs import getincrementaldecoder
from collections.abc import Iterable
from time import monotonic
from typing import IO, Any, Final, cast

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.ui.terminal_input import EscapePressed, InputToken, Keys, TerminalInput

_READ_SIZE: Final = 64 * 1024
_SILENCE: Final = max(0.1, constants.ESCAPE_DELAY + 0.01)
"""Seconds without input after which no sequence waits for its rest any more."""


class _VanishingTerminal:
    """The part of a text file that Textual's writer thread uses; a closed terminal is no error.

    If writing raised, the thread would die and the app would wait forever for its full queue. What
    is left over goes to the null device, or else Python fails when it flushes the file at its end,
    and exits with 120.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError:
            self._discard()

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            self._discard()

    def _discard(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)

    def fileno(self) -> int:
        return self._file.fileno()


class _WakingEvent(threading.Event):
    """An event that ends the wait of a selector too, so that nobody need look from time to time."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.fileno, self._write_end = os.pipe()

    def set(self) -> None:
        if not self.is_set():
            super().set()
            os.write(self._write_end, b"\0")

    def clear(self) -> None:
        if self.is_set():
            os.read(self.fileno, 1)
            super().clear()

    def close(self) -> None:
        self.closed = True
        os.close(self.fileno)
        os.close(self._write_end)


class TerminalDriver(LinuxDriver):
    """For Linux and macOS; give it to the app as ``driver_class``.

    Pastes and answers of the terminal are separated from keys by :class:`TerminalInput`, bytes
    that are not UTF-8 do not end the app, and a terminal that goes away does, as SIGHUP does: see
    :mod:`tui.ui.signals`.
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
        self.exit_event = self._ending = _WakingEvent()
        if self._file is not None:
            self._file = cast("Any", _VanishingTerminal(self._file))

    def start_application_mode(self) -> None:
        """Take the terminal, for the first time or back from an editor."""
        if self._ending.closed:
            self.exit_event = self._ending = _WakingEvent()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # in Textual

    def run_input_thread(self) -> None:
        """Read the terminal until the app ends; runs in a thread of its own."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser(self._debug)
        terminal = TerminalInput(constants.ESCAPE_DELAY)
        silent = False
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ending.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                wait = terminal.patience(monotonic(), math.inf if silent else _SILENCE)
                ready = selector.select(wait if wait < math.inf else None)
                if any(key.fd == self.fileno for key, _ in ready):
                    data = self._read()
                    if not data:
                        # The terminal is gone, and not every way of going sends the signal.
                        os.kill(os.getpid(), signal.SIGHUP)
                        return
                    self._deliver(parser, terminal.feed(decode(data), monotonic()))
                self._deliver(parser, terminal.tick(monotonic()))
                for message in parser.tick():
                    self.process_message(message)
                silent = not ready and wait >= _SILENCE

    def close(self) -> None:
        """Clean up, at the end or before an editor gets the terminal; no thread reads it now."""
        super().close()
        self._ending.close()

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
