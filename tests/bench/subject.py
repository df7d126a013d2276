"""The measured program: an app that a text streams into, run by itself under a pseudo-terminal."""

import argparse
import asyncio
import json
import sys
import time
from abc import abstractmethod
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Markdown
from textual.widgets.markdown import MarkdownStream

from tui.ui.collector import postpone_collections
from tui.ui.transcript import Entry, Role, Transcript

_STALL_STEP = 0.01
_WAKE = 0.005
"""A socket wakes its reader for some tokens at once."""


class Subject(App[None]):
    """Streams a text at a rate, then writes what it took to a file and ends."""

    def __init__(self, text: str, piece: int, rate: float, report: Path) -> None:
        super().__init__()
        self._pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
        self._rate = rate
        self._report = report
        self._stall = self._busy = 0.0

    def on_mount(self) -> None:
        """Begin once the first frame is drawn."""
        self.query_one(Input).focus()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.run_worker(self._stream(), exit_on_error=True)

    async def _stream(self) -> None:
        await self.prepare()
        await asyncio.sleep(0.3)
        watch = asyncio.create_task(self._watch())
        cpu, wall = time.process_time(), time.perf_counter()
        sent = 0
        while sent < len(self._pieces):
            due = min(len(self._pieces), int((time.perf_counter() - wall) * self._rate) + 1)
            for piece in self._pieces[sent:due]:
                await self.write(piece)
            sent = max(sent, due)
            await asyncio.sleep(max(_WAKE, wall + sent / self._rate - time.perf_counter()))
        await self.finish()
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        watch.cancel()
        figures = {"cpu": cpu, "wall": wall, "stall": self._stall, "busy": self._busy}
        figures |= {"kept": self.shown() in {None, "".join(self._pieces)}}
        figures |= {"peak": 1024 * getrusage(RUSAGE_SELF).ru_maxrss}
        await asyncio.to_thread(self._report.write_text, json.dumps(figures))
        self.exit()

    async def _watch(self) -> None:
        """The longest time for which nothing else could run, and how much of it was our work."""
        while True:
            before, cpu = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_STALL_STEP)
            self._stall = max(self._stall, time.perf_counter() - before - _STALL_STEP)
            self._busy = max(self._busy, time.thread_time() - cpu)

    async def prepare(self) -> None:
        """Get ready before the clock starts."""

    def shown(self) -> str | None:
        """The text that was taken in, if the subject can tell."""
        return None

    @abstractmethod
    async def write(self, piece: str) -> None:
        """Show one more piece."""

    @abstractmethod
    async def finish(self) -> None:
        """Show everything."""


class PlainMarkdown(Subject):
    """The floor: Textual's own streaming Markdown widget."""

    _stream_: MarkdownStream

    def compose(self) -> ComposeResult:
        """One Markdown in a scrolling container."""
        with VerticalScroll():
            yield Markdown()
        yield Input()

    async def prepare(self) -> None:
        """Follow the end."""
        self.query_one(VerticalScroll).anchor()
        self._stream_ = Markdown.get_stream(self.query_one(Markdown))

    async def write(self, piece: str) -> None:
        """Hand over to the stream."""
        await self._stream_.write(piece)

    async def finish(self) -> None:
        """Let the stream catch up."""
        await self._stream_.stop()


class VirtualTranscript(Subject):
    """The transcript of this program."""

    _transcript: Transcript

    def compose(self) -> ComposeResult:
        """A transcript above an input."""
        yield Transcript()
        yield Input()

    async def prepare(self) -> None:
        """Open an answer."""
        postpone_collections()
        self._transcript = self.query_one(Transcript)
        self._transcript.add(Entry("answer", Role.ASSISTANT, open=True))

    async def write(self, piece: str) -> None:
        """Append to it."""
        self._transcript.append_text("answer", piece)

    async def finish(self) -> None:
        """Close it."""
        self._transcript.finish("answer", "done")

    def shown(self) -> str | None:
        """The text of the entry."""
        return self._transcript.entries[0].text


SUBJECTS = {"markdown": PlainMarkdown, "transcript": VirtualTranscript}


def main() -> None:
    """Run one subject."""
    parser = argparse.ArgumentParser()
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("text", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--piece", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    options = parser.parse_args(sys.argv[1:])
    text = options.text.read_text(encoding="utf-8")
    SUBJECTS[options.subject](text, options.piece, options.rate, options.report).run()


if __name__ == "__main__":
    main()
