"""Streaming: what arrives is taken in at once, and drawn with all that came in the same moment."""

from textual.content import Content
from textual.timer import Timer

from tui.domain.pictures import Picture
from tui.ui.transcript.arrivals import Arrivals, Pace
from tui.ui.transcript.document import Tone
from tui.ui.transcript.reading import Reading


class Streaming(Reading):
    """The part of the transcript that lets entries grow."""

    def _init_streaming(self) -> None:
        self._arrivals = Arrivals()
        self._pace = Pace()
        self._timer: Timer | None = None

    def _note_unread(self, entry_id: str) -> None:
        raise NotImplementedError

    def append_text(self, entry_id: str, text: str) -> None:
        """More of an answer. It is drawn soon, together with what arrives until then."""
        self._arrivals.of(entry_id).text.append(text)
        self._schedule()

    def append_reasoning(self, entry_id: str, text: str) -> None:
        """More of an answer's reasoning, drawn soon."""
        self._arrivals.of(entry_id).reasoning.append(text)
        self._schedule()

    def add_image(self, entry_id: str, picture: Picture) -> None:
        """One more image of an answer."""
        self._take_arrivals()
        if (layout := self._layout.get(entry_id)) is not None:
            layout.entry.images += (picture,)
            self._changed(entry_id)
            self._note_unread(entry_id)

    def finish(self, entry_id: str, note: Content | str, tone: Tone = "normal") -> None:
        """No more text will come for this entry: draw all of it now, and the note under it."""
        self._take_arrivals()
        if (layout := self._layout.get(entry_id)) is None:
            return
        layout.entry.note, layout.entry.tone = note, tone
        layout.close()
        self._changed(entry_id)

    def _schedule(self) -> None:
        if self._timer is None and self.is_running:
            self._timer = self.set_timer(self._pace.delay(), self._flush)

    def _flush(self) -> None:
        self._timer = None
        self._pace.begin()
        self._take_arrivals()
        self.call_after_refresh(self._pace.end)

    def _take_arrivals(self) -> None:
        if not self._arrivals:
            return
        first = self._layout.total
        for entry_id, arrived in self._arrivals.take().items():
            if (layout := self._layout.get(entry_id)) is None:
                continue
            layout.append("".join(arrived.text), "".join(arrived.reasoning))
            first = min(first, self._layout.sync(layout))
            self._note_unread(entry_id)
        self._place(first)
