"""The transcript of the chat: what a message cost and what the cache holds is seen in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from tui.domain.tree import Place
from tui.ui.transcript.blocks import Kind
from tui.ui.transcript.document import Role
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.prefix import (
    Prefix,
    answer_glyph,
    left_out_words,
    message_glyph,
    struck,
    with_glyph,
    with_words,
)
from tui.ui.transcript.transcript import Transcript


def _key(key: str, action: str, label: str, tooltip: str) -> Binding:
    """A key that the screen acts on, for the message that is pointed at or the one in view."""
    name = f"transcript.{action}"
    return Binding(key, f"screen.{action}", label, id=name, tooltip=tooltip, show=False)


def place_words(place: Place) -> str:
    """Which of its siblings a message is: ``‹ 2/3 ›``, with an arrow where there are others."""
    left = "‹" if place.number > 1 else " "
    right = "›" if place.number < place.count else " "
    return f"{left} {place.number}/{place.count} {right}"


@dataclass
class ReceiptWanted(Message):
    """The reader wants to see what an answer cost; ``message_id`` may be of its prompt."""

    message_id: str


@dataclass
class RemediesWanted(Message):
    """The reader wants to do something about an answer that failed."""

    message_id: str


@dataclass
class RequestWanted(Message):
    """The reader wants to see the request behind a message."""

    message_id: str


@dataclass
class SiblingWanted(Message):
    """The reader steps to another branch, ``step`` siblings to the right."""

    message_id: str
    step: int


class ChatTranscript(Transcript):
    """The second cell of each row tells of the cache; what compression drops is struck."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "transcript--cache-warm",
        "transcript--cache-mark",
        "transcript--cache-missed",
        "transcript--left-out",
        "transcript--place",
    }
    DEFAULT_CSS = """
    ChatTranscript {
        & > .transcript--cache-warm { color: $money; }
        & > .transcript--cache-mark { color: $text-accent; }
        & > .transcript--cache-missed { color: $text-warning; }
        & > .transcript--left-out { color: $text-warning; }
        & > .transcript--place { color: $text-accent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p",
            "receipt",
            "Receipt",
            id="transcript.receipt",
            tooltip="What the message that is pointed at, or the one in view, cost; also Enter",
            show=False,
        ),
        Binding(
            "i",
            "request",
            "Request",
            id="transcript.request",
            tooltip="The request behind the message",
            show=False,
        ),
        _key("e", "edit", "Edit", "Edit this message of yours and send it as a new branch"),
        _key("g", "regenerate", "Regenerate", "Answer once more, as a new branch"),
        _key("G", "regenerate_with", "Other model", "Let another model answer, as a new branch"),
        _key("o", "go_on", "Go on", "Ask for the rest of this answer"),
        _key("b", "fork", "Fork", "Copy everything up to here into a new conversation"),
        _key("delete", "remove_branch", "Remove", "Remove this message and what follows it"),
        _key("u", "restore_branch", "Undo", "Bring back the branch that was removed last"),
        _key("v", "tree", "Tree", "Show all branches"),
    ]

    _prefix = Prefix()
    _sibling_places: Mapping[str, Place] = MappingProxyType({})

    @property
    def prefix(self) -> Prefix:
        """What is shown of the cache and of compression."""
        return self._prefix

    def show_prefix(self, prefix: Prefix) -> None:
        """Show something else of the cache and of compression."""
        if prefix != self._prefix:
            self._prefix = prefix
            self.refresh()

    def show_places(self, places: Mapping[str, Place]) -> None:
        """Show below messages which of their siblings they are: ``‹ 2/3 ›``."""
        if places != self._sibling_places:
            self._sibling_places = places
            self.refresh()

    def ends_with(self, message_id: str | None) -> bool:
        """Whether the message is the last one that is shown; None for whether there is none."""
        entries = self._layout.entries
        return entries[-1].entry.id == message_id if entries else message_id is None

    def point_at(self, message_id: str) -> None:
        """Point at a message and bring it into view."""
        entry = self._layout.get(message_id)
        if entry is not None:
            self.let_go()
            self._point(entry, None)

    def action_pan(self, step: int) -> None:
        """Step to another branch at the message that is pointed at, or scroll what is cut."""
        if self.cursor is not None and self.cursor.entry in self._sibling_places:
            self.post_message(SiblingWanted(self.cursor.entry, step))
        else:
            super().action_pan(step)

    def shows(self, message_id: str) -> bool:
        """Whether a message has come near the view, so that its note is made."""
        return any(made.entry.id == message_id for made in self._layout.entries.made())

    def action_open_link(self) -> None:
        """Show the chosen link, or else what the message that is pointed at comes to."""
        entry = self.current_entry() if self.cursor is not None else None
        if self._link is None and entry is not None:
            self._ask_about(entry)
        else:
            super().action_open_link()

    def _ask_about(self, entry: EntryLayout) -> None:
        """Ask what can be done about an answer that failed, and else for the receipt.

        The system prompt has neither; it is unfolded.
        """
        if entry.entry.role is Role.SYSTEM:
            self.toggle_reasoning(entry.entry.id)
            return
        failed, message_id = entry.entry.tone == "error", entry.entry.id
        self.post_message(RemediesWanted(message_id) if failed else ReceiptWanted(message_id))

    def action_receipt(self) -> None:
        """Ask for the receipt of a message."""
        entry = self.current_entry()
        if entry is not None:
            self.post_message(ReceiptWanted(entry.entry.id))

    def action_request(self) -> None:
        """Ask for the request behind a message."""
        entry = self.current_entry()
        if entry is not None:
            self.post_message(RequestWanted(entry.entry.id))

    def on_click(self, event: events.Click) -> None:
        """The line under an answer leads to its receipt, the words of a failure to what helps."""
        if not self.is_plain_click() or self.link_at(event.x, event.y) is not None:
            return
        anchor = self._layout.anchor(self.scroll_offset.y + event.y)
        if anchor is not None and anchor.block.kind is Kind.NOTE:
            event.prevent_default()
            self._ask_about(anchor.entry)

    def with_pointer(self, strip: Strip, entry: EntryLayout, index: int, row: int) -> Strip:
        """One row of a block with its glyph, struck if it would be left out."""
        prefix, message_id = self._prefix, entry.entry.id
        kind = entry.blocks[index].kind
        left_out = prefix.left_out.get(message_id)
        if kind is Kind.SEPARATOR:
            place = self._sibling_places.get(message_id)
            if left_out is not None:
                strip = with_words(strip, left_out_words(left_out), self._component("left-out"))
            elif place is not None:
                strip = with_words(strip, place_words(place), self._component("place"))
            return super().with_pointer(strip, entry, index, row)
        first = row == 0
        if kind is Kind.NOTE:
            state = prefix.answers.get(message_id) if first else None
            glyph, style = answer_glyph(state)
        else:
            glyph, style = message_glyph(prefix, message_id, first=first and index == 0)
            if left_out is not None:
                strip = struck(strip, whole=left_out.whole)
        if glyph:
            strip = with_glyph(strip, glyph, self._component(style))
        return super().with_pointer(strip, entry, index, row)
