"""Choose a model: type to filter the catalogue, or type any id."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_fuzzy import Needle, haystack, lowered, needle, score
from tui.domain.figures import price_per_million, tokens_short
from tui.domain.model import Model
from tui.domain.sanitize import single_line

_FEWEST_COLUMNS_FOR_NAME = 16


_EXACT, _PREFIX, _INSIDE, _FUZZY = range(4)
"""How a model matches what was typed, best first."""


def matching_models(models: Sequence[Model], query: str) -> list[Model]:
    """The models that match the query, best first; all in their order for an empty one.

    First those whose id or name is the query, with or without its author, then those that begin
    with it, those that hold it, and those where its words can be found with some liberties.
    """
    typed = lowered(query.strip())
    if not typed:
        return list(models)
    needles = [needle(word) for word in typed.split()]
    ranked = [(_rank(model, typed, needles), model) for model in models]
    found = [(rank, model) for rank, model in ranked if rank is not None]
    found.sort(key=itemgetter(0))
    return [model for _, model in found]


def _rank(model: Model, typed: str, needles: Sequence[Needle]) -> tuple[int, int] | None:
    """How well a model matches, lower is better; None if it does not."""
    model_id, name = lowered(model.id), lowered(model.name)
    parts = (model_id, model_id.rpartition("/")[2], name, name.rpartition(": ")[2])
    if typed in parts:
        return _EXACT, 0
    if any(part.startswith(typed) for part in parts):
        return _PREFIX, 0
    if typed in model_id or typed in name:
        return _INSIDE, 0
    hay = haystack(f"{model_id} {name}")
    total = 0
    for word in needles:
        found = score(word, hay)
        if found is None:
            return None
        total += found
    return _FUZZY, -total


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the list: a model, or the text as typed."""

    model_id: str
    figures: str


class ModelSelect(VerticalGroup):
    """A field with a list below it that opens on typing or Enter.

    Enter, Tab and leaving the field take the highlighted line; Escape takes the text back. What is
    typed stays available as the last line, or as the first one if the server knows it as a variant
    of a listed model. Without a catalogue the text itself counts.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="settings.model.close", tooltip="Close the list"),
        Binding(
            "down", "move(1)", "Down", id="settings.model.down", tooltip="Next model", show=False
        ),
        Binding("up", "move(-1)", "Up", id="settings.model.up", tooltip="Previous model"),
        Binding("pagedown", "move(8)", "Down", id="settings.model.page_down", tooltip="Page down"),
        Binding("pageup", "move(-8)", "Up", id="settings.model.page_up", tooltip="Page up"),
    ]
    DEFAULT_CSS = """
    ModelSelect {
        & > .list {
            display: none;
            overlay: screen;
            constrain: none inside;
            background: $surface-lighten-1;
            & > .columns { padding: 0 1; color: $text-muted; }
            & > OptionList {
                max-height: 10;
                border: none;
                padding: 0;
                background: $surface-lighten-1;
                scrollbar-size-vertical: 1;
                & > .option-list--option { padding: 0 1; }
            }
        }
        &.-open > .list { display: block; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A model was chosen from the list or typed."""

        model_id: str

    def __init__(self, model_id: str, catalogue: Catalogue) -> None:
        super().__init__()
        self._chosen = model_id
        self._catalogue = catalogue
        self._rows: list[_Row] = []

    def compose(self) -> ComposeResult:
        """Lay out the field and the list."""
        yield Input(
            single_line(self._chosen), placeholder="Type to filter", compact=True, id="model"
        )
        with VerticalGroup(classes="list"):
            yield Static(classes="columns", markup=False)
            models = OptionList(markup=False)
            models.can_focus = False
            yield models

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self.has_class("-open")

    def offer(self, catalogue: Catalogue, model_id: str) -> None:
        """Offer another server's models and show the one that is chosen there."""
        self._close()
        self._catalogue = catalogue
        self._chosen = model_id
        self._show_chosen()

    def commit(self) -> str:
        """Take what is highlighted, if anything was typed since; returns the chosen model."""
        row = self._highlighted() if self.is_open else None
        text = self.query_one(Input).value.strip()
        if row is not None:
            self._choose(row.model_id)
        elif text != single_line(self._chosen):
            self._choose(text)
        return self._chosen

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of the list work while it is open; otherwise they are the page's."""
        return self.is_open if action in ("close", "move") else True

    def action_close(self) -> None:
        """Close the list and show the chosen model again."""
        self._show_chosen()
        self._close()

    def action_move(self, by: int) -> None:
        """Move the highlight by some lines, around the ends by single ones."""
        models = self.query_one(OptionList)
        count = models.option_count
        if count:
            here = (models.highlighted or 0) + by
            models.highlighted = here % count if abs(by) == 1 else min(max(here, 0), count - 1)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.query_one(Input).has_focus and event.value.strip() != single_line(self._chosen):
            self._open(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.is_open or event.value.strip() != single_line(self._chosen):
            self.commit()
        else:
            self._open("")

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        # The focus also goes when the whole terminal loses it, which chooses nothing.
        if self.app.app_focus:
            self.commit()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(self._rows[event.option_index].model_id)

    @on(OptionList.OptionHighlighted)
    def _highlight_moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the open list out for the new width."""
        if self.is_open:
            self._show_rows()

    def _open(self, query: str) -> None:
        text = query.strip()
        found = matching_models(list(self._catalogue.models.values()), text)
        self._rows = [_Row(model.id, _figures(model)) for model in found]
        if text and text not in self._catalogue.models:
            typed = _Row(text, "as typed")
            is_variant = self._catalogue.find(text) is not None
            self._rows.insert(0 if is_variant else len(self._rows), typed)
        self.set_class(bool(self._rows) and bool(self._catalogue.models), "-open")
        self._show_rows()
        if self.is_open:
            ids = [row.model_id for row in self._rows]
            is_listed = not text and self._chosen in ids
            self.query_one(OptionList).highlighted = ids.index(self._chosen) if is_listed else 0

    def _show_rows(self) -> None:
        models = self.query_one(OptionList)
        highlighted = models.highlighted
        width = self.size.width - 3  # one cell at each side, one for the scroll bar
        self.query_one(".columns", Static).update(
            _line("model", "context   in / M  out / M", width)
        )
        models.clear_options()
        models.add_options([Option(_line(row.model_id, row.figures, width)) for row in self._rows])
        if highlighted is not None and highlighted < len(self._rows):
            models.highlighted = highlighted

    def _highlighted(self) -> _Row | None:
        index = self.query_one(OptionList).highlighted
        return None if index is None or index >= len(self._rows) else self._rows[index]

    def _choose(self, model_id: str) -> None:
        self._close()
        self._chosen = model_id
        self._show_chosen()
        self.post_message(self.Chosen(model_id))

    def _show_chosen(self) -> None:
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = single_line(self._chosen)

    def _close(self) -> None:
        self.remove_class("-open")


def _figures(model: Model) -> str:
    """Context length and both prices in columns below those of the heading."""
    pricing = model.pricing
    context = tokens_short(model.context_length)
    prompt, completion = price_per_million(pricing.prompt), price_per_million(pricing.completion)
    return f"{context:>7} {prompt:>8} {completion:>8}"


def _line(name: str, figures: str, width: int) -> Content:
    """The name at the left and the figures at the right, within ``width`` cells."""
    room = max(width - len(figures) - 2, _FEWEST_COLUMNS_FOR_NAME)
    shown = Content(single_line(name)).truncate(room, ellipsis=True, pad=True)
    return Content.assemble(shown, "  ", (figures, "dim"))
